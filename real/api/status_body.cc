#include "real/api/status_body.h"

#include <array>
#include <boost/json.hpp>
#include <utility>

namespace arcas::real {
namespace json = boost::json;
namespace {

struct ReasonRow {
  std::string_view text;
  std::uint16_t code;
};

// By ApiReason. Source of the words and codes: apimachinery/pkg/apis/meta/v1 of Kubernetes 1.32.
constexpr std::array kReasons{
    ReasonRow{"BadRequest", 400},
    ReasonRow{"Unauthorized", 401},
    ReasonRow{"Forbidden", 403},
    ReasonRow{"NotFound", 404},
    ReasonRow{"MethodNotAllowed", 405},
    ReasonRow{"NotAcceptable", 406},
    ReasonRow{"AlreadyExists", 409},
    ReasonRow{"Conflict", 409},
    ReasonRow{"Expired", 410},
    ReasonRow{"RequestEntityTooLarge", 413},
    ReasonRow{"UnsupportedMediaType", 415},
    ReasonRow{"Invalid", 422},
    ReasonRow{"TooManyRequests", 429},
    ReasonRow{"InternalError", 500},
    ReasonRow{"ServiceUnavailable", 503},
    ReasonRow{"Timeout", 504},
};
static_assert(kReasons.size() == static_cast<std::size_t>(ApiReason::timeout) + 1);

const ReasonRow& row_of(ApiReason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

void put(json::object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

}  // namespace

std::string_view text_of(ApiReason reason) { return row_of(reason).text; }

std::uint16_t ApiError::http_code() const { return row_of(reason).code; }

json::value ApiError::body() const {
  json::object details;
  put(details, "name", name);
  put(details, "group", group);
  put(details, "kind", kind);
  put(details, "uid", uid);
  if (!causes.empty()) {
    json::array list;
    for (const ApiCause& cause : causes) {
      json::object entry;
      put(entry, "reason", cause.reason);
      put(entry, "message", cause.message);
      put(entry, "field", cause.field);
      list.emplace_back(std::move(entry));
    }
    details["causes"] = std::move(list);
  }
  if (retry_after_seconds > 0) details["retryAfterSeconds"] = retry_after_seconds;
  json::object status{{"kind", "Status"},    {"apiVersion", "v1"}, {"metadata", json::object()},
                      {"status", "Failure"}, {"message", message}, {"reason", text_of(reason)}};
  if (!details.empty()) status["details"] = std::move(details);
  status["code"] = http_code();
  return status;
}

ApiError api_error_of(const Status& status) {
  ApiError error;
  error.message = status.message;
  switch (status.code) {
    case StatusCode::invalid:
      error.reason = ApiReason::bad_request;
      break;
    case StatusCode::not_found:
      error.reason = ApiReason::not_found;
      break;
    case StatusCode::already_exists:
      error.reason = ApiReason::already_exists;
      break;
    case StatusCode::conflict:
      error.reason = ApiReason::conflict;
      break;
    case StatusCode::forbidden:
      error.reason = ApiReason::forbidden;
      break;
    case StatusCode::exhausted:
      error.reason = ApiReason::too_many_requests;
      break;
    case StatusCode::unavailable:
      error.reason = ApiReason::unavailable;
      break;
    case StatusCode::gone:
      error.reason = ApiReason::gone;
      break;
    case StatusCode::ok:
      error.reason = ApiReason::internal_error;
      break;
  }
  return error;
}

}  // namespace arcas::real
