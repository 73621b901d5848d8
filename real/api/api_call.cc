#include <boost/json.hpp>

#include "real/api/api_state.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (part.starts_with(' ')) part.remove_prefix(1);
  while (part.ends_with(' ')) part.remove_suffix(1);
  return part;
}

}  // namespace

std::optional<TableForm> table_form(std::string_view accept) {
  while (!accept.empty()) {
    std::string_view media = take(accept, ',');
    bool is_table = false;
    TableForm form;
    if (take(media, ';') != "application/json") continue;
    while (!media.empty()) {
      const std::string_view parameter = take(media, ';');
      if (parameter == "as=Table") is_table = true;
      if (parameter.starts_with("as=") && !is_table) break;
      if (parameter.starts_with("v=")) form.version = parameter.substr(2);
    }
    if (is_table && (form.version == "v1" || form.version == "v1beta1")) return form;
    if (!is_table) return std::nullopt;
  }
  return std::nullopt;
}

bool accepts_json(std::string_view accept) {
  if (accept.empty()) return true;
  while (!accept.empty()) {
    std::string_view media = take(accept, ',');
    const std::string_view type = take(media, ';');
    if (type == "application/json" || type == "*/*" || type == "application/*") return true;
  }
  return false;
}

DocumentKey ApiCall::key() const {
  return {kind->resource(), tenant,
          kind->scope == KindScope::name_space ? path.name_space : std::string(), path.name};
}

DocumentScope ApiCall::scope() const {
  return {kind->resource(), tenant,
          kind->scope == KindScope::name_space ? path.name_space : std::string()};
}

namespace {

/// A warning as a header has it: 299 - "text".
std::string warning_header(std::string_view text) {
  std::string header = "299 - \"";
  for (const char c : text) {
    if (c == '"' || c == '\\') header += '\\';
    header += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return header + '"';
}

}  // namespace

void ApiReply::upgrade(std::shared_ptr<Tunnel> /*tunnel*/) {
  ApiError error;
  error.message = "this connection cannot be upgraded";
  ApiResponse response;
  response.code = error.http_code();
  response.body = json::serialize(error.body());
  respond(std::move(response));
}

void ApiCall::respond(std::uint16_t code, std::string body) const {
  ApiResponse response;
  response.code = code;
  for (const std::string& warning : warnings) {
    response.headers.emplace_back("Warning", warning_header(warning));
  }
  response.body = std::move(body);
  reply->respond(std::move(response));
}

void ApiCall::respond(std::uint16_t code, const json::value& body) const {
  respond(code, json::serialize(body));
}

void ApiCall::fail(ApiError error) const {
  if (kind != nullptr) {
    if (error.kind.empty()) error.kind = kind->plural;
    if (error.group.empty()) error.group = kind->group;
    if (error.name.empty()) error.name = path.name;
    const std::string about =
        kind->resource() + (error.name.empty() ? "" : " \"" + error.name + '"');
    if (error.reason == ApiReason::forbidden)
      error.message = about + " is forbidden: " + error.message;
    if (error.reason == ApiReason::invalid) error.message = about + " is invalid: " + error.message;
  }
  ApiResponse response;
  response.code = error.http_code();
  response.body = json::serialize(error.body());
  if (error.retry_after_seconds > 0) {
    response.headers.emplace_back("Retry-After", std::to_string(error.retry_after_seconds));
  }
  reply->respond(std::move(response));
}

void ApiCall::fail(ApiReason reason, std::string message) const {
  ApiError error;
  error.reason = reason;
  error.message = std::move(message);
  fail(std::move(error));
}

void ApiCall::fail_not_found() const {
  fail(ApiReason::not_found, kind->resource() + " \"" + path.name + "\" not found");
}

}  // namespace arcas::real
