#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>

#include "core/manifest/decoding.h"
#include "core/manifest/document.h"
#include "core/model/catalog.h"
#include "core/model/objects.h"

namespace arcas::real {

/// A Pod's document as the core reads it. What a document says beyond core/manifest's: the node
/// that a daemon pod is for (its one required term on metadata.name, which leaves the spec), when
/// it became ready (condition Ready), and whether its Job has counted it.
model::Pod decoded_pod(const manifest::Field& root, const manifest::Decoding& decoding);

/// The document of a new pod, from the one of its owner (`spec.template`), but for uid and creation
/// time. Everything that the owner's author wrote in the template is in it.
boost::json::object new_pod_document(const model::Pod& pod, const boost::json::object& owner,
                                     const model::Catalog& catalog);

/// Writes what changed from `before` to `after` into the document: node, nomination, deletion mark,
/// phase, readiness, reason, times. Members that it does not concern stay as they are.
void edit_pod(boost::json::object& document, const model::Pod& before, const model::Pod& after,
              TimePoint now, const model::Catalog& catalog);

/// Gives the pod an address, unless that is empty or it has one.
void write_address(boost::json::object& document, const std::string& address);

/// A reference to a controller.
boost::json::object owner_reference(const boost::json::object& owner);

}  // namespace arcas::real
