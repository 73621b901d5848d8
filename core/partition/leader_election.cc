#include "core/partition/leader_election.h"

#include "core/base/mutant.h"

namespace arcas::partition {

LeaderElection::Step LeaderElection::step(TimePoint now, const model::Lease* lease) {
  Step step;
  step.again_at = now + config_.retry;
  const Revision version = lease == nullptr ? 0 : lease->meta.resource_version;
  if (seen_at_.ns < 0 || version != seen_version_) {
    seen_version_ = version;
    seen_at_ = now;
  }
  if (lease != nullptr) adopt(*lease);
  if (sent_ && now - sent_at_ < config_.renew_deadline) return step;
  const bool mine = holds(lease);
  const bool given_up = anew_ && lease != nullptr && lease->holder == self_;
  const bool held = lease != nullptr && lease->holder.valid() && !given_up;
  if (held && !mine && now - seen_at_ < config_.lease) {
    const TimePoint free_at = seen_at_ + config_.lease;
    if (free_at < step.again_at) step.again_at = free_at;
    return step;
  }
  if (held && !mine && ARCAS_MUTANT("lease-never-free")) return step;
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
    const bool own = holds(lease) || (anew_ && lease->holder == self_);
    if (spent_ && own) next.spent = *spent_;
    if (!holds(lease) && !ARCAS_MUTANT("epoch-kept")) ++next.epoch;
  }
  inherited_ = next.spent;
  next.holder = self_;
  next.duration = config_.lease;
  next.renewed_at = now;
  sent_ = true;
  sent_at_ = now;
  if (sent_epoch_ != next.epoch) epoch_sent_at_ = now;
  sent_epoch_ = next.epoch;
  operation.object = next;
  ports::Transaction transaction;
  transaction.objects.push_back(std::move(operation));
  return transaction;
}

void LeaderElection::begin_anew() {
  anew_ = true;
  sent_ = false;
  sent_epoch_ = 0;
  epoch_ = 0;
  valid_until_ = {};
}

/// The store shows that an acquisition whose answer never came was committed. Which of several
/// tries it was is unknown, so the leadership counts from the first.
void LeaderElection::adopt(const model::Lease& lease) {
  if (lease.holder != self_ || lease.epoch != sent_epoch_ || sent_epoch_ <= epoch_) return;
  epoch_ = sent_epoch_;
  anew_ = false;
  valid_until_ = epoch_sent_at_ + config_.renew_deadline;
}

void LeaderElection::answered(TimePoint, const ports::TransactionResult& result) {
  if (!sent_) return;
  sent_ = false;
  if (result.code == StatusCode::unavailable) return;  // unknown: the lease will tell
  if (result.code != StatusCode::ok) {                 // lost the race
    sent_epoch_ = 0;
    return;
  }
  epoch_ = sent_epoch_;
  anew_ = false;
  valid_until_ = sent_at_ + config_.renew_deadline;
}

}  // namespace arcas::partition
