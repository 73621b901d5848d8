#include "sim/check/node_match.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace arcas::sim {
namespace {

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `value` is none when the key is absent.
bool holds(const model::Requirement& requirement, StringId value, const model::Catalog& catalog) {
  using Op = model::SelectorOperator;
  const auto& values = requirement.values;
  const bool listed =
      value.valid() && std::find(values.begin(), values.end(), value) != values.end();
  switch (requirement.op) {
    case Op::in:
      return listed;
    case Op::not_in:
      return !listed;
    case Op::exists:
      return value.valid();
    case Op::does_not_exist:
      return !value.valid();
    case Op::gt:
    case Op::lt:
      break;
  }
  if (!value.valid() || values.size() != 1) return false;
  const auto have = integer(catalog.text(value));
  const auto limit = integer(catalog.text(values.front()));
  if (!have || !limit) return false;
  return requirement.op == Op::gt ? *have > *limit : *have < *limit;
}

bool term_holds(const model::NodeSelectorTerm& term, const NodeFacts::View& node,
                const model::LabelSet& labels, const model::Catalog& catalog) {
  if (term.labels.empty() && term.fields.empty()) return false;  // an empty term matches nothing
  for (const model::Requirement& requirement : term.labels) {
    if (!holds(requirement, labels.get(requirement.key), catalog)) return false;
  }
  for (const model::Requirement& requirement : term.fields) {  // metadata.name is the only field
    if (!holds(requirement, node.name, catalog)) return false;
  }
  return true;
}

bool taint_tolerated(const std::vector<model::Toleration>& tolerations, const model::Taint& taint) {
  return std::any_of(tolerations.begin(), tolerations.end(), [&](const model::Toleration& t) {
    if (!t.any_effect && t.effect != taint.effect) return false;
    if (!t.key.valid()) return t.op == model::Toleration::Operator::exists;
    if (t.key != taint.key) return false;
    return t.op == model::Toleration::Operator::exists || t.value == taint.value;
  });
}

}  // namespace

const char* refusal(const model::PodSpec& spec, const NodeFacts::View& node,
                    const std::vector<model::Taint>& taints, const model::Catalog& catalog) {
  if (spec.node_name.valid() && spec.node_name != node.name) return "it asks for another node";
  const model::NodeAffinity& affinity = spec.node_affinity;
  if (!spec.node_selector.empty() || affinity.has_required) {
    static const model::LabelSet kNoLabels;
    const model::LabelSet& labels =
        node.labels.valid() ? catalog.label_sets[node.labels] : kNoLabels;
    for (const auto& [key, value] : spec.node_selector) {
      if (labels.get(key) != value) return "its node selector does not match";
    }
    const auto matches = [&](const model::NodeSelectorTerm& term) {
      return term_holds(term, node, labels, catalog);
    };
    if (affinity.has_required &&
        !std::any_of(affinity.required.begin(), affinity.required.end(), matches)) {
      return "its required node affinity does not match";
    }
  }
  for (const model::Taint& taint : taints) {
    if (taint.effect == model::TaintEffect::prefer_no_schedule) continue;
    if (!taint_tolerated(spec.tolerations, taint)) return "it does not tolerate a taint";
  }
  if (!node.unschedulable) return nullptr;
  model::Taint cordon;
  cordon.key = catalog.strings.find("node.kubernetes.io/unschedulable");
  const bool exempt = cordon.key.valid()
                          ? taint_tolerated(spec.tolerations, cordon)
                          : std::any_of(spec.tolerations.begin(), spec.tolerations.end(),
                                        [](const auto& t) { return !t.key.valid(); });
  return exempt ? nullptr : "the node is unschedulable";
}

}  // namespace arcas::sim
