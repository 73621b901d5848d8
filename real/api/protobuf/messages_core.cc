// The core group without its pods and volumes. See message_texts.h.

#include "real/api/protobuf/message_texts.h"

namespace arcas::real {

const std::string_view kCoreMessages = R"(
package core
Binding@v1 metadata=1:meta.ObjectMeta target=2:ObjectReference
ConfigMap@v1 metadata=1:meta.ObjectMeta data=2:{}string binaryData=3:{}bytes immutable=4:bool!
Endpoints@v1 metadata=1:meta.ObjectMeta subsets=2:[]EndpointSubset
Event@v1 metadata=1:meta.ObjectMeta involvedObject=2:ObjectReference reason=3:string
  message=4:string source=5:EventSource firstTimestamp=6:time lastTimestamp=7:time count=8:int32
  type=9:string eventTime=10:microTime series=11:EventSeries action=12:string
  related=13:ObjectReference reportingComponent=14:string! reportingInstance=15:string!
LimitRange@v1 metadata=1:meta.ObjectMeta spec=2:LimitRangeSpec
Namespace@v1 metadata=1:meta.ObjectMeta spec=2:NamespaceSpec status=3:NamespaceStatus
Node@v1 metadata=1:meta.ObjectMeta spec=2:NodeSpec status=3:NodeStatus
PersistentVolume@v1 metadata=1:meta.ObjectMeta spec=2:PersistentVolumeSpec
  status=3:PersistentVolumeStatus
PersistentVolumeClaim@v1 metadata=1:meta.ObjectMeta spec=2:PersistentVolumeClaimSpec
  status=3:PersistentVolumeClaimStatus
Pod@v1 metadata=1:meta.ObjectMeta spec=2:PodSpec status=3:PodStatus
PodTemplate@v1 metadata=1:meta.ObjectMeta template=2:PodTemplateSpec
ReplicationController@v1 metadata=1:meta.ObjectMeta spec=2:ReplicationControllerSpec
  status=3:ReplicationControllerStatus
ResourceQuota@v1 metadata=1:meta.ObjectMeta spec=2:ResourceQuotaSpec status=3:ResourceQuotaStatus
Secret@v1 metadata=1:meta.ObjectMeta data=2:{}bytes type=3:string stringData=4:{}string
  immutable=5:bool!
Service@v1 metadata=1:meta.ObjectMeta spec=2:ServiceSpec status=3:ServiceStatus
ServiceAccount@v1 metadata=1:meta.ObjectMeta secrets=2:[]ObjectReference
  imagePullSecrets=3:[]LocalObjectReference automountServiceAccountToken=4:bool!
ClientIPConfig timeoutSeconds=1:int32!
ConfigMapNodeConfigSource namespace=1:string! name=2:string! uid=3:string resourceVersion=4:string
  kubeletConfigKey=5:string!
DaemonEndpoint Port=1:int32!
EndpointAddress ip=1:string! targetRef=2:ObjectReference hostname=3:string nodeName=4:string!
EndpointPort name=1:string port=2:int32! protocol=3:string appProtocol=4:string!
EndpointSubset addresses=1:[]EndpointAddress notReadyAddresses=2:[]EndpointAddress
  ports=3:[]EndpointPort
EventSeries count=1:int32 lastObservedTime=2:microTime
EventSource component=1:string host=2:string
LimitRangeItem type=1:string! max=2:{}quantity min=3:{}quantity default=4:{}quantity
  defaultRequest=5:{}quantity maxLimitRequestRatio=6:{}quantity
LimitRangeSpec limits=1:[]LimitRangeItem
LoadBalancerIngress ip=1:string hostname=2:string ipMode=3:string! ports=4:[]PortStatus
LoadBalancerStatus ingress=1:[]LoadBalancerIngress
LocalObjectReference name=1:string
NamespaceCondition type=1:string! status=2:string! lastTransitionTime=4:time reason=5:string
  message=6:string
NamespaceSpec finalizers=1:[]string
NamespaceStatus phase=1:string conditions=2:[]NamespaceCondition
NodeAddress type=1:string! address=2:string!
NodeAffinity requiredDuringSchedulingIgnoredDuringExecution=1:NodeSelector
  preferredDuringSchedulingIgnoredDuringExecution=2:[]PreferredSchedulingTerm
NodeCondition type=1:string! status=2:string! lastHeartbeatTime=3:time lastTransitionTime=4:time
  reason=5:string message=6:string
NodeConfigSource configMap=2:ConfigMapNodeConfigSource
NodeConfigStatus assigned=1:NodeConfigSource active=2:NodeConfigSource
  lastKnownGood=3:NodeConfigSource error=4:string
NodeDaemonEndpoints kubeletEndpoint=1:DaemonEndpoint
NodeFeatures supplementalGroupsPolicy=1:bool!
NodeRuntimeHandler name=1:string! features=2:NodeRuntimeHandlerFeatures
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts=1:bool! userNamespaces=2:bool!
NodeSelector nodeSelectorTerms=1:[]NodeSelectorTerm
NodeSelectorRequirement key=1:string! operator=2:string! values=3:[]string
NodeSelectorTerm matchExpressions=1:[]NodeSelectorRequirement
  matchFields=2:[]NodeSelectorRequirement
NodeSpec podCIDR=1:string externalID=2:string providerID=3:string unschedulable=4:bool
  taints=5:[]Taint configSource=6:NodeConfigSource podCIDRs=7:[]string
NodeStatus capacity=1:{}quantity allocatable=2:{}quantity phase=3:string
  conditions=4:[]NodeCondition addresses=5:[]NodeAddress daemonEndpoints=6:NodeDaemonEndpoints
  nodeInfo=7:NodeSystemInfo images=8:[]ContainerImage volumesInUse=9:[]string
  volumesAttached=10:[]AttachedVolume config=11:NodeConfigStatus
  runtimeHandlers=12:[]NodeRuntimeHandler features=13:NodeFeatures
NodeSystemInfo machineID=1:string! systemUUID=2:string! bootID=3:string! kernelVersion=4:string!
  osImage=5:string! containerRuntimeVersion=6:string! kubeletVersion=7:string!
  kubeProxyVersion=8:string! operatingSystem=9:string! architecture=10:string!
ObjectReference kind=1:string namespace=2:string name=3:string uid=4:string apiVersion=5:string
  resourceVersion=6:string fieldPath=7:string
PortStatus port=1:int32! protocol=2:string! error=3:string!
ReplicationControllerCondition type=1:string! status=2:string! lastTransitionTime=3:time
  reason=4:string message=5:string
ReplicationControllerSpec replicas=1:int32! selector=2:{}string template=3:PodTemplateSpec
  minReadySeconds=4:int32
ReplicationControllerStatus replicas=1:int32! fullyLabeledReplicas=2:int32
  observedGeneration=3:int64 readyReplicas=4:int32 availableReplicas=5:int32
  conditions=6:[]ReplicationControllerCondition
ResourceQuotaSpec hard=1:{}quantity scopes=2:[]string scopeSelector=3:ScopeSelector
ResourceQuotaStatus hard=1:{}quantity used=2:{}quantity
ScopeSelector matchExpressions=1:[]ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement scopeName=1:string! operator=2:string! values=3:[]string
SecretReference name=1:string namespace=2:string
ServicePort name=1:string protocol=2:string port=3:int32! targetPort=4:intOrString
  nodePort=5:int32 appProtocol=6:string!
ServiceSpec ports=1:[]ServicePort selector=2:{}string clusterIP=3:string type=4:string
  externalIPs=5:[]string sessionAffinity=7:string loadBalancerIP=8:string
  loadBalancerSourceRanges=9:[]string externalName=10:string externalTrafficPolicy=11:string
  healthCheckNodePort=12:int32 publishNotReadyAddresses=13:bool
  sessionAffinityConfig=14:SessionAffinityConfig ipFamilyPolicy=17:string! clusterIPs=18:[]string
  ipFamilies=19:[]string allocateLoadBalancerNodePorts=20:bool! loadBalancerClass=21:string!
  internalTrafficPolicy=22:string! trafficDistribution=23:string!
ServiceStatus loadBalancer=1:LoadBalancerStatus conditions=2:[]meta.Condition
SessionAffinityConfig clientIP=1:ClientIPConfig
Taint key=1:string! value=2:string effect=3:string! timeAdded=4:time
TopologySelectorLabelRequirement key=1:string! values=2:[]string
TopologySelectorTerm matchLabelExpressions=1:[]TopologySelectorLabelRequirement
TypedLocalObjectReference apiGroup=1:string! kind=2:string! name=3:string!
TypedObjectReference apiGroup=1:string! kind=2:string! name=3:string! namespace=4:string!
)";

}  // namespace arcas::real
