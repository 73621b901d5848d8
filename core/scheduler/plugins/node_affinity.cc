#include "core/scheduler/plugins/node_affinity.h"

#include <algorithm>

#include "core/model/node_selection.h"
#include "core/scheduler/plugins/normalization.h"
#include "core/scheduler/plugins/refusal.h"

namespace arcas::scheduler {
namespace {

using Names = std::vector<StringId>;  // sorted, unique

/// The nodes that one term names, or none when it names no nodes. Several demands on the name have
/// to hold together.
std::optional<Names> named_nodes(const model::NodeSelectorTerm& term) {
  std::optional<Names> names;
  for (const model::Requirement& field : term.fields) {
    if (field.op != model::SelectorOperator::in) continue;
    if (!names) {
      names = field.values;
      continue;
    }
    Names both;
    std::set_intersection(names->begin(), names->end(), field.values.begin(), field.values.end(),
                          std::back_inserter(both));
    names = std::move(both);
  }
  return names;
}

/// The nodes that any term names, or none when some term leaves the name open.
std::optional<Names> named_nodes(const model::NodeAffinity& affinity) {
  if (!affinity.has_required || affinity.required.empty()) return std::nullopt;
  Names all;
  for (const model::NodeSelectorTerm& term : affinity.required) {
    const std::optional<Names> names = named_nodes(term);
    if (!names) return std::nullopt;
    all.insert(all.end(), names->begin(), names->end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

class NodeAffinityFilter final : public FilterPlugin {
 public:
  explicit NodeAffinityFilter(const Cycle& cycle)
      : catalog_(cycle.cluster.catalog()),
        nodes_(cycle.cluster.nodes()),
        spec_(cycle.spec()),
        added_(cycle.profile.node_affinity) {}

  Prepared prepare() override {
    Prepared prepared;
    if (!spec_.node_affinity.has_required && !enforces() && spec_.node_selector.empty()) {
      prepared.status.code = Code::skip;
      return prepared;
    }
    const std::optional<Names> names = named_nodes(spec_.node_affinity);
    if (!names) return prepared;
    if (names->empty()) {
      prepared.status.code = Code::unresolvable;
      prepared.status.reasons.emplace_back("pod affinity terms conflict");
      return prepared;
    }
    prepared.only.emplace();
    for (const StringId name : *names) {
      const NodeId node = catalog_.nodes.find(catalog_.text(name));
      if (nodes_.known(node)) prepared.only->push_back(node);
    }
    std::sort(prepared.only->begin(), prepared.only->end());
    return prepared;
  }

  Code filter(NodeId node, std::vector<std::string>* reasons) const override {
    const model::Node& object = nodes_[node].object;
    if (enforces() && !model::matches_required(added_.added, object, catalog_)) {
      return refuse(Code::unresolvable, "node(s) didn't match scheduler-enforced node affinity",
                    reasons);
    }
    if (model::matches_node(spec_, object, catalog_)) return Code::success;
    return refuse(Code::unresolvable, "node(s) didn't match Pod's node affinity/selector", reasons);
  }

 private:
  [[nodiscard]] bool enforces() const { return added_.has_added && added_.added.has_required; }

  const model::Catalog& catalog_;
  const NodeTable& nodes_;
  const model::PodSpec& spec_;
  const NodeAffinityArguments& added_;
};

class NodeAffinityScore final : public ScorePlugin {
 public:
  explicit NodeAffinityScore(const Cycle& cycle)
      : catalog_(cycle.cluster.catalog()),
        nodes_(cycle.cluster.nodes()),
        own_(cycle.spec().node_affinity),
        added_(cycle.profile.node_affinity) {}

  bool prepare(std::span<const NodeId> /*feasible*/) override {
    return !own_.preferred.empty() || (added_.has_added && !added_.added.preferred.empty());
  }

  std::int64_t score(NodeId node) const override {
    const model::Node& object = nodes_[node].object;
    std::int64_t score = model::preferred_score(own_, object, catalog_);
    if (added_.has_added) score += model::preferred_score(added_.added, object, catalog_);
    return score;
  }

  void normalize(std::span<const NodeId> /*feasible*/,
                 std::span<std::int64_t> scores) const override {
    normalize_by_largest(scores);
  }

 private:
  const model::Catalog& catalog_;
  const NodeTable& nodes_;
  const model::NodeAffinity& own_;
  const NodeAffinityArguments& added_;
};

}  // namespace

std::unique_ptr<FilterPlugin> make_node_affinity_filter(const Cycle& cycle) {
  return std::make_unique<NodeAffinityFilter>(cycle);
}

std::unique_ptr<ScorePlugin> make_node_affinity_score(const Cycle& cycle) {
  return std::make_unique<NodeAffinityScore>(cycle);
}

}  // namespace arcas::scheduler
