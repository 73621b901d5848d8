#include "sim/workload/pod_specs.h"

#include <utility>

namespace arcas::sim {
namespace {

model::Toleration toleration_of(const TolerationSpec& given, model::Catalog& catalog) {
  model::Toleration toleration;
  if (!given.key.empty()) toleration.key = catalog.intern(given.key);
  if (given.exists) toleration.op = model::Toleration::Operator::exists;
  if (!given.value.empty()) toleration.value = catalog.intern(given.value);
  toleration.any_effect = given.effect.empty();
  if (!toleration.any_effect) toleration.effect = effect_of(given.effect);
  if (given.stays.ns >= 0) toleration.seconds = given.stays.ns / seconds(1).ns;
  return toleration;
}

model::ResourceList requests_of(const PodShapeSpec& shape, model::Catalog& catalog) {
  model::ResourceList requests;
  if (shape.cpu_milli > 0) requests.set(model::kCpu, shape.cpu_milli);
  if (shape.memory_bytes > 0) requests.set(model::kMemory, shape.memory_bytes);
  if (shape.ephemeral_bytes > 0) requests.set(model::kEphemeralStorage, shape.ephemeral_bytes);
  for (const auto& [name, amount] : shape.extended) {
    requests.set(catalog.resources.intern(name), amount);
  }
  return requests;
}

}  // namespace

model::TaintEffect effect_of(const std::string& name) {
  if (name == "NoExecute") return model::TaintEffect::no_execute;
  if (name == "PreferNoSchedule") return model::TaintEffect::prefer_no_schedule;
  return model::TaintEffect::no_schedule;
}

model::PodSpec pod_spec_of(const PodShapeSpec& shape, StringId image, model::Catalog& catalog) {
  model::PodSpec spec;
  for (const TolerationSpec& toleration : shape.tolerations) {
    spec.tolerations.push_back(toleration_of(toleration, catalog));
  }
  spec.priority = static_cast<std::int32_t>(shape.priority);
  if (shape.vm) {
    spec.workload = model::WorkloadType::vm;
    spec.vm.name = catalog.intern("vm");
    spec.vm.image = image;
    spec.vm.requests = requests_of(shape, catalog);
    return spec;
  }
  model::Container container;
  container.name = catalog.intern("main");
  container.image = image;
  container.requests = requests_of(shape, catalog);
  spec.containers.push_back(std::move(container));
  return spec;
}

}  // namespace arcas::sim
