#pragma once

#include "core/model/objects.h"

namespace arcas::state {

/// What `metadata.generation` counts: changes of what was asked for, never of what was observed.
/// One overload for each kind; kinds of which everything is observed (tenants, namespaces, leases)
/// never count. Setting the deletion time does not count either.
inline bool spec_changed(const model::Pod& a, const model::Pod& b) {
  return a.spec != b.spec || a.target != b.target;
}
inline bool spec_changed(const model::Tenant&, const model::Tenant&) { return false; }
inline bool spec_changed(const model::Namespace&, const model::Namespace&) { return false; }
inline bool spec_changed(const model::Lease&, const model::Lease&) { return false; }
inline bool spec_changed(const model::Node& a, const model::Node& b) {
  return a.unschedulable != b.unschedulable || a.taints != b.taints;
}
inline bool spec_changed(const model::ReplicaSet& a, const model::ReplicaSet& b) {
  return a.replicas != b.replicas || a.selector != b.selector || a.pod_template != b.pod_template ||
         a.min_ready_seconds != b.min_ready_seconds;
}
inline bool spec_changed(const model::Deployment& a, const model::Deployment& b) {
  return a.replicas != b.replicas || a.selector != b.selector || a.pod_template != b.pod_template ||
         a.strategy != b.strategy || a.max_surge != b.max_surge ||
         a.max_unavailable != b.max_unavailable ||
         a.max_surge_is_percent != b.max_surge_is_percent ||
         a.max_unavailable_is_percent != b.max_unavailable_is_percent || a.paused != b.paused ||
         a.min_ready_seconds != b.min_ready_seconds;
}
inline bool spec_changed(const model::DaemonSet& a, const model::DaemonSet& b) {
  return a.selector != b.selector || a.pod_template != b.pod_template;
}
inline bool spec_changed(const model::Job& a, const model::Job& b) {
  return a.parallelism != b.parallelism || a.completions != b.completions ||
         a.backoff_limit != b.backoff_limit || a.pod_template != b.pod_template;
}
inline bool spec_changed(const model::PodDisruptionBudget& a, const model::PodDisruptionBudget& b) {
  return a.selector != b.selector || a.min_available != b.min_available ||
         a.max_unavailable != b.max_unavailable || a.is_percent != b.is_percent;
}
inline bool spec_changed(const model::PriorityClass& a, const model::PriorityClass& b) {
  return a.value != b.value || a.global_default != b.global_default ||
         a.never_preempts != b.never_preempts;
}
inline bool spec_changed(const model::ResourceQuota& a, const model::ResourceQuota& b) {
  return a.hard != b.hard;
}

}  // namespace arcas::state
