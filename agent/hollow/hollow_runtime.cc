#include "agent/hollow/hollow_runtime.h"

#include <utility>

namespace arcas::agent {

HollowRuntime::HollowRuntime(const model::Catalog& catalog, HollowTimes times, After after,
                             Tell tell)
    : catalog_(catalog), times_(times), after_(std::move(after)), tell_(std::move(tell)) {}

Duration HollowRuntime::start_time(Uid pod, SpecId spec) const {
  const bool machine = catalog_.spec(spec).workload == model::WorkloadType::vm;
  const Duration least = machine ? times_.machine_start_min : times_.container_start_min;
  const Duration most = machine ? times_.machine_start_max : times_.container_start_max;
  const auto range = static_cast<std::uint64_t>((most - least).ns) + 1;
  return least + Duration{static_cast<std::int64_t>(mix64(pod.value) % range)};
}

void HollowRuntime::start(ActorId self, Uid pod, SpecId spec) {
  const std::uint64_t life = next_life_++;
  lives_.insert_or_assign(pod.value, life);
  const Duration wait = start_time(pod, spec);
  later(wait, self, pod, life, Type::started);
  if (catalog_.spec(spec).restart != model::RestartPolicy::always) {
    later(wait + times_.work, self, pod, life, Type::succeeded);
  }
}

void HollowRuntime::stop(ActorId self, Uid pod, Duration grace) {
  const std::uint64_t life = next_life_++;
  lives_.insert_or_assign(pod.value, life);
  later(grace < times_.stop ? grace : times_.stop, self, pod, life, Type::stopped);
}

void HollowRuntime::later(Duration wait, ActorId self, Uid pod, std::uint64_t life, Type type) {
  after_(wait, [this, self, pod, life, type] {
    const auto known = lives_.find(pod.value);
    if (known == lives_.end() || known->second != life) return;
    if (type == Type::stopped || type == Type::succeeded) lives_.erase(known);
    tell_(self, {type, pod});
  });
}

}  // namespace arcas::agent
