#include "core/partition/leader_election.h"

namespace arcas::partition {

LeaderElection::Step LeaderElection::step(TimePoint now, const model::Lease* lease) {
  Step step;
  step.again_at = now + config_.retry;
  const Revision version = lease == nullptr ? 0 : lease->meta.resource_version;
  if (seen_at_.ns < 0 || version != seen_version_) {
    seen_version_ = version;
    seen_at_ = now;
  }
  if (sent_ && now - sent_at_ < config_.renew_deadline) return step;
  const bool mine = lease != nullptr && lease->holder == self_ && lease->epoch == epoch_ &&
                    epoch_ != 0;
  if (lease != nullptr && !mine && now - seen_at_ < config_.lease) {
    const TimePoint free_at = seen_at_ + config_.lease;
    if (free_at < step.again_at) step.again_at = free_at;
    return step;
  }
  if (mine && now + config_.renew_deadline - config_.retry < valid_until_) return step;
  step.transaction = acquire(now, lease);
  return step;
}

ports::Transaction LeaderElection::acquire(TimePoint now, const model::Lease* lease) {
  ports::ObjectOperation operation;
  model::Lease next;
  if (lease == nullptr) {
    operation.verb = ports::Verb::create;
    next.meta.name = {lease_name_, 0};
    next.epoch = 1;
  } else {
    operation.verb = ports::Verb::update;
    operation.expected = lease->meta.resource_version;
    next = *lease;
    const bool mine = lease->holder == self_ && lease->epoch == epoch_ && epoch_ != 0;
    if (!mine) ++next.epoch;
  }
  next.holder = self_;
  next.duration = config_.lease;
  next.renewed_at = now;
  sent_ = true;
  sent_at_ = now;
  sent_epoch_ = next.epoch;
  operation.object = next;
  ports::Transaction transaction;
  transaction.objects.push_back(std::move(operation));
  return transaction;
}

void LeaderElection::answered(TimePoint, const ports::TransactionResult& result) {
  if (!sent_) return;
  sent_ = false;
  if (result.code != StatusCode::ok) return;  // lost the race, or unknown: look again
  epoch_ = sent_epoch_;
  valid_until_ = sent_at_ + config_.renew_deadline;
}

}  // namespace arcas::partition
