#include "real/all_in_one/log_requests.h"

#include <boost/json.hpp>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "real/api/object_text.h"
#include "real/api/status_body.h"

namespace arcas::real {
namespace {

Status bad(std::string_view name, std::string_view value, std::string_view allowed) {
  return Status::invalid(std::string(name) + ": \"" + std::string(value) +
                         "\"; allowed: " + std::string(allowed));
}

Status read_flag(std::string_view name, std::string_view value, bool& flag) {
  flag = value == "true" || value == "1" || value.empty();
  if (flag || value == "false" || value == "0") return Status::success();
  return bad(name, value, "true, false");
}

Status read_count(std::string_view name, std::string_view value,
                  std::optional<std::int64_t>& count) {
  std::int64_t number = -1;
  const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || stop != value.data() + value.size() || number < 0) {
    return bad(name, value, "a whole number, 0 or more");
  }
  count = number;
  return Status::success();
}

}  // namespace

Expected<PodLogOptions> parse_log_options(const Api::Sources::Query& query) {
  PodLogOptions options;
  for (const auto& [name, value] : query) {
    Status status;
    if (name == "container") {
      options.container = value;
    } else if (name == "follow") {
      status = read_flag(name, value, options.follow);
    } else if (name == "previous") {
      status = read_flag(name, value, options.previous);
    } else if (name == "timestamps") {
      status = read_flag(name, value, options.timestamps);
    } else if (name == "tailLines") {
      status = read_count(name, value, options.tail_lines);
    } else if (name == "limitBytes") {
      status = read_count(name, value, options.limit_bytes);
    } else if (name == "sinceSeconds" || name == "sinceTime" || name == "stream") {
      status = Status::invalid(name +
                               ": is not served; allowed: container, follow, previous, "
                               "timestamps, tailLines, limitBytes");
    }
    if (!status.ok()) return status;
  }
  return options;
}

void answer_log_request(LocalNode* node, const Document& pod, const Api::Sources::Query& query,
                        const std::shared_ptr<ApiReply>& reply) {
  const auto fail = [&](ApiReason reason, std::string message) {
    ApiError error;
    error.reason = reason;
    error.message = std::move(message);
    error.name = pod.key.name;
    error.kind = pod.key.resource;
    ApiResponse response;
    response.code = error.http_code();
    response.body = boost::json::serialize(error.body());
    reply->respond(std::move(response));
  };
  Expected<PodLogOptions> options = parse_log_options(query);
  if (!options) return fail(ApiReason::bad_request, options.error().message);
  const boost::json::object text = stored_object(*pod.json);
  const std::string_view where = text_at(text, "spec.nodeName");
  if (node == nullptr || where != node->name()) {
    return fail(ApiReason::bad_request,
                "node " + std::string(where) + " gives no logs: nothing runs there");
  }
  const Status status = node->log(pod, std::move(*options), reply);
  if (!status.ok()) fail(ApiReason::bad_request, status.message);
}

}  // namespace arcas::real
