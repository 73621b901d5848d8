#include "core/partition/claim_ledger.h"

#include <algorithm>

namespace arcas::partition {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

// ---- nodes ----

ClaimLedger::Capacity& ClaimLedger::capacity(NodeId node) {
  if (node.index >= nodes_.size()) nodes_.resize(node.index + 1);
  return nodes_[node.index];
}

void ClaimLedger::count_total(const Capacity& c, std::int64_t sign) {
  if (!c.known || !c.usable) return;
  const auto& items = c.allocatable.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::int64_t free = items[i].amount - c.used[i];
    if (items[i].kind == model::kCpu) free_cpu_ += sign * free;
    if (items[i].kind == model::kMemory) free_memory_ += sign * free;
  }
}

void ClaimLedger::set_node(NodeId node, const model::ResourceList& allocatable) {
  Capacity& c = capacity(node);
  count_total(c, -1);
  std::vector<std::int64_t> used(allocatable.items().size(), 0);
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto& before = c.allocatable.items();
    for (std::size_t j = 0; j < before.size(); ++j) {
      if (before[j].kind == allocatable.items()[i].kind) used[i] = c.used[j];
    }
  }
  c.allocatable = allocatable;
  c.used = std::move(used);
  if (!c.known) c.usable = true;
  c.known = true;
  count_total(c, 1);
}

void ClaimLedger::remove_node(NodeId node) {
  Capacity& c = capacity(node);
  count_total(c, -1);
  c.known = false;
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
  const Capacity& c = nodes_[node.index];
  const auto& items = c.allocatable.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].kind != kind) continue;
    return items[i].amount - (kind == model::kPods ? c.pods : c.used[i]);
  }
  return 0;
}

bool ClaimLedger::fits(const Capacity& c, SpecId spec) const {
  const auto& items = c.allocatable.items();
  for (const auto& want : catalog_.spec(spec).requests.items()) {
    if (want.amount == 0) continue;
    bool enough = false;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].kind == want.kind) enough = want.amount <= items[i].amount - c.used[i];
    }
    if (!enough) return false;
  }
  return c.pods < c.allocatable.get(model::kPods);
}

void ClaimLedger::charge(NodeId node, SpecId spec, std::int64_t sign) {
  Capacity& c = capacity(node);
  c.used.resize(c.allocatable.items().size(), 0);
  c.pods += sign;
  const auto& items = c.allocatable.items();
  for (const auto& want : catalog_.spec(spec).requests.items()) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].kind != want.kind) continue;
      c.used[i] += sign * want.amount;
      if (!c.known || !c.usable) continue;
      if (want.kind == model::kCpu) free_cpu_ -= sign * want.amount;
      if (want.kind == model::kMemory) free_memory_ -= sign * want.amount;
    }
  }
}

// ---- claims ----

ClaimLedger::Claim* ClaimLedger::find(Uid pod) {
  const auto it = claims_.find(pod.partition());
  if (it == claims_.end()) return nullptr;
  const std::uint64_t chunk = pod.sequence() / kChunk;
  if (chunk >= it->second.size() || it->second[chunk] == nullptr) return nullptr;
  Claim& claim = it->second[chunk]->claims[pod.sequence() % kChunk];
  return claim.node.valid() ? &claim : nullptr;
}

ClaimLedger::Claim& ClaimLedger::make(Uid pod) {
  auto& chunks = claims_[pod.partition()];
  const std::uint64_t index = pod.sequence() / kChunk;
  if (index >= chunks.size()) chunks.resize(index + 1);
  if (chunks[index] == nullptr) chunks[index] = std::make_unique<Chunk>();
  ++chunks[index]->used;
  ++size_;
  return chunks[index]->claims[pod.sequence() % kChunk];
}

void ClaimLedger::drop(Uid pod) {
  Claim* claim = find(pod);
  charge(claim->node, claim->spec, -1);
  *claim = {};
  --size_;
  auto& chunk = claims_[pod.partition()][pod.sequence() / kChunk];
  if (--chunk->used == 0) chunk.reset();
}

void ClaimLedger::expect(std::uint32_t tenant_partition) { awaited_.insert(tenant_partition); }
void ClaimLedger::heard(std::uint32_t tenant_partition) { awaited_.erase(tenant_partition); }

ClaimOutcome ClaimLedger::claim(TimePoint now, std::uint32_t tenant_partition,
                                std::uint64_t epoch, Uid pod, SpecId spec, NodeId node) {
  std::uint64_t& newest = epochs_[tenant_partition];
  if (epoch < newest) return ClaimOutcome::fenced;
  newest = epoch;
  if (!ready()) return ClaimOutcome::not_ready;
  if (node.index >= nodes_.size() || !nodes_[node.index].known) return ClaimOutcome::node_gone;
  if (const Claim* known = find(pod)) {
    if (known->node == node && known->spec == spec) return ClaimOutcome::granted;
    if (known->expires_s == 0) return ClaimOutcome::no_room;  // bound elsewhere already
    drop(pod);  // the claimant changed its mind
  }
  if (!fits(nodes_[node.index], spec)) return ClaimOutcome::no_room;
  const auto expires =
      static_cast<std::uint32_t>(((now + config_.lifetime).ns + kSecond - 1) / kSecond);
  make(pod) = {node, spec, expires};
  charge(node, spec, 1);
  expiries_.emplace_back(expires, pod.value);
  return ClaimOutcome::granted;
}

bool ClaimLedger::bound(Uid pod, SpecId spec, NodeId node) {
  if (Claim* known = find(pod)) {
    if (known->node == node && known->spec == spec) {
      known->expires_s = 0;
      return false;
    }
    drop(pod);
  }
  if (!fits(capacity(node), spec)) ++overcommitted_;
  make(pod) = {node, spec, 0};
  charge(node, spec, 1);
  return true;
}

bool ClaimLedger::release(Uid pod) {
  if (find(pod) == nullptr) return false;
  drop(pod);
  return true;
}

bool ClaimLedger::give_up(std::uint32_t tenant_partition, std::uint64_t epoch, Uid pod) {
  if (epoch < epochs_[tenant_partition]) return false;
  const Claim* known = find(pod);
  if (known == nullptr || known->expires_s == 0) return false;
  drop(pod);
  return true;
}

void ClaimLedger::skip_overtaken() {
  while (!expiries_.empty()) {
    const Claim* claim = find(Uid{expiries_.front().second});
    if (claim != nullptr && claim->expires_s == expiries_.front().first) return;
    expiries_.pop_front();
  }
}

void ClaimLedger::expire(TimePoint now, std::vector<Uid>& out) {
  for (skip_overtaken(); !expiries_.empty(); skip_overtaken()) {
    const auto [second, uid] = expiries_.front();
    if (TimePoint{second * kSecond} > now) return;
    expiries_.pop_front();
    out.push_back(Uid{uid});
    drop(Uid{uid});
  }
}

TimePoint ClaimLedger::next_expiry() {
  skip_overtaken();
  return expiries_.empty() ? TimePoint::max() : TimePoint{expiries_.front().first * kSecond};
}

}  // namespace arcas::partition
