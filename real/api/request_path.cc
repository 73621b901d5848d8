#include "real/api/request_path.h"

#include <algorithm>

namespace arcas::real {
namespace {

constexpr std::size_t kMaxPathBytes = 4096;
constexpr std::size_t kMaxSegments = 32;
constexpr std::size_t kMaxQueryBytes = 64 * 1024;
constexpr std::size_t kMaxParameters = 256;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Undoes percent escapes, in queries plus signs too.
Expected<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return Status::invalid("a '%' is not followed by two hex digits");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    const auto byte = static_cast<unsigned char>(c);
    const bool blank = plus_is_space && (c == '\n' || c == '\t' || c == '\r');
    if ((byte < 0x20 && !blank) || byte == 0x7f) {
      return Status::invalid("control characters are not allowed");
    }
    out += c;
  }
  return out;
}

Expected<std::vector<std::string>> split_path(std::string_view path) {
  if (path.size() > kMaxPathBytes) return Status::invalid("the path is longer than 4096 bytes");
  if (path.empty() || path.front() != '/') return Status::invalid("a path begins with '/'");
  path.remove_prefix(1);
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  std::vector<std::string> segments;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    Expected<std::string> segment = decoded(path.substr(0, end), false);
    if (!segment) return Status::invalid("path: " + segment.error().message);
    if (segment->empty() || *segment == "." || *segment == "..") {
      return Status::invalid("path: empty segments, '.' and '..' are not allowed");
    }
    if (segment->find('/') != std::string::npos) {
      return Status::invalid("path: a segment may not contain an escaped '/'");
    }
    if (segments.size() == kMaxSegments) {
      return Status::invalid("path: more than 32 segments");
    }
    segments.push_back(std::move(*segment));
    if (end == path.size()) break;
    path.remove_prefix(end + 1);
    if (path.empty()) return Status::invalid("path: empty segments are not allowed");
  }
  return segments;
}

/// Reads on behind the version: "watch", a tenant, a namespace, resource, name, subresource.
class ObjectPath {
 public:
  ObjectPath(RequestPath& path, std::size_t begin) : path_(path), next_(begin) {}

  void read() {
    path_.kind = RequestPath::Kind::objects;
    if (peek(0) == "watch" && left() > 1) {
      path_.watch = true;
      ++next_;
    }
    scope("tenants", path_.tenant);
    scope("namespaces", path_.name_space);
    if (left() > 0) path_.resource = take();
    if (left() > 0) path_.name = take();
    while (left() > 0) {
      if (!path_.subresource.empty()) path_.subresource += '/';
      path_.subresource += take();
    }
    // A namespace is an object inside its tenant and a scope for others.
    if (path_.resource == "namespaces" && path_.name_space.empty()) path_.name_space = path_.name;
  }

 private:
  [[nodiscard]] std::size_t left() const { return path_.segments.size() - next_; }
  [[nodiscard]] std::string_view peek(std::size_t ahead) const {
    return ahead < left() ? std::string_view(path_.segments[next_ + ahead]) : std::string_view();
  }
  std::string take() { return path_.segments[next_++]; }

  /// "tenants/t/pods" is a scope; "tenants", "tenants/t" and "tenants/t/status" are the object's
  /// own.
  void scope(std::string_view word, std::string& value) {
    if (peek(0) != word || left() < 3) return;
    if (left() == 3 && (peek(2) == "status" || peek(2) == "finalize")) return;
    ++next_;
    value = take();
  }

  RequestPath& path_;
  std::size_t next_;
};

}  // namespace

Expected<RequestPath> parse_request_path(std::string_view text) {
  Expected<std::vector<std::string>> segments = split_path(text);
  if (!segments) return segments.error();
  RequestPath path;
  std::string address_tenant;
  if (segments->size() >= 2 && segments->front() == "tenants") {
    address_tenant = (*segments)[1];
    segments->erase(segments->begin(), segments->begin() + 2);
  }
  path.segments = std::move(*segments);
  const std::size_t count = path.segments.size();
  const bool core = count > 0 && path.segments[0] == "api";
  const bool named = count > 0 && path.segments[0] == "apis";
  if (core && count == 1) path.kind = RequestPath::Kind::core_versions;
  if (named && count == 1) path.kind = RequestPath::Kind::groups;
  if (named && count == 2) path.kind = RequestPath::Kind::group;
  if (named && count >= 2) path.group = path.segments[1];
  const std::size_t version = core ? 1 : 2;
  if ((core || named) && count > version) {
    path.version = path.segments[version];
    path.kind = RequestPath::Kind::resources;
    if (count > version + 1) ObjectPath(path, version + 1).read();
  }
  if (address_tenant.empty()) return path;
  if (!path.tenant.empty() && path.tenant != address_tenant) {
    return Status::invalid("path: tenant '" + path.tenant +
                           "' is not the tenant of the address, '" + address_tenant + "'");
  }
  path.tenant = address_tenant;
  return path;
}

Expected<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query) {
  if (query.size() > kMaxQueryBytes) return Status::invalid("the query is longer than 64 KiB");
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.empty()) continue;
    if (parameters.size() == kMaxParameters) {
      return Status::invalid("query: more than 256 parameters");
    }
    const std::size_t equals = std::min(part.find('='), part.size());
    Expected<std::string> key = decoded(part.substr(0, equals), true);
    Expected<std::string> value = decoded(part.substr(std::min(equals + 1, part.size())), true);
    if (!key) return Status::invalid("query: " + key.error().message);
    if (!value) return Status::invalid("query: " + *key + ": " + value.error().message);
    parameters.emplace_back(std::move(*key), std::move(*value));
  }
  return parameters;
}

bool is_pod_connection(const RequestPath& path) {
  return path.kind == RequestPath::Kind::objects && path.group.empty() && path.resource == "pods" &&
         (path.subresource == "exec" || path.subresource == "attach" ||
          path.subresource == "portforward");
}

std::string_view request_verb(std::string_view method, const RequestPath& path, bool watch) {
  const bool collection = path.name.empty();
  if (method == "GET" && is_pod_connection(path)) return "create";
  if (method == "GET" || method == "HEAD") {
    if (path.kind != RequestPath::Kind::objects) return "get";
    if (path.watch || (watch && path.subresource.empty())) return "watch";
    return collection ? "list" : "get";
  }
  if (method == "POST") return "create";
  if (method == "PUT") return "update";
  if (method == "PATCH") return "patch";
  if (method == "DELETE") return collection ? "deletecollection" : "delete";
  return {};
}

}  // namespace arcas::real
