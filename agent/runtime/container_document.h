#pragma once

#include <vector>

#include "agent/runtime/pod_document.h"
#include "core/manifest/document.h"

namespace arcas::agent {

/// One entry of `containers` or `initContainers`; faults go to the field's reading. `pod_security`
/// is the pod's securityContext, which the container's own overrides.
ContainerDocument container_document_at(const manifest::Field& field,
                                        const manifest::Field& pod_security, bool init);
/// The `resourceFieldRef` of a variable or of a file.
ResourceReference resource_reference_at(const manifest::Field& field);
/// The container's ports that are to be opened on the host.
void host_ports_at(const manifest::Field& container, std::vector<PortMapping>& ports);

}  // namespace arcas::agent
