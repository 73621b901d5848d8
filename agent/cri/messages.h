#pragma once

#include "agent/cri/container_runtime.h"

namespace runtime::v1 {
class ContainerConfig;
class LinuxContainerResources;
class PodSandboxConfig;
}  // namespace runtime::v1

namespace arcas::agent {

// Between our structs and the CRI's messages.

void write(const CgroupResources& from, runtime::v1::LinuxContainerResources& to);
void write(const SandboxConfig& from, runtime::v1::PodSandboxConfig& to);
/// Labels and namespaces come from the sandbox.
void write(const ContainerConfig& from, const SandboxConfig& sandbox,
           runtime::v1::ContainerConfig& to);
CgroupResources read(const runtime::v1::LinuxContainerResources& from);

}  // namespace arcas::agent
