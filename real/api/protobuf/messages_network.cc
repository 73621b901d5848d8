// Networks, end points, storage classes, leases, events. See message_texts.h.

#include "real/api/protobuf/message_texts.h"

namespace arcas::real {

const std::string_view kNetworkMessages = R"(
package networking
Ingress@networking.k8s.io/v1 metadata=1:meta.ObjectMeta spec=2:IngressSpec status=3:IngressStatus
IngressClass@networking.k8s.io/v1 metadata=1:meta.ObjectMeta spec=2:IngressClassSpec
NetworkPolicy@networking.k8s.io/v1 metadata=1:meta.ObjectMeta spec=2:NetworkPolicySpec
HTTPIngressPath path=1:string backend=2:IngressBackend pathType=3:string!
HTTPIngressRuleValue paths=1:[]HTTPIngressPath
IPBlock cidr=1:string! except=2:[]string
IngressBackend resource=3:core.TypedLocalObjectReference service=4:IngressServiceBackend
IngressClassParametersReference apiGroup=1:string! kind=2:string! name=3:string! scope=4:string!
  namespace=5:string!
IngressClassSpec controller=1:string parameters=2:IngressClassParametersReference
IngressLoadBalancerIngress ip=1:string hostname=2:string ports=4:[]IngressPortStatus
IngressLoadBalancerStatus ingress=1:[]IngressLoadBalancerIngress
IngressPortStatus port=1:int32! protocol=2:string! error=3:string!
IngressRule host=1:string ^=2:IngressRuleValue
IngressRuleValue http=1:HTTPIngressRuleValue
IngressServiceBackend name=1:string! port=2:ServiceBackendPort
IngressSpec defaultBackend=1:IngressBackend tls=2:[]IngressTLS rules=3:[]IngressRule
  ingressClassName=4:string!
IngressStatus loadBalancer=1:IngressLoadBalancerStatus
IngressTLS hosts=1:[]string secretName=2:string
NetworkPolicyEgressRule ports=1:[]NetworkPolicyPort to=2:[]NetworkPolicyPeer
NetworkPolicyIngressRule ports=1:[]NetworkPolicyPort from=2:[]NetworkPolicyPeer
NetworkPolicyPeer podSelector=1:meta.LabelSelector namespaceSelector=2:meta.LabelSelector
  ipBlock=3:IPBlock
NetworkPolicyPort protocol=1:string! port=2:intOrString endPort=3:int32!
NetworkPolicySpec podSelector=1:meta.LabelSelector ingress=2:[]NetworkPolicyIngressRule
  egress=3:[]NetworkPolicyEgressRule policyTypes=4:[]string
ServiceBackendPort name=1:string number=2:int32

package discovery
EndpointSlice@discovery.k8s.io/v1 metadata=1:meta.ObjectMeta endpoints=2:[]Endpoint
  ports=3:[]EndpointPort addressType=4:string!
Endpoint addresses=1:[]string conditions=2:EndpointConditions hostname=3:string!
  targetRef=4:core.ObjectReference deprecatedTopology=5:{}string nodeName=6:string! zone=7:string!
  hints=8:EndpointHints
EndpointConditions ready=1:bool! serving=2:bool! terminating=3:bool!
EndpointHints forZones=1:[]ForZone
EndpointPort name=1:string! protocol=2:string! port=3:int32! appProtocol=4:string!
ForZone name=1:string!

package storage
StorageClass@storage.k8s.io/v1 metadata=1:meta.ObjectMeta provisioner=2:string!
  parameters=3:{}string reclaimPolicy=4:string! mountOptions=5:[]string
  allowVolumeExpansion=6:bool! volumeBindingMode=7:string!
  allowedTopologies=8:[]core.TopologySelectorTerm

package coordination
Lease@coordination.k8s.io/v1 metadata=1:meta.ObjectMeta spec=2:LeaseSpec
LeaseSpec holderIdentity=1:string! leaseDurationSeconds=2:int32! acquireTime=3:microTime
  renewTime=4:microTime leaseTransitions=5:int32! strategy=6:string! preferredHolder=7:string!

package events
Event@events.k8s.io/v1 metadata=1:meta.ObjectMeta eventTime=2:microTime series=3:EventSeries
  reportingController=4:string reportingInstance=5:string action=6:string reason=7:string
  regarding=8:core.ObjectReference related=9:core.ObjectReference note=10:string type=11:string
  deprecatedSource=12:core.EventSource deprecatedFirstTimestamp=13:time
  deprecatedLastTimestamp=14:time deprecatedCount=15:int32
EventSeries count=1:int32! lastObservedTime=2:microTime
)";

}  // namespace arcas::real
