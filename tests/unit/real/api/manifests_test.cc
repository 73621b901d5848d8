// Every manifest of the traces beside the checkout goes through the API and comes back as it was,
// but for defaults and what the server adds. Skipped, with a word, where there are no traces.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "real/api/kinds.h"
#include "real/api/yaml_body.h"
#include "tests/support/api_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;

std::filesystem::path manifests() {
  return std::filesystem::path(ARCAS_SOURCE_DIR) / "../shared/traces/manifests";
}

std::vector<std::filesystem::path> manifest_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(manifests())) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// The documents of a file, split where kubectl splits them.
std::vector<std::string> documents_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  std::vector<std::string> documents(1);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with("---")) {
      documents.emplace_back();
    } else {
      documents.back() += line + '\n';
    }
  }
  return documents;
}

/// Is everything of `wanted` in `found`, the same? Null counts as nothing.
bool is_within(const json::value& wanted, const json::value& found, const std::string& path,
               std::string& difference) {
  if (const json::object* members = wanted.if_object()) {
    for (const auto& [name, value] : *members) {
      if (value.is_null()) continue;
      const std::string place = path + '.' + std::string(name);
      const json::value* other = found.is_object() ? found.get_object().if_contains(name) : nullptr;
      if (other == nullptr) {
        difference = place + " is gone";
        return false;
      }
      if (!is_within(value, *other, place, difference)) return false;
    }
    return true;
  }
  if (const json::array* entries = wanted.if_array()) {
    if (!found.is_array() || found.get_array().size() != entries->size()) {
      difference = path + " has another length";
      return false;
    }
    for (std::size_t i = 0; i < entries->size(); ++i) {
      const std::string place = path + '[' + std::to_string(i) + ']';
      if (!is_within((*entries)[i], found.get_array()[i], place, difference)) return false;
    }
    return true;
  }
  if (wanted == found) return true;
  difference = path + " was " + json::serialize(wanted) + ", is " + json::serialize(found);
  return false;
}

const KindInfo* kind_of(const KindTable& kinds, const json::object& object) {
  for (const KindInfo& kind : kinds.all()) {
    if (object.at("apiVersion") == json::value(kind.api_version()) &&
        object.at("kind") == json::value(kind.kind)) {
      return &kind;
    }
  }
  return nullptr;
}

std::string collection_of(const KindInfo& kind, const json::object& object) {
  std::string path = (kind.group.empty() ? "/api/" : "/apis/" + kind.group + '/') + kind.version;
  if (kind.scope == KindScope::name_space) {
    const json::value* name_space = object.at("metadata").as_object().if_contains("namespace");
    path += "/namespaces/" +
            std::string(name_space == nullptr ? "default" : name_space->as_string().c_str());
  }
  return path + '/' + kind.plural;
}

void make_namespace(ApiWorld& world, const json::object& object) {
  const json::value* name = object.at("metadata").as_object().if_contains("namespace");
  if (name == nullptr) return;
  world.post("/api/v1/namespaces",
             json::serialize(json::object{{"metadata", json::object{{"name", *name}}}}));
}

/// A kind as its objects name it.
KindInfo custom_kind(const json::object& object) {
  KindInfo kind;
  const std::string version(object.at("apiVersion").as_string());
  const std::size_t slash = version.find('/');
  kind.group = version.substr(0, slash);
  kind.version = version.substr(slash + 1);
  kind.kind = std::string(object.at("kind").as_string());
  for (const char c : kind.kind) kind.plural += static_cast<char>(std::tolower(c));
  kind.plural += 's';
  const json::value* metadata = object.if_contains("metadata");
  const bool spaced = metadata != nullptr && metadata->as_object().contains("namespace");
  kind.scope = spaced ? KindScope::name_space : KindScope::tenant;
  return kind;
}

/// Defines a kind whose objects may be anything.
std::shared_ptr<KeptReply> define(ApiWorld& world, const KindInfo& kind) {
  const json::object anything{{"type", "object"}, {"x-kubernetes-preserve-unknown-fields", true}};
  const json::object definition{
      {"metadata", json::object{{"name", kind.plural + '.' + kind.group}}},
      {"spec",
       json::object{{"group", kind.group},
                    {"scope", kind.scope == KindScope::name_space ? "Namespaced" : "Cluster"},
                    {"names", json::object{{"plural", kind.plural}, {"kind", kind.kind}}},
                    {"versions", json::array{json::object{
                                     {"name", kind.version},
                                     {"served", true},
                                     {"storage", true},
                                     {"schema", json::object{{"openAPIV3Schema", anything}}}}}}}}};
  return world.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                    json::serialize(definition));
}

TEST(Manifests, ComeBackAsTheyWereWritten) {
  if (!std::filesystem::is_directory(manifests())) {
    GTEST_SKIP() << "no traces at " << manifests() << ": nothing was checked";
  }
  const KindTable kinds;
  std::size_t served = 0;
  std::size_t custom = 0;
  std::size_t templates = 0;
  for (const auto& file : manifest_files()) {
    for (const std::string& text : documents_of(file)) {
      SCOPED_TRACE(file.string());
      ApiWorld world;
      const Expected<json::value> read = parse_yaml_body(text);
      if (!read && read.error().message.find("the body is empty") != std::string::npos) continue;
      if (!read) {
        // A template: its braces are no YAML, and the API says where.
        EXPECT_NE(text.find("{{"), std::string::npos) << read.error().message;
        const auto reply = world.send({.method = "POST",
                                       .target = "/apis/apps/v1/namespaces/default/deployments",
                                       .content_type = "application/yaml",
                                       .body = text});
        EXPECT_EQ(reply->last.code, 400);
        EXPECT_NE(reply->last.body.find("no YAML: line "), std::string::npos) << reply->last.body;
        ++templates;
        continue;
      }
      if (!read->is_object() || !read->get_object().contains("apiVersion")) continue;
      const json::object& object = read->get_object();
      const KindInfo* kind = kind_of(kinds, object);
      const KindInfo defined = kind == nullptr ? custom_kind(object) : KindInfo();
      if (kind == nullptr) {
        if (defined.group.find('.') == std::string::npos) {  // a program's own file, no object
          EXPECT_EQ(define(world, defined)->last.code, 422);
          continue;
        }
        ++custom;
        ASSERT_EQ(define(world, defined)->last.code, 201);
        kind = &defined;
      }
      make_namespace(world, object);
      const std::string target = collection_of(*kind, object) + "?fieldValidation=Strict";
      const auto reply = world.send(
          {.method = "POST", .target = target, .content_type = "application/yaml", .body = text});
      ASSERT_EQ(reply->last.code, 201) << reply->last.body;
      const std::string name(reply->json().at("metadata").at("name").as_string());
      const json::value found = world.get(collection_of(*kind, object) + '/' + name)->json();
      std::string difference;
      json::object wanted = object;
      if (kind->status && kind->plural != "nodes") wanted.erase("status");
      EXPECT_TRUE(is_within(wanted, found, "", difference)) << difference;
      // Writing what came back changes nothing.
      const Revision before = world.store.revision();
      EXPECT_EQ(world.put(collection_of(*kind, object) + '/' + name, found)->last.code, 200);
      EXPECT_EQ(world.store.revision(), before) << "an equal object was written again";
      ++served;
    }
  }
  EXPECT_GE(served, 60U);
  EXPECT_GE(templates, 1U);
  std::cout << served << " objects, " << custom << " of them of kinds defined before, " << templates
            << " templates\n";
}

}  // namespace
}  // namespace arcas::real
