#pragma once

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/catalog.h"
#include "core/model/objects.h"

namespace arcas::controllers {

/// The conditions MemoryPressure, DiskPressure and PIDPressure of a node, and their taints.
///
/// While the node is heard from they are as its agent says; when its grace is over they turn
/// Unknown together with Ready, as they are before its first sign of life. A condition that is True
/// puts a NoSchedule taint on the node, one that is False or Unknown takes it away. Source:
/// Kubernetes 1.15, nodelifecycle, TaintNodesByCondition; arktos.md 5.2.
class NodePressure {
 public:
  explicit NodePressure(model::Catalog& catalog) : catalog_(catalog) {}

  /// Brings `node` in line with what its agent `said`. Other taints stay as they are, in order.
  void said(const model::PressureConditions& said, TimePoint now, model::Node& node) const;
  /// The node is no longer heard from.
  void unheard(TimePoint now, model::Node& node) const;

 private:
  model::Catalog& catalog_;
};

}  // namespace arcas::controllers
