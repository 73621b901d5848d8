#include "core/manifest/parts.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/model/names.h"
#include "core/model/selector_text.h"

namespace arcas::manifest {

using model::Catalog;
using model::Requirement;

model::Quantity quantity_at(const Field& field) {
  if (!field.present()) return {};
  const std::string text = field.scalar_text();
  model::QuantityProblem problem{};
  const auto quantity = model::Quantity::parse(text, &problem);
  if (quantity) return *quantity;
  field.refuse(quoted(text) + " " + std::string(describe(problem)));
  return {};
}

CountOrPercent count_or_percent_at(const Field& field) {
  if (!field.present()) return {};
  if (!field.is_text()) return {field.integer32(-1, 0), false};
  std::string_view text = field.text();
  std::int32_t percent = -1;
  const bool has_sign = text.ends_with('%');
  if (has_sign) text.remove_suffix(1);
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (has_sign && error == std::errc() && stop == text.data() + text.size() && percent >= 0) {
    return {percent, true};
  }
  field.refuse(quoted(field.text()) + " is neither a number nor a percentage; allowed: 3 or 25%");
  return {};
}

namespace {

/// A quantity in units of 10^-decimals.
struct Units {
  std::int64_t amount = 0;   ///< rounded up
  std::uint32_t excess = 0;  ///< what rounding added, in billionths of a unit
};

Units units_at(const Field& field, int decimals) {
  const model::Quantity quantity = quantity_at(field);
  const auto amount = quantity.amount(decimals);
  if (!amount) {
    field.refuse(quoted(quantity.text()) + " is out of range; allowed: 0 up to 2^63-1" +
                 (decimals == 0 ? "" : " thousandths"));
    return {};
  }
  const auto rounded = model::Quantity::parse(std::to_string(*amount) + (decimals == 0 ? "" : "m"));
  if (!rounded || rounded->compare(quantity) == 0) return {*amount, 0};
  model::Quantity added = *rounded;
  added.subtract(quantity);
  // The difference is below one unit, and no quantity is finer than 10^-9.
  const std::int64_t billionths = added.amount(9).value_or(0) * (decimals == 0 ? 1 : 1000);
  return {*amount, static_cast<std::uint32_t>(billionths)};
}

/// Adds a requirement after Kubernetes's checks of it.
void add_requirement(std::vector<Requirement>& list, const Field& where, std::string_view key,
                     model::SelectorOperator op, const std::vector<std::string_view>& values,
                     Catalog& catalog) {
  const std::string problem = model::problem_of_requirement(key, op, values);
  if (!problem.empty()) {
    where.refuse(problem);
    return;
  }
  list.push_back(model::make_requirement(key, op, values, catalog));
}

std::vector<std::string_view> values_at(const Field& field) {
  std::vector<std::string_view> values;
  for (const Field& value : field.elements()) values.push_back(value.text());
  return values;
}

void add_map(std::vector<Requirement>& list, const Field& map, Catalog& catalog) {
  for (const auto& [key, value] : map.members()) {
    add_requirement(list, value, key, model::SelectorOperator::in, {value.text()}, catalog);
  }
}

SelectorId interned(std::vector<Requirement> requirements, Catalog& catalog) {
  std::stable_sort(requirements.begin(), requirements.end(),
                   [&catalog](const Requirement& a, const Requirement& b) {
                     return catalog.text(a.key) < catalog.text(b.key);
                   });
  return catalog.selectors.intern(model::Selector{std::move(requirements)});
}

}  // namespace

std::int64_t whole_units_at(const Field& field) { return units_at(field, 0).amount; }

model::ResourceList resources_at(const Field& field, Catalog& catalog) {
  model::ResourceList list;
  for (const auto& [name, amount] : field.members()) {
    const ResourceId kind = catalog.resources.intern(name);
    const Units units = units_at(amount, kind == model::kCpu ? 3 : 0);
    list.set(kind, units.amount, units.excess);
  }
  return list;
}

model::LabelSet labels_at(const Field& field, Catalog& catalog) {
  model::LabelSet labels;
  for (const auto& [key, value] : field.members()) {
    const StringId key_id = catalog.intern(key);
    labels.set(key_id, catalog.intern(value.text()));
  }
  return labels;
}

StringId text_at(const Field& field, Catalog& catalog) {
  const std::string_view text = field.text();
  return text.empty() ? StringId{} : catalog.intern(text);
}

std::vector<StringId> texts_at(const Field& field, Catalog& catalog) {
  std::vector<StringId> texts;
  for (const Field& text : field.elements()) texts.push_back(catalog.intern(text.text()));
  return texts;
}

SelectorId selector_at(const Field& field, Catalog& catalog) {
  if (!field.present()) return {};
  std::vector<Requirement> requirements;
  add_map(requirements, field["matchLabels"], catalog);
  for (const Field& expression : field["matchExpressions"].elements()) {
    constexpr model::SelectorOperator kOperators[] = {
        model::SelectorOperator::in, model::SelectorOperator::not_in,
        model::SelectorOperator::exists, model::SelectorOperator::does_not_exist};
    expression["operator"].require();
    const std::size_t op = expression["operator"].one_of({"In", "NotIn", "Exists", "DoesNotExist"});
    add_requirement(requirements, expression, expression["key"].text(), kOperators[op],
                    values_at(expression["values"]), catalog);
  }
  return interned(std::move(requirements), catalog);
}

SelectorId map_selector_at(const Field& field, Catalog& catalog) {
  if (!field.present()) return {};
  std::vector<Requirement> requirements;
  add_map(requirements, field, catalog);
  return interned(std::move(requirements), catalog);
}

namespace {

/// What Kubernetes's API refuses. That a bound is no integer is no error there: it never matches.
void check_node_requirement(const Field& entry, model::SelectorOperator op,
                            const std::vector<std::string_view>& values, bool is_field) {
  const std::string count = model::problem_of_value_count(op, values.size());
  if (!count.empty()) entry["values"].refuse(count);
  const Field key = entry["key"];
  if (is_field) {
    if (key.text() != "metadata.name") {
      key.refuse(quoted(key.text()) + " is no field to select by; allowed: metadata.name");
    }
    const bool is_list = op == model::SelectorOperator::in || op == model::SelectorOperator::not_in;
    if (!is_list) entry["operator"].refuse("is not for fields; allowed: In, NotIn");
    if (values.size() > 1) entry["values"].refuse("holds several; allowed: one node name");
    return;
  }
  const auto problems = model::problems_of_qualified_name(key.text());
  if (!problems.empty()) key.refuse(quoted(key.text()) + ": " + problems.front());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto wrong = model::problems_of_label_value(values[i]);
    if (!wrong.empty()) {
      entry["values"].elements()[i].refuse(quoted(values[i]) + ": " + wrong.front());
    }
  }
}

}  // namespace

std::vector<Requirement> node_requirements_at(const Field& field, bool are_fields,
                                              Catalog& catalog) {
  std::vector<Requirement> requirements;
  for (const Field& entry : field.elements()) {
    constexpr model::SelectorOperator kOperators[] = {
        model::SelectorOperator::in,     model::SelectorOperator::not_in,
        model::SelectorOperator::exists, model::SelectorOperator::does_not_exist,
        model::SelectorOperator::gt,     model::SelectorOperator::lt};
    entry["operator"].require();
    entry["key"].require();
    const std::size_t op =
        entry["operator"].one_of({"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"});
    const auto values = values_at(entry["values"]);
    check_node_requirement(entry, kOperators[op], values, are_fields);
    requirements.push_back(
        model::make_requirement(entry["key"].text(), kOperators[op], values, catalog));
  }
  return requirements;
}

model::NodeSelectorTerm node_term_at(const Field& field, Catalog& catalog) {
  return {node_requirements_at(field["matchExpressions"], false, catalog),
          node_requirements_at(field["matchFields"], true, catalog)};
}

model::NodeAffinity node_affinity_at(const Field& field, Catalog& catalog) {
  model::NodeAffinity affinity;
  const Field required = field["requiredDuringSchedulingIgnoredDuringExecution"];
  affinity.has_required = required.present();
  for (const Field& term : required["nodeSelectorTerms"].elements()) {
    affinity.required.push_back(node_term_at(term, catalog));
  }
  const Field preferred = field["preferredDuringSchedulingIgnoredDuringExecution"];
  for (const Field& entry : preferred.elements()) {
    entry["weight"].require();
    model::PreferredNodeTerm term;
    term.weight = entry["weight"].integer32(1, 1, 100);
    term.term = node_term_at(entry["preference"], catalog);
    affinity.preferred.push_back(std::move(term));
  }
  return affinity;
}

model::Metadata metadata_at(const Field& object, const Decoding& decoding, bool namespaced) {
  const Field field = object["metadata"];
  Catalog& catalog = decoding.catalog;
  model::Metadata meta;
  meta.tenant = decoding.tenant;
  field.require();
  if (field.present()) field["name"].require();
  meta.name.base = catalog.intern(field["name"].text());
  if (namespaced && field["namespace"].present()) {
    meta.name_space = catalog.intern_namespace(decoding.tenant, field["namespace"].text());
  }
  meta.labels = catalog.label_sets.intern(labels_at(field["labels"], catalog));
  meta.generation = static_cast<std::uint32_t>(field["generation"].integer(1, 0, 0xffffffff));
  if (const auto created = time_at(field["creationTimestamp"], decoding)) {
    meta.created_at = *created;
  }
  if (const auto deleted = time_at(field["deletionTimestamp"], decoding)) {
    meta.deleted_at = *deleted;
  }
  return meta;
}

}  // namespace arcas::manifest
