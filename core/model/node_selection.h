#pragma once

#include <cstdint>

#include "core/model/catalog.h"
#include "core/model/objects.h"
#include "core/model/pod_spec.h"

namespace arcas::model {

/// Whether a node satisfies one term: all its label and field requirements. The one field is
/// metadata.name. A term without requirements matches nothing.
/// Source: Kubernetes, component-helpers/scheduling/corev1/nodeaffinity.
bool matches_term(const NodeSelectorTerm& term, const Node& node, const Catalog& catalog);

/// Whether a node satisfies the spec's node selector and its required node affinity (any term).
bool matches_node(const PodSpec& spec, const Node& node, const Catalog& catalog);

/// Whether a node satisfies the required terms (any of them), or there is no such demand.
bool matches_required(const NodeAffinity& affinity, const Node& node, const Catalog& catalog);

/// The sum of the weights of the preferred terms that match. An empty term matches nothing.
std::int64_t preferred_score(const NodeAffinity& affinity, const Node& node,
                             const Catalog& catalog);
std::int64_t preferred_score(const PodSpec& spec, const Node& node, const Catalog& catalog);

}  // namespace arcas::model
