// The schema of the core group's smaller kinds: services, configuration, limits, events, Arktos's.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kCoreTable = R"(
package io.k8s.api.core.v1

type LocalObjectReference atomic : An object in the same namespace.
  name string : Its name.

type ObjectReference atomic : An object anywhere.
  apiVersion string : Version of its kind.
  fieldPath string : A part of it.
  kind string : Its kind.
  name string : Its name.
  namespace string : Its namespace.
  resourceVersion string : Its revision.
  tenant string : Its tenant.
  uid string : Its identity.

type SecretReference atomic : A secret in any namespace.
  name string : Its name.
  namespace string : Its namespace.

type TypedLocalObjectReference atomic : An object of some kind in the same namespace.
  apiGroup string : Group of its kind.
  kind string! : Its kind.
  name string! : Its name.

type TypedObjectReference : An object of some kind.
  apiGroup string : Group of its kind.
  kind string! : Its kind.
  name string! : Its name.
  namespace string : Its namespace.

kind v1 Namespace : A scope for the names of objects.
  spec NamespaceSpec : What is wanted of it.
  status NamespaceStatus : Its state.

type NamespaceSpec : What is wanted of a namespace.
  finalizers []string : Who must agree before it goes.

type NamespaceStatus : The state of a namespace.
  conditions []NamespaceCondition by(type) : Aspects of its state.
  phase string : Active or Terminating.

type NamespaceCondition : One aspect of a namespace's state.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

kind v1 ConfigMap : Settings that pods can read.
  binaryData {}bytes : Entries that are no text.
  data {}string : Entries.
  immutable bool : May the entries never change?

kind v1 Secret : Settings that not everybody is to read.
  data {}bytes : Entries, in base64.
  immutable bool : May the entries never change?
  stringData {}string : Entries as text; they are added to data when the secret is written.
  type string =Opaque fixed : What the entries are for.

kind v1 ServiceAccount : An identity for pods.
  automountServiceAccountToken bool : Do its pods get its token?
  imagePullSecrets []LocalObjectReference : Secrets for pulling images.
  secrets []ObjectReference by(name) : Secrets that its pods may use.

kind v1 Service : An address for a set of pods.
  spec ServiceSpec : What is wanted.
  status ServiceStatus : What was seen of it last.

type ServiceSpec : An address for a set of pods.
  allocateLoadBalancerNodePorts bool : Are node ports given out for a load balancer?
  clusterIP string : Its address in the cluster; None for none at all.
  clusterIPs []string : All its addresses in the cluster.
  externalIPs []string : Further addresses at which nodes take its traffic.
  externalName string : Name to which it is an alias.
  externalTrafficPolicy string in(Cluster,Local) : Which pods get traffic from outside.
  healthCheckNodePort int32 : Port at which nodes tell whether they have pods of it.
  internalTrafficPolicy string in(Cluster,Local) : Which pods get traffic from inside.
  ipFamilies []string : IPv4, IPv6.
  ipFamilyPolicy string in(SingleStack,PreferDualStack,RequireDualStack) : How many families.
  loadBalancerClass string : Which load balancer.
  loadBalancerIP string : Address that the load balancer is to have.
  loadBalancerSourceRanges []string : Who may come in by the load balancer.
  ports []ServicePort key(port,protocol) merge(port) : Its ports.
  publishNotReadyAddresses bool : Do pods count that are not ready?
  selector {}string atomic : Labels of its pods.
  sessionAffinity string =None in(None,ClientIP) : Does a client stay with one pod?
  sessionAffinityConfig SessionAffinityConfig : For how long.
  trafficDistribution string : Which pods are better: PreferClose.
  type string =ClusterIP in(ClusterIP,NodePort,LoadBalancer,ExternalName,ExternalNeutronLB) : Who \
can reach it.

type ServicePort : A port of a service.
  appProtocol string : Protocol of the application.
  name string label : Name of the port; needed when there are several.
  nodePort int32 range(0,65535) : Port of every node that leads here.
  port int32+ range(1,65535) : Port of the service.
  protocol string =TCP in(TCP,UDP,SCTP) : Protocol.
  targetPort intOrString : Port of the pods, by number or name.

type SessionAffinityConfig : For how long clients stay with a pod.
  clientIP ClientIPConfig : By the client's address.

type ClientIPConfig : For how long clients stay with a pod.
  timeoutSeconds int32 range(1,86400) : Seconds.

type ServiceStatus : What was seen of a service last.
  conditions []Condition by(type) : Aspects of its state.
  loadBalancer LoadBalancerStatus : Its load balancer.

type LoadBalancerStatus : The state of a load balancer.
  ingress []LoadBalancerIngress : Where it takes traffic.

type LoadBalancerIngress : Where a load balancer takes traffic.
  hostname string : Host name.
  ip string : Address.
  ipMode string : How the address works: VIP or Proxy.
  ports []PortStatus : Its ports.

type PortStatus : A port of a load balancer.
  error string : What is wrong with it.
  port int32 : Number.
  protocol string : Protocol.

kind v1 Endpoints : The addresses behind a service.
  subsets []EndpointSubset : Groups of addresses with the same ports.

type EndpointSubset : Addresses with the same ports.
  addresses []EndpointAddress : Those that are ready.
  notReadyAddresses []EndpointAddress : Those that are not.
  ports []EndpointPort : Their ports.
  serviceGroupId string : Partition of the API that they serve (Arktos).

type EndpointAddress atomic : One address.
  hostname string : Host name.
  ip string! : Address.
  nodeName string : Its node.
  targetRef ObjectReference : Its pod.

type EndpointPort atomic : One port.
  appProtocol string : Protocol of the application.
  name string : Name.
  port int32+ range(1,65535) : Number.
  protocol string =TCP in(TCP,UDP,SCTP) : Protocol.

kind v1 Event : Something that happened to an object.
  action string : What was done.
  count int32 : How often.
  eventTime microTime : When.
  firstTimestamp time : When the first time.
  involvedObject ObjectReference+ : To what.
  lastTimestamp time : When the last time.
  message string : What, in plain text.
  reason string : What, in one word.
  related ObjectReference : Another object that it is about.
  reportingComponent string : Who reports it.
  reportingInstance string : Which instance of the reporter.
  series EventSeries : How often it happened again.
  source EventSource : Who saw it.
  type string : Normal or Warning.

type EventSeries : How often an event happened again.
  count int32 : How often.
  lastObservedTime microTime : When the last time.

type EventSource : Who saw an event.
  component string : Component.
  host string : Node.

kind v1 ReplicationController : Keeps a number of pods running. ReplicaSet is its successor.
  spec ReplicationControllerSpec : What is wanted.
  status ReplicationControllerStatus : What was seen last.

type ReplicationControllerSpec : A number of equal pods.
  minReadySeconds int32 range(0,2147483647) : Seconds that a pod must be ready to be available.
  replicas int32 =1 range(0,2147483647) : How many.
  selector {}string atomic : Labels of its pods; those of the template when absent.
  template PodTemplateSpec : From which pods are made.

type ReplicationControllerStatus : What was seen of the pods last.
  availableReplicas int32 : Pods that are available.
  conditions []ReplicationControllerCondition by(type) : Aspects of its state.
  fullyLabeledReplicas int32 : Pods with all labels of the template.
  observedGeneration int64 : Generation that was looked at.
  readyReplicas int32 : Pods that are ready.
  replicas int32 : Pods.

type ReplicationControllerCondition : One aspect of its state.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

kind v1 LimitRange : Bounds and defaults for what pods of a namespace ask for.
  spec LimitRangeSpec : The bounds.

type LimitRangeSpec : Bounds and defaults.
  limits []LimitRangeItem+ : One for each type of thing.

type LimitRangeItem : Bounds and defaults for one type of thing.
  default {}quantity : Limits of containers that have none.
  defaultRequest {}quantity : Requests of containers that have none.
  max {}quantity : The most.
  maxLimitRequestRatio {}quantity : By how many times a limit may exceed its request.
  min {}quantity : The least.
  type string! : Pod, Container or PersistentVolumeClaim.

kind v1 ResourceQuota : The most that the objects of a namespace may use together.
  spec ResourceQuotaSpec : The bounds.
  status ResourceQuotaStatus : What is used.

type ResourceQuotaSpec : The most that may be used.
  hard {}quantity : Bounds by resource.
  scopeSelector ScopeSelector : Which objects count.
  scopes []string : Which objects count, as plain words.

type ScopeSelector atomic : Which objects count.
  matchExpressions []ScopedResourceSelectorRequirement : Conditions.

type ScopedResourceSelectorRequirement : A condition on objects.
  operator string! in(In,NotIn,Exists,DoesNotExist) : How it relates to the values.
  scopeName string! : Which property of the objects.
  values []string : The values.

type ResourceQuotaStatus : What is used.
  hard {}quantity : Bounds by resource.
  used {}quantity : Use by resource.

kind v1 Binding : Puts a pod on a node.
  target ObjectReference+ : The node.
)";

}  // namespace arcas::real
