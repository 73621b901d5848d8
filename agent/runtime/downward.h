#pragma once

#include <optional>
#include <string>

#include "agent/runtime/pod_document.h"
#include "core/base/expected.h"

namespace arcas::agent {

/// What only the node knows of a pod.
struct PodFacts {
  std::string pod_address;
  std::string node_name;
  std::string node_address;
};

/// The value of a pod's field as environment and volumes ask for it (Kubernetes's downward API):
/// metadata.name, namespace, uid, labels, annotations and ['key'] of those two; spec.nodeName,
/// serviceAccountName; status.podIP, podIPs, hostIP, hostIPs. Error, code not_found: another field.
Expected<std::string> downward_field(const PodDocument& pod, const PodFacts& facts,
                                     const std::string& path);

/// A container's request or limit ("limits.cpu") in units of the divisor, rounded up. A limit that
/// is not set is what the node has. Errors name the resource.
Expected<std::string> downward_resource(const PodDocument& pod, const ContainerDocument& container,
                                        const ResourceReference& reference);

}  // namespace arcas::agent
