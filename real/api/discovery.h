#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "real/api/kinds.h"

namespace arcas::real {

// The documents by which clients learn what is served. Source of their form: the types of
// apimachinery/pkg/apis/meta/v1 and api/apidiscovery/v2 of Kubernetes 1.32. Cost: linear in kinds.

boost::json::value core_versions_document(std::string_view server_address);
/// "/version". Clients read the release of Kubernetes whose API this is.
boost::json::value version_document();
boost::json::value groups_document(const KindTable& kinds);
/// Null when the group or the version is not served.
boost::json::value group_document(const KindTable& kinds, std::string_view group);
boost::json::value resources_document(const KindTable& kinds, std::string_view group,
                                      std::string_view version);
/// Everything of "/api" (`core`) or of "/apis" in one document, of `version` "v2" or "v2beta1".
boost::json::value aggregated_document(const KindTable& kinds, bool core, std::string_view version);

}  // namespace arcas::real
