#include "real/control/metadata_text.h"

#include <boost/json.hpp>
#include <cstddef>

#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

/// Behind the string that begins at `at`.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

/// Behind the value that begins at `at`: at its comma, or at the bracket around it.
std::size_t value_end(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  for (std::size_t i = at; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      i = string_end(text, i);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (depth == 0 && (c == ',' || c == '}')) return i;
    if (c == '}' || c == ']') --depth;
    ++i;
  }
  return text.size();
}

void read_owners(const json::object& metadata, controllers::CollectedObject& object) {
  const json::value* list = metadata.if_contains("ownerReferences");
  if (list == nullptr || !list->is_array()) return;
  for (const json::value& entry : list->get_array()) {
    if (!entry.is_object()) continue;
    const json::object& text = entry.get_object();
    controllers::OwnerEntry owner;
    owner.api_version = text_at(text, "apiVersion");
    owner.kind = text_at(text, "kind");
    owner.name = text_at(text, "name");
    owner.uid = text_at(text, "uid");
    const json::value* blocks = text.if_contains("blockOwnerDeletion");
    owner.blocks = blocks != nullptr && *blocks == json::value(true);
    object.owners.push_back(std::move(owner));
  }
}

}  // namespace

std::string_view metadata_text(std::string_view stored) {
  constexpr std::string_view kName = "\"metadata\"";
  std::size_t at = 1;  // behind the brace
  while (at < stored.size() && stored[at] == '"') {
    const std::size_t colon = string_end(stored, at);
    const std::size_t end = value_end(stored, colon + 1);
    if (stored.substr(at, colon - at) == kName) {
      return stored.substr(colon + 1, end - colon - 1);
    }
    at = end + 1;
  }
  return {};
}

controllers::CollectedObject collected_object(const Document& document) {
  controllers::CollectedObject object;
  object.uid = document.uid;
  const DocumentKey& key = document.key;
  object.place = {key.resource, key.tenant, key.name_space, key.name};
  object.revision = document.revision;
  const json::object metadata = stored_object(metadata_text(*document.json));
  object.deleting = !text_at(metadata, "deletionTimestamp").empty();
  read_owners(metadata, object);
  const json::value* finalizers = metadata.if_contains("finalizers");
  if (finalizers == nullptr || !finalizers->is_array()) return object;
  for (const json::value& entry : finalizers->get_array()) {
    const std::string_view name = entry.is_string() ? std::string_view(entry.get_string()) : "";
    object.foreground = object.foreground || name == controllers::kForegroundFinalizer;
    object.orphan = object.orphan || name == controllers::kOrphanFinalizer;
  }
  return object;
}

}  // namespace arcas::real
