#include "core/controllers/endpoints.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace arcas::controllers {
namespace {

std::optional<std::int32_t> number_of(const ServicePort& port, const PodBehindService& pod) {
  if (port.target != 0) return port.target;
  for (const ContainerPort& own : pod.ports) {
    if (own.name == port.target_name && own.protocol == port.protocol) return own.number;
  }
  return std::nullopt;
}

std::vector<EndpointPort> ports_of(std::span<const ServicePort> ports,
                                   const PodBehindService& pod) {
  std::vector<EndpointPort> found;
  for (const ServicePort& port : ports) {
    const std::optional<std::int32_t> number = number_of(port, pod);
    if (number) found.push_back({port.name, port.protocol, port.app_protocol, *number});
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::vector<EndpointGroup> group_endpoints(std::span<const ServicePort> ports,
                                           std::span<const PodBehindService> pods) {
  std::map<std::vector<EndpointPort>, std::vector<const PodBehindService*>> by_ports;
  for (const PodBehindService& pod : pods) {
    if (pod.address.empty() || pod.finished) continue;
    std::vector<EndpointPort> own = ports_of(ports, pod);
    if (own.empty() && !ports.empty()) continue;
    by_ports[std::move(own)].push_back(&pod);
  }
  std::vector<EndpointGroup> groups;
  for (auto& [own, members] : by_ports) {
    std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) {
      return std::tie(a->address, a->uid) < std::tie(b->address, b->uid);
    });
    groups.push_back({own, std::move(members)});
  }
  return groups;
}

}  // namespace arcas::controllers
