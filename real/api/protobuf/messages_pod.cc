// Pods. See message_texts.h.

#include "real/api/protobuf/message_texts.h"

namespace arcas::real {

const std::string_view kPodMessages = R"(
package core
Affinity nodeAffinity=1:NodeAffinity podAffinity=2:PodAffinity podAntiAffinity=3:PodAntiAffinity
AppArmorProfile type=1:string! localhostProfile=2:string!
Capabilities add=1:[]string drop=2:[]string
ConfigMapEnvSource ^=1:LocalObjectReference optional=2:bool!
ConfigMapKeySelector ^=1:LocalObjectReference key=2:string! optional=3:bool!
Container name=1:string! image=2:string command=3:[]string args=4:[]string workingDir=5:string
  ports=6:[]ContainerPort env=7:[]EnvVar resources=8:ResourceRequirements
  volumeMounts=9:[]VolumeMount livenessProbe=10:Probe readinessProbe=11:Probe
  lifecycle=12:Lifecycle terminationMessagePath=13:string imagePullPolicy=14:string
  securityContext=15:SecurityContext stdin=16:bool stdinOnce=17:bool tty=18:bool
  envFrom=19:[]EnvFromSource terminationMessagePolicy=20:string volumeDevices=21:[]VolumeDevice
  startupProbe=22:Probe resizePolicy=23:[]ContainerResizePolicy restartPolicy=24:string!
ContainerImage names=1:[]string sizeBytes=2:int64
ContainerPort name=1:string hostPort=2:int32 containerPort=3:int32! protocol=4:string
  hostIP=5:string
ContainerResizePolicy resourceName=1:string! restartPolicy=2:string!
ContainerState waiting=1:ContainerStateWaiting running=2:ContainerStateRunning
  terminated=3:ContainerStateTerminated
ContainerStateRunning startedAt=1:time
ContainerStateTerminated exitCode=1:int32! signal=2:int32 reason=3:string message=4:string
  startedAt=5:time finishedAt=6:time containerID=7:string
ContainerStateWaiting reason=1:string message=2:string
ContainerStatus name=1:string! state=2:ContainerState lastState=3:ContainerState ready=4:bool!
  restartCount=5:int32! image=6:string! imageID=7:string! containerID=8:string started=9:bool!
  allocatedResources=10:{}quantity resources=11:ResourceRequirements
  volumeMounts=12:[]VolumeMountStatus user=13:ContainerUser
  allocatedResourcesStatus=14:[]ResourceStatus
ContainerUser linux=1:LinuxContainerUser
EnvFromSource prefix=1:string configMapRef=2:ConfigMapEnvSource secretRef=3:SecretEnvSource
EnvVar name=1:string! value=2:string valueFrom=3:EnvVarSource
EnvVarSource fieldRef=1:ObjectFieldSelector resourceFieldRef=2:ResourceFieldSelector
  configMapKeyRef=3:ConfigMapKeySelector secretKeyRef=4:SecretKeySelector
EphemeralContainer ^=1:EphemeralContainerCommon targetContainerName=2:string
EphemeralContainerCommon name=1:string! image=2:string command=3:[]string args=4:[]string
  workingDir=5:string ports=6:[]ContainerPort env=7:[]EnvVar resources=8:ResourceRequirements
  volumeMounts=9:[]VolumeMount livenessProbe=10:Probe readinessProbe=11:Probe
  lifecycle=12:Lifecycle terminationMessagePath=13:string imagePullPolicy=14:string
  securityContext=15:SecurityContext stdin=16:bool stdinOnce=17:bool tty=18:bool
  envFrom=19:[]EnvFromSource terminationMessagePolicy=20:string volumeDevices=21:[]VolumeDevice
  startupProbe=22:Probe resizePolicy=23:[]ContainerResizePolicy restartPolicy=24:string!
ExecAction command=1:[]string
GRPCAction port=1:int32! service=2:string!
HTTPGetAction path=1:string port=2:intOrString host=3:string scheme=4:string
  httpHeaders=5:[]HTTPHeader
HTTPHeader name=1:string! value=2:string!
HostAlias ip=1:string! hostnames=2:[]string
HostIP ip=1:string!
Lifecycle postStart=1:LifecycleHandler preStop=2:LifecycleHandler
LifecycleHandler exec=1:ExecAction httpGet=2:HTTPGetAction tcpSocket=3:TCPSocketAction
  sleep=4:SleepAction
LinuxContainerUser uid=1:int64! gid=2:int64! supplementalGroups=3:[]int64
ObjectFieldSelector apiVersion=1:string fieldPath=2:string!
PodAffinity requiredDuringSchedulingIgnoredDuringExecution=1:[]PodAffinityTerm
  preferredDuringSchedulingIgnoredDuringExecution=2:[]WeightedPodAffinityTerm
PodAffinityTerm labelSelector=1:meta.LabelSelector namespaces=2:[]string topologyKey=3:string!
  namespaceSelector=4:meta.LabelSelector matchLabelKeys=5:[]string mismatchLabelKeys=6:[]string
PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution=1:[]PodAffinityTerm
  preferredDuringSchedulingIgnoredDuringExecution=2:[]WeightedPodAffinityTerm
PodCondition type=1:string! status=2:string! lastProbeTime=3:time lastTransitionTime=4:time
  reason=5:string message=6:string
PodDNSConfig nameservers=1:[]string searches=2:[]string options=3:[]PodDNSConfigOption
PodDNSConfigOption name=1:string value=2:string!
PodIP ip=1:string!
PodOS name=1:string!
PodReadinessGate conditionType=1:string!
PodResourceClaim name=1:string! resourceClaimName=3:string! resourceClaimTemplateName=4:string!
PodResourceClaimStatus name=1:string! resourceClaimName=2:string!
PodSchedulingGate name=1:string!
PodSecurityContext seLinuxOptions=1:SELinuxOptions runAsUser=2:int64! runAsNonRoot=3:bool!
  supplementalGroups=4:[]int64 fsGroup=5:int64! runAsGroup=6:int64! sysctls=7:[]Sysctl
  windowsOptions=8:WindowsSecurityContextOptions fsGroupChangePolicy=9:string!
  seccompProfile=10:SeccompProfile appArmorProfile=11:AppArmorProfile
  supplementalGroupsPolicy=12:string! seLinuxChangePolicy=13:string!
PodSpec volumes=1:[]Volume containers=2:[]Container restartPolicy=3:string
  terminationGracePeriodSeconds=4:int64! activeDeadlineSeconds=5:int64! dnsPolicy=6:string
  nodeSelector=7:{}string serviceAccountName=8:string serviceAccount=9:string nodeName=10:string
  hostNetwork=11:bool hostPID=12:bool hostIPC=13:bool securityContext=14:PodSecurityContext
  imagePullSecrets=15:[]LocalObjectReference hostname=16:string subdomain=17:string
  affinity=18:Affinity schedulerName=19:string initContainers=20:[]Container
  automountServiceAccountToken=21:bool! tolerations=22:[]Toleration hostAliases=23:[]HostAlias
  priorityClassName=24:string priority=25:int32! dnsConfig=26:PodDNSConfig
  shareProcessNamespace=27:bool! readinessGates=28:[]PodReadinessGate runtimeClassName=29:string!
  enableServiceLinks=30:bool! preemptionPolicy=31:string! overhead=32:{}quantity
  topologySpreadConstraints=33:[]TopologySpreadConstraint
  ephemeralContainers=34:[]EphemeralContainer setHostnameAsFQDN=35:bool! os=36:PodOS
  hostUsers=37:bool! schedulingGates=38:[]PodSchedulingGate resourceClaims=39:[]PodResourceClaim
  resources=40:ResourceRequirements
PodStatus phase=1:string conditions=2:[]PodCondition message=3:string reason=4:string
  hostIP=5:string podIP=6:string startTime=7:time containerStatuses=8:[]ContainerStatus
  qosClass=9:string initContainerStatuses=10:[]ContainerStatus nominatedNodeName=11:string
  podIPs=12:[]PodIP ephemeralContainerStatuses=13:[]ContainerStatus resize=14:string
  resourceClaimStatuses=15:[]PodResourceClaimStatus hostIPs=16:[]HostIP
PodTemplateSpec metadata=1:meta.ObjectMeta spec=2:PodSpec
PreferredSchedulingTerm weight=1:int32! preference=2:NodeSelectorTerm
Probe ^=1:ProbeHandler initialDelaySeconds=2:int32 timeoutSeconds=3:int32 periodSeconds=4:int32
  successThreshold=5:int32 failureThreshold=6:int32 terminationGracePeriodSeconds=7:int64!
ProbeHandler exec=1:ExecAction httpGet=2:HTTPGetAction tcpSocket=3:TCPSocketAction
  grpc=4:GRPCAction
ResourceClaim name=1:string! request=2:string
ResourceFieldSelector containerName=1:string resource=2:string! divisor=3:quantity
ResourceHealth resourceID=1:string! health=2:string
ResourceRequirements limits=1:{}quantity requests=2:{}quantity claims=3:[]ResourceClaim
ResourceStatus name=1:string! resources=2:[]ResourceHealth
SELinuxOptions user=1:string role=2:string type=3:string level=4:string
SeccompProfile type=1:string! localhostProfile=2:string!
SecretEnvSource ^=1:LocalObjectReference optional=2:bool!
SecretKeySelector ^=1:LocalObjectReference key=2:string! optional=3:bool!
SecurityContext capabilities=1:Capabilities privileged=2:bool! seLinuxOptions=3:SELinuxOptions
  runAsUser=4:int64! runAsNonRoot=5:bool! readOnlyRootFilesystem=6:bool!
  allowPrivilegeEscalation=7:bool! runAsGroup=8:int64! procMount=9:string!
  windowsOptions=10:WindowsSecurityContextOptions seccompProfile=11:SeccompProfile
  appArmorProfile=12:AppArmorProfile
SleepAction seconds=1:int64!
Sysctl name=1:string! value=2:string!
TCPSocketAction port=1:intOrString host=2:string
Toleration key=1:string operator=2:string value=3:string effect=4:string
  tolerationSeconds=5:int64!
TopologySpreadConstraint maxSkew=1:int32! topologyKey=2:string! whenUnsatisfiable=3:string!
  labelSelector=4:meta.LabelSelector minDomains=5:int32! nodeAffinityPolicy=6:string!
  nodeTaintsPolicy=7:string! matchLabelKeys=8:[]string
WeightedPodAffinityTerm weight=1:int32! podAffinityTerm=2:PodAffinityTerm
WindowsSecurityContextOptions gmsaCredentialSpecName=1:string! gmsaCredentialSpec=2:string!
  runAsUserName=3:string! hostProcess=4:bool!
)";

}  // namespace arcas::real
