#include "sim/placement/arrivals.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "core/base/rng.h"

namespace arcas::sim {
namespace {

/// Fisher-Yates.
void shuffle(std::vector<std::uint32_t>& items, RandomStream random) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[static_cast<std::size_t>(random.below(left))]);
  }
}

}  // namespace

std::vector<policies::TypicalPod> typical_pods(const PlacementTrace& trace) {
  using Key = std::tuple<std::int64_t, std::int32_t, std::int32_t, std::string>;
  std::map<Key, policies::TypicalPod> groups;
  for (const PlacementTrace::Pod& pod : trace.pods) {
    const auto& view = pod.view;
    const Key key{view.cpu_milli, view.device_milli, view.devices, pod.models};
    policies::TypicalPod& group =
        groups.try_emplace(key, policies::TypicalPod{view, 0}).first->second;
    ++group.weight;
  }
  std::vector<std::pair<Key, policies::TypicalPod>> sorted(groups.begin(), groups.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tie(a.second.weight, a.first) > std::tie(b.second.weight, b.first);
  });
  std::vector<policies::TypicalPod> typical;
  std::int64_t held = 0;
  for (const auto& [key, group] : sorted) {
    if (held * 100 >= static_cast<std::int64_t>(trace.pods.size()) * 95) break;
    held += group.weight;
    typical.push_back(group);
  }
  return typical;
}

std::vector<policies::NodeShape> node_shapes(const PlacementTrace& trace) {
  using Key = std::tuple<std::uint8_t, std::uint8_t, std::int64_t, std::int64_t>;
  std::map<Key, policies::NodeShape> shapes;
  for (const PlacementTrace::Node& node : trace.nodes) {
    const policies::NodeView& view = node.view;
    const Key key{view.model, view.device_count, view.cpu_capacity, view.memory_capacity};
    ++shapes.try_emplace(key, policies::NodeShape{view, 0}).first->second.count;
  }
  std::vector<policies::NodeShape> out;
  for (const auto& [key, shape] : shapes) out.push_back(shape);
  return out;
}

Arrivals draw_arrivals(const PlacementTrace& trace, std::uint64_t seed, std::int64_t percent) {
  const RandomStream root(seed);
  Arrivals arrivals;
  arrivals.pods.resize(trace.pods.size());
  std::iota(arrivals.pods.begin(), arrivals.pods.end(), 0U);
  std::sort(arrivals.pods.begin(), arrivals.pods.end(), [&](std::uint32_t a, std::uint32_t b) {
    return trace.pods[a].name < trace.pods[b].name;
  });
  shuffle(arrivals.pods, root.stream("pods"));

  const std::int64_t wanted = trace.device_capacity() * percent / 100;
  std::int64_t asked = 0;
  for (const PlacementTrace::Pod& pod : trace.pods) asked += pod.view.total_milli();
  RandomStream random = root.stream("inflation");
  if (asked > wanted) {
    while (asked > wanted) {
      const auto at = static_cast<std::ptrdiff_t>(random.below(arrivals.pods.size()));
      asked -= trace.pods[arrivals.pods[static_cast<std::size_t>(at)]].view.total_milli();
      arrivals.pods.erase(arrivals.pods.begin() + at);
    }
  } else {
    while (true) {
      const auto pod = static_cast<std::uint32_t>(random.below(trace.pods.size()));
      if (asked + trace.pods[pod].view.device_milli > wanted) break;
      asked += trace.pods[pod].view.total_milli();
      arrivals.pods.push_back(pod);
    }
  }
  arrivals.nodes.resize(trace.nodes.size());
  std::iota(arrivals.nodes.begin(), arrivals.nodes.end(), 0U);
  shuffle(arrivals.nodes, root.stream("nodes"));
  return arrivals;
}

}  // namespace arcas::sim
