#include "real/api/schema/problems.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "core/manifest/document.h"
#include "core/model/names.h"
#include "real/api/schema/field_path.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxProblems = 50;

bool is_empty(const json::value& value) {
  return (value.is_string() && value.get_string().empty()) ||
         (value.is_array() && value.get_array().empty());
}

std::string_view text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

const json::object* object_of(const json::object* holder, std::string_view member) {
  const json::value* value = holder == nullptr ? nullptr : holder->if_contains(member);
  return value == nullptr ? nullptr : value->if_object();
}

class Inspector {
 public:
  std::vector<FieldProblem> problems;

  void inspect_object(const FieldPath& path, const TypeSchema& type, const json::object& object) {
    inspect_by_type(path, type, object);
    for (const FieldSchema& field : type.fields) {
      const json::value* value = object.if_contains(field.name);
      if (value != nullptr && !(field.filled && is_empty(*value))) continue;
      if (field.required) add(path.member(field.name), "FieldValueRequired", "Required value");
    }
    for (const auto& [name, value] : object) {
      const FieldSchema* field = type.find(name);
      if (field == nullptr) continue;
      const FieldPath place = path.member(name);
      inspect_field(place, *field, value);
      inspect_value(place, *field->value, value);
    }
  }

  void inspect_kind(const TypeSchema& kind, const json::object& object, ObjectSide side) {
    const FieldPath root;
    if (side == ObjectSide::status) {
      const FieldSchema* field = kind.find("status");
      const json::value* status = object.if_contains("status");
      if (field != nullptr && status != nullptr) {
        inspect_value(root.member("status"), *field->value, *status);
      }
      return;
    }
    json::object wanted = object;
    wanted.erase("status");
    inspect_object(root, kind, wanted);
    inspect_selector(root, wanted);
  }

 private:
  void add(const FieldPath& path, std::string reason, std::string message) {
    if (problems.size() < kMaxProblems) {
      problems.push_back({path.text(), std::move(reason), std::move(message)});
    }
  }

  void inspect_field(const FieldPath& path, const FieldSchema& field, const json::value& value) {
    if (const json::string* text = value.if_string()) {
      const bool known =
          field.words.empty() || std::find(field.words.begin(), field.words.end(),
                                           std::string_view(*text)) != field.words.end();
      if (!known && !(field.filled && text->empty())) {
        std::string allowed;
        for (const std::string& word : field.words) {
          allowed += (allowed.empty() ? "\"" : ", \"") + word + '"';
        }
        add(path, "FieldValueNotSupported",
            "Unsupported value: " + manifest::quoted(*text) + ": supported values: " + allowed);
      }
      if (!field.is_label || text->empty()) return;
      for (const std::string& problem : model::problems_of_dns1123_label(*text)) {
        add(path, "FieldValueInvalid",
            "Invalid value: " + manifest::quoted(*text) + ": " + problem);
      }
    } else if (const std::int64_t* number = value.if_int64()) {
      if (!field.is_bounded || (*number >= field.least && *number <= field.most)) return;
      add(path, "FieldValueInvalid",
          "Invalid value: " + std::to_string(*number) + ": must be between " +
              std::to_string(field.least) + " and " + std::to_string(field.most) + ", inclusive");
    }
  }

  void inspect_value(const FieldPath& path, const ValueSchema& schema, const json::value& value) {
    if (schema.kind == ValueKind::object && value.is_object()) {
      inspect_object(path, *schema.type, value.get_object());
    } else if (schema.kind == ValueKind::list && value.is_array()) {
      const json::array& list = value.get_array();
      for (std::size_t i = 0; i < list.size(); ++i) {
        inspect_value(path.element(i), *schema.element, list[i]);
      }
    } else if (schema.kind == ValueKind::map && value.is_object()) {
      for (const auto& [key, entry] : value.get_object()) {
        inspect_value(path.key(key), *schema.element, entry);
      }
    }
  }

  /// Entries of a list of objects whose member `key` has a value that came before.
  void inspect_repeated(const FieldPath& path, const json::object& object, std::string_view list,
                        std::set<std::string, std::less<>>& seen) {
    const json::value* value = object.if_contains(list);
    if (value == nullptr || !value->is_array()) return;
    const FieldPath place = path.member(list);
    for (std::size_t i = 0; i < value->get_array().size(); ++i) {
      const json::object* entry = value->get_array()[i].if_object();
      const std::string_view name = entry == nullptr ? std::string_view() : text_of(*entry, "name");
      if (name.empty() || seen.emplace(name).second) continue;
      const FieldPath element = place.element(i);
      add(element.member("name"), "FieldValueDuplicate",
          "Duplicate value: " + manifest::quoted(name));
    }
  }

  void inspect_by_type(const FieldPath& path, const TypeSchema& type, const json::object& object) {
    if (type.name == "PodSpec") {
      const json::value* containers = object.if_contains("containers");
      const bool none = containers == nullptr || is_empty(*containers);
      const bool machine = object.contains("virtualMachine");
      if (none && !machine) add(path.member("containers"), "FieldValueRequired", "Required value");
      if (!none && machine) {
        add(path.member("virtualMachine"), "FieldValueForbidden",
            "Forbidden: a pod has containers or a virtual machine, not both");
      }
      std::set<std::string, std::less<>> names;
      for (const char* list : {"initContainers", "containers", "ephemeralContainers"}) {
        inspect_repeated(path, object, list, names);
      }
      std::set<std::string, std::less<>> volumes;
      inspect_repeated(path, object, "volumes", volumes);
    } else if (type.name == "Volume" && object.size() > 2) {
      add(path, "FieldValueForbidden", "Forbidden: may not specify more than 1 volume type");
    }
  }

  /// What selects pods must select those of its own template.
  void inspect_selector(const FieldPath& root, const json::object& object) {
    const json::object* spec = object_of(&object, "spec");
    const json::object* wanted = object_of(object_of(spec, "selector"), "matchLabels");
    if (wanted == nullptr || object_of(spec, "template") == nullptr) return;
    const json::object* labels =
        object_of(object_of(object_of(spec, "template"), "metadata"), "labels");
    for (const auto& [key, value] : *wanted) {
      const json::value* found = labels == nullptr ? nullptr : labels->if_contains(key);
      if (found != nullptr && *found == value) continue;
      const FieldPath in_spec = root.member("spec");
      const FieldPath in_template = in_spec.member("template");
      const FieldPath in_metadata = in_template.member("metadata");
      add(in_metadata.member("labels"), "FieldValueInvalid",
          "Invalid value: `selector` does not match template `labels`");
      return;
    }
  }
};

}  // namespace

namespace {

void find_changed(const FieldPath& path, const TypeSchema& type, const json::object& before,
                  const json::object& after, std::vector<FieldProblem>& problems) {
  for (const FieldSchema& field : type.fields) {
    const json::value* old = before.if_contains(field.name);
    if (old == nullptr) continue;
    const json::value* now = after.if_contains(field.name);
    const FieldPath place = path.member(field.name);
    if (field.fixed && (now == nullptr || *now != *old)) {
      problems.push_back({place.text(), "FieldValueInvalid", "Invalid value: field is immutable"});
    } else if (field.value->kind == ValueKind::object && now != nullptr && old->is_object() &&
               now->is_object()) {
      find_changed(place, *field.value->type, old->get_object(), now->get_object(), problems);
    }
  }
}

}  // namespace

std::vector<FieldProblem> changed_fixed_fields(const TypeSchema& kind, const json::object& before,
                                               const json::object& after) {
  std::vector<FieldProblem> problems;
  find_changed(FieldPath(), kind, before, after, problems);
  return problems;
}

std::vector<FieldProblem> schema_problems(const TypeSchema& kind, const json::object& object,
                                          ObjectSide side) {
  Inspector inspector;
  inspector.inspect_kind(kind, object, side);
  return std::move(inspector.problems);
}

}  // namespace arcas::real
