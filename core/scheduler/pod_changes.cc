#include "core/scheduler/pod_changes.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "core/scheduler/plugins/taint_toleration.h"
#include "core/scheduler/resource_changes.h"

namespace arcas::scheduler {
namespace {

using Kind = SingleChange::Kind;
using model::PodSpec;

constexpr std::size_t kMostTaintSets = 16;
constexpr std::int32_t kLargestSkew = 1 << 20;

std::string_view effect_text(model::TaintEffect effect) {
  return effect == model::TaintEffect::no_execute ? "NoExecute" : "NoSchedule";
}

class PodChanges {
 public:
  PodChanges(const WhatIf& what_if, std::vector<SingleChange>& changes)
      : what_if_(what_if), spec_(what_if.cycle().spec()), changes_(changes) {}

  void tolerations(std::span<const NodeRefusal> refusals) {
    std::vector<std::vector<model::Toleration>> seen;
    for (const NodeRefusal& refusal : refusals) {
      if (refusal.status.plugin != PluginId::taint_toleration) continue;
      std::vector<model::Toleration> missing = missing_tolerations(refusal.node);
      if (missing.empty() || std::find(seen.begin(), seen.end(), missing) != seen.end()) continue;
      if (seen.size() == kMostTaintSets) return;
      std::string text;
      PodSpec changed = spec_;
      for (const model::Toleration& toleration : missing) {
        text += text.empty() ? "with a toleration of " : " and of ";
        text += text_of(toleration);
        changed.tolerations.push_back(toleration);
      }
      offer(Kind::toleration, text, std::move(changed));
      seen.push_back(std::move(missing));
    }
  }

  void spread() {
    for (std::size_t i = 0; i < spec_.topology_spread.size(); ++i) {
      const model::TopologySpreadConstraint& rule = spec_.topology_spread[i];
      if (rule.when_unsatisfiable !=
          model::TopologySpreadConstraint::WhenUnsatisfiable::do_not_schedule) {
        continue;
      }
      const std::string over = std::string(" over ") + word(rule.topology_key);
      if (raise_skew(i)) continue;
      PodSpec changed = spec_;
      changed.topology_spread[i].min_domains = 0;
      if (rule.min_domains > 1 && offer(Kind::spread, "without minDomains" + over, changed)) {
        continue;
      }
      changed.topology_spread.erase(changed.topology_spread.begin() +
                                    static_cast<std::ptrdiff_t>(i));
      offer(Kind::spread, "without its spread constraint" + over, std::move(changed));
    }
  }

  void node_selection() {
    const std::size_t before = changes_.size();
    for (const auto& entry : spec_.node_selector) {
      PodSpec changed = spec_;
      std::erase(changed.node_selector, entry);
      offer(Kind::node_selection,
            std::string("without node selector ") + word(entry.first) + "=" + word(entry.second),
            std::move(changed));
    }
    PodSpec changed = spec_;
    changed.node_affinity.has_required = false;
    changed.node_affinity.required.clear();
    if (spec_.node_affinity.has_required) {
      offer(Kind::node_selection, "without its required node affinity", changed);
    }
    if (changes_.size() != before || spec_.node_selector.empty()) return;
    changed.node_selector.clear();
    offer(Kind::node_selection,
          spec_.node_affinity.has_required ? "without its node selector and required node affinity"
                                           : "without its node selector",
          std::move(changed));
  }

  void pod_affinity() {
    const auto drop = [&](std::vector<model::PodAffinityTerm> model::PodAffinity::*terms,
                          const std::string& what) {
      for (std::size_t i = 0; i < (spec_.pod_affinity.*terms).size(); ++i) {
        PodSpec changed = spec_;
        auto& list = changed.pod_affinity.*terms;
        const std::string over = std::string(" over ") + word(list[i].topology_key);
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
        offer(Kind::pod_affinity, "without its required pod " + what + over, std::move(changed));
      }
    };
    drop(&model::PodAffinity::required, "affinity");
    drop(&model::PodAffinity::required_anti, "anti-affinity");
  }

  void ports_and_volumes() {
    for (std::size_t i = 0; i < spec_.host_ports.size(); ++i) {
      PodSpec changed = spec_;
      changed.host_ports.erase(changed.host_ports.begin() + static_cast<std::ptrdiff_t>(i));
      offer(Kind::host_port,
            std::string("without host port ") + std::to_string(spec_.host_ports[i].port),
            std::move(changed));
    }
    for (std::size_t i = 0; i < spec_.volumes.size(); ++i) {
      PodSpec changed = spec_;
      changed.volumes.erase(changed.volumes.begin() + static_cast<std::ptrdiff_t>(i));
      offer(Kind::volume, std::string("without volume ") + word(spec_.volumes[i].name),
            std::move(changed));
    }
  }

  void gates_and_name() {
    PodSpec changed = spec_;
    changed.scheduling_gates.clear();
    if (!spec_.scheduling_gates.empty()) {
      offer(Kind::scheduling_gates, "without its scheduling gates", std::move(changed));
    }
    changed = spec_;
    changed.node_name = StringId{};
    if (spec_.node_name.valid()) {
      offer(Kind::node_name, std::string("without its node name ") + word(spec_.node_name),
            std::move(changed));
    }
  }

 private:
  [[nodiscard]] std::string word(StringId id) const {
    return id.valid() ? what_if_.cycle().cluster.catalog().text(id) : std::string();
  }
  [[nodiscard]] std::string text_of(const model::Toleration& toleration) const {
    std::string text = word(toleration.key);
    if (!word(toleration.value).empty()) text.append("=").append(word(toleration.value));
    return text.append(":").append(effect_text(toleration.effect));
  }

  /// Adds the change if it helps.
  bool offer(Kind kind, std::string text, PodSpec changed) {
    SingleChange change;
    change.kind = kind;
    change.text = std::move(text);
    change.spec = what_if_.cycle().cluster.catalog().intern_spec(std::move(changed));
    change.nodes = what_if_.with(change.spec).nodes;
    if (change.nodes == 0) return false;
    changes_.push_back(std::move(change));
    return true;
  }

  /// Empty for a node that is not well: to live with that is no help.
  [[nodiscard]] std::vector<model::Toleration> missing_tolerations(NodeId node) const {
    const NodeTable::Row& row = what_if_.cycle().cluster.nodes()[node];
    if (row.zone_lost) return {};
    std::vector<model::Toleration> all = spec_.tolerations;
    while (const model::Taint* taint = first_untolerated(all, row.object.taints)) {
      if (word(taint->key).starts_with("node.kubernetes.io/")) return {};
      model::Toleration toleration;
      toleration.key = taint->key;
      toleration.value = taint->value;
      toleration.any_effect = false;
      toleration.effect = taint->effect;
      all.push_back(toleration);
      if (!model::tolerates(toleration, *taint)) return {};
    }
    return {all.begin() + static_cast<std::ptrdiff_t>(spec_.tolerations.size()), all.end()};
  }

  /// A larger skew never hurts: doubled until it helps, then the least by halving.
  bool raise_skew(std::size_t rule) {
    const auto with_skew = [&](std::int32_t skew) {
      PodSpec changed = spec_;
      changed.topology_spread[rule].max_skew = skew;
      return changed;
    };
    std::int32_t low = spec_.topology_spread[rule].max_skew;  // does not help
    std::int32_t step = 1;
    while (low + step <= kLargestSkew && !what_if_.with(with_skew(low + step)).any()) {
      low += step;
      step *= 2;
    }
    if (low + step > kLargestSkew) return false;
    std::int32_t high = low + step;
    while (high - low > 1) {
      const std::int32_t middle = low + (high - low) / 2;
      (what_if_.with(with_skew(middle)).any() ? high : low) = middle;
    }
    const std::string key = word(spec_.topology_spread[rule].topology_key);
    return offer(Kind::spread, "if maxSkew over " + key + " were " + std::to_string(high),
                 with_skew(high));
  }

  const WhatIf& what_if_;
  const PodSpec spec_;
  std::vector<SingleChange>& changes_;
};

}  // namespace

void changes_of_pod(const WhatIf& what_if, std::span<const NodeRefusal> refusals,
                    std::vector<SingleChange>& changes) {
  changes_of_resources(what_if, refusals, changes);
  PodChanges search(what_if, changes);
  search.gates_and_name();
  search.tolerations(refusals);
  search.spread();
  search.node_selection();
  search.pod_affinity();
  search.ports_and_volumes();
}

}  // namespace arcas::scheduler
