#include "core/partition/claim_ledger.h"

#include <algorithm>

namespace arcas::partition {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t counted(std::int64_t amount) { return std::min(amount, ClaimLedger::kLargest); }

}  // namespace

// ---- nodes ----

const ClaimLedger::Amount* ClaimLedger::Capacity::find(ResourceId kind) const {
  if (kind.index < kCommonKinds) return &common[kind.index];
  for (const auto& [other, amount] : others) {
    if (other == kind) return &amount;
  }
  return nullptr;
}

ClaimLedger::Amount& ClaimLedger::Capacity::at(ResourceId kind) {
  if (kind.index < kCommonKinds) return common[kind.index];
  for (auto& [other, amount] : others) {
    if (other == kind) return amount;
  }
  return others.emplace_back(kind, Amount{}).second;
}

ClaimLedger::Capacity& ClaimLedger::capacity(NodeId node) {
  if (node.index >= nodes_.size()) nodes_.resize(node.index + 1);
  return nodes_[node.index];
}

void ClaimLedger::count_total(const Capacity& c, std::int64_t sign) {
  if (!c.known || !c.usable) return;
  const Amount& cpu = c.common[model::kCpu.index];
  const Amount& memory = c.common[model::kMemory.index];
  free_cpu_ += sign * (cpu.allocatable - cpu.used);
  free_memory_ += sign * (memory.allocatable - memory.used);
}

void ClaimLedger::set_node(NodeId node, const model::ResourceList& allocatable) {
  Capacity& c = capacity(node);
  count_total(c, -1);
  for (Amount& amount : c.common) amount.allocatable = 0;
  for (auto& [kind, amount] : c.others) amount.allocatable = 0;
  for (const auto& item : allocatable.items()) c.at(item.kind).allocatable = counted(item.amount);
  c.known = true;
  count_total(c, 1);
}

void ClaimLedger::remove_node(NodeId node) {
  if (node.index >= nodes_.size()) return;
  Capacity& c = nodes_[node.index];
  count_total(c, -1);
  c.known = false;
  c.usable = true;
}

void ClaimLedger::set_usable(NodeId node, bool usable) {
  Capacity& c = capacity(node);
  if (c.usable == usable) return;
  count_total(c, -1);
  c.usable = usable;
  count_total(c, 1);
}

std::int64_t ClaimLedger::free(NodeId node, ResourceId kind) const {
  if (node.index >= nodes_.size() || !nodes_[node.index].known) return 0;
  const Amount* amount = nodes_[node.index].find(kind);
  return amount == nullptr ? 0 : amount->allocatable - amount->used;
}

bool ClaimLedger::fits(const Capacity& c, SpecId spec) const {
  for (const auto& want : catalog_.spec(spec).requests.items()) {
    if (want.amount == 0 || want.kind == model::kPods) continue;
    const Amount* amount = c.find(want.kind);
    if (amount == nullptr || want.amount > amount->allocatable - amount->used) return false;
  }
  const Amount& pods = c.common[model::kPods.index];
  return pods.used < pods.allocatable;
}

void ClaimLedger::charge(NodeId node, SpecId spec, std::int64_t sign) {
  Capacity& c = capacity(node);
  count_total(c, -1);
  c.common[model::kPods.index].used += sign;
  for (const auto& want : catalog_.spec(spec).requests.items()) {
    if (want.kind != model::kPods) c.at(want.kind).used += sign * counted(want.amount);
  }
  count_total(c, 1);
}

// ---- claims ----

/// Whether ids from outside can be looked up at all.
bool ClaimLedger::sane(Uid pod, SpecId spec) const {
  return pod.valid() && pod.sequence() <= 0xffffffffU && spec.index < catalog_.spec_count();
}

ClaimLedger::Claim* ClaimLedger::find(Pods& pods, Uid pod) {
  const std::uint64_t chunk = pod.sequence() / kChunk;
  if (chunk >= pods.chunks.size() || pods.chunks[chunk] == nullptr) return nullptr;
  Claim& claim = pods.chunks[chunk]->claims[pod.sequence() % kChunk];
  return claim.node.valid() ? &claim : nullptr;
}

ClaimLedger::Claim* ClaimLedger::find(Uid pod) {
  const auto it = pods_.find(pod.partition());
  return it == pods_.end() ? nullptr : find(it->second, pod);
}

void ClaimLedger::make(Pods& pods, Uid pod, const Claim& claim) {
  const std::uint64_t index = pod.sequence() / kChunk;
  if (index >= pods.chunks.size()) pods.chunks.resize(index + 1);
  auto& chunk = pods.chunks[index];
  if (chunk == nullptr) chunk = std::make_unique<Chunk>();
  chunk->claims[pod.sequence() % kChunk] = claim;
  ++chunk->used;
  ++size_;
  charge(claim.node, claim.spec, 1);
}

std::uint32_t ClaimLedger::spokesman(Uid pod) const {
  if (spokesmen_.empty()) return pod.partition();
  const auto it = spokesmen_.find(pod);
  return it == spokesmen_.end() ? pod.partition() : it->second;
}

void ClaimLedger::speak_for(Uid pod, std::uint32_t partition) {
  if (partition != pod.partition()) {
    spokesmen_[pod] = partition;
  } else if (!spokesmen_.empty()) {
    spokesmen_.erase(pod);
  }
}

void ClaimLedger::drop(Pods& pods, Uid pod, Claim& claim) {
  if (!spokesmen_.empty()) spokesmen_.erase(pod);
  if (!doubts_.empty()) doubts_.erase(pod);
  charge(claim.node, claim.spec, -1);
  claim = {};
  --size_;
  auto& chunk = pods.chunks[pod.sequence() / kChunk];
  if (--chunk->used == 0) chunk.reset();
}

void ClaimLedger::set_expiry(TimePoint now, Uid pod, Claim& claim) {
  const std::int64_t second = ((now + config_.lifetime).ns + kSecond - 1) / kSecond;
  const auto state = static_cast<std::uint32_t>(std::min<std::int64_t>(second, kBound - 1));
  if (claim.state == state) return;
  claim.state = state;
  expiries_.emplace_back(state, pod.value);
}

void ClaimLedger::expect(std::uint32_t tenant_partition) { awaited_.insert(tenant_partition); }
void ClaimLedger::heard(std::uint32_t tenant_partition) { awaited_.erase(tenant_partition); }

ClaimOutcome ClaimLedger::claim(TimePoint now, std::uint32_t claimant, std::uint64_t epoch, Uid pod,
                                SpecId spec, NodeId node, PartitionId partition) {
  std::uint64_t& newest = epochs_[claimant];
  if (epoch < newest) return ClaimOutcome::fenced;
  newest = epoch;
  if (!ready()) return ClaimOutcome::not_ready;
  if (node.index >= nodes_.size() || !nodes_[node.index].known) return ClaimOutcome::node_gone;
  if (!sane(pod, spec)) return ClaimOutcome::no_room;
  Pods& pods = pods_[pod.partition()];
  if (Claim* known = find(pods, pod)) {
    const bool same = known->node == node && known->spec == spec;
    if (known->bound()) return same ? ClaimOutcome::granted : ClaimOutcome::no_room;
    if (spokesman(pod) != number_of(pod, partition)) return ClaimOutcome::no_room;
    if (same) {
      set_expiry(now, pod, *known);
      return ClaimOutcome::granted;
    }
    drop(pods, pod, *known);  // the claimant changed its mind
  }
  if (!fits(nodes_[node.index], spec)) return ClaimOutcome::no_room;
  Claim claim{node, spec, 0};
  set_expiry(now, pod, claim);
  make(pods, pod, claim);
  speak_for(pod, number_of(pod, partition));
  return ClaimOutcome::granted;
}

bool ClaimLedger::bound(Uid pod, SpecId spec, NodeId node, PartitionId partition) {
  if (!sane(pod, spec) || !node.valid()) return false;
  const std::uint32_t speaker = number_of(pod, partition);
  const std::uint32_t state = pods_[speaker].bound_state();
  Pods& pods = pods_[pod.partition()];
  if (Claim* known = find(pods, pod)) {
    if (known->node == node && known->spec == spec) {
      known->state = state;
      speak_for(pod, speaker);
      if (!doubts_.empty()) doubts_.erase(pod);
      return false;
    }
    drop(pods, pod, *known);
  }
  if (!fits(capacity(node), spec)) ++overcommitted_;
  make(pods, pod, {node, spec, state});
  speak_for(pod, speaker);
  return true;
}

void ClaimLedger::begin_sync(std::uint32_t partition) { ++pods_[partition].session; }

void ClaimLedger::end_sync(std::uint32_t partition, std::vector<Uid>& lost, bool tenants_left) {
  const auto it = pods_.find(partition);
  if (it == pods_.end()) return;
  const std::uint32_t said = it->second.bound_state();
  std::vector<Uid> unnamed;
  const auto look = [&](Uid pod, const Claim& claim) {
    if (claim.bound() && claim.state != said) unnamed.push_back(pod);
  };
  const auto& chunks = it->second.chunks;
  for (std::size_t c = 0; c < chunks.size(); ++c) {
    if (chunks[c] == nullptr) continue;
    for (std::uint32_t i = 0; i < kChunk; ++i) {
      const Claim& claim = chunks[c]->claims[i];
      const Uid pod = Uid::make(partition, c * kChunk + i);
      if (claim.node.valid() && spokesman(pod) == partition) look(pod, claim);
    }
  }
  for (const auto& [pod, speaker] : spokesmen_) {
    if (speaker == partition) look(pod, *find(pod));
  }
  for (const Uid pod : unnamed) {
    if (tenants_left) {
      doubts_.insert(pod);
    } else if (release(pod)) {
      lost.push_back(pod);
    }
  }
}

void ClaimLedger::settle_doubts(std::vector<Uid>& lost) {
  const std::vector<Uid> pods(doubts_.begin(), doubts_.end());
  for (const Uid pod : pods) {
    if (release(pod)) lost.push_back(pod);
  }
  doubts_.clear();
}

bool ClaimLedger::release(Uid pod) {
  const auto it = pods_.find(pod.partition());
  Claim* known = it == pods_.end() ? nullptr : find(it->second, pod);
  if (known == nullptr) return false;
  drop(it->second, pod, *known);
  return true;
}

bool ClaimLedger::give_up(std::uint32_t claimant, std::uint64_t epoch, Uid pod,
                          PartitionId partition) {
  if (epoch < epochs_[claimant] || spokesman(pod) != number_of(pod, partition)) return false;
  const Claim* known = find(pod);
  return known != nullptr && !known->bound() && release(pod);
}

void ClaimLedger::skip_overtaken() {
  while (!expiries_.empty()) {
    const Claim* claim = find(Uid{expiries_.front().second});
    if (claim != nullptr && claim->state == expiries_.front().first) return;
    expiries_.pop_front();
  }
}

void ClaimLedger::expire(TimePoint now, std::vector<Expired>& out) {
  for (skip_overtaken(); !expiries_.empty(); skip_overtaken()) {
    const auto [second, uid] = expiries_.front();
    if (TimePoint{second * kSecond} > now) return;
    expiries_.pop_front();
    out.push_back({Uid{uid}, spokesman(Uid{uid})});
    release(Uid{uid});
  }
}

TimePoint ClaimLedger::next_expiry() {
  skip_overtaken();
  return expiries_.empty() ? TimePoint::max() : TimePoint{expiries_.front().first * kSecond};
}

}  // namespace arcas::partition
