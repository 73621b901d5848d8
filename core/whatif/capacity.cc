#include "core/whatif/capacity.h"

#include <algorithm>
#include <string>
#include <utility>

namespace arcas::whatif {
namespace {

using model::Catalog;
using model::Snapshot;
using model::SnapshotWorkload;

constexpr std::size_t kMostShapes = 8;
constexpr std::uint32_t kMostNodes = 100'000;
constexpr int kMostSteps = 40;
constexpr int kMostFailures = 32;

bool is_own_taint(const model::Taint& taint, const Catalog& catalog) {
  return catalog.text(taint.key).starts_with("node.kubernetes.io/");
}

struct Shape {
  std::string name;
  const model::Node* example = nullptr;
  std::uint32_t count = 0;
};

std::string shape_name(const model::Node& node, const Catalog& catalog) {
  const model::LabelSet& labels = catalog.label_sets[node.meta.labels];
  for (const char* key : {"node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"}) {
    const StringId id = catalog.strings.find(key);
    const StringId value = id.valid() ? labels.get(id) : StringId{};
    if (value.valid()) return catalog.text(value);
  }
  std::string text;
  for (const auto& item : node.allocatable.items()) {
    if (item.amount == 0 || item.kind == model::kPods || item.kind == model::kEphemeralStorage) {
      continue;
    }
    text += (text.empty() ? "" : ", ") + scheduler::quantity_text(item.kind, item.amount) + " " +
            catalog.resources.text(item.kind);
  }
  return text;
}

std::vector<Shape> shapes_of(const Snapshot& snapshot, const Catalog& catalog) {
  std::vector<Shape> shapes;
  const auto same = [&](const model::Node& a, const model::Node& b) {
    const auto lasting = [&](const model::Node& node) {
      std::vector<model::Taint> taints = node.taints;
      std::erase_if(taints, [&](const model::Taint& t) { return is_own_taint(t, catalog); });
      return taints;
    };
    return a.allocatable == b.allocatable && lasting(a) == lasting(b) &&
           shape_name(a, catalog) == shape_name(b, catalog);
  };
  for (const model::Node& node : snapshot.nodes) {
    const auto at = std::find_if(shapes.begin(), shapes.end(),
                                 [&](const Shape& shape) { return same(*shape.example, node); });
    if (at != shapes.end()) {
      ++at->count;
    } else if (shapes.size() < 64) {
      shapes.push_back({shape_name(node, catalog), &node, 1});
    }
  }
  std::stable_sort(shapes.begin(), shapes.end(),
                   [](const Shape& a, const Shape& b) { return a.count > b.count; });
  if (shapes.size() > kMostShapes) shapes.resize(kMostShapes);
  return shapes;
}

/// How many nodes of that shape the pods need at least, resource by resource.
std::uint32_t least_nodes(const std::vector<PodPlace>& pods, const Trial& trial,
                          const model::Node& node, const Catalog& catalog) {
  std::vector<std::int64_t> wanted(catalog.resources.size());
  for (const PodPlace pod : pods) {
    const scheduler::Demand demand = scheduler::demand_of(catalog.spec(trial.pods()[pod].spec));
    for (std::size_t kind = 0; kind < demand.amounts.size(); ++kind) {
      wanted[kind] += demand.amounts[kind];
    }
  }
  std::int64_t nodes = 1;
  for (std::uint32_t kind = 0; kind < wanted.size(); ++kind) {
    const std::int64_t there = node.allocatable.get(ResourceId{kind});
    if (wanted[kind] > 0 && there > 0) {
      nodes = std::max(nodes, (wanted[kind] + there - 1) / there);
    }
  }
  return static_cast<std::uint32_t>(std::min<std::int64_t>(nodes, kMostNodes));
}

std::vector<ZoneId> usable_zones(const Trial& trial, const Catalog& catalog) {
  std::vector<ZoneId> zones;
  for (const auto& [id, node] : trial.nodes()) {
    if (node.zone.valid() && takes_pods(node, catalog)) zones.push_back(node.zone);
  }
  std::sort(zones.begin(), zones.end());
  zones.erase(std::unique(zones.begin(), zones.end()), zones.end());
  return zones;
}

}  // namespace

model::Node another_node(const model::Node& like, ZoneId zone, std::uint32_t number,
                         Catalog& catalog) {
  model::Node node = like;
  const std::string name = "new-node-" + std::to_string(number);
  node.id = catalog.nodes.intern(name);
  node.meta.name = {catalog.intern(name), 0};
  node.unschedulable = false;
  node.ready = model::ConditionStatus::yes;
  std::erase_if(node.taints, [&](const model::Taint& t) { return is_own_taint(t, catalog); });
  model::LabelSet labels = catalog.label_sets[like.meta.labels];
  labels.set(catalog.intern("kubernetes.io/hostname"), node.meta.name.base);
  if (zone.valid()) {
    node.zone = zone;
    labels.set(catalog.intern("topology.kubernetes.io/zone"),
               catalog.intern(catalog.zones.text(zone)));
  }
  node.meta.labels = catalog.label_sets.intern(std::move(labels));
  return node;
}

bool takes_pods(const model::Node& node, const Catalog& catalog) {
  return !node.unschedulable &&
         std::none_of(node.taints.begin(), node.taints.end(), [&](const model::Taint& taint) {
           return is_own_taint(taint, catalog) &&
                  taint.effect != model::TaintEffect::prefer_no_schedule;
         });
}

std::vector<ShapeOption> nodes_needed(Trial& trial, const Snapshot& snapshot, Catalog& catalog,
                                      const std::vector<PodPlace>& left) {
  std::vector<ShapeOption> options;
  const std::vector<ZoneId> zones = usable_zones(trial, catalog);
  for (const Shape& shape : shapes_of(snapshot, catalog)) {
    ShapeOption option;
    option.shape = shape.name;
    std::vector<PodPlace> waiting = left;
    std::vector<NodeId> added;
    for (int step = 0; step < kMostSteps && !waiting.empty(); ++step) {
      const std::uint32_t need = least_nodes(waiting, trial, *shape.example, catalog);
      if (added.size() + need > kMostNodes) break;
      for (std::uint32_t i = 0; i < need; ++i) {
        const auto number = static_cast<std::uint32_t>(added.size());
        const ZoneId zone = zones.empty() ? ZoneId{} : zones[number % zones.size()];
        // Numbers beyond those of machines that the change itself adds.
        const model::Node node = another_node(*shape.example, zone, kMostNodes + number, catalog);
        trial.set_node(node);
        added.push_back(node.id);
      }
      std::vector<PodPlace> still = trial.place(waiting).left;
      if (still.size() == waiting.size()) break;
      waiting = std::move(still);
    }
    // Machines of the last step that took nothing are not needed.
    option.nodes = static_cast<std::uint32_t>(std::count_if(
        added.begin(), added.end(), [&](NodeId node) { return !trial.pods_on(node).empty(); }));
    option.left = static_cast<std::uint32_t>(waiting.size());
    option.places = static_cast<std::uint32_t>(left.size() - waiting.size());
    for (const PodPlace pod : left) trial.lift(pod);
    for (const NodeId node : added) trial.remove_node(node);
    if (option.places > 0) options.push_back(std::move(option));
  }
  std::stable_sort(options.begin(), options.end(), [](const ShapeOption& a, const ShapeOption& b) {
    return std::pair{a.left, a.nodes} < std::pair{b.left, b.nodes};
  });
  return options;
}

Spare spare_nodes(Trial& trial, const Snapshot& snapshot) {
  const Catalog& catalog = trial.cluster().catalog();
  std::vector<std::pair<double, model::Node>> candidates;
  for (const auto& [id, node] : trial.nodes()) {
    if (!takes_pods(node, catalog)) continue;
    const auto& load = trial.cluster().nodes().load(node.id);
    const auto share = [](std::int64_t used, std::int64_t there) {
      return there > 0 ? static_cast<double>(used) / static_cast<double>(there) : 0.0;
    };
    candidates.emplace_back(
        std::max(share(load.used_cpu, load.cpu), share(load.used_memory, load.memory)), node);
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    return std::pair{a.first, a.second.id} < std::pair{b.first, b.second.id};
  });
  Spare spare;
  int failures = 0;
  for (auto& [used, node] : candidates) {
    if (failures == kMostFailures) {
      spare.complete = false;
      break;
    }
    if (spare.nodes.size() + 1 == candidates.size()) break;  // one stays
    std::vector<PodPlace> movable;
    bool bare = false;
    const std::vector<PodPlace> here = trial.pods_on(node.id);
    for (const PodPlace pod : here) {
      const std::uint32_t workload = trial.pods()[pod].workload;
      if (workload == SnapshotWorkload::kNone) {
        bare = true;
      } else if (snapshot.workloads[workload].type == SnapshotWorkload::Type::replacing) {
        movable.push_back(pod);
      }
    }
    if (bare) continue;
    node.unschedulable = true;
    trial.set_node(node);
    for (const PodPlace pod : movable) trial.lift(pod);
    if (trial.place(movable).left.empty()) {
      for (const PodPlace pod : here) {
        if (trial.pods()[pod].node == node.id) trial.lift(pod);
      }
      trial.remove_node(node.id);
      spare.nodes.push_back(node.id);
      failures = 0;
      continue;
    }
    ++failures;
    for (const PodPlace pod : movable) trial.lift(pod);
    for (const PodPlace pod : movable) trial.put(pod, node.id);
    node.unschedulable = false;
    trial.set_node(node);
  }
  std::sort(spare.nodes.begin(), spare.nodes.end());
  return spare;
}

}  // namespace arcas::whatif
