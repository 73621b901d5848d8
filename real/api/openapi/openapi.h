#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "real/api/schema/schema.h"

namespace arcas::real {

/// A resource that is served, as paths name it.
struct ServedResource {
  std::string group;
  std::string version;
  std::string kind;
  std::string plural;
  bool is_namespaced = false;
  bool has_status = false;
  bool has_scale = false;
};

/// Documents that describe the API, made from the schema. Their names of types are Kubernetes's, so
/// that clients find what they look for.
/// Source of the forms: OpenAPI 2.0 and 3.0; the extensions `x-kubernetes-…` of Kubernetes 1.32.

/// `/openapi/v3`: where the document of each group and version is.
boost::json::object openapi_v3_index(const Schema& schema, std::span<const ServedResource> served);
/// `/openapi/v3/apis/GROUP/VERSION`: one group's version. Empty when nothing of it is served.
boost::json::object openapi_v3_document(const Schema& schema,
                                        std::span<const ServedResource> served,
                                        std::string_view group, std::string_view version);
/// `/openapi/v2`: everything in one document.
boost::json::object openapi_v2_document(const Schema& schema,
                                        std::span<const ServedResource> served);
/// That document as Protocol Buffers (openapi.v2.Document of gnostic), as kubectl before 1.27 asks
/// for it.
std::string openapi_v2_protobuf(const boost::json::object& document);

}  // namespace arcas::real
