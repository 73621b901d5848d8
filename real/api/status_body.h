#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"
#include "real/api/schema/field_problem.h"

namespace arcas::real {

/// Why a request failed, as Kubernetes's clients tell it apart.
enum class ApiReason : std::uint8_t {
  bad_request,
  unauthorized,
  forbidden,
  not_found,
  method_not_allowed,
  not_acceptable,
  already_exists,
  conflict,
  gone,  ///< "Expired": the revision was compacted away
  too_large,
  unsupported_media_type,
  invalid,
  too_many_requests,
  internal_error,
  unavailable,
  timeout,
};

using ApiCause = FieldProblem;

/// A failed request. What it was about may be left empty.
struct ApiError {
  ApiReason reason = ApiReason::bad_request;
  std::string message;
  std::string group;
  std::string kind;
  std::string name;
  std::string uid;
  std::vector<ApiCause> causes;
  std::int32_t retry_after_seconds = 0;  ///< 0: not said

  [[nodiscard]] std::uint16_t http_code() const;
  /// Kubernetes's `Status` object of version v1.
  [[nodiscard]] boost::json::value body() const;
};

/// The words of a reason: "NotFound".
std::string_view text_of(ApiReason reason);
/// What a refusal of the store or of the core is to a client.
ApiError api_error_of(const Status& status);

}  // namespace arcas::real
