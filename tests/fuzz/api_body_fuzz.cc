// Bodies of writes: YAML, objects read by their schema, strategic merge patches. Whatever they are,
// nothing crashes, what was read once reads as the same again, a refused patch changes nothing, and
// what is applied twice changes nothing the second time.
// The first line is a kind's group and name; then come an object and a patch, with "---" between.

#include <boost/json.hpp>
#include <cstdint>
#include <string_view>

#include "core/base/check.h"
#include "real/api/apply/managed_fields.h"
#include "real/api/apply/strategic_merge.h"
#include "real/api/schema/defaults.h"
#include "real/api/schema/problems.h"
#include "real/api/schema/reading.h"
#include "real/api/yaml_body.h"

namespace {

namespace json = boost::json;
using namespace arcas::real;

std::string_view take(std::string_view& text, std::string_view separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + separator.size(), text.size()));
  return part;
}

void check_object(const TypeSchema& type, json::object object) {
  if (!read_as(type, object)) return;
  json::object again = object;
  const auto unknown = read_as(type, again);
  ARCAS_CHECK(unknown.has_value() && unknown->empty() && again == object);
  set_schema_defaults(type, object);
  again = object;
  set_schema_defaults(type, again);
  ARCAS_CHECK(again == object);
  ARCAS_CHECK(read_as(type, again).has_value() && again == object);
  (void)schema_problems(type, object, ObjectSide::wanted);
  ARCAS_CHECK(changed_fixed_fields(type, object, object).empty());
}

void check_patch(const TypeSchema& type, const json::object& object, const json::object& patch) {
  json::object changed = object;
  if (!apply_strategic_merge(&type, changed, patch).ok()) ARCAS_CHECK(changed == object);
  changed = object;
  ARCAS_CHECK(apply_strategic_merge(nullptr, changed, {}).ok() && changed == object);
}

/// Two managers declare objects one after the other: the second one's again changes nothing, and
/// neither does an update that changes nothing.
void check_apply(const TypeSchema& type, const json::object& first, const json::object& second) {
  json::object state;
  const auto apply = [&](const json::object& declared, const char* manager) {
    const json::object before = state;
    const auto outcome = apply_declared(&type, state, declared, {manager, "v1", "", "now"}, true);
    if (!outcome) ARCAS_CHECK(state == before);
    return outcome.has_value();
  };
  if (!apply(first, "one") || !apply(second, "two")) return;
  const json::object after = state;
  ARCAS_CHECK(apply(second, "two") && state == after);
  json::object updated = state;
  record_update(&type, state, updated, {"three", "v1", "", "later"});
  ARCAS_CHECK(updated == state);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view group = take(text, " ");
  const std::string_view kind = take(text, "\n");
  const TypeSchema* type = Schema::built_in().find_kind(group, "v1", kind);
  if (type == nullptr) type = Schema::built_in().find_kind("", "v1", "Pod");
  const auto object = parse_yaml_body(take(text, "---\n"));
  (void)repeated_members(text);
  if (!object || !object->is_object()) return 0;
  check_object(*type, object->get_object());
  const auto patch = parse_yaml_body(text);
  if (!patch || !patch->is_object()) return 0;
  check_patch(*type, object->get_object(), patch->get_object());
  json::object first = object->get_object();
  json::object second = patch->get_object();
  if (read_as(*type, first) && read_as(*type, second)) check_apply(*type, first, second);
  return 0;
}
