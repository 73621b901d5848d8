// The schema of nodes.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kNodeTable = R"(
package io.k8s.api.core.v1

kind v1 Node : A machine that runs pods.
  spec NodeSpec : What is wanted of it.
  status NodeStatus : What was seen of it last.

type NodeSpec : What is wanted of a node.
  configSource object : Settings of the node agent. No longer used.
  externalID string : No longer used.
  podCIDR string : Addresses of its pods.
  podCIDRs []string set merge : Addresses of its pods, of each family.
  providerID string : Its name at the provider.
  taints []Taint : What keeps pods away.
  unschedulable bool : Are no new pods to come?

type Taint : Keeps pods away that do not bear it.
  effect string! in(NoSchedule,PreferNoSchedule,NoExecute) : What it does to them.
  key string! : Its key.
  timeAdded time : Since when.
  value string : Its value.

type NodeStatus : What was seen of a node last.
  addresses []NodeAddress by(type) : Where it can be reached.
  allocatable {}quantity : What pods may use.
  capacity {}quantity : What it has.
  conditions []NodeCondition by(type) : Aspects of its state.
  config object : Settings of the node agent. No longer used.
  daemonEndpoints NodeDaemonEndpoints : Ports of its agent.
  features NodeFeatures : What its runtime can do.
  images []ContainerImage : Images that it has.
  nodeInfo NodeSystemInfo : What it is.
  phase string : No longer used.
  runtimeHandlers []NodeRuntimeHandler : Runtimes that it has.
  volumesAttached []AttachedVolume : Volumes that are attached to it.
  volumesInUse []string : Volumes that it uses.

type NodeAddress : Where a node can be reached.
  address string! : The address.
  type string! : Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.

type NodeCondition : One aspect of a node's state.
  lastHeartbeatTime time : When it was heard of last.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

type NodeDaemonEndpoints : Ports of a node's agent.
  kubeletEndpoint DaemonEndpoint : Of the agent.

type DaemonEndpoint : A port.
  Port int32+ : Its number.

type NodeFeatures : What a node's runtime can do.
  supplementalGroupsPolicy bool : Does it know the policy of supplemental groups?

type ContainerImage : An image that a node has.
  names []string : Its names.
  sizeBytes int64 : Its size.

type NodeSystemInfo : What a node is.
  architecture string+ : Of its processors.
  bootID string+ : Changes with each start.
  containerRuntimeVersion string+ : Of its container runtime.
  kernelVersion string+ : Of its kernel.
  kubeProxyVersion string : No longer used.
  kubeletVersion string+ : Of its agent.
  machineID string+ : Of the machine.
  operatingSystem string+ : Kind of operating system.
  osImage string+ : Name of the operating system.
  swap NodeSwapStatus : Its swap space.
  systemUUID string+ : Of the machine, as its firmware tells it.

type NodeSwapStatus : A node's swap space.
  capacity int64 : Bytes.

type NodeRuntimeHandler : A runtime that a node has.
  features NodeRuntimeHandlerFeatures : What it can do.
  name string : Its name.

type NodeRuntimeHandlerFeatures : What a runtime can do.
  recursiveReadOnlyMounts bool : Recursive read-only mounts.
  userNamespaces bool : User namespaces.

type AttachedVolume : A volume that is attached to a node.
  devicePath string+ : Its device.
  name string! : Its name.
)";

}  // namespace arcas::real
