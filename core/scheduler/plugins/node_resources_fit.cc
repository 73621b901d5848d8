#include "core/scheduler/plugins/node_resources_fit.h"

#include <algorithm>
#include <cmath>

#include "core/scheduler/plugins/allocation_scores.h"
#include "core/scheduler/plugins/refusal.h"
#include "core/scheduler/plugins/scored_requests.h"

namespace arcas::scheduler {
namespace {

Demand demand_of_pod(const Cycle& cycle) {
  ShapeTable& shapes = cycle.cluster.shapes();
  return shapes[shapes.of(cycle.pod.spec)].demand;
}

/// Kubernetes's IsExtendedResourceName: a domain of its own, and no quota name.
bool is_extended(std::string_view name) {
  return name.find('/') != std::string_view::npos &&
         name.find("kubernetes.io/") == std::string_view::npos && !name.starts_with("requests.");
}

bool is_ignored(std::string_view name, const FitArguments& arguments) {
  if (!is_extended(name)) return false;
  const auto holds = [](const std::vector<std::string>& list, std::string_view text) {
    return std::find(list.begin(), list.end(), text) != list.end();
  };
  return holds(arguments.ignored_resources, name) ||
         holds(arguments.ignored_resource_groups, name.substr(0, name.find('/')));
}

class FitFilter final : public FilterPlugin {
 public:
  explicit FitFilter(const Cycle& cycle)
      : catalog_(cycle.cluster.catalog()),
        nodes_(cycle.cluster.nodes()),
        asked_(asked_resources(catalog_, demand_of_pod(cycle), cycle.profile.fit)) {}

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    const NodeTable::Row& row = nodes_[node];
    bool fits = true;
    if (amount_of(row.used, model::kPods) + 1 > amount_of(row.allocatable, model::kPods)) {
      fits = false;
      if (reasons != nullptr) reasons->emplace_back("Too many pods");
    }
    for (const AskedResource& asked : asked_) {
      if (!fits && reasons == nullptr) break;
      const std::int64_t free =
          amount_of(row.allocatable, asked.kind) - amount_of(row.used, asked.kind);
      if (asked.amount <= free) continue;
      fits = false;
      if (reasons != nullptr) {
        reasons->push_back("Insufficient " + catalog_.resources.text(asked.kind));
      }
    }
    return fits ? Code::success : Code::unschedulable;
  }

 private:
  const model::Catalog& catalog_;
  const NodeTable& nodes_;
  std::vector<AskedResource> asked_;
};

class FitScore final : public ScorePlugin {
 public:
  explicit FitScore(const Cycle& cycle)
      : nodes_(cycle.cluster.nodes()),
        arguments_(cycle.profile.fit),
        requests_(
            scored_requests(arguments_.resources, demand_of_pod(cycle), RequestBasis::non_zero)) {}

  std::int64_t score(NodeId node) const override {
    const NodeTable::Row& row = nodes_[node];
    const bool by_ratio = arguments_.strategy == ScoringStrategy::requested_to_capacity_ratio;
    std::int64_t sum = 0;
    std::int64_t weights = 0;
    for (const ScoredRequest& request : requests_) {
      const std::int64_t capacity = amount_of(row.allocatable, request.kind);
      if (capacity == 0) continue;
      const std::int64_t used =
          used_amount(row, request.kind, RequestBasis::non_zero) + request.request;
      const std::int64_t score = score_of(used, capacity);
      if (by_ratio && score <= 0) continue;
      sum += score * request.weight;
      weights += request.weight;
    }
    if (weights == 0) return 0;
    if (!by_ratio) return sum / weights;
    return static_cast<std::int64_t>(
        std::round(static_cast<double>(sum) / static_cast<double>(weights)));
  }

 private:
  [[nodiscard]] std::int64_t score_of(std::int64_t used, std::int64_t capacity) const {
    switch (arguments_.strategy) {
      case ScoringStrategy::least_allocated:
        return least_allocated_score(used, capacity);
      case ScoringStrategy::most_allocated:
        return most_allocated_score(used, capacity);
      case ScoringStrategy::requested_to_capacity_ratio:
        return utilization_score(arguments_.shape, used, capacity);
    }
    return 0;
  }

  const NodeTable& nodes_;
  const FitArguments& arguments_;
  std::vector<ScoredRequest> requests_;
};

}  // namespace

std::vector<AskedResource> asked_resources(const model::Catalog& catalog, const Demand& demand,
                                           const FitArguments& arguments) {
  std::vector<AskedResource> asked;
  for (std::uint32_t i = 0; i < demand.amounts.size(); ++i) {
    const ResourceId kind{i};
    if (demand.amounts[i] <= 0 || kind == model::kPods) continue;
    if (is_ignored(catalog.resources.text(kind), arguments)) continue;
    asked.push_back({kind, demand.amounts[i]});
  }
  return asked;
}

std::unique_ptr<FilterPlugin> make_node_resources_fit_filter(const Cycle& cycle) {
  return std::make_unique<FitFilter>(cycle);
}

std::unique_ptr<ScorePlugin> make_node_resources_fit_score(const Cycle& cycle) {
  return std::make_unique<FitScore>(cycle);
}

}  // namespace arcas::scheduler
