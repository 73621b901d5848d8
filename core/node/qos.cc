#include "core/node/qos.h"

#include <algorithm>

namespace arcas::node {

namespace {

struct Tally {
  bool anything = false;       // something is requested or limited
  bool all_guaranteed = true;  // so far
};

void count(const model::ResourceList& requests, const model::ResourceList& limits, Tally& tally) {
  for (const ResourceId kind : {model::kCpu, model::kMemory}) {
    const std::int64_t request = requests.get(kind);
    const std::int64_t limit = limits.get(kind);
    if (request > 0 || limit > 0) tally.anything = true;
    if (limit <= 0 || request != limit) tally.all_guaranteed = false;
  }
}

}  // namespace

QosClass qos_class(const model::PodSpec& spec) {
  Tally tally;
  if (spec.workload == model::WorkloadType::vm) {
    count(spec.vm.requests, spec.vm.limits, tally);
  } else {
    for (const model::Container& container : spec.containers) {
      count(container.requests, container.limits, tally);
    }
  }
  if (!tally.anything) return QosClass::best_effort;
  return tally.all_guaranteed ? QosClass::guaranteed : QosClass::burstable;
}

std::int64_t oom_score_adjustment(QosClass qos, std::int64_t memory_request_bytes,
                                  std::int64_t memory_capacity_bytes) {
  constexpr std::int64_t kGuaranteed = -997;
  constexpr std::int64_t kBestEffort = 1000;
  if (qos == QosClass::guaranteed) return kGuaranteed;
  if (qos == QosClass::best_effort || memory_capacity_bytes <= 0) return kBestEffort;
  const double share = static_cast<double>(std::max<std::int64_t>(0, memory_request_bytes)) /
                       static_cast<double>(memory_capacity_bytes);
  const auto score = static_cast<std::int64_t>(1000.0 - 1000.0 * std::min(share, 1.0));
  return std::clamp<std::int64_t>(score, 1000 + kGuaranteed, kBestEffort - 1);
}

std::int64_t cpu_shares(std::int64_t request_milli) {
  constexpr std::int64_t kLeast = 2;
  constexpr std::int64_t kMost = 262'144;
  if (request_milli <= 0) return kLeast;
  if (request_milli > kMost) return kMost;
  return std::clamp(request_milli * 1024 / 1000, kLeast, kMost);
}

std::int64_t cpu_quota_us(std::int64_t limit_milli) {
  constexpr std::int64_t kLeast = 1000;
  if (limit_milli <= 0) return 0;
  constexpr std::int64_t kMostMilli = 1'000'000'000;
  return std::max(kLeast, std::min(limit_milli, kMostMilli) * kCpuPeriodUs / 1000);
}

}  // namespace arcas::node
