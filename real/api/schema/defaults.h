#pragma once

#include <boost/json/fwd.hpp>

#include "real/api/schema/schema.h"

namespace arcas::real {

/// Fills in what the client left out of an object of a kind: the defaults of the table, and those
/// that hang on other fields (an image without a tag is pulled always, ports of pods on the node's
/// network are the node's…). What is there stays. `status` is left alone.
/// Cost: linear in the object.
/// Source: the defaulting functions of Kubernetes 1.32 (pkg/apis/*/v1/defaults.go), Arktos 1.0.
void set_schema_defaults(const TypeSchema& kind, boost::json::object& object);

}  // namespace arcas::real
