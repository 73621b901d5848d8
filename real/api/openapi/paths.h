#pragma once

#include <boost/json/fwd.hpp>

#include "real/api/openapi/definitions.h"
#include "real/api/openapi/openapi.h"

namespace arcas::real {

/// Adds the paths of a resource and its operations to a document's `paths`.
void add_openapi_paths(const Schema& schema, const ServedResource& resource, OpenApiVersion form,
                       OpenApiDefinitions& definitions, boost::json::object& paths);

}  // namespace arcas::real
