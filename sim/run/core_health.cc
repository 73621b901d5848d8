#include "sim/run/core_health.h"

#include <algorithm>
#include <set>
#include <vector>

namespace arcas::sim {
namespace {

constexpr ControlRole kRoles[] = {ControlRole::store_member, ControlRole::api_server,
                                  ControlRole::scheduler, ControlRole::controller_manager};

}  // namespace

void CoreHealth::set_hampered(HostId host, bool hampered) {
  if (hampered) {
    hampered_.insert(host);
  } else if (const auto it = hampered_.find(host); it != hampered_.end()) {
    hampered_.erase(it);
  }
}

bool CoreHealth::whole(PartitionId partition) const {
  std::vector<HostId> up;
  std::set<std::uint32_t> shares;
  std::size_t members = 0;
  for (const ControlRole role : kRoles) {
    for (const HostId host : region_->hosts_on_duty(role, partition, {})) {
      if (hampered_.contains(host)) return false;
      shares.insert(region_->duty_of(host).share);
      members += role == ControlRole::store_member ? 1U : 0U;
      if (region_->alive(host)) up.push_back(host);
    }
  }
  for (const HostId first : up) {
    std::vector<HostId> group;
    std::vector<HostId> others;
    for (const HostId host : up) {
      const bool both = region_->path_open(first, host) && region_->path_open(host, first);
      (both ? group : others).push_back(host);
    }
    const auto count = [&](ControlRole role) {
      return static_cast<std::size_t>(std::count_if(group.begin(), group.end(), [&](HostId host) {
        return region_->duty_of(host).role == role;
      }));
    };
    if (count(ControlRole::store_member) * 2 <= members) continue;
    std::set<std::uint32_t> held;
    for (const HostId host : group) {
      const ControlDuty duty = region_->duty_of(host);
      if (duty.role == ControlRole::scheduler) held.insert(duty.share);
    }
    if (held != shares || count(ControlRole::api_server) == 0 ||
        count(ControlRole::controller_manager) == 0) {
      return false;
    }
    for (const HostId a : group) {
      for (const HostId b : group) {
        if (!region_->path_open(a, b)) return false;
      }
      for (const HostId b : others) {
        if (region_->path_open(a, b) || region_->path_open(b, a)) return false;
      }
    }
    return true;
  }
  return false;
}

}  // namespace arcas::sim
