#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"

namespace arcas::real {

enum class ValueKind : std::uint8_t {
  text,
  integer,
  number,
  boolean,
  quantity,
  int_or_text,
  time,
  micro_time,
  bytes,        ///< base64
  any,          ///< nothing is known of it
  open_object,  ///< an object of which nothing is known
  object,       ///< of a type of the schema
  list,
  map,
};

struct TypeSchema;

/// What a value may be.
struct ValueSchema {
  ValueKind kind = ValueKind::any;
  bool is_32_bit = false;                ///< of integers
  const TypeSchema* type = nullptr;      ///< of objects
  const ValueSchema* element = nullptr;  ///< of lists and maps
};

/// How server-side apply tells the entries of a list apart. An atomic list is one value.
enum class ListType : std::uint8_t { atomic, set, keyed };

/// A member of a type.
struct FieldSchema {
  std::string name;
  const ValueSchema* value = nullptr;
  bool required = false;
  bool filled = false;    ///< required, and not empty
  bool fixed = false;     ///< what it once was set to stays
  bool is_label = false;  ///< a DNS-1123 label
  bool is_bounded = false;
  std::int64_t least = 0;  ///< of numbers, when bounded
  std::int64_t most = 0;
  std::vector<std::string> words;  ///< the allowed values of a text; empty: all
  std::shared_ptr<const boost::json::value> absent_value;  ///< the default; null: none
  ListType list_type = ListType::atomic;
  std::vector<std::string> list_keys;  ///< of keyed lists
  bool atomic_map = false;
  bool replaces = false;  ///< strategic merge: an object is replaced as a whole
  bool merges = false;    ///< strategic merge: a list's entries are merged
  std::string merge_key;  ///< by this member; empty: entries are plain values
  bool retains = false;   ///< strategic merge: $retainKeys is meant for it
  std::string description;
};

/// An object's members.
struct TypeSchema {
  std::string name;     ///< "Container"
  std::string package;  ///< "io.k8s.api.core.v1"
  std::string description;
  bool atomic = false;  ///< one value for server-side apply
  bool is_kind = false;
  bool open = false;                ///< members of other names stay as they are
  std::vector<FieldSchema> fields;  ///< by name
  /// Null when there is none of that name. Cost: O(log fields).
  [[nodiscard]] const FieldSchema* find(std::string_view field) const;
  [[nodiscard]] std::string full_name() const { return package + '.' + name; }
};

/// A kind in one version.
struct KindSchema {
  std::string group;
  std::string version;
  const TypeSchema* type = nullptr;
};

/// What the API's objects look like: one table for validation, defaults, patches, server-side apply
/// and OpenAPI.
class Schema {
 public:
  Schema() = default;
  Schema(Schema&&) = default;
  Schema& operator=(Schema&&) = default;
  /// Reads tables in the form that tables.h describes. Errors name the table, the line and what is
  /// allowed.
  static Expected<Schema> parse(const std::vector<std::string_view>& tables);
  /// The schema of what arcas serves.
  static const Schema& built_in();
  /// One that has the types of another one, too, which outlives it; for more kinds.
  static Schema on(const Schema& base) {
    Schema schema;
    schema.base_ = &base;
    return schema;
  }

  [[nodiscard]] const TypeSchema* find_kind(std::string_view group, std::string_view version,
                                            std::string_view kind) const;
  [[nodiscard]] const TypeSchema* find_type(std::string_view name) const;
  [[nodiscard]] const std::vector<KindSchema>& kinds() const { return kinds_; }
  [[nodiscard]] const std::deque<TypeSchema>& types() const { return types_; }
  [[nodiscard]] const Schema* base() const { return base_; }  ///< null: it stands by itself

 private:
  friend class SchemaReader;
  friend class CustomSchemaBuilder;
  const Schema* base_ = nullptr;
  std::deque<TypeSchema> types_;
  std::deque<ValueSchema> values_;
  std::vector<KindSchema> kinds_;
};

}  // namespace arcas::real
