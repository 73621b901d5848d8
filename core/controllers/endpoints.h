#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace arcas::controllers {

/// A port of a Service, and the port behind it on its pods: a number, or the name of a container's
/// port, which pods may have in different places.
struct ServicePort {
  std::string name;
  std::string protocol = "TCP";
  std::string app_protocol;
  std::int32_t target = 0;  ///< 0: by name
  std::string target_name;
};

/// A named port of a container.
struct ContainerPort {
  std::string name;
  std::string protocol = "TCP";
  std::int32_t number = 0;
};

/// A pod that a Service selects.
struct PodBehindService {
  std::string name;
  std::string uid;
  std::string address;  ///< empty: none yet
  std::string node;
  std::string hostname;  ///< given in its spec
  std::vector<ContainerPort> ports;
  bool ready = false;
  bool terminating = false;
  bool finished = false;  ///< succeeded or failed
};

struct EndpointPort {
  std::string name;
  std::string protocol;
  std::string app_protocol;
  std::int32_t number = 0;
  auto operator<=>(const EndpointPort&) const = default;
};

/// Pods that offer the same ports, by address.
struct EndpointGroup {
  std::vector<EndpointPort> ports;  ///< ascending; empty only for a headless Service without ports
  std::vector<const PodBehindService*> pods;
};

/// The pods behind a Service, as Kubernetes's endpoints and endpoint slice controllers group them.
/// Those without an address and those that have finished are not there. A port by name is that of
/// the pod's own container; a pod that has none of the ports is left out.
/// Deterministic: groups by their ports, pods by address, then uid. The pointers are into `pods`.
/// Cost: O(pods × ports × ports of a pod).
/// Source: Kubernetes 1.32, endpoints_controller.go and endpointslice/utils.go.
std::vector<EndpointGroup> group_endpoints(std::span<const ServicePort> ports,
                                           std::span<const PodBehindService> pods);

/// Whether an Endpoints object shows the pod at all: one that is going only where the Service
/// publishes addresses that are not ready.
inline bool in_endpoints(const PodBehindService& pod, bool publish_not_ready) {
  return !pod.terminating || publish_not_ready;
}

/// Whether clients may be sent there.
inline bool serves(const PodBehindService& pod, bool publish_not_ready) {
  return publish_not_ready || (pod.ready && !pod.terminating);
}

}  // namespace arcas::controllers
