// The schema of the group apps.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kAppsTable = R"(
package io.k8s.api.apps.v1

kind apps/v1 Deployment : Equal pods that are replaced step by step when their template changes.
  spec DeploymentSpec+ : What is wanted.
  status DeploymentStatus : What was seen last.

type DeploymentSpec : Equal pods, and how they are replaced.
  minReadySeconds int32 range(0,2147483647) : Seconds that a pod must be ready to be available.
  paused bool : Is a changed template left alone for now?
  progressDeadlineSeconds int32 =600 range(0,2147483647) : Seconds without progress that are too long.
  replicas int32 =1 range(0,2147483647) : How many pods.
  revisionHistoryLimit int32 =10 range(0,2147483647) : How many old templates are kept.
  selector LabelSelector+ fixed : Which pods are its own. It cannot change.
  strategy DeploymentStrategy ={} retain : How pods are replaced.
  template PodTemplateSpec+ : From which pods are made.

type DeploymentStrategy : How pods are replaced.
  rollingUpdate RollingUpdateDeployment : How large the steps are.
  type string =RollingUpdate in(Recreate,RollingUpdate) : All at once, or step by step.

type RollingUpdateDeployment : How large the steps are.
  maxSurge intOrString : How many pods there may be too many, or what share.
  maxUnavailable intOrString : How many pods may be missing, or what share.

type DeploymentStatus : What was seen of a deployment last.
  availableReplicas int32 : Pods that are available.
  collisionCount int32 : How often a name for a set was taken.
  conditions []DeploymentCondition by(type) : Aspects of its state.
  observedGeneration int64 : Generation that was looked at.
  readyReplicas int32 : Pods that are ready.
  replicas int32 : Pods.
  terminatingReplicas int32 : Pods that are ending.
  unavailableReplicas int32 : Pods that are missing.
  updatedReplicas int32 : Pods of the present template.

type DeploymentCondition : One aspect of a deployment's state.
  lastTransitionTime time : When the status changed last.
  lastUpdateTime time : When it was written last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

kind apps/v1 ReplicaSet : A number of equal pods.
  spec ReplicaSetSpec+ : What is wanted.
  status ReplicaSetStatus : What was seen last.

type ReplicaSetSpec : A number of equal pods.
  minReadySeconds int32 range(0,2147483647) : Seconds that a pod must be ready to be available.
  replicas int32 =1 range(0,2147483647) : How many pods.
  selector LabelSelector+ fixed : Which pods are its own. It cannot change.
  template PodTemplateSpec+ : From which pods are made.

type ReplicaSetStatus : What was seen of a set last.
  availableReplicas int32 : Pods that are available.
  conditions []ReplicaSetCondition by(type) : Aspects of its state.
  fullyLabeledReplicas int32 : Pods with all labels of the template.
  observedGeneration int64 : Generation that was looked at.
  readyReplicas int32 : Pods that are ready.
  replicas int32 : Pods.
  terminatingReplicas int32 : Pods that are ending.

type ReplicaSetCondition : One aspect of a set's state.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

kind apps/v1 StatefulSet : Pods with names, order and volumes of their own.
  spec StatefulSetSpec+ : What is wanted.
  status StatefulSetStatus : What was seen last.

type StatefulSetSpec : Pods with names, order and volumes of their own.
  minReadySeconds int32 range(0,2147483647) : Seconds that a pod must be ready to be available.
  ordinals StatefulSetOrdinals : Which numbers the pods have.
  persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy ={} : What \
becomes of claims.
  podManagementPolicy string =OrderedReady fixed in(OrderedReady,Parallel) : One after another, or at once.
  replicas int32 =1 range(0,2147483647) : How many pods.
  revisionHistoryLimit int32 =10 range(0,2147483647) : How many old templates are kept.
  selector LabelSelector+ fixed : Which pods are its own. It cannot change.
  serviceName string fixed : Service that gives the pods their names.
  template PodTemplateSpec+ : From which pods are made.
  updateStrategy StatefulSetUpdateStrategy ={} : How pods are replaced.
  volumeClaimTemplates []PersistentVolumeClaim : From which each pod's claims are made.

type StatefulSetOrdinals : Which numbers the pods have.
  start int32+ range(0,2147483647) : The first number.

type StatefulSetPersistentVolumeClaimRetentionPolicy : What becomes of claims.
  whenDeleted string =Retain in(Retain,Delete) : When the set is deleted.
  whenScaled string =Retain in(Retain,Delete) : When the set shrinks.

type StatefulSetUpdateStrategy : How pods are replaced.
  rollingUpdate RollingUpdateStatefulSetStrategy : How far.
  type string =RollingUpdate in(RollingUpdate,OnDelete) : By the controller, or when they are deleted.

type RollingUpdateStatefulSetStrategy : How far pods are replaced.
  maxUnavailable intOrString : How many pods may be missing, or what share.
  partition int32 =0 range(0,2147483647) : Pods with lesser numbers are left alone.

type StatefulSetStatus : What was seen of a set last.
  availableReplicas int32 : Pods that are available.
  collisionCount int32 : How often a name for a revision was taken.
  conditions []StatefulSetCondition by(type) : Aspects of its state.
  currentReplicas int32 : Pods of the current revision.
  currentRevision string : Revision of the lower pods.
  observedGeneration int64 : Generation that was looked at.
  readyReplicas int32 : Pods that are ready.
  replicas int32 : Pods.
  updateRevision string : Revision that pods are brought to.
  updatedReplicas int32 : Pods of that revision.

type StatefulSetCondition : One aspect of a set's state.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

kind apps/v1 DaemonSet : One pod on every node that fits.
  spec DaemonSetSpec+ : What is wanted.
  status DaemonSetStatus : What was seen last.

type DaemonSetSpec : One pod on every node that fits.
  minReadySeconds int32 range(0,2147483647) : Seconds that a pod must be ready to be available.
  revisionHistoryLimit int32 =10 range(0,2147483647) : How many old templates are kept.
  selector LabelSelector+ fixed : Which pods are its own. It cannot change.
  template PodTemplateSpec+ : From which pods are made.
  updateStrategy DaemonSetUpdateStrategy ={} : How pods are replaced.

type DaemonSetUpdateStrategy : How pods are replaced.
  rollingUpdate RollingUpdateDaemonSet : How large the steps are.
  type string =RollingUpdate in(RollingUpdate,OnDelete) : By the controller, or when they are deleted.

type RollingUpdateDaemonSet : How large the steps are.
  maxSurge intOrString =0 : How many pods there may be too many, or what share.
  maxUnavailable intOrString =1 : How many pods may be missing, or what share.

type DaemonSetStatus : What was seen of a set last.
  collisionCount int32 : How often a name for a revision was taken.
  conditions []DaemonSetCondition by(type) : Aspects of its state.
  currentNumberScheduled int32 : Nodes that have the pod and should.
  desiredNumberScheduled int32 : Nodes that should have it.
  numberAvailable int32 : Nodes whose pod is available.
  numberMisscheduled int32 : Nodes that have it and should not.
  numberReady int32 : Nodes whose pod is ready.
  numberUnavailable int32 : Nodes whose pod is missing.
  observedGeneration int64 : Generation that was looked at.
  updatedNumberScheduled int32 : Nodes whose pod is of the present template.

type DaemonSetCondition : One aspect of a set's state.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

kind apps/v1 ControllerRevision : A template as it once was.
  data any fixed : The template.
  revision int64+ : Its number.
)";

}  // namespace arcas::real
