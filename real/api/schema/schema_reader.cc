// Reads schema tables.

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <limits>
#include <map>

#include "core/manifest/document.h"
#include "real/api/schema/schema.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

std::string_view take_word(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

/// "in(a,b)" is "in" and "a,b"; "set" is "set" and nothing.
std::pair<std::string_view, std::string_view> flag_parts(std::string_view flag) {
  const std::size_t open = flag.find('(');
  if (open == std::string_view::npos || !flag.ends_with(')')) return {flag, {}};
  return {flag.substr(0, open), flag.substr(open + 1, flag.size() - open - 2)};
}

bool read_number(const std::string& text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// A default: JSON, or else a plain word.
json::value default_of(std::string_view text) {
  boost::system::error_code failed;
  json::value value = json::parse(text, failed);
  if (failed) value = json::string(text);
  return value;
}

constexpr std::pair<std::string_view, ValueKind> kPlainTypes[] = {
    {"string", ValueKind::text},
    {"int32", ValueKind::integer},
    {"int64", ValueKind::integer},
    {"number", ValueKind::number},
    {"bool", ValueKind::boolean},
    {"quantity", ValueKind::quantity},
    {"intOrString", ValueKind::int_or_text},
    {"time", ValueKind::time},
    {"microTime", ValueKind::micro_time},
    {"bytes", ValueKind::bytes},
    {"any", ValueKind::any},
    {"object", ValueKind::open_object},
};

}  // namespace

/// Reads tables line by line; names of types are resolved at the end.
class SchemaReader {
 public:
  Status read_table(std::string_view table, std::size_t number) {
    std::size_t line_number = 0;
    std::string joined;
    while (!table.empty()) {
      const std::size_t end = std::min(table.find('\n'), table.size());
      std::string_view line = table.substr(0, end);
      table.remove_prefix(std::min(end + 1, table.size()));
      ++line_number;
      if (line.ends_with('\\')) {
        joined += line.substr(0, line.size() - 1);
        continue;
      }
      joined += line;
      const Status status = read_line(joined);
      if (!status.ok()) {
        return Status::invalid("table " + std::to_string(number) + ", line " +
                               std::to_string(line_number) + ": " + status.message);
      }
      joined.clear();
    }
    return Status::success();
  }

  Expected<Schema> finish() {
    for (const auto& [value, name] : unresolved_) {
      value->type = schema_.find_type(name);
      if (value->type == nullptr) {
        return Status::invalid("type " + manifest::quoted(name) + " is used but not there");
      }
    }
    for (TypeSchema& type : schema_.types_) {
      std::sort(type.fields.begin(), type.fields.end(),
                [](const FieldSchema& a, const FieldSchema& b) { return a.name < b.name; });
      const auto twice = std::adjacent_find(
          type.fields.begin(), type.fields.end(),
          [](const FieldSchema& a, const FieldSchema& b) { return a.name == b.name; });
      if (twice != type.fields.end()) {
        return Status::invalid("type " + type.name + ": field " + twice->name + " is there twice");
      }
    }
    return std::move(schema_);
  }

 private:
  Status read_line(std::string_view line) {
    if (line.empty()) return Status::success();
    const std::size_t colon = line.find(" : ");
    std::string_view head = line.substr(0, colon);
    const std::string_view description =
        colon == std::string_view::npos ? std::string_view() : line.substr(colon + 3);
    if (line.starts_with("  ")) return read_field(head, description);
    const std::string_view word = take_word(head);
    if (word == "package") {
      package_ = take_word(head);
      return Status::success();
    }
    if (word == "type") return add_type(head, description);
    if (word == "kind") {
      const std::string_view versions = take_word(head);
      if (Status status = add_type(head, description); !status.ok()) return status;
      return make_kind(versions);
    }
    return Status::invalid(manifest::quoted(word) + " is none of package, type, kind");
  }

  Status add_type(std::string_view head, std::string_view description) {
    const std::string_view name = take_word(head);
    const std::string_view flag = take_word(head);
    if (name.empty() || description.empty())
      return Status::invalid("a name or description is missing");
    if (!flag.empty() && flag != "atomic")
      return Status::invalid("the only flag of types is atomic");
    if (schema_.find_type(name) != nullptr) {
      return Status::invalid("type " + manifest::quoted(name) + " is there twice");
    }
    TypeSchema& type = schema_.types_.emplace_back();
    type.name = name;
    type.package = package_;
    type.description = description;
    type.atomic = flag == "atomic";
    return Status::success();
  }

  Status make_kind(std::string_view versions) {
    TypeSchema& type = schema_.types_.back();
    type.is_kind = true;
    for (const std::string& version : split(versions)) {
      KindSchema kind;
      const std::size_t slash = version.find('/');
      if (slash != std::string::npos) kind.group = version.substr(0, slash);
      kind.version = slash == std::string::npos ? version : version.substr(slash + 1);
      kind.type = &type;
      schema_.kinds_.push_back(std::move(kind));
    }
    for (const auto& [head, description] :
         {std::pair{"  apiVersion string", "Group and version of the kind."},
          std::pair{"  kind string", "Name of the kind."},
          std::pair{"  metadata ObjectMeta", "Name, place, labels and history."}}) {
      if (Status status = read_field(head, description); !status.ok()) return status;
    }
    return Status::success();
  }

  Status read_field(std::string_view head, std::string_view description) {
    if (schema_.types_.empty()) return Status::invalid("a field without a type");
    FieldSchema field;
    field.name = take_word(head);
    std::string_view type = take_word(head);
    field.filled = type.ends_with('!');
    field.required = field.filled || type.ends_with('+');
    if (field.required) type.remove_suffix(1);
    field.description = description;
    if (type.empty() || description.empty())
      return Status::invalid("a type or description is missing");
    field.value = value_of(type);
    while (true) {
      const std::string_view flag = take_word(head);
      if (flag.empty()) break;
      if (Status status = read_flag(flag, field); !status.ok()) return status;
    }
    schema_.types_.back().fields.push_back(std::move(field));
    return Status::success();
  }

  static Status read_flag(std::string_view flag, FieldSchema& field) {
    if (flag.starts_with('=')) {
      field.absent_value = std::make_shared<const json::value>(default_of(flag.substr(1)));
      return Status::success();
    }
    const auto [name, content] = flag_parts(flag);
    if (name == "in") {
      field.words = split(content);
    } else if (name == "range") {
      const std::vector<std::string> bounds = split(content);
      field.is_bounded = bounds.size() == 2 && read_number(bounds[0], field.least) &&
                         read_number(bounds[1], field.most);
      if (!field.is_bounded) return Status::invalid("range wants two numbers");
    } else if (name == "fixed") {
      field.fixed = true;
    } else if (name == "label") {
      field.is_label = true;
    } else if (name == "set") {
      field.list_type = ListType::set;
    } else if (name == "key" || name == "by") {
      field.list_type = ListType::keyed;
      field.list_keys = split(content);
      if (name == "by") field.merge_key = content;
      field.merges |= name == "by";
    } else if (name == "merge") {
      field.merges = true;
      field.merge_key = content;
    } else if (name == "replace") {
      field.replaces = true;
    } else if (name == "retain") {
      field.retains = true;
    } else if (name == "atomic") {
      field.atomic_map = true;
    } else {
      return Status::invalid("flag " + manifest::quoted(flag) + " is unknown");
    }
    return Status::success();
  }

  const ValueSchema* value_of(std::string_view type) {
    const auto known = values_.find(type);
    if (known != values_.end()) return known->second;
    ValueSchema& value = schema_.values_.emplace_back();
    values_.emplace(std::string(type), &value);
    if (type.starts_with("[]") || type.starts_with("{}")) {
      value.kind = type.front() == '[' ? ValueKind::list : ValueKind::map;
      value.element = value_of(type.substr(2));
      return &value;
    }
    for (const auto& [name, kind] : kPlainTypes) {
      if (type != name) continue;
      value.kind = kind;
      value.is_32_bit = name == "int32";
      return &value;
    }
    value.kind = ValueKind::object;
    unresolved_.emplace_back(&value, type);
    return &value;
  }

  Schema schema_;
  std::string package_;
  std::map<std::string, const ValueSchema*, std::less<>> values_;
  std::vector<std::pair<ValueSchema*, std::string>> unresolved_;
};

Expected<Schema> Schema::parse(const std::vector<std::string_view>& tables) {
  SchemaReader reader;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (Status status = reader.read_table(tables[i], i + 1); !status.ok()) return status;
  }
  return reader.finish();
}

}  // namespace arcas::real
