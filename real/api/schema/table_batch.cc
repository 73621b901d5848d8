// The schema of the groups batch, scheduling.k8s.io and coordination.k8s.io.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kBatchTable = R"(
package io.k8s.api.batch.v1

kind batch/v1 Job : Pods that run until enough of them have succeeded.
  spec JobSpec+ : What is wanted.
  status JobStatus : What was seen last.

type JobSpec : Pods that run until enough of them have succeeded.
  activeDeadlineSeconds int64 range(1,9223372036854775807) : Seconds after which it fails.
  backoffLimit int32 range(0,2147483647) : Failures after which it fails.
  backoffLimitPerIndex int32 range(0,2147483647) : Failures of one index after which that fails.
  completionMode string =NonIndexed fixed in(NonIndexed,Indexed) : Are all pods equal, or has each an index?
  completions int32 range(0,2147483647) : How many pods must succeed.
  managedBy string : Controller that runs the job.
  manualSelector bool : Was the selector chosen by the client?
  maxFailedIndexes int32 range(0,2147483647) : Failed indexes after which it fails.
  parallelism int32 range(0,2147483647) : How many pods run at once.
  podFailurePolicy PodFailurePolicy : What different failures mean.
  podReplacementPolicy string in(TerminatingOrFailed,Failed) : When a pod that ends is replaced.
  selector LabelSelector fixed : Which pods are its own; made by the server.
  successPolicy SuccessPolicy : When it has succeeded before all pods have.
  suspend bool =false : Does it wait?
  template PodTemplateSpec+ : From which pods are made.
  ttlSecondsAfterFinished int32 range(0,2147483647) : Seconds after its end until it is deleted.

type PodFailurePolicy : What different failures mean.
  rules []PodFailurePolicyRule! : The first rule that fits counts.

type PodFailurePolicyRule : What one sort of failure means.
  action string! in(FailJob,FailIndex,Ignore,Count) : What is done.
  onExitCodes PodFailurePolicyOnExitCodesRequirement : Fits by exit code.
  onPodConditions []PodFailurePolicyOnPodConditionsPattern : Fits by the pod's conditions.

type PodFailurePolicyOnExitCodesRequirement : Exit codes.
  containerName string : Of which container; of any when absent.
  operator string! in(In,NotIn) : How the code relates to the values.
  values []int32! set : The values.

type PodFailurePolicyOnPodConditionsPattern : A condition of the pod.
  status string =True : Its status.
  type string! : Its type.

type SuccessPolicy : When a job has succeeded before all pods have.
  rules []SuccessPolicyRule! : One of them must hold.

type SuccessPolicyRule : Indexes that are enough.
  succeededCount int32 : How many of them.
  succeededIndexes string : Which ones, such as 1,3-5.

type JobStatus : What was seen of a job last.
  active int32 : Pods that run or wait.
  completedIndexes string : Indexes that have succeeded.
  completionTime time : When it succeeded.
  conditions []JobCondition merge(type) : Aspects of its state.
  failed int32 : Pods that failed.
  failedIndexes string : Indexes that have failed.
  ready int32 : Pods that are ready.
  startTime time : When it started.
  succeeded int32 : Pods that succeeded.
  terminating int32 : Pods that are ending.
  uncountedTerminatedPods UncountedTerminatedPods : Pods that have ended and are not yet counted.

type JobCondition : One aspect of a job's state.
  lastProbeTime time : When it was looked at last.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Complete, Failed, Suspended and so on.

type UncountedTerminatedPods : Pods that have ended and are not yet counted.
  failed []string set : Those that failed.
  succeeded []string set : Those that succeeded.

kind batch/v1,batch/v1beta1 CronJob : A job that is started again and again.
  spec CronJobSpec+ : What is wanted.
  status CronJobStatus : What was seen last.

type CronJobSpec : A job, and when it is started.
  concurrencyPolicy string =Allow in(Allow,Forbid,Replace) : What if the last one still runs.
  failedJobsHistoryLimit int32 =1 range(0,2147483647) : How many failed jobs are kept.
  jobTemplate JobTemplateSpec+ : From which jobs are made.
  schedule string! : When, in cron's form.
  startingDeadlineSeconds int64 range(0,9223372036854775807) : Seconds after which it is too late.
  successfulJobsHistoryLimit int32 =3 range(0,2147483647) : How many successful jobs are kept.
  suspend bool =false : Is nothing started for now?
  timeZone string : Time zone of the schedule.

type JobTemplateSpec : From which jobs are made.
  metadata ObjectMeta : Labels and annotations of the jobs.
  spec JobSpec+ : What the jobs are to run.

type CronJobStatus : What was seen last.
  active []ObjectReference : Jobs that run.
  lastScheduleTime time : When a job was started last.
  lastSuccessfulTime time : When a job succeeded last.

package io.k8s.api.scheduling.v1

kind scheduling.k8s.io/v1,scheduling.k8s.io/v1beta1 PriorityClass : A name for a weight among pods.
  description string : When to use it.
  globalDefault bool : Is it that of pods that name none?
  preemptionPolicy string =PreemptLowerPriority in(PreemptLowerPriority,Never) : May its pods take \
the place of lesser ones?
  value int32+ fixed range(-2147483648,2000001000) : The weight.

package io.k8s.api.coordination.v1

kind coordination.k8s.io/v1 Lease : A claim of leadership or of life, to be renewed.
  spec LeaseSpec : Who holds it, and until when.

type LeaseSpec : Who holds a lease, and until when.
  acquireTime microTime : When the holder got it.
  holderIdentity string : Who holds it.
  leaseDurationSeconds int32 range(1,2147483647) : Seconds that it lasts after a renewal.
  leaseTransitions int32 range(0,2147483647) : How often it changed hands.
  preferredHolder string : Who is to have it next.
  renewTime microTime : When it was renewed last.
  strategy string : How the holder is chosen.
)";

}  // namespace arcas::real
