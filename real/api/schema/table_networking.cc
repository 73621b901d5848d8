// The schema of the groups networking.k8s.io and discovery.k8s.io.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kNetworkingTable = R"(
package io.k8s.api.networking.v1

kind networking.k8s.io/v1 NetworkPolicy : Which traffic pods let in and out.
  spec NetworkPolicySpec : What is wanted.

type NetworkPolicySpec : Which traffic pods let in and out.
  egress []NetworkPolicyEgressRule : What may go out.
  ingress []NetworkPolicyIngressRule : What may come in.
  podSelector LabelSelector : For which pods; for all when it is empty.
  policyTypes []string : Ingress, Egress: which direction it is about.

type NetworkPolicyEgressRule : What may go out.
  ports []NetworkPolicyPort : To which ports; to all when absent.
  to []NetworkPolicyPeer : To whom; to all when absent.

type NetworkPolicyIngressRule : What may come in.
  from []NetworkPolicyPeer : From whom; from all when absent.
  ports []NetworkPolicyPort : To which ports; to all when absent.

type NetworkPolicyPort : Ports.
  endPort int32 range(1,65535) : The last of a range.
  port intOrString : Number or name; the first of a range.
  protocol string =TCP in(TCP,UDP,SCTP) : Protocol.

type NetworkPolicyPeer : The other side of traffic.
  ipBlock IPBlock : A range of addresses.
  namespaceSelector LabelSelector : Pods of these namespaces.
  podSelector LabelSelector : Pods with these labels.

type IPBlock : A range of addresses.
  cidr string! : The range.
  except []string : Ranges that are left out of it.

kind networking.k8s.io/v1 Ingress : How requests from outside get to services.
  spec IngressSpec : What is wanted.
  status IngressStatus : What was seen last.

type IngressSpec : How requests from outside get to services.
  defaultBackend IngressBackend : Where requests go that fit no rule.
  ingressClassName string : Its class.
  rules []IngressRule : Where requests go, by host and path.
  tls []IngressTLS : Certificates.

type IngressBackend : Where requests go. One of these.
  resource TypedLocalObjectReference : Some object.
  service IngressServiceBackend : A service.

type IngressServiceBackend : A port of a service.
  name string! : The service.
  port ServiceBackendPort : The port.

type ServiceBackendPort atomic : A port of a service. One of these.
  name string : By name.
  number int32 : By number.

type IngressRule : Where the requests for a host go.
  host string : The host; all of them when absent.
  http HTTPIngressRuleValue : By path.

type HTTPIngressRuleValue : Where requests go by path.
  paths []HTTPIngressPath! : The paths.

type HTTPIngressPath : Where the requests for a path go.
  backend IngressBackend+ : Where they go.
  path string : The path.
  pathType string! in(Exact,Prefix,ImplementationSpecific) : How paths are compared.

type IngressTLS : A certificate.
  hosts []string : For these hosts.
  secretName string : Secret that holds it.

type IngressStatus : What was seen last.
  loadBalancer IngressLoadBalancerStatus : Its load balancer.

type IngressLoadBalancerStatus : The state of a load balancer.
  ingress []IngressLoadBalancerIngress : Where it takes traffic.

type IngressLoadBalancerIngress : Where a load balancer takes traffic.
  hostname string : Host name.
  ip string : Address.
  ports []IngressPortStatus : Its ports.

type IngressPortStatus : A port of a load balancer.
  error string : What is wrong with it.
  port int32 : Number.
  protocol string : Protocol.

kind networking.k8s.io/v1 IngressClass : A kind of ingress, and who serves it.
  spec IngressClassSpec : What it is.

type IngressClassSpec : A kind of ingress.
  controller string : Who serves it.
  parameters IngressClassParametersReference : Object with its settings.

type IngressClassParametersReference : An object with settings.
  apiGroup string : Group of its kind.
  kind string! : Its kind.
  name string! : Its name.
  namespace string : Its namespace.
  scope string =Cluster in(Cluster,Namespace) : Is it in a namespace?

package io.k8s.api.discovery.v1

kind discovery.k8s.io/v1 EndpointSlice : Some of the addresses behind a service.
  addressType string! in(IPv4,IPv6,FQDN) : What the addresses are.
  endpoints []Endpoint+ : The addresses.
  ports []SlicePort : The ports of all of them.

type Endpoint : One place behind a service.
  addresses []string! set : Its addresses.
  conditions EndpointConditions : Its state.
  deprecatedTopology {}string : No longer used.
  hints EndpointHints : Who should use it.
  hostname string : Host name.
  nodeName string : Its node.
  targetRef ObjectReference : Its pod.
  zone string : Its zone.

type EndpointConditions : The state of an endpoint.
  ready bool : Can it take traffic?
  serving bool : Can it serve, even while it ends?
  terminating bool : Is it ending?

type EndpointHints : Who should use an endpoint.
  forNodes []ForNode : Nodes.
  forZones []ForZone : Zones.

type ForNode : A node.
  name string! : Its name.

type ForZone : A zone.
  name string! : Its name.

type SlicePort atomic : A port of a slice.
  appProtocol string : Protocol of the application.
  name string = : Name.
  port int32 range(1,65535) : Number; all of them when absent.
  protocol string =TCP in(TCP,UDP,SCTP) : Protocol.
)";

}  // namespace arcas::real
