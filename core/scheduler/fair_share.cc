#include "core/scheduler/fair_share.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/check.h"

namespace arcas::scheduler {
namespace {

using Wide = __int128;

/// a/b against c/d, all positive or zero, b and d positive: the integer parts decide, or else the
/// remainders do, turned upside down. Cost: O(log) steps, as Euclid's algorithm.
std::strong_ordering compare_by_quotients(Wide a, Wide b, Wide c, Wide d) {
  bool turned = false;
  while (true) {
    const Wide first = a / b;
    const Wide second = c / d;
    const Wide first_rest = a % b;
    const Wide second_rest = c % d;
    if (first != second || first_rest == 0 || second_rest == 0) {
      std::strong_ordering order = first <=> second;
      if (first == second) order = first_rest <=> second_rest;
      return turned ? 0 <=> order : order;
    }
    // first_rest/b against second_rest/d is d/second_rest against b/first_rest.
    std::tie(a, b, c, d) = std::tuple{b, first_rest, d, second_rest};
    turned = !turned;
  }
}

}  // namespace

std::strong_ordering compare(const Share& a, const Share& b) {
  Wide left = 0;
  Wide right = 0;
  const bool overflow = __builtin_mul_overflow(Wide{a.numerator}, b.denominator, &left) ||
                        __builtin_mul_overflow(Wide{b.numerator}, a.denominator, &right);
  if (!overflow) return left <=> right;
  return compare_by_quotients(a.numerator, a.denominator, b.numerator, b.denominator);
}

bool FairShare::Place::operator<(const Place& other) const {
  const std::strong_ordering order = compare(share, other.share);
  return order != 0 ? order < 0 : tenant < other.tenant;
}

void FairShare::set_capacity(std::vector<std::int64_t> capacity) {
  capacity_ = std::move(capacity);
  for (std::uint32_t i = 0; i < tenants_.size(); ++i) move_to(TenantId{i}, tenants_[i]);
}

void FairShare::set_weight(TenantId id, std::uint32_t weight) {
  ARCAS_CHECK(weight >= 1 && weight <= kMaxWeight);
  tenant(id).weight = weight;
  move_to(id, tenant(id));
}

void FairShare::charge(TenantId id, const std::vector<std::int64_t>& amounts, std::int64_t sign) {
  ARCAS_CHECK(sign == 1 || sign == -1);
  Tenant& charged = tenant(id);
  if (charged.held.size() < amounts.size()) charged.held.resize(amounts.size());
  for (std::size_t kind = 0; kind < amounts.size(); ++kind) {
    charged.held[kind] += sign * amounts[kind];
    ARCAS_CHECK(charged.held[kind] >= 0);
  }
  move_to(id, charged);
}

void FairShare::add_waiting(TenantId id, std::int32_t priority, std::int64_t change) {
  Tenant& changed = tenant(id);
  std::int64_t& count = changed.waiting[priority];
  const bool waited = count > 0;
  count += change;
  ARCAS_CHECK(count >= 0);
  const bool waits = count > 0;
  if (!waits) changed.waiting.erase(priority);
  if (waited == waits) return;
  std::set<Place>& places = order_[priority];
  if (waits) {
    places.insert({changed.share, id});
  } else {
    places.erase({changed.share, id});
  }
  if (places.empty()) order_.erase(priority);
}

std::optional<FairShare::Turn> FairShare::next() const {
  if (order_.empty()) return std::nullopt;
  const auto& [priority, places] = *order_.begin();
  return Turn{places.begin()->tenant, priority};
}

Share FairShare::dominant_share(TenantId id) const {
  return id.index < tenants_.size() ? tenants_[id.index].share : Share{};
}

Share FairShare::share_of(const Tenant& tenant) const {
  Share largest;
  for (std::size_t kind = 0; kind < std::min(tenant.held.size(), capacity_.size()); ++kind) {
    if (capacity_[kind] <= 0) continue;
    const Share share{tenant.held[kind], Wide{capacity_[kind]} * tenant.weight};
    if (compare(share, largest) > 0) largest = share;
  }
  return largest;
}

FairShare::Tenant& FairShare::tenant(TenantId id) {
  ARCAS_CHECK(id.valid());
  if (id.index >= tenants_.size()) tenants_.resize(id.index + 1);
  return tenants_[id.index];
}

void FairShare::move_to(TenantId id, Tenant& tenant) {
  const Share share = share_of(tenant);
  for (const auto& [priority, unused] : tenant.waiting) order_[priority].erase({tenant.share, id});
  tenant.share = share;
  for (const auto& [priority, unused] : tenant.waiting) order_[priority].insert({share, id});
}

}  // namespace arcas::scheduler
