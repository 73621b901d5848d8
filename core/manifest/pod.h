#pragma once

#include <vector>

#include "core/manifest/decoding.h"
#include "core/manifest/document.h"
#include "core/model/objects.h"
#include "core/model/pod_spec.h"

namespace arcas::manifest {

/// An owner reference as it is written; a store turns its uid into an OwnerReference.
struct OwnerText {
  StringId api_version;
  StringId kind;
  StringId name;
  StringId uid;
  bool controller = false;
  bool operator==(const OwnerText&) const = default;
};

/// A Pod as the API writes it. `pod.spec`, `pod.node` and `pod.nominated` are left to the caller,
/// who decides on defaulting before he interns the spec, and on which nodes exist.
struct PodManifest {
  model::Pod pod;
  model::PodSpec spec;  ///< its node_name is not set: see below
  StringId uid;         ///< metadata.uid
  StringId node_name;   ///< spec.nodeName: bound there, or the client's wish for a new pod
  StringId nominated;   ///< status.nominatedNodeName
  std::vector<OwnerText> owners;
  /// A condition DisruptionTarget says that the scheduler is preempting it.
  bool preempted_by_scheduler = false;
};

/// Fields that the core does not hold are passed over; a wrong type or value is an error.
Expected<PodManifest> decode_pod(const boost::json::value& document, const Decoding& decoding);

/// For a pod inside a larger document; errors go to the field's reading.
PodManifest pod_at(const Field& field, const Decoding& decoding);
/// `spec` of a pod or of a pod template. `pod_name` names claims of ephemeral volumes.
model::PodSpec pod_spec_at(const Field& field, std::string_view pod_name, model::Catalog& catalog);
model::PodTemplate pod_template_at(const Field& field, model::Catalog& catalog);
/// A list of topology spread constraints.
std::vector<model::TopologySpreadConstraint> topology_spread_at(const Field& field,
                                                                model::Catalog& catalog);

}  // namespace arcas::manifest
