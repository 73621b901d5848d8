#include "sim/world/replicated_store.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/base/mutant.h"

namespace arcas::sim {

ReplicatedStore::ReplicatedStore(ReplicatedStoreConfig config, PartitionId partition,
                                 RandomStream stream, StoreEnvironment& environment)
    : config_(std::move(config)),
      environment_(environment),
      elections_(stream.stream("elections")),
      disks_(stream.stream("disks")),
      tables_(partition) {
  ARCAS_CHECK(!config_.members.empty());
  for (const HostId host : config_.members) members_.push_back({host, {}, config_.fsync, false});
}

void ReplicatedStore::start() { elect(); }

HostId ReplicatedStore::leader() const { return serving_ ? members_[leader_].host : HostId{}; }

ports::TransactionResult ReplicatedStore::load(const ports::Transaction& transaction,
                                               ports::ChangeBatch& changes) {
  return tables_.commit(transaction, environment_.now(), changes);
}

/// Replaces any earlier wake of the same kind.
void ReplicatedStore::wake(TimePoint at, Wake kind) {
  const auto index = static_cast<std::size_t>(kind);
  environment_.wake_at(at, (++wake_generation_[index] << 2U) | index);
}

void ReplicatedStore::on_wake(std::uint64_t token) {
  const std::size_t index = token & 3U;
  if (wake_generation_[index] != token >> 2U) return;
  switch (static_cast<Wake>(index)) {
    case Wake::start:
      start_armed_ = false;
      return begin_when_due();
    case Wake::done:
      return commit_batch();
    case Wake::election:
      election_armed_ = false;
      return elect();
    case Wake::deadline:
      deadline_armed_ = false;
      return expire();
  }
}

void ReplicatedStore::submit(ActorId caller, HostId host, std::uint64_t token,
                             ports::Transaction&& transaction) {
  const TimePoint now = environment_.now();
  Request request{caller, host, token, now + config_.timeout, now, std::move(transaction), false};
  if (!serving_) {
    pending_.push_back(std::move(request));
    return arm_deadline();
  }
  const HostId leader_host = members_[leader_].host;
  if (!environment_.reachable(host, leader_host)) return refuse(request, request.deadline);
  request.arrives = now + environment_.latency(host, leader_host);
  if (!pending_.empty()) request.arrives = std::max(request.arrives, pending_.back().arrives);
  pending_.push_back(std::move(request));
  if (in_flight_ || start_armed_) return;
  start_armed_ = true;
  wake(pending_.front().arrives, Wake::start);
}

// ---- answers ----

void ReplicatedStore::answer(Request& request, ports::TransactionResult&& result, TimePoint at) {
  if (request.answered) return;
  request.answered = true;
  environment_.deliver_commit(request.caller, request.token, std::move(result), at);
}

void ReplicatedStore::refuse(Request& request, TimePoint at) {
  ports::TransactionResult result;
  result.code = StatusCode::unavailable;
  answer(request, std::move(result), std::max(at, environment_.now()));
}

// ---- batches ----

void ReplicatedStore::begin_when_due() {
  if (!serving_ || in_flight_ || pending_.empty()) return;
  const TimePoint due = pending_.front().arrives;
  if (due <= environment_.now()) return begin_batch();
  if (start_armed_) return;
  start_armed_ = true;
  wake(due, Wake::start);
}

/// Writes everything that has arrived (perhaps nothing) as one batch to all members.
void ReplicatedStore::begin_batch() {
  settle();
  const TimePoint now = environment_.now();
  Batch batch;
  batch.head = {next_batch_++, term_, log_end_.index + 1};
  batch.parent = log_end_.batch;
  std::size_t operations = 0;
  while (!pending_.empty() && pending_.front().arrives <= now) {
    operations += pending_.front().transaction.size();
    batch.requests.push_back(std::move(pending_.front()));
    pending_.pop_front();
  }
  log_end_ = batch.head;
  in_flight_ = batch.head;
  batches_.emplace(batch.head.batch, std::move(batch));
  const Duration work = config_.operation_cost * static_cast<std::int64_t>(operations);
  for (std::uint32_t m = 0; m < members_.size(); ++m) replicate(m, *in_flight_, work);
  schedule_commit();
}

/// Sends the leader's log up to `head` to one member, unless there is no way.
void ReplicatedStore::replicate(std::uint32_t member, const Head& head, Duration delay) {
  if (member != leader_ && !connected(leader_, member)) return;
  const HostId from = members_[leader_].host;
  const HostId to = members_[member].host;
  const bool local = member == leader_;
  Replication write{leader_, member, head, environment_.now() + delay, {}, {}, {}};
  write.arrives = local ? write.sent : write.sent + environment_.latency(from, to);
  write.durable =
      write.arrives + members_[member].fsync + disks_.between(Duration{}, config_.fsync_jitter);
  write.acknowledged = local ? write.durable : write.durable + environment_.latency(to, from);
  writes_.push_back(write);
}

/// Arms the moment at which the leader knows of a majority for the batch in flight.
void ReplicatedStore::schedule_commit() {
  std::vector<TimePoint> known;
  for (const Replication& write : writes_) {
    if (write.head.batch != in_flight_->batch) continue;
    const bool coming = write.member == leader_ || connected(leader_, write.member);
    if (coming || write.acknowledged <= environment_.now()) known.push_back(write.acknowledged);
  }
  const std::size_t needed = ARCAS_MUTANT("minority-commits") ? 1 : majority();
  if (known.size() < needed) {
    ++wake_generation_[static_cast<std::size_t>(Wake::done)];
    return arm_deadline();
  }
  std::sort(known.begin(), known.end());
  const TimePoint at = std::max(known[needed - 1], environment_.now());
  wake(at, Wake::done);
  if (at > environment_.now() + config_.timeout / 2) arm_deadline();  // a disk hangs
}

/// Takes note of log writes that have reached a disk.
void ReplicatedStore::settle() {
  const TimePoint now = environment_.now();
  for (const Replication& write : writes_) {
    Member& member = members_[write.member];
    if (write.durable > now || !member.head.older_than(write.head)) continue;
    member.head = write.head;
    member.empty = false;  // a leader sends all that is missing
  }
  std::erase_if(writes_, [&](const Replication& write) {
    return write.durable <= now && (!in_flight_ || write.head.batch != in_flight_->batch);
  });
}

void ReplicatedStore::commit_batch() {
  if (!serving_ || !in_flight_) return;
  settle();
  // From the batch in flight back to the last committed one: an earlier leader may have left some.
  std::vector<std::uint64_t> chain;
  for (std::uint64_t id = in_flight_->batch; id != committed_.batch;) {
    const auto it = batches_.find(id);
    ARCAS_CHECK(it != batches_.end());  // else a committed batch is not in the leader's log
    chain.push_back(id);
    id = it->second.parent;
  }
  committed_ = *in_flight_;
  std::reverse(chain.begin(), chain.end());
  for (const std::uint64_t id : chain) {
    const auto node = batches_.extract(id);
    execute(node.mapped());
  }
  // Others of these indexes can never be committed; an election has answered their callers.
  std::erase_if(batches_,
                [&](const auto& entry) { return entry.second.head.index <= committed_.index; });
  in_flight_.reset();
  settle();
  begin_when_due();
}

void ReplicatedStore::execute(Batch& batch) {
  const TimePoint now = environment_.now();
  for (Request& request : batch.requests) {
    auto changes = std::make_shared<ports::ChangeBatch>();
    auto result = tables_.commit(request.transaction, now, *changes);
    if (!changes->empty()) environment_.deliver_changes(std::move(changes));
    const HostId from = members_[leader_].host;
    if (!environment_.reachable(from, request.host)) {
      refuse(request, request.deadline);
      continue;
    }
    const TimePoint at = now + environment_.latency(from, request.host);
    if (at > request.deadline) {
      refuse(request, request.deadline);
    } else {
      answer(request, std::move(result), at);
    }
  }
}

}  // namespace arcas::sim
