#include "core/scheduler/plugins/balanced_allocation.h"

#include <boost/container/small_vector.hpp>

#include "core/scheduler/plugins/allocation_scores.h"
#include "core/scheduler/plugins/scored_requests.h"

namespace arcas::scheduler {
namespace {

class BalancedAllocation final : public ScorePlugin {
 public:
  explicit BalancedAllocation(const Cycle& cycle) : nodes_(cycle.cluster.nodes()) {
    ShapeTable& shapes = cycle.cluster.shapes();
    requests_ = scored_requests(cycle.profile.balanced.resources,
                                shapes[shapes.of(cycle.pod.spec)].demand, RequestBasis::real);
  }

  std::int64_t score(NodeId node) const override {
    const NodeTable::Row& row = nodes_[node];
    boost::container::small_vector<double, 8> fractions;
    for (const ScoredRequest& request : requests_) {
      const std::int64_t capacity = amount_of(row.allocatable, request.kind);
      if (capacity == 0) continue;
      fractions.push_back(
          used_fraction(amount_of(row.used, request.kind) + request.request, capacity));
    }
    return balance_score({fractions.data(), fractions.size()});
  }

 private:
  const NodeTable& nodes_;
  std::vector<ScoredRequest> requests_;
};

}  // namespace

std::unique_ptr<ScorePlugin> make_balanced_allocation_score(const Cycle& cycle) {
  return std::make_unique<BalancedAllocation>(cycle);
}

}  // namespace arcas::scheduler
