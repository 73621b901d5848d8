#include "core/scheduler/node_changes.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/scheduler/preemption.h"

namespace arcas::scheduler {
namespace {

using Kind = SingleChange::Kind;

/// Taints that say how a node is, not what it is for.
bool tells_health(const model::Catalog& catalog, const model::Taint& taint) {
  return taint.key.valid() && catalog.text(taint.key).starts_with("node.kubernetes.io/");
}

class NodeChanges {
 public:
  NodeChanges(const WhatIf& what_if, std::vector<SingleChange>& changes)
      : what_if_(what_if),
        cluster_(what_if.cycle().cluster),
        catalog_(cluster_.catalog()),
        changes_(changes) {}

  void repaired(std::span<const NodeRefusal> refusals) {
    first_that_helps(refusals, Kind::node_repaired, [&](NodeId id, std::string& text) {
      const NodeTable::Row& row = cluster_.nodes()[id];
      const model::Node& node = row.object;
      if (row.zone_lost) return node;
      model::Node changed = well(node);
      if (changed == node) return node;
      const bool schedulable = node.unschedulable && !changed.unschedulable;
      text = schedulable ? " were schedulable again" : " were ready again";
      return changed;
    });
  }

  /// Labels only help where the pod's selector asks for them.
  void labelled(std::span<const NodeRefusal> refusals) {
    const auto& selector = what_if_.cycle().spec().node_selector;
    if (selector.empty()) return;
    first_that_helps(refusals, Kind::node_labelled, [&](NodeId id, std::string& text) {
      model::Node changed = cluster_.nodes()[id].object;
      model::LabelSet labels = catalog_.label_sets[changed.meta.labels];
      std::string added;
      for (const auto& [key, value] : selector) {
        if (labels.get(key) == value) continue;
        labels.set(key, value);
        added += (added.empty() ? "" : ", ") + catalog_.text(key) + "=" + catalog_.text(value);
      }
      changed.meta.labels = catalog_.label_sets.intern(std::move(labels));
      text = " had the label " + added;
      return changed;
    });
  }

  void added() {
    if (what_if_.cycle().pod.target.valid()) return;
    std::map<std::string, std::vector<std::string>> zones_of_size;  // in order of the text
    std::map<std::string, SingleChange> change_of_size;
    for (const auto& [zone, shapes] : shapes_by_zone()) {
      for (const bool enlarged : {false, true}) {
        SingleChange change;
        if (!smallest_of(shapes, enlarged, change)) continue;
        zones_of_size[change.text].push_back(zone);
        change_of_size.try_emplace(change.text, change);
        break;
      }
    }
    for (auto& [text, change] : change_of_size) {
      const std::vector<std::string>& zones = zones_of_size[text];
      if (!zones.front().empty()) {
        change.text += " in ";
        for (std::size_t i = 0; i < zones.size(); ++i) {
          change.text += (i == 0 ? "" : i + 1 == zones.size() ? " or " : ", ") + zones[i];
        }
      }
      changes_.push_back(change);
    }
  }

 private:
  /// Shapes of the nodes of each zone, smallest first: a node that has it.
  using Shapes = std::vector<NodeId>;
  static constexpr std::size_t kMostShapes = 8;

  /// `make` gives the node as it would be, and the end of the text.
  template <class Make>
  void first_that_helps(std::span<const NodeRefusal> refusals, Kind kind, Make make) {
    std::size_t tried = 0;
    for (const NodeRefusal& refusal : refusals) {
      std::string text;
      model::Node changed = make(refusal.node, text);
      if (changed == cluster_.nodes()[refusal.node].object) continue;
      if (++tried > kMostTried) return;
      if (!what_if_.on(changed)) continue;
      const std::string name = catalog_.text(changed.meta.name.base);
      offer(kind, "if node " + name + text, std::move(changed));
      return;
    }
  }

  void offer(Kind kind, std::string text, model::Node node) {
    SingleChange change;
    change.kind = kind;
    change.text = std::move(text);
    change.nodes = 1;
    change.node = std::move(node);
    changes_.push_back(std::move(change));
  }

  /// The node without what keeps pods off it for a while.
  [[nodiscard]] model::Node well(model::Node node) const {
    node.unschedulable = false;
    std::erase_if(node.taints, [&](const model::Taint& t) { return tells_health(catalog_, t); });
    if (node.container_runtime_ready == model::ConditionStatus::unknown) {
      node.container_runtime_ready = model::ConditionStatus::yes;
    }
    if (node.vm_runtime_ready == model::ConditionStatus::unknown) {
      node.vm_runtime_ready = model::ConditionStatus::yes;
    }
    return node;
  }

  [[nodiscard]] std::map<std::string, Shapes> shapes_by_zone() const {
    std::map<std::string, Shapes> zones;
    const NodeTable& nodes = cluster_.nodes();
    const auto same = [&](NodeId a, NodeId b) {
      const model::Node& x = nodes[a].object;
      const model::Node& y = nodes[b].object;
      return x.allocatable == y.allocatable && x.taints == y.taints &&
             x.vm_runtime_ready == y.vm_runtime_ready &&
             x.container_runtime_ready == y.container_runtime_ready;
    };
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      const NodeId node{i};
      if (!nodes.known(node) || nodes[node].zone_lost) continue;
      const StringId label = nodes[node].zone_label;
      Shapes& shapes = zones[label.valid() ? catalog_.text(label) : std::string()];
      if (shapes.size() == kMostShapes) continue;
      const auto like = [&](NodeId other) { return same(node, other); };
      if (std::none_of(shapes.begin(), shapes.end(), like)) shapes.push_back(node);
    }
    for (auto& [zone, shapes] : zones) {
      std::stable_sort(shapes.begin(), shapes.end(), [&](NodeId a, NodeId b) {
        const auto size = [&](NodeId n) {
          const model::ResourceList& list = nodes[n].object.allocatable;
          return std::pair{list.get(model::kCpu), list.get(model::kMemory)};
        };
        return size(a) < size(b);
      });
    }
    return zones;
  }

  bool smallest_of(const Shapes& shapes, bool enlarged, SingleChange& change) {
    for (const NodeId like : shapes) {
      model::Node node = fresh(cluster_.nodes()[like].object);
      if (enlarged) enlarge(node);
      if (!what_if_.on(node)) continue;
      change.kind = Kind::node_added;
      change.nodes = 1;
      change.text = std::string("if 1 node of ") + size_text(node) + " were added";
      change.node = std::move(node);
      return true;
    }
    return false;
  }

  /// A node of the same shape, empty and well.
  [[nodiscard]] model::Node fresh(const model::Node& like) {
    model::Node node = well(like);
    std::string name = "added-node";
    while (cluster_.nodes().known(catalog_.nodes.intern(name))) name += "-x";
    node.id = catalog_.nodes.intern(name);
    node.meta.name = {catalog_.intern(name), 0};
    node.images.clear();
    model::LabelSet labels = catalog_.label_sets[node.meta.labels];
    if (labels.get(cluster_.hostname_key()).valid()) {
      labels.set(cluster_.hostname_key(), catalog_.intern(name));
    }
    node.meta.labels = catalog_.label_sets.intern(std::move(labels));
    return node;
  }

  void enlarge(model::Node& node) const {
    ShapeTable& shapes = cluster_.shapes();
    const Amounts& wanted = shapes[shapes.of(what_if_.cycle().pod.spec)].demand.amounts;
    for (std::uint32_t i = 0; i < wanted.size(); ++i) {
      const ResourceId kind{i};
      if (wanted[i] > node.allocatable.get(kind)) node.allocatable.set(kind, wanted[i]);
    }
  }

  [[nodiscard]] std::string size_text(const model::Node& node) const {
    std::string text;
    for (const auto& item : node.allocatable.items()) {
      if (item.kind == model::kPods || item.amount == 0) continue;
      if (!text.empty()) text += ", ";
      text += quantity_text(item.kind, item.amount);
      text += ' ';
      text += catalog_.resources.text(item.kind);
    }
    return text;
  }

  const WhatIf& what_if_;
  Cluster& cluster_;
  model::Catalog& catalog_;
  std::vector<SingleChange>& changes_;
};

}  // namespace

void changes_of_nodes(const WhatIf& what_if, std::span<const NodeRefusal> refusals,
                      std::vector<SingleChange>& changes) {
  NodeChanges search(what_if, changes);
  search.repaired(refusals);
  search.labelled(refusals);
  search.added();
}

void changes_of_neighbours(const Cycle& cycle, const Nominations& nominations,
                           std::vector<SingleChange>& changes) {
  model::Catalog& catalog = cycle.cluster.catalog();
  PodEntry pod = cycle.pod;
  pod.nominated = NodeId{};
  model::PodSpec spec = cycle.spec();
  spec.preemption = model::PreemptionPolicy::preempt_lower_priority;
  pod.spec = catalog.intern_spec(std::move(spec));
  const Cycle eager{cycle.cluster, cycle.profile, pod, cycle.uid};
  if (!Evaluation(eager).pre_enqueue().ok()) return;
  const PreemptionResult result = preempt(eager, nominations);
  if (result.outcome != PreemptionResult::Outcome::nominate) return;
  SingleChange change;
  change.kind = SingleChange::Kind::pods_leave;
  change.nodes = 1;
  change.leaving = result.victims;
  const std::size_t count = result.victims.size();
  change.text =
      (count == 1 ? "if the 1 pod" : std::string("if the ") + std::to_string(count) + " pods") +
      std::string(" of lower priority on node ") +
      catalog.text(cycle.cluster.nodes()[result.node].object.meta.name.base) + " left";
  changes.push_back(std::move(change));
}

}  // namespace arcas::scheduler
