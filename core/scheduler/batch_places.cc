#include "core/scheduler/batch_places.h"

#include <algorithm>
#include <limits>

namespace arcas::scheduler {

BatchPlaces::BatchPlaces(const BatchProblem& problem, const batch::BatchPlacement& placement)
    : no_zone_(static_cast<std::uint32_t>(problem.input.domain_names.size() - 1)),
      classes_(problem.input.classes.size()) {
  const std::vector<batch::NodeRoom>& nodes = problem.input.nodes;
  for (auto at = placement.assignments.rbegin(); at != placement.assignments.rend(); ++at) {
    const auto room = std::lower_bound(
        nodes.begin(), nodes.end(), at->node,
        [](const batch::NodeRoom& entry, NodeId node) { return entry.node < node; });
    std::vector<Domain>& domains = classes_[at->pod_class];
    auto domain = std::find_if(domains.begin(), domains.end(),
                               [&](const Domain& entry) { return entry.domain == room->domain; });
    if (domain == domains.end()) domain = domains.insert(domains.end(), {room->domain, {}});
    domain->places.push_back({at->node, at->count});
  }
  for (std::vector<Domain>& domains : classes_) {
    std::sort(domains.begin(), domains.end(),
              [](const Domain& a, const Domain& b) { return a.domain < b.domain; });
  }
}

NodeId BatchPlaces::next(std::uint32_t pod_class, const Counter* by_zone) {
  std::vector<Domain>& domains = classes_[pod_class];
  Domain* best = nullptr;
  std::int64_t fewest = 0;
  for (Domain& domain : domains) {
    if (domain.places.empty()) continue;
    const bool counted = by_zone != nullptr && domain.domain != no_zone_;
    const std::int64_t count = counted              ? by_zone->value(domain.domain)
                               : by_zone != nullptr ? std::numeric_limits<std::int64_t>::max()
                                                    : 0;
    if (best != nullptr && count >= fewest) continue;
    best = &domain;
    fewest = count;
  }
  if (best == nullptr) return {};
  Place& place = best->places.back();
  const NodeId node = place.node;
  if (--place.left == 0) best->places.pop_back();
  if (by_zone == nullptr)
    std::rotate(domains.begin(), domains.begin() + (best - domains.data()) + 1, domains.end());
  return node;
}

}  // namespace arcas::scheduler
