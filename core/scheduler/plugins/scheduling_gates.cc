#include "core/scheduler/plugins/scheduling_gates.h"

namespace arcas::scheduler {

PluginStatus scheduling_gates_status(const Cycle& cycle) {
  const std::vector<StringId>& gates = cycle.spec().scheduling_gates;
  if (gates.empty()) return {};
  std::string list;
  for (const StringId gate : gates) {
    if (!list.empty()) list += ' ';
    list += cycle.cluster.catalog().text(gate);
  }
  return {Code::unresolvable,
          PluginId::scheduling_gates,
          {"waiting for scheduling gates: [" + list + "]"}};
}

}  // namespace arcas::scheduler
