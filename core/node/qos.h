#pragma once

#include <cstdint>

#include "core/model/pod_spec.h"

namespace arcas::node {

/// Who gives way first when a node runs short. Only cpu and memory decide.
enum class QosClass : std::uint8_t { guaranteed, burstable, best_effort };

/// Guaranteed: every container, or the virtual machine, has a limit for both, and requests as much.
/// Best effort: nothing is requested or limited. The specification's defaults must be applied.
/// Source: pkg/apis/core/v1/helper/qos of Kubernetes 1.32.
QosClass qos_class(const model::PodSpec& spec);

/// The kernel's inclination to kill a process of the pod, -997..1000.
/// Source: pkg/kubelet/qos of Kubernetes 1.32.
std::int64_t oom_score_adjustment(QosClass qos, std::int64_t memory_request_bytes,
                                  std::int64_t memory_capacity_bytes);

/// cpu.shares for a request; 2..262,144. Source: cgroup v1's bounds, as in the kubelet.
std::int64_t cpu_shares(std::int64_t request_milli);
/// cpu.cfs_quota_us in a period of 100 ms, at least 1 ms; 0 for no limit.
std::int64_t cpu_quota_us(std::int64_t limit_milli);
inline constexpr std::int64_t kCpuPeriodUs = 100'000;

}  // namespace arcas::node
