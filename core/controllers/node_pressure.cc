#include "core/controllers/node_pressure.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace arcas::controllers {
namespace {

using model::ConditionStatus;

void taint(std::string_view key, ConditionStatus condition, TimePoint now, model::Catalog& catalog,
           std::vector<model::Taint>& taints) {
  const auto is_ours = [&](const model::Taint& taint) {
    return taint.effect == model::TaintEffect::no_schedule && catalog.text(taint.key) == key;
  };
  if (condition != ConditionStatus::yes) {
    std::erase_if(taints, is_ours);
  } else if (std::none_of(taints.begin(), taints.end(), is_ours)) {
    taints.push_back({catalog.intern(key), {}, model::TaintEffect::no_schedule, now.ns});
  }
}

}  // namespace

void NodePressure::said(const model::PressureConditions& said, TimePoint now,
                        model::Node& node) const {
  node.pressure = said;
  taint("node.kubernetes.io/memory-pressure", said.memory, now, catalog_, node.taints);
  taint("node.kubernetes.io/disk-pressure", said.disk, now, catalog_, node.taints);
  taint("node.kubernetes.io/pid-pressure", said.pid, now, catalog_, node.taints);
}

void NodePressure::unheard(TimePoint now, model::Node& node) const {
  said({ConditionStatus::unknown, ConditionStatus::unknown, ConditionStatus::unknown}, now, node);
}

}  // namespace arcas::controllers
