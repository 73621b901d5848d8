#include "core/scheduler/fair_queue.h"

#include "core/base/check.h"

namespace arcas::scheduler {

TenantId FairQueue::tenant_of(NamespaceId name_space) const {
  return name_space.valid() ? cluster_.catalog().tenant_of(name_space) : TenantId{0};
}

void FairQueue::push(const QueueTicket& ticket, NamespaceId name_space) {
  const TenantId tenant = tenant_of(name_space);
  waiting_[{ticket.priority, tenant}].push_back(ticket);
  shares_.add_waiting(tenant, ticket.priority, 1);
}

std::optional<std::int32_t> FairQueue::highest() const {
  const auto turn = shares_.next();
  if (!turn) return std::nullopt;
  return turn->priority;
}

QueueTicket FairQueue::pop() {
  const auto turn = shares_.next();
  ARCAS_CHECK(turn.has_value());
  const auto at = waiting_.find({turn->priority, turn->tenant});
  const QueueTicket ticket = at->second.front();
  at->second.pop_front();
  if (at->second.empty()) waiting_.erase(at);
  shares_.add_waiting(turn->tenant, turn->priority, -1);
  return ticket;
}

std::vector<std::int64_t> FairQueue::amounts(SpecId spec) {
  const Amounts& asked = cluster_.shapes()[cluster_.shapes().of(spec)].demand.amounts;
  return {asked.begin(), asked.end()};
}

void FairQueue::charge(Uid uid, SpecId spec, NamespaceId name_space) {
  const Charged charged{spec, tenant_of(name_space)};
  if (!charged_.try_emplace(uid.value, charged).second) return;
  shares_.charge(charged.tenant, amounts(spec), 1);
}

void FairQueue::discharge(Uid uid) {
  const auto at = charged_.find(uid.value);
  if (at == charged_.end()) return;
  shares_.charge(at->second.tenant, amounts(at->second.spec), -1);
  charged_.erase(at);
}

void FairQueue::read_capacity() {
  const NodeTable& nodes = cluster_.nodes();
  if (epoch_ == nodes.static_epoch()) return;
  epoch_ = nodes.static_epoch();
  std::vector<std::int64_t> sum;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (!nodes.known(NodeId{i})) continue;
    const Amounts& has = nodes[NodeId{i}].allocatable;
    if (sum.size() < has.size()) sum.resize(has.size(), 0);
    for (std::size_t kind = 0; kind < has.size(); ++kind) sum[kind] += has[kind];
  }
  if (sum == capacity_) return;
  capacity_ = sum;
  shares_.set_capacity(std::move(sum));
}

}  // namespace arcas::scheduler
