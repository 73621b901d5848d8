// The schema of the groups autoscaling and policy.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kAutoscalingTable = R"(
package io.k8s.api.autoscaling.v1

kind autoscaling/v1 Scale : How many replicas a workload has and is to have.
  spec ScaleSpec : How many are wanted.
  status ScaleStatus : How many there are.

type ScaleSpec : How many replicas are wanted.
  replicas int32 range(0,2147483647) : How many.

type ScaleStatus : How many replicas there are.
  replicas int32 : How many.
  selector string : Selects the pods, as text.

package io.k8s.api.autoscaling.v2

kind autoscaling/v2 HorizontalPodAutoscaler : Changes how many pods a workload has by what is measured.
  spec HorizontalPodAutoscalerSpec+ : What is wanted.
  status HorizontalPodAutoscalerStatus : What was seen last.

type HorizontalPodAutoscalerSpec : What is scaled, between which bounds, by which measure.
  behavior HorizontalPodAutoscalerBehavior : How quickly.
  maxReplicas int32+ range(1,2147483647) : At most so many pods.
  metrics []MetricSpec : What is measured; 80 % of the requested CPU when absent.
  minReplicas int32 =1 range(0,2147483647) : At least so many pods.
  scaleTargetRef CrossVersionObjectReference+ : The workload.

type CrossVersionObjectReference : An object of some kind in the same namespace.
  apiVersion string : Version of its kind.
  kind string! : Its kind.
  name string! : Its name.

type HorizontalPodAutoscalerBehavior : How quickly the number changes.
  scaleDown HPAScalingRules : Downwards.
  scaleUp HPAScalingRules : Upwards.

type HPAScalingRules : How quickly the number changes in one direction.
  policies []HPAScalingPolicy : The bounds.
  selectPolicy string in(Max,Min,Disabled) : Which bound counts.
  stabilizationWindowSeconds int32 range(0,3600) : How far back decisions are looked at.
  tolerance quantity : Differences up to this are left alone.

type HPAScalingPolicy : One bound.
  periodSeconds int32+ range(1,1800) : Within so many seconds.
  type string! in(Pods,Percent) : Pods or per cent.
  value int32+ range(1,2147483647) : So many at most.

type MetricSpec : One thing that is measured. The member that the type names.
  containerResource ContainerResourceMetricSource : A resource of one container of each pod.
  external ExternalMetricSource : Something outside the cluster.
  object ObjectMetricSource : Something of one object.
  pods PodsMetricSource : Something of each pod.
  resource ResourceMetricSource : A resource of each pod.
  type string! in(Object,Pods,Resource,ContainerResource,External) : Which of these.

type ContainerResourceMetricSource : A resource of one container of each pod.
  container string! : The container.
  name string! : The resource.
  target MetricTarget+ : What it should be.

type ExternalMetricSource : Something outside the cluster.
  metric MetricIdentifier+ : What.
  target MetricTarget+ : What it should be.

type ObjectMetricSource : Something of one object.
  describedObject CrossVersionObjectReference+ : The object.
  metric MetricIdentifier+ : What.
  target MetricTarget+ : What it should be.

type PodsMetricSource : Something of each pod.
  metric MetricIdentifier+ : What.
  target MetricTarget+ : What it should be.

type ResourceMetricSource : A resource of each pod.
  name string! : The resource.
  target MetricTarget+ : What it should be.

type MetricIdentifier : A measure.
  name string! : Its name.
  selector LabelSelector : Its labels.

type MetricTarget : What a measure should be.
  averageUtilization int32 : Per cent of what pods request, on average.
  averageValue quantity : A value for each pod, on average.
  type string! in(Utilization,Value,AverageValue) : Which of these.
  value quantity : A value in all.

type HorizontalPodAutoscalerStatus : What was seen last.
  conditions []HorizontalPodAutoscalerCondition by(type) : Aspects of its state.
  currentMetrics []MetricStatus : What was measured.
  currentReplicas int32 : Pods that there are.
  desiredReplicas int32 : Pods that there should be.
  lastScaleTime time : When the number changed last.
  observedGeneration int64 : Generation that was looked at.

type HorizontalPodAutoscalerCondition : One aspect of its state.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

type MetricStatus : What was measured. The member that the type names.
  containerResource ContainerResourceMetricStatus : A resource of one container of each pod.
  external ExternalMetricStatus : Something outside the cluster.
  object ObjectMetricStatus : Something of one object.
  pods PodsMetricStatus : Something of each pod.
  resource ResourceMetricStatus : A resource of each pod.
  type string! : Which of these.

type ContainerResourceMetricStatus : A resource of one container of each pod.
  container string! : The container.
  current MetricValueStatus+ : What it is.
  name string! : The resource.

type ExternalMetricStatus : Something outside the cluster.
  current MetricValueStatus+ : What it is.
  metric MetricIdentifier+ : What.

type ObjectMetricStatus : Something of one object.
  current MetricValueStatus+ : What it is.
  describedObject CrossVersionObjectReference+ : The object.
  metric MetricIdentifier+ : What.

type PodsMetricStatus : Something of each pod.
  current MetricValueStatus+ : What it is.
  metric MetricIdentifier+ : What.

type ResourceMetricStatus : A resource of each pod.
  current MetricValueStatus+ : What it is.
  name string! : The resource.

type MetricValueStatus : What a measure is.
  averageUtilization int32 : Per cent of what pods request, on average.
  averageValue quantity : The value for each pod, on average.
  value quantity : The value in all.

package io.k8s.api.policy.v1

kind policy/v1,policy/v1beta1 PodDisruptionBudget : How many pods may be taken away on purpose.
  spec PodDisruptionBudgetSpec : What is wanted.
  status PodDisruptionBudgetStatus : What was seen last.

type PodDisruptionBudgetSpec : How many pods may be taken away on purpose.
  maxUnavailable intOrString : At most so many, or such a share, may be missing.
  minAvailable intOrString : At least so many, or such a share, must stay.
  selector LabelSelector replace : Which pods.
  unhealthyPodEvictionPolicy string in(IfHealthyBudget,AlwaysAllow) : May pods that are not ready \
always go?

type PodDisruptionBudgetStatus : What was seen of the pods last.
  conditions []Condition by(type) : Aspects of its state.
  currentHealthy int32 : Pods that are well.
  desiredHealthy int32 : Pods that must stay well.
  disruptedPods {}time : Pods that are being taken away, since when.
  disruptionsAllowed int32 : How many may be taken away now.
  expectedPods int32 : Pods that count.
  observedGeneration int64 : Generation that was looked at.

kind policy/v1,policy/v1beta1 Eviction : Asks for a pod to be taken away, if its budget allows it.
  deleteOptions DeleteOptions : How it is to be deleted.
)";

}  // namespace arcas::real
