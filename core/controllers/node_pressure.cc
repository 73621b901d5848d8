#include "core/controllers/node_pressure.h"

#include <algorithm>
#include <vector>

namespace arcas::controllers {
namespace {

using model::ConditionStatus;

void taint(StringId key, ConditionStatus condition, TimePoint now,
           std::vector<model::Taint>& taints) {
  const auto is_ours = [key](const model::Taint& taint) {
    return taint.key == key && taint.effect == model::TaintEffect::no_schedule;
  };
  if (condition != ConditionStatus::yes) {
    std::erase_if(taints, is_ours);
  } else if (std::none_of(taints.begin(), taints.end(), is_ours)) {
    taints.push_back({key, {}, model::TaintEffect::no_schedule, now.ns});
  }
}

}  // namespace

NodePressure::NodePressure(model::Catalog& catalog)
    : memory_key_(catalog.intern("node.kubernetes.io/memory-pressure")),
      disk_key_(catalog.intern("node.kubernetes.io/disk-pressure")),
      pid_key_(catalog.intern("node.kubernetes.io/pid-pressure")) {}

void NodePressure::said(const model::PressureConditions& said, TimePoint now,
                        model::Node& node) const {
  node.pressure = said;
  taint(memory_key_, said.memory, now, node.taints);
  taint(disk_key_, said.disk, now, node.taints);
  taint(pid_key_, said.pid, now, node.taints);
}

void NodePressure::unheard(TimePoint now, model::Node& node) const {
  said({ConditionStatus::unknown, ConditionStatus::unknown, ConditionStatus::unknown}, now, node);
}

}  // namespace arcas::controllers
