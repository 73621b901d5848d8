#include "core/model/node_selection.h"

#include <algorithm>

namespace arcas::model {
namespace {

/// Field requirements know metadata.name with `in` and `not_in` of one value each.
bool matches_field(const Requirement& requirement, const Node& node) {
  const bool listed =
      std::binary_search(requirement.values.begin(), requirement.values.end(), node.meta.name.base);
  if (requirement.op == SelectorOperator::in) return listed;
  if (requirement.op == SelectorOperator::not_in) return !listed;
  return false;
}

}  // namespace

bool matches_term(const NodeSelectorTerm& term, const Node& node, const Catalog& catalog) {
  if (term.labels.empty() && term.fields.empty()) return false;
  const LabelSet& labels = catalog.label_sets[node.meta.labels];
  return std::all_of(term.labels.begin(), term.labels.end(),
                     [&](const Requirement& r) { return matches(r, labels, catalog); }) &&
         std::all_of(term.fields.begin(), term.fields.end(),
                     [&](const Requirement& r) { return matches_field(r, node); });
}

bool matches_required(const NodeAffinity& affinity, const Node& node, const Catalog& catalog) {
  if (!affinity.has_required) return true;
  return std::any_of(
      affinity.required.begin(), affinity.required.end(),
      [&](const NodeSelectorTerm& term) { return matches_term(term, node, catalog); });
}

bool matches_node(const PodSpec& spec, const Node& node, const Catalog& catalog) {
  if (spec.node_selector.empty() && !spec.node_affinity.has_required) return true;
  const LabelSet& labels = catalog.label_sets[node.meta.labels];
  for (const auto& [key, value] : spec.node_selector) {
    if (labels.get(key) != value) return false;
  }
  return matches_required(spec.node_affinity, node, catalog);
}

std::int64_t preferred_score(const NodeAffinity& affinity, const Node& node,
                             const Catalog& catalog) {
  std::int64_t score = 0;
  for (const PreferredNodeTerm& preferred : affinity.preferred) {
    if (matches_term(preferred.term, node, catalog)) score += preferred.weight;
  }
  return score;
}

std::int64_t preferred_score(const PodSpec& spec, const Node& node, const Catalog& catalog) {
  return preferred_score(spec.node_affinity, node, catalog);
}

}  // namespace arcas::model
