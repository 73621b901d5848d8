#include "real/api/patch.h"

#include <boost/json.hpp>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "core/manifest/document.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxOperations = 10'000;
constexpr std::size_t kMaxCopiedBytes = 3 * 1024 * 1024;

/// The tokens of a JSON pointer (RFC 6901).
Expected<std::vector<std::string>> pointer_tokens(std::string_view pointer) {
  std::vector<std::string> tokens;
  if (pointer.empty()) return tokens;
  if (pointer.front() != '/') return Status::invalid("a path begins with '/'");
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      tokens.emplace_back();
    } else if (pointer[i] != '~') {
      tokens.back() += pointer[i];
    } else if (i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
      tokens.back() += pointer[++i] == '0' ? '~' : '/';
    } else {
      return Status::invalid("'~' stands only before '0' and '1'");
    }
  }
  return tokens;
}

/// The index that a token means in an array: 0 to `size` - 1; `size` when there is none.
std::size_t index_of(std::string_view token, std::size_t size) {
  if (token.empty() || (token.size() > 1 && token.front() == '0')) return size;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  return error == std::errc() && end == token.data() + token.size() && index < size ? index : size;
}

json::value* child(json::value& parent, std::string_view token) {
  if (json::object* members = parent.if_object()) return members->if_contains(token);
  json::array* elements = parent.if_array();
  if (elements == nullptr) return nullptr;
  const std::size_t index = index_of(token, elements->size());
  return index < elements->size() ? &(*elements)[index] : nullptr;
}

class JsonPatch {
 public:
  explicit JsonPatch(json::value& document) : document_(document) {}

  Status apply(const json::value& step) {
    const json::object* members = step.if_object();
    if (members == nullptr) return Status::invalid("an operation is an object");
    const std::string_view op = text_of(*members, "op");
    const json::value* path_value = members->if_contains("path");
    if (path_value == nullptr || !path_value->is_string()) return Status::invalid("path: missing");
    const std::string_view path = path_value->get_string();
    const json::value* value = members->if_contains("value");
    if (op == "remove") return remove(path);
    if (op == "move" || op == "copy") return transfer(op == "move", *members, path);
    if (op != "add" && op != "replace" && op != "test") {
      return Status::invalid("op: " + manifest::quoted(op) +
                             " is none of add, remove, replace, move, copy, test");
    }
    if (value == nullptr) return Status::invalid("value: missing");
    if (op == "add") return add(path, *value);
    Expected<json::value*> place = find(path);
    if (!place) return place.error();
    if (op == "replace") {
      **place = *value;
    } else if (**place != *value) {
      return Status::conflict("test of " + manifest::quoted(path) + " found another value");
    }
    return Status::success();
  }

 private:
  static std::string_view text_of(const json::object& members, std::string_view name) {
    const json::value* value = members.if_contains(name);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                  : std::string_view();
  }
  static Status absent(std::string_view path) {
    return Status::invalid("path: " + manifest::quoted(path) + " does not exist");
  }

  Expected<json::value*> find(std::string_view path) {
    Expected<std::vector<std::string>> tokens = pointer_tokens(path);
    if (!tokens) return Status::invalid("path: " + tokens.error().message);
    return walk(path, *tokens);
  }
  Expected<json::value*> walk(std::string_view path, const std::vector<std::string>& tokens) {
    json::value* place = &document_;
    for (const std::string& token : tokens) {
      place = child(*place, token);
      if (place == nullptr) return absent(path);
    }
    return place;
  }
  /// The holder of what `path` names, and the last token. The path is not the whole document.
  Expected<json::value*> find_holder(std::string_view path, std::string& last) {
    Expected<std::vector<std::string>> tokens = pointer_tokens(path);
    if (!tokens) return Status::invalid("path: " + tokens.error().message);
    if (tokens->empty()) return Status::invalid("path: the whole document cannot be removed");
    last = std::move(tokens->back());
    tokens->pop_back();
    return walk(path, *tokens);
  }

  Status add(std::string_view path, json::value value) {
    if (path.empty()) {
      document_ = std::move(value);
      return Status::success();
    }
    std::string last;
    Expected<json::value*> holder = find_holder(path, last);
    if (!holder) return holder.error();
    if (json::object* members = (*holder)->if_object()) {
      (*members)[last] = std::move(value);
      return Status::success();
    }
    json::array* elements = (*holder)->if_array();
    if (elements == nullptr) return absent(path);
    const std::size_t end = elements->size();
    const std::size_t index = last == "-" ? end : index_of(last, end + 1);
    if (index > end) return absent(path);
    elements->insert(elements->begin() + static_cast<std::ptrdiff_t>(index), std::move(value));
    return Status::success();
  }

  Status remove(std::string_view path) {
    std::string last;
    Expected<json::value*> holder = find_holder(path, last);
    if (!holder) return holder.error();
    if (child(**holder, last) == nullptr) return absent(path);
    if (json::object* members = (*holder)->if_object()) {
      members->erase(last);
    } else {
      json::array& elements = (*holder)->get_array();
      const std::size_t index = index_of(last, elements.size());
      elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(index));
    }
    return Status::success();
  }

  Status transfer(bool move, const json::object& members, std::string_view path) {
    const json::value* from_value = members.if_contains("from");
    if (from_value == nullptr || !from_value->is_string()) return Status::invalid("from: missing");
    const std::string_view from = from_value->get_string();
    Expected<json::value*> place = find(from);
    if (!place) return Status::invalid("from: " + manifest::quoted(from) + " does not exist");
    if (move && path == from) return Status::success();
    if (move && path.starts_with(from) && path.substr(from.size()).starts_with('/')) {
      return Status::invalid("from: a value cannot move into itself");
    }
    json::value taken;
    if (move) {
      taken = std::move(**place);
      if (Status removed = remove(from); !removed.ok()) return removed;
    } else {
      taken = **place;
      copied_ += json::serialize(taken).size();
      if (copied_ > kMaxCopiedBytes) return Status::invalid("copies of more than 3 MiB");
    }
    return add(path, std::move(taken));
  }

  json::value& document_;
  std::size_t copied_ = 0;
};

}  // namespace

Status apply_json_patch(json::value& document, const json::value& patch) {
  const json::array* steps = patch.if_array();
  if (steps == nullptr) return Status::invalid("patch: a JSON patch is an array of operations");
  if (steps->size() > kMaxOperations) {
    return Status::invalid("patch: more than 10000 operations");
  }
  json::value result = document;
  JsonPatch patcher(result);
  for (std::size_t i = 0; i < steps->size(); ++i) {
    Status status = patcher.apply((*steps)[i]);
    if (!status.ok()) {
      status.message = "patch[" + std::to_string(i) + "]: " + status.message;
      return status;
    }
  }
  document = std::move(result);
  return Status::success();
}

void apply_merge_patch(json::value& document, const json::value& patch) {
  const json::object* changes = patch.if_object();
  if (changes == nullptr) {
    document = patch;
    return;
  }
  json::object& members = document.is_object() ? document.get_object() : document.emplace_object();
  for (const auto& [name, change] : *changes) {
    if (change.is_null()) {
      members.erase(name);
    } else {
      apply_merge_patch(members[name], change);
    }
  }
}

}  // namespace arcas::real
