#include "sim/placement/placement_run.h"

#include <cmath>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/rng.h"
#include "core/scheduler/policies/fragmentation.h"
#include "core/scheduler/policies/placement_index.h"
#include "core/scheduler/policies/registry.h"
#include "sim/placement/arrivals.h"

namespace arcas::sim {
namespace {

/// Numbers pods that look alike to a policy.
std::vector<std::uint32_t> number_kinds(const PlacementTrace& trace,
                                        policies::PlacementIndex& index) {
  using Key = std::tuple<std::int64_t, std::int64_t, std::int32_t, std::int32_t, std::uint64_t>;
  std::map<Key, std::uint32_t> numbers;
  std::vector<std::uint32_t> kinds;
  kinds.reserve(trace.pods.size());
  for (const PlacementTrace::Pod& pod : trace.pods) {
    const policies::PodView& view = pod.view;
    const Key key{view.cpu_milli, view.memory_mib, view.devices, view.device_milli, view.models};
    auto found = numbers.find(key);
    if (found == numbers.end()) found = numbers.emplace(key, index.add_kind(view)).first;
    kinds.push_back(found->second);
  }
  return kinds;
}

/// Follows allocation and fragmentation of the cluster, and samples them after every submission.
class Meter {
 public:
  Meter(const policies::PlacementIndex& index, const std::vector<policies::TypicalPod>& typical,
        std::int64_t capacity)
      : index_(index), fragmentation_(typical), capacity_(capacity) {
    of_node_.resize(index.size());
    for (std::uint32_t node = 0; node < index.size(); ++node) update(node);
  }

  /// Counts the node's fragmentation anew.
  void update(std::uint32_t node) {
    fragmented_ -= of_node_[node];
    of_node_[node] = fragmentation_.of(index_.node(node));
    fragmented_ += of_node_[node];
  }
  void arrived(std::int64_t milli) { arrived_ += milli; }
  void allocated(std::int64_t milli) { allocated_ += milli; }

  void sample() {
    const std::size_t percent = whole_percent(arrived_, capacity_);
    const double capacity = static_cast<double>(capacity_);
    const double used = 100 * static_cast<double>(allocated_) / capacity;
    const double lost =
        static_cast<double>(fragmented_) / static_cast<double>(fragmentation_.total_weight());
    const double free = static_cast<double>(capacity_ - allocated_);
    allocation_.add(percent, std::round(used * 100) / 100);
    amount_.add(percent, 100 * lost / capacity);
    ratio_.add(percent, free > 0 ? 100 * lost / free : 0);
  }

  void finish(PlacementResult& result) const {
    result.allocated = allocation_.means();
    result.fragmented = amount_.means();
    result.fragmented_of_free = ratio_.means();
    result.allocated_milli = allocated_;
  }

 private:
  const policies::PlacementIndex& index_;
  policies::Fragmentation fragmentation_;
  std::int64_t capacity_;
  std::vector<std::int64_t> of_node_;
  std::int64_t fragmented_ = 0;
  std::int64_t arrived_ = 0;
  std::int64_t allocated_ = 0;
  PercentMeans allocation_;
  PercentMeans amount_;
  PercentMeans ratio_;
};

}  // namespace

Expected<PlacementResult> run_placement(const PlacementTrace& trace, const std::string& policy_name,
                                        std::uint64_t seed) {
  policies::PolicySetup setup;
  setup.typical = typical_pods(trace);
  setup.shapes = node_shapes(trace);
  const auto policy = policies::make_policy(policy_name, setup);
  if (!policy) return policy.error();
  const Arrivals arrivals = draw_arrivals(trace, seed, kMostPercent);
  std::vector<policies::NodeView> nodes;
  nodes.reserve(arrivals.nodes.size());
  for (const std::uint32_t node : arrivals.nodes) nodes.push_back(trace.nodes[node].view);
  policies::PlacementIndex index(**policy, std::move(nodes));
  const std::vector<std::uint32_t> kinds = number_kinds(trace, index);
  Meter meter(index, setup.typical, trace.device_capacity());
  RandomStream random = RandomStream(seed).stream("policy");
  PlacementResult result;
  for (const std::uint32_t pod : arrivals.pods) {
    const std::int64_t milli = trace.pods[pod].view.total_milli();
    meter.arrived(milli);
    if (const auto choice = index.choose(kinds[pod], random)) {
      index.reserve(kinds[pod], *choice);
      meter.allocated(milli);
      meter.update(choice->node);
      ++result.placed;
    } else {
      ++result.refused;
    }
    meter.sample();
  }
  meter.finish(result);
  return result;
}

}  // namespace arcas::sim
