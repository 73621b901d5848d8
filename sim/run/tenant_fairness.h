#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"

namespace arcas::sim {

/// How each tenant fares, and how alike they do. Cost: O(1) for each change.
class TenantFairness {
 public:
  struct Tenant {
    std::int64_t active = 0;
    std::int64_t running = 0;
    std::int64_t cpu_milli = 0;
    std::int64_t bound = 0;
    Duration waited;  ///< all waits together
    Duration longest_wait;
  };

  void change(TenantId tenant, std::int64_t active, std::int64_t running, std::int64_t cpu_milli) {
    Tenant& t = at(tenant);
    count(t, -1);
    t.active += active;
    t.running += running;
    t.cpu_milli += cpu_milli;
    count(t, 1);
  }
  void bound(TenantId tenant, Duration wait) {
    Tenant& t = at(tenant);
    ++t.bound;
    t.waited += wait;
    t.longest_wait = std::max(t.longest_wait, wait);
  }
  /// See RunSeries::Point::fairness. To a millionth: what is left of rounding is cut off.
  [[nodiscard]] double jain() const {
    if (counted_ == 0 || squares_ <= 1e-9) return 1;
    const double index = sum_ * sum_ / (static_cast<double>(counted_) * squares_);
    return std::round(std::clamp(index, 0.0, 1.0) * 1e6) / 1e6;
  }
  [[nodiscard]] const std::vector<Tenant>& tenants() const { return tenants_; }

 private:
  Tenant& at(TenantId tenant) {
    if (tenant.index >= tenants_.size()) tenants_.resize(std::size_t{tenant.index} + 1);
    return tenants_[tenant.index];
  }
  void count(const Tenant& t, int sign) {
    if (t.active <= 0) return;
    const double share =
        std::min(static_cast<double>(t.running) / static_cast<double>(t.active), 1.0);
    counted_ += sign;
    sum_ += sign * share;
    squares_ += sign * share * share;
  }
  std::vector<Tenant> tenants_;  // by TenantId
  std::int64_t counted_ = 0;     // with active pods
  double sum_ = 0;               // of their shares
  double squares_ = 0;
};

}  // namespace arcas::sim
