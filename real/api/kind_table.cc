// The built-in kinds, one a line: what discovery tells and what `kubectl get` prints.

#include <array>
#include <utility>

#include "real/api/kinds.h"

namespace arcas::real {
namespace {

/// A row. Lists are comma-separated. Flags: `t` of a tenant, `c` of the cluster, `s` status, `x`
/// scale, `o` an older version, `a` in the category "all". Columns: "Name[:type]=source", those of
/// `-o wide` after a "+".
struct Row {
  std::string_view group_version;
  std::string_view kind;
  std::string_view plural;
  std::string_view short_names;
  std::string_view flags;
  std::string_view selectable;
  std::string_view columns;
};

constexpr std::string_view kPodFields =
    "spec.nodeName,spec.restartPolicy,spec.schedulerName,spec.serviceAccountName,"
    "spec.hostNetwork,status.phase,status.podIP,status.nominatedNodeName";
constexpr std::string_view kEventFields =
    "involvedObject.kind,involvedObject.namespace,involvedObject.name,involvedObject.uid,"
    "involvedObject.apiVersion,involvedObject.resourceVersion,involvedObject.fieldPath,reason,"
    "reportingComponent,source,type";

constexpr std::array kRows{
    Row{"v1", "Pod", "pods", "po", "sa", kPodFields,
        "Ready=@pod-ready,Status=@pod-status,Restarts:integer=@pod-restarts,Age:date=@age,"
        "+IP=status.podIP,+Node=spec.nodeName,+Nominated Node=status.nominatedNodeName,"
        "+Readiness Gates=@readiness-gates"},
    Row{"v1", "Node", "nodes", "no", "cs", "spec.unschedulable",
        "Status=@node-status,Roles=@node-roles,Age:date=@age,"
        "Version=status.nodeInfo.kubeletVersion,+Internal-IP=@internal-ip,"
        "+External-IP=@external-ip,+OS-Image=status.nodeInfo.osImage,"
        "+Kernel-Version=status.nodeInfo.kernelVersion,"
        "+Container-Runtime=status.nodeInfo.containerRuntimeVersion"},
    Row{"v1", "Namespace", "namespaces", "ns", "ts", "status.phase",
        "Status=status.phase,Age:date=@age"},
    Row{"v1", "Tenant", "tenants", "te", "cs", "status.phase",
        "Status=status.phase,StorageCluster=spec.storageClusterId,Age:date=@age"},
    Row{"v1", "Service", "services", "svc", "sa", "spec.clusterIP,spec.type",
        "Type=spec.type,Cluster-IP=spec.clusterIP,External-IP=@service-external,"
        "Port(s)=@service-ports,Age:date=@age,+Selector=@map:spec.selector"},
    Row{"v1", "Endpoints", "endpoints", "ep", "", "", "Endpoints=@endpoints,Age:date=@age"},
    Row{"v1", "ConfigMap", "configmaps", "cm", "", "", "Data:integer=@data-count,Age:date=@age"},
    Row{"v1", "Secret", "secrets", "", "", "type",
        "Type=type,Data:integer=@data-count,Age:date=@age"},
    Row{"v1", "ServiceAccount", "serviceaccounts", "sa", "", "",
        "Secrets:integer=@count:secrets,Age:date=@age"},
    Row{"v1", "Event", "events", "ev", "", kEventFields,
        "Last Seen=@last-seen,Type=type,Reason=reason,Object=@involved-object,Message=message,"
        "+Source=source.component,+Count:integer=count"},
    Row{"v1", "ReplicationController", "replicationcontrollers", "rc", "sxa", "status.replicas",
        "Desired:integer=spec.replicas,Current:integer=status.replicas,"
        "Ready:integer=status.readyReplicas,Age:date=@age"},
    Row{"v1", "PersistentVolume", "persistentvolumes", "pv", "ts", "",
        "Capacity=spec.capacity.storage,Access Modes=@list:spec.accessModes,"
        "Reclaim Policy=spec.persistentVolumeReclaimPolicy,Status=status.phase,Claim=@claim,"
        "StorageClass=spec.storageClassName,Reason=status.reason,Age:date=@age"},
    Row{"v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc", "s", "",
        "Status=status.phase,Volume=spec.volumeName,Capacity=status.capacity.storage,"
        "Access Modes=@list:spec.accessModes,StorageClass=spec.storageClassName,Age:date=@age"},
    Row{"v1", "LimitRange", "limitranges", "limits", "", "", "Created At:date=@created"},
    Row{"v1", "ResourceQuota", "resourcequotas", "quota", "s", "",
        "Age:date=@age,Hard=@map:status.hard,Used=@map:status.used"},
    Row{"v1", "PodTemplate", "podtemplates", "", "", "", "Age:date=@age"},
    Row{"v1", "Action", "actions", "ac", "s", "spec.nodeName,status.complete",
        "Pod=spec.podName,Node=spec.nodeName,Complete=status.complete,Error=status.error,"
        "Age:date=@age"},
    Row{"v1", "DataPartitionConfig", "datapartitionconfigs", "", "c", "",
        "Group=serviceGroupId,Start=rangeStart,End=rangeEnd,Age:date=@age"},
    Row{"v1", "StorageCluster", "storageclusters", "", "c", "",
        "Id=storageClusterId,Address=serviceAddress,Age:date=@age"},
    Row{"v1", "ControllerInstance", "controllerinstances", "co", "c", "",
        "Type=controllerType,Key:integer=controllerKey,Workload:integer=workloadNum,"
        "Locked=isLocked,Age:date=@age"},
    Row{"apps/v1", "Deployment", "deployments", "deploy", "sxa", "",
        "Ready=@replicas-ready,Up-to-date:integer=status.updatedReplicas,"
        "Available:integer=status.availableReplicas,Age:date=@age,+Containers=@containers,"
        "+Images=@images,+Selector=@selector"},
    Row{"apps/v1", "ReplicaSet", "replicasets", "rs", "sxa", "status.replicas",
        "Desired:integer=spec.replicas,Current:integer=status.replicas,"
        "Ready:integer=status.readyReplicas,Age:date=@age,+Containers=@containers,"
        "+Images=@images,+Selector=@selector"},
    Row{"apps/v1", "StatefulSet", "statefulsets", "sts", "sxa", "",
        "Ready=@replicas-ready,Age:date=@age,+Containers=@containers,+Images=@images"},
    Row{"apps/v1", "DaemonSet", "daemonsets", "ds", "sa", "",
        "Desired:integer=status.desiredNumberScheduled,"
        "Current:integer=status.currentNumberScheduled,Ready:integer=status.numberReady,"
        "Up-to-date:integer=status.updatedNumberScheduled,"
        "Available:integer=status.numberAvailable,Node Selector=@node-selector,Age:date=@age,"
        "+Containers=@containers,+Images=@images,+Selector=@selector"},
    Row{"apps/v1", "ControllerRevision", "controllerrevisions", "", "", "",
        "Controller=@owner,Revision:integer=revision,Age:date=@age"},
    Row{"batch/v1", "Job", "jobs", "", "sa", "status.successful",
        "Status=@job-status,Completions=@job-completions,Duration=@job-duration,Age:date=@age,"
        "+Containers=@containers,+Images=@images,+Selector=@selector"},
    Row{"batch/v1", "CronJob", "cronjobs", "cj", "sa", "",
        "Schedule=spec.schedule,Timezone=@time-zone,Suspend=@suspended,"
        "Active:integer=@count:status.active,Last Schedule=@since:status.lastScheduleTime,"
        "Age:date=@age"},
    Row{"batch/v1beta1", "CronJob", "cronjobs", "cj", "sao", "",
        "Schedule=spec.schedule,Suspend=@suspended,Active:integer=@count:status.active,"
        "Last Schedule=@since:status.lastScheduleTime,Age:date=@age"},
    Row{"autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", "sa", "",
        "Reference=@scale-target,MinPods:integer=spec.minReplicas,"
        "MaxPods:integer=spec.maxReplicas,Replicas:integer=status.currentReplicas,Age:date=@age"},
    Row{"policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", "s", "",
        "Min Available=spec.minAvailable,Max Unavailable=spec.maxUnavailable,"
        "Allowed Disruptions:integer=status.disruptionsAllowed,Age:date=@age"},
    Row{"policy/v1beta1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", "so", "",
        "Min Available=spec.minAvailable,Max Unavailable=spec.maxUnavailable,"
        "Allowed Disruptions:integer=status.disruptionsAllowed,Age:date=@age"},
    Row{"coordination.k8s.io/v1", "Lease", "leases", "", "", "",
        "Holder=spec.holderIdentity,Age:date=@age"},
    Row{"discovery.k8s.io/v1", "EndpointSlice", "endpointslices", "", "", "",
        "AddressType=addressType,Ports=@slice-ports,Endpoints=@slice-endpoints,Age:date=@age"},
    Row{"scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", "pc", "c", "",
        "Value:integer=value,Global-Default=globalDefault,Age:date=@age"},
    Row{"scheduling.k8s.io/v1beta1", "PriorityClass", "priorityclasses", "pc", "co", "",
        "Value:integer=value,Global-Default=globalDefault,Age:date=@age"},
    Row{"storage.k8s.io/v1", "StorageClass", "storageclasses", "sc", "c", "",
        "Provisioner=provisioner,ReclaimPolicy=reclaimPolicy,"
        "VolumeBindingMode=volumeBindingMode,AllowVolumeExpansion=allowVolumeExpansion,"
        "Age:date=@age"},
    Row{"networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", "netpol", "", "",
        "Pod-Selector=@map:spec.podSelector.matchLabels,Age:date=@age"},
    Row{"networking.k8s.io/v1", "Ingress", "ingresses", "ing", "s", "",
        "Class=spec.ingressClassName,Hosts=@ingress-hosts,Age:date=@age"},
    Row{"networking.k8s.io/v1", "IngressClass", "ingressclasses", "", "t", "",
        "Controller=spec.controller,Age:date=@age"},
    Row{"rbac.authorization.k8s.io/v1", "Role", "roles", "", "", "", "Created At:date=@created"},
    Row{"rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", "", "", "",
        "Role=@role-ref,Age:date=@age,+Subjects=@subjects"},
    Row{"rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", "", "t", "",
        "Created At:date=@created"},
    Row{"rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", "", "t", "",
        "Role=@role-ref,Age:date=@age,+Subjects=@subjects"},
    Row{"apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions",
        "crd,crds", "ts", "", "Created At:date=@created"},
    Row{"arktos.futurewei.com/v1", "Network", "networks", "ne,net", "ts", "",
        "Type=spec.type,VPC=spec.vpcID,Phase=status.phase,DNS=status.dnsServiceIP"},
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

PrinterColumn column_of(std::string_view text) {
  PrinterColumn column;
  if (text.starts_with('+')) {
    column.priority = 1;
    text.remove_prefix(1);
  }
  const std::size_t equals = text.find('=');
  std::string_view name = text.substr(0, equals);
  column.source = text.substr(equals + 1);
  if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
    column.type = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  column.name = name;
  return column;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

KindInfo kind_of(const Row& row) {
  const auto has = [&row](char flag) { return row.flags.find(flag) != std::string_view::npos; };
  KindInfo kind;
  const std::size_t slash = row.group_version.find('/');
  if (slash != std::string_view::npos) kind.group = row.group_version.substr(0, slash);
  kind.version = row.group_version.substr(slash == std::string_view::npos ? 0 : slash + 1);
  kind.kind = row.kind;
  kind.plural = row.plural;
  kind.singular = lower(row.kind);
  kind.short_names = split(row.short_names);
  if (has('a')) kind.categories = {"all"};
  if (has('c')) kind.scope = KindScope::cluster;
  if (has('t')) kind.scope = KindScope::tenant;
  kind.status = has('s');
  kind.scale = has('x');
  kind.preferred = !has('o');
  kind.selectable = split(row.selectable);
  kind.columns.push_back({"Name", "string", "metadata.name", 0});
  for (const std::string& column : split(row.columns)) kind.columns.push_back(column_of(column));
  return kind;
}

}  // namespace

std::vector<KindInfo> built_in_kinds() {
  std::vector<KindInfo> kinds;
  kinds.reserve(kRows.size());
  for (const Row& row : kRows) kinds.push_back(kind_of(row));
  return kinds;
}

}  // namespace arcas::real
