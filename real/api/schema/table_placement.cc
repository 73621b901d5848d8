// The schema of pods: where they may run, and what was seen of them.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kPodPlacementTable = R"(
package io.k8s.api.core.v1

type Affinity : What a pod wants to be near to or away from.
  nodeAffinity NodeAffinity : Nodes.
  podAffinity PodAffinity : Pods to be near to.
  podAntiAffinity PodAntiAffinity : Pods to be away from.

type NodeAffinity : Nodes on which a pod may or should run.
  preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm : Nodes that are better.
  requiredDuringSchedulingIgnoredDuringExecution NodeSelector : Nodes that are allowed.

type PreferredSchedulingTerm : Nodes that are better, and by how much.
  preference NodeSelectorTerm+ : Which nodes.
  weight int32+ range(1,100) : How much better.

type NodeSelector atomic : Nodes for which one of the terms holds.
  nodeSelectorTerms []NodeSelectorTerm! : The terms.

type NodeSelectorTerm atomic : Nodes for which all of these hold.
  matchExpressions []NodeSelectorRequirement : Conditions on labels.
  matchFields []NodeSelectorRequirement : Conditions on fields: metadata.name.

type NodeSelectorRequirement : A condition on one label or field of a node.
  key string! : The label's key, or the field.
  operator string! in(In,NotIn,Exists,DoesNotExist,Gt,Lt) : How it relates to the values.
  values []string : The values; one number for Gt and Lt.

type PodAffinity : Pods to be near to.
  preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm : What is better.
  requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm : What must be.

type PodAntiAffinity : Pods to be away from.
  preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm : What is better.
  requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm : What must be.

type WeightedPodAffinityTerm : A term, and how much it counts.
  podAffinityTerm PodAffinityTerm+ : The term.
  weight int32+ range(1,100) : How much it counts.

type PodAffinityTerm : Pods, and the domain in which to be with them or not.
  labelSelector LabelSelector : Which pods.
  matchLabelKeys []string : Labels whose values in the pod itself are added to the selector.
  mismatchLabelKeys []string : Labels whose values must be other than the pod's own.
  namespaceSelector LabelSelector : Namespaces of those pods, by label.
  namespaces []string : Namespaces of those pods, by name; the pod's own when neither is given.
  topologyKey string! : Label of nodes whose value names a domain.

type Toleration : A taint that a pod bears.
  effect string in(NoSchedule,PreferNoSchedule,NoExecute) : Effect of the taint; every one if absent.
  key string : Key of the taint; every key if absent.
  operator string in(Exists,Equal) : Must the value be equal?
  tolerationSeconds int64 : How long NoExecute is borne; for ever if absent.
  value string : Value of the taint.

type TopologySpreadConstraint : How evenly pods are spread over domains.
  labelSelector LabelSelector : Which pods are counted.
  matchLabelKeys []string : Labels whose values in the pod itself are added to the selector.
  maxSkew int32+ range(1,2147483647) : By how many pods domains may differ.
  minDomains int32 range(1,2147483647) : Fewer domains than this count as one that is empty.
  nodeAffinityPolicy string in(Honor,Ignore) : Do nodes count that the pod's affinity rules out?
  nodeTaintsPolicy string in(Honor,Ignore) : Do nodes count whose taints the pod does not bear?
  topologyKey string! : Label of nodes whose value names a domain.
  whenUnsatisfiable string! in(DoNotSchedule,ScheduleAnyway) : Is it a must or a wish?
)";

const std::string_view kPodStatusTable = R"(
package io.k8s.api.core.v1

type PodStatus : What was seen of a pod last.
  conditions []PodCondition by(type) : Aspects of its state.
  containerStatuses []ContainerStatus : Its containers.
  ephemeralContainerStatuses []ContainerStatus : Containers that were added for debugging.
  hostIP string : Address of its node.
  hostIPs []HostIP merge(ip) : All addresses of its node.
  initContainerStatuses []ContainerStatus : Its init containers.
  message string : Why it is in its phase, in plain text.
  nicStatuses []NicStatus : Its network interfaces (Arktos).
  nominatedNodeName string : Node on which room is being made for it.
  observedGeneration int64 : Generation that was looked at.
  phase string : Pending, Running, Succeeded, Failed, Unknown; of machines also NoSchedule.
  podIP string : Its address.
  podIPs []PodIP by(ip) : All its addresses.
  qosClass string : Guaranteed, Burstable or BestEffort.
  reason string : Why it is in its phase, in one word.
  resize string : Progress of a change of its resources.
  resourceClaimStatuses []PodResourceClaimStatus key(name) merge(name) retain : Its claims.
  startTime time : When its node took it.
  virtualMachineStatus VirtualMachineStatus : Its machine (Arktos).

type PodCondition : One aspect of a pod's state.
  lastProbeTime time : When it was looked at last.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  observedGeneration int64 : Generation that was looked at.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

type ContainerStatus : What was seen of a container last.
  allocatedResources {}quantity : What its node has set aside for it.
  allocatedResourcesStatus []ResourceStatus by(name) : Health of its devices.
  containerID string : Id in the runtime.
  image string : Image that it runs.
  imageID string : Id of that image.
  lastState ContainerState : How it ended the last time.
  name string! : Its name.
  ready bool : Can it serve?
  resources ResourceRequirements : What it asks for and may use at present.
  restartCount int32 : How often it was started again.
  started bool : Has its start been done?
  state ContainerState : Its state now.
  stopSignal string : Signal that ends it.
  user ContainerUser : As whom it runs.
  volumeMounts []VolumeMountStatus by(mountPath) : Its mounts.

type ContainerState : Waiting, running or ended: one of these.
  running ContainerStateRunning : It runs.
  terminated ContainerStateTerminated : It has ended.
  waiting ContainerStateWaiting : It has not started yet.

type ContainerStateRunning : A container that runs.
  startedAt time : Since when.

type ContainerStateTerminated : A container that has ended.
  containerID string : Id in the runtime.
  exitCode int32 : Its exit code.
  finishedAt time : When it ended.
  message string : Its last words.
  reason string : Why it ended, in one word.
  signal int32 : Signal that ended it.
  startedAt time : When it started.

type ContainerStateWaiting : A container that has not started yet.
  message string : Why, in plain text.
  reason string : Why, in one word.

type ContainerUser : As whom a container runs.
  linux LinuxContainerUser : On Linux.

type LinuxContainerUser : As whom a container runs on Linux.
  gid int64 : Its group.
  supplementalGroups []int64 : Its further groups.
  uid int64 : Its user.

type ResourceStatus : Health of a resource.
  name string! : Name of the resource.
  resources []ResourceHealth key(resourceID) : Health of each device.

type ResourceHealth : Health of a device.
  health string : Healthy, Unhealthy or Unknown.
  resourceID string! : Id of the device.

type VolumeMountStatus : A mount.
  mountPath string! : Where it is seen.
  name string! : Name of the volume.
  readOnly bool : Is it read-only?
  recursiveReadOnly string : Are mounts below it read-only as well?

type HostIP : An address of a node.
  ip string! : The address.

type PodIP : An address of a pod.
  ip string! : The address.

type PodResourceClaimStatus : A claim of a pod.
  name string! : Its name in the pod.
  resourceClaimName string : Name of the claim that was made.

type NicStatus : A network interface (Arktos).
  name string : Its name.
  portID string : Its port.
  state string : Unknown, InProgress, Ready or Failed.
  reason string : Why.

type VirtualMachineStatus : What was seen of a machine last (Arktos).
  name string : Its name.
  virtualMachineId string : Id in the runtime.
  imageId string : Id of its image.
  image string : Its image.
  state string : Its state: active, paused, stopped and so on.
  lastTerminationState string : How it ended the last time.
  powerState string : running, paused, shutdown, crashed, suspended or nostate.
  ready bool : Can it serve?
  restartCount int32 : How often it was started again.
  resources ResourceRequirements : What it asks for and may use at present.
)";

}  // namespace arcas::real
