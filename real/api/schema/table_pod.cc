// The schema of pods: what they run.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kPodTable = R"(
package io.k8s.api.core.v1

kind v1 Pod : Containers that share one node, or one virtual machine.
  spec PodSpec+ : What is to run, and where it may.
  status PodStatus : What was seen of it last.

type PodTemplateSpec : From which a workload makes its pods.
  metadata ObjectMeta : Labels and annotations of the pods.
  spec PodSpec+ : What the pods are to run.

kind v1 PodTemplate : A template of pods, stored by itself.
  template PodTemplateSpec : The template.

type PodSpec : What a pod runs, and what it asks of a node.
  activeDeadlineSeconds int64 range(1,2147483647) : Seconds after which a pod that still runs fails.
  affinity Affinity : Nodes and pods that it wants to be near to or away from.
  automountServiceAccountToken bool : Is the token of the service account mounted?
  containers []Container by(name) : Containers that run side by side.
  dnsConfig PodDNSConfig : Name servers and search domains besides those of the policy.
  dnsPolicy string =ClusterFirst in(ClusterFirst,ClusterFirstWithHostNet,Default,None) : Whose DNS \
settings it uses.
  enableServiceLinks bool : Are services told in environment variables?
  ephemeralContainers []EphemeralContainer by(name) : Containers added to a running pod to debug it.
  hostAliases []HostAlias by(ip) : Further lines of the hosts file.
  hostIPC bool : Use the node's IPC namespace.
  hostNetwork bool : Use the node's network.
  hostPID bool : Use the node's process ids.
  hostUsers bool : Use the node's user ids.
  hostname string label : Host name inside the pod.
  imagePullSecrets []LocalObjectReference by(name) : Secrets for pulling images.
  initContainers []Container by(name) : Containers that run one after another before the others.
  nics []Nic by(name) : Network interfaces of Arktos.
  nodeName string : Node on which the pod is to run; empty leaves it to the scheduler.
  nodeSelector {}string atomic : Labels that its node must have.
  os PodOS : Operating system that the containers need.
  overhead {}quantity : Resources that the pod takes besides its containers.
  preemptionPolicy string in(PreemptLowerPriority,Never) : May it take the place of lesser pods?
  priority int32 : Its weight among pods; taken from the priority class.
  priorityClassName string : Name of its priority class.
  readinessGates []PodReadinessGate : Conditions that must hold before it counts as ready.
  resourceClaims []PodResourceClaim key(name) merge(name) retain : Devices that it claims.
  resources ResourceRequirements : What the pod as a whole asks for and may use.
  restartPolicy string =Always in(Always,OnFailure,Never) : When containers are started again.
  runtimeClassName string : Name of the runtime class that runs it.
  schedulerName string =default-scheduler : Which scheduler places it.
  schedulingGates []PodSchedulingGate by(name) : What must be lifted before it is scheduled.
  securityContext PodSecurityContext ={} : Users, groups and rights of all its containers.
  serviceAccount string : Older name of serviceAccountName.
  serviceAccountName string : Service account as which it runs.
  setHostnameAsFQDN bool : Is the host name the fully qualified one?
  shareProcessNamespace bool : Do its containers see each other's processes?
  subdomain string : Subdomain of its host name.
  terminationGracePeriodSeconds int64 =30 range(0,9223372036854775807) : Seconds to end in peace.
  tolerations []Toleration : Taints that it bears.
  topologySpreadConstraints []TopologySpreadConstraint key(topologyKey,whenUnsatisfiable) \
merge(topologyKey) : How its like are spread over domains.
  virtualMachine VirtualMachine : The machine that it runs instead of containers.
  volumes []Volume key(name) merge(name) retain : Volumes that containers can mount.
  vpc string : Virtual private cloud of Arktos.
  workloadInfo []CommonInfo by(name) : What containers and machine have in common, derived by Arktos.

type Container : One container.
  name string! label : Name, unique within the pod.
  image string : Image to run.
  command []string : Replaces the image's entry point.
  args []string : Replaces the image's arguments.
  env []EnvVar by(name) : Environment variables.
  envFrom []EnvFromSource : Config maps and secrets whose entries become environment variables.
  imagePullPolicy string in(Always,IfNotPresent,Never) : When the image is pulled.
  lifecycle Lifecycle : What to do after its start and before its end.
  livenessProbe Probe : Tells when it hangs and must be started again.
  ports []ContainerPort key(containerPort,protocol) merge(containerPort) : Ports that it listens on.
  readinessProbe Probe : Tells when it can serve.
  resizePolicy []ContainerResizePolicy : Does it restart when its resources change?
  resources ResourceRequirements : What it asks for and may use.
  resourcesAllocated {}quantity : What its node has set aside for it (Arktos).
  restartPolicy string in(Always) : Always makes an init container run beside the others.
  securityContext SecurityContext : Its user, group and rights.
  startupProbe Probe : Tells when its start is done; other probes wait for that.
  stdin bool : Keep its standard input open.
  stdinOnce bool : Close standard input after the first client has gone.
  terminationMessagePath string =/dev/termination-log : File with its last words.
  terminationMessagePolicy string =File in(File,FallbackToLogsOnError) : Where last words come from.
  tty bool : Give it a terminal.
  volumeDevices []VolumeDevice by(devicePath) : Block devices that it uses.
  volumeMounts []VolumeMount by(mountPath) : Volumes that it mounts.
  workingDir string : Its working directory.

type EphemeralContainer : A container that is added to a running pod.
  name string! label : Name, unique within the pod.
  image string : Image to run.
  command []string : Replaces the image's entry point.
  args []string : Replaces the image's arguments.
  env []EnvVar by(name) : Environment variables.
  envFrom []EnvFromSource : Config maps and secrets whose entries become environment variables.
  imagePullPolicy string in(Always,IfNotPresent,Never) : When the image is pulled.
  lifecycle Lifecycle : Not allowed here.
  livenessProbe Probe : Not allowed here.
  ports []ContainerPort key(containerPort,protocol) merge(containerPort) : Not allowed here.
  readinessProbe Probe : Not allowed here.
  resizePolicy []ContainerResizePolicy : Does it restart when its resources change?
  resources ResourceRequirements : Not allowed here.
  restartPolicy string : Not allowed here.
  securityContext SecurityContext : Its user, group and rights.
  startupProbe Probe : Not allowed here.
  stdin bool : Keep its standard input open.
  stdinOnce bool : Close standard input after the first client has gone.
  targetContainerName string : Container whose processes it sees.
  terminationMessagePath string =/dev/termination-log : File with its last words.
  terminationMessagePolicy string =File in(File,FallbackToLogsOnError) : Where last words come from.
  tty bool : Give it a terminal.
  volumeDevices []VolumeDevice by(devicePath) : Block devices that it uses.
  volumeMounts []VolumeMount by(mountPath) : Volumes that it mounts.
  workingDir string : Its working directory.

type VirtualMachine : A virtual machine (Arktos).
  name string! label : Name of the machine.
  image string : Address of its disk image.
  resources ResourceRequirements : What it asks for and may use.
  resourcesAllocated {}quantity : What its node has set aside for it.
  resizePolicy []ContainerResizePolicy : Does it restart when its resources change?
  volumeMounts []VolumeMount by(mountPath) : Volumes that it mounts.
  imagePullPolicy string =IfNotPresent in(Always,IfNotPresent,Never) : When the image is pulled.
  keyPairName string : Name of the key pair that may log in.
  publicKey string : Key that may log in.
  userData bytes : Data for the machine's first start.
  trustedImageCertificate []string : Certificates that the image must be signed with.
  shutdownBehavior string =stop in(stop,terminate) : What a shutdown from inside means.
  bootVolume string : Volume that it starts from.
  powerSpec string =Running in(Running,Paused,Shutdown,Suspended) : The power state that is wanted.
  volumeDevices []VolumeDevice by(devicePath) : Block devices that it uses.
  cloudInitUserDataScript string : Script for cloud-init.

type CommonInfo : What containers and machines have in common (Arktos).
  name string : Name of the container or machine.
  image string : Its image.
  resources ResourceRequirements : What it asks for and may use.
  resourcesAllocated {}quantity : What its node has set aside for it.
  resizePolicy []ContainerResizePolicy : Does it restart when its resources change?
  volumeMounts []VolumeMount by(mountPath) : Volumes that it mounts.
  imagePullPolicy string : When the image is pulled.

type Nic : A network interface of a pod (Arktos).
  name string : Name of the interface.
  subnetName string : Subnet that it is in.
  portId string : Port that was made for it.
  ipAddress string : Address that it is to have.
  tag string : Free text.
  ipv6Enabled bool =false : Has it an IPv6 address?

type ContainerPort : A port that a container listens on.
  name string : Name by which services can refer to it.
  containerPort int32+ range(1,65535) : Number of the port.
  hostIP string : Address of the node to listen on.
  hostPort int32 range(0,65535) : Port of the node that leads here.
  protocol string =TCP in(TCP,UDP,SCTP) : Protocol.

type EnvVar : An environment variable.
  name string! : Name of the variable.
  value string : Its value; $(NAME) stands for an earlier one.
  valueFrom EnvVarSource : Where its value comes from instead.

type EnvVarSource : Where the value of a variable comes from. One of these.
  configMapKeyRef ConfigMapKeySelector : An entry of a config map.
  fieldRef ObjectFieldSelector : A field of the pod.
  fileKeyRef FileKeySelector : A line of a file in a volume.
  resourceFieldRef ResourceFieldSelector : A resource of a container.
  secretKeyRef SecretKeySelector : An entry of a secret.

type FileKeySelector atomic : A line of a file in a volume.
  key string! : Name of the variable in the file.
  optional bool : May it be missing?
  path string! : Path of the file in the volume.
  volumeName string! : Name of the volume.

type EnvFromSource : Entries that all become environment variables.
  configMapRef ConfigMapEnvSource : Those of a config map.
  prefix string : Stands before each name.
  secretRef SecretEnvSource : Those of a secret.

type ConfigMapEnvSource : A config map in the pod's namespace.
  name string : Name of the config map.
  optional bool : May it be missing?

type SecretEnvSource : A secret in the pod's namespace.
  name string : Name of the secret.
  optional bool : May it be missing?

type ConfigMapKeySelector atomic : An entry of a config map.
  key string! : Key of the entry.
  name string : Name of the config map.
  optional bool : May it be missing?

type SecretKeySelector atomic : An entry of a secret.
  key string! : Key of the entry.
  name string : Name of the secret.
  optional bool : May it be missing?

type ObjectFieldSelector atomic : A field of the object itself.
  apiVersion string =v1 : Version in which the path is written.
  fieldPath string! : Path of the field.

type ResourceFieldSelector atomic : A resource of a container.
  containerName string : Which container.
  divisor quantity : Unit in which the value is given.
  resource string! : Which resource, such as limits.cpu.

type ResourceRequirements : What something asks for and what it may use.
  claims []ResourceClaim key(name) : Claims of the pod that it uses.
  limits {}quantity : The most that it may use.
  requests {}quantity : What must be free for it.

type ResourceClaim : One of the pod's claims.
  name string! : Name of the claim in the pod.
  request string : Name of a request of the claim; all of them when absent.

type ContainerResizePolicy : What a change of a resource does to a container.
  resourceName string! : cpu or memory.
  restartPolicy string : NotRequired or RestartContainer.
  policy string in(NoRestart,RestartContainer) : The same in Arktos's words.

type Lifecycle : What to do at the start and the end of a container.
  postStart LifecycleHandler : After its start.
  preStop LifecycleHandler : Before its end.
  stopSignal string : Signal that ends it.

type LifecycleHandler : One thing to do. One of these.
  exec ExecAction : Run a command in the container.
  httpGet HTTPGetAction : Ask a web server.
  sleep SleepAction : Wait.
  tcpSocket TCPSocketAction : Open a connection.

type ExecAction : A command to run in a container.
  command []string : The command and its arguments; no shell is involved.

type HTTPGetAction : A request to a web server.
  host string : Host name; the pod's address when absent.
  httpHeaders []HTTPHeader : Further headers.
  path string =/ : Path to ask for.
  port intOrString+ : Port, by number or name.
  scheme string =HTTP in(HTTP,HTTPS) : HTTP or HTTPS.

type HTTPHeader : A header of a request.
  name string! : Its name.
  value string+ : Its value.

type TCPSocketAction : A connection to open.
  host string : Host name; the pod's address when absent.
  port intOrString+ : Port, by number or name.

type GRPCAction : A call of the gRPC health service.
  port int32+ range(1,65535) : Port.
  service string = : Name of the service to ask about.

type SleepAction : A wait.
  seconds int64+ : How long.

type Probe : A check that is repeated.
  exec ExecAction : Run a command in the container.
  failureThreshold int32 =3 range(1,2147483647) : Failures in a row that count.
  grpc GRPCAction : Call the gRPC health service.
  httpGet HTTPGetAction : Ask a web server.
  initialDelaySeconds int32 range(0,2147483647) : Seconds from the start to the first check.
  periodSeconds int32 =10 range(1,2147483647) : Seconds from one check to the next.
  successThreshold int32 =1 range(1,2147483647) : Successes in a row that count after a failure.
  tcpSocket TCPSocketAction : Open a connection.
  terminationGracePeriodSeconds int64 range(1,9223372036854775807) : Seconds to end after a failure.
  timeoutSeconds int32 =1 range(1,2147483647) : Seconds that a check may take.

type VolumeMount : A volume in a container.
  mountPath string! : Where it is seen in the container.
  mountPropagation string : How later mounts go between node and container.
  name string! : Name of the pod's volume.
  readOnly bool : Only for reading.
  recursiveReadOnly string : Are mounts below it read-only as well?
  subPath string : Path within the volume that is mounted.
  subPathExpr string : The same, with variables expanded.

type VolumeDevice : A block device in a container.
  devicePath string! : Where it is seen in the container.
  name string! : Name of the pod's volume.

type HostAlias : A line of the hosts file.
  hostnames []string : Names.
  ip string! : Address.

type PodDNSConfig : DNS settings.
  nameservers []string : Addresses of name servers.
  options []PodDNSConfigOption : Options of the resolver.
  searches []string : Search domains.

type PodDNSConfigOption : An option of the resolver.
  name string! : Its name.
  value string : Its value.

type PodOS : An operating system.
  name string! : linux or windows.

type PodReadinessGate : A condition that readiness waits for.
  conditionType string! : Type of the condition.

type PodSchedulingGate : Something that scheduling waits for.
  name string! : Its name.

type PodResourceClaim : A claim of devices that a pod uses.
  name string! label : Name within the pod.
  resourceClaimName string : A claim that exists.
  resourceClaimTemplateName string : A template to make the claim from.

type PodSecurityContext : Users, groups and rights of a pod.
  appArmorProfile AppArmorProfile : Profile of AppArmor.
  fsGroup int64 : Group that owns the files of volumes.
  fsGroupChangePolicy string in(OnRootMismatch,Always) : When files change their group.
  runAsGroup int64 : Group of the first process.
  runAsNonRoot bool : Refuse to run as root.
  runAsUser int64 : User of the first process.
  seLinuxChangePolicy string : How volumes get their SELinux label.
  seLinuxOptions SELinuxOptions : SELinux label.
  seccompProfile SeccompProfile : Filter of system calls.
  supplementalGroups []int64 : Further groups.
  supplementalGroupsPolicy string in(Merge,Strict) : Do groups of the image count?
  sysctls []Sysctl : Kernel parameters.
  windowsOptions WindowsSecurityContextOptions : Settings on Windows.

type SecurityContext : User, group and rights of a container. They outweigh the pod's.
  allowPrivilegeEscalation bool : May a process gain more rights than its parent?
  appArmorProfile AppArmorProfile : Profile of AppArmor.
  capabilities Capabilities : Capabilities to add or drop.
  privileged bool : Run with all rights on the node.
  procMount string : How /proc is mounted.
  readOnlyRootFilesystem bool : Is the root file system read-only?
  runAsGroup int64 : Group of the first process.
  runAsNonRoot bool : Refuse to run as root.
  runAsUser int64 : User of the first process.
  seLinuxOptions SELinuxOptions : SELinux label.
  seccompProfile SeccompProfile : Filter of system calls.
  windowsOptions WindowsSecurityContextOptions : Settings on Windows.

type AppArmorProfile : A profile of AppArmor.
  localhostProfile string : Name of a profile that is loaded on the node.
  type string! in(Localhost,RuntimeDefault,Unconfined) : Which kind of profile.

type Capabilities : Linux capabilities.
  add []string : Those to add.
  drop []string : Those to take away.

type SELinuxOptions : An SELinux label.
  level string : Its level.
  role string : Its role.
  type string : Its type.
  user string : Its user.

type SeccompProfile : A filter of system calls.
  localhostProfile string : File on the node that holds it.
  type string! in(Localhost,RuntimeDefault,Unconfined) : Which kind of filter.

type Sysctl : A kernel parameter.
  name string! : Its name.
  value string+ : Its value.

type WindowsSecurityContextOptions : Settings on Windows.
  gmsaCredentialSpec string : Contents of a GMSA credential.
  gmsaCredentialSpecName string : Name of a GMSA credential.
  hostProcess bool : Run as a process of the node.
  runAsUserName string : User of the first process.
)";

}  // namespace arcas::real
