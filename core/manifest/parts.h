#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/manifest/decoding.h"
#include "core/manifest/document.h"
#include "core/model/metadata.h"
#include "core/model/pod_spec.h"
#include "core/model/quantity.h"
#include "core/model/resources.h"
#include "core/model/selector.h"

namespace arcas::manifest {

// Parts that several kinds of API objects share. A part that is absent gives its empty value.

/// A quantity, as a string or a number; zero when absent.
model::Quantity quantity_at(const Field& field);
/// Whole units rounded up, 0..2^63-1.
std::int64_t whole_units_at(const Field& field);
/// "cpu" in milli-units, everything else in whole units, both rounded up (and knowing by how much).
model::ResourceList resources_at(const Field& field, model::Catalog& catalog);

/// A number, or a percentage as text ("25%"); -1 when absent.
struct CountOrPercent {
  std::int32_t amount = -1;
  bool is_percent = false;
};
CountOrPercent count_or_percent_at(const Field& field);

/// Keys with values, both strings.
model::LabelSet labels_at(const Field& field, model::Catalog& catalog);
/// A string as an id; none when absent or empty.
StringId text_at(const Field& field, model::Catalog& catalog);
std::vector<StringId> texts_at(const Field& field, model::Catalog& catalog);

/// A LabelSelector: none when absent, an empty selector when `{}`. Its requirements are sorted by
/// key (then as written), so that equal selectors are one.
SelectorId selector_at(const Field& field, model::Catalog& catalog);
/// A selector that is a plain map, as services have it: none when absent.
SelectorId map_selector_at(const Field& field, model::Catalog& catalog);

/// matchExpressions, or with `are_fields` matchFields, of a node selector term.
std::vector<model::Requirement> node_requirements_at(const Field& field, bool are_fields,
                                                     model::Catalog& catalog);
model::NodeSelectorTerm node_term_at(const Field& field, model::Catalog& catalog);
model::NodeAffinity node_affinity_at(const Field& field, model::Catalog& catalog);

/// Nanoseconds since 1970-01-01T00:00:00Z; none when the text is no RFC 3339 time of 1970..2261.
std::optional<std::int64_t> unix_nanoseconds_of(std::string_view text);
/// RFC 3339, such as "2025-01-01T01:32:06Z"; none when absent.
std::optional<TimePoint> time_at(const Field& field, const Decoding& decoding);

/// `metadata` of any kind: name, namespace, labels, generation, creation and deletion time. The uid
/// is handed out by a store and stays none. `namespaced` kinds have a namespace; one that is absent
/// stays none.
model::Metadata metadata_at(const Field& object, const Decoding& decoding, bool namespaced);

}  // namespace arcas::manifest
