#pragma once

#include <string_view>

#include "real/api/schema/schema.h"

namespace arcas::real {

/// What the schema says of a place in an object. Null parts: nothing is known.
struct SchemaPlace {
  const ValueSchema* value = nullptr;
  const FieldSchema* field = nullptr;  ///< null for entries of lists and maps

  [[nodiscard]] const TypeSchema* type() const {
    return value != nullptr && value->kind == ValueKind::object ? value->type : nullptr;
  }
  [[nodiscard]] bool is_map() const { return value != nullptr && value->kind == ValueKind::map; }
  [[nodiscard]] SchemaPlace element() const {
    return {value != nullptr ? value->element : nullptr, nullptr};
  }
  [[nodiscard]] SchemaPlace member(std::string_view name) const {
    if (is_map()) return element();
    const FieldSchema* found = type() == nullptr ? nullptr : type()->find(name);
    return found == nullptr ? SchemaPlace() : SchemaPlace{found->value, found};
  }
  /// Strategic merge: are the entries of this list merged, and by which of their members?
  [[nodiscard]] bool merges() const { return field != nullptr && field->merges; }
  [[nodiscard]] std::string_view merge_key() const {
    return field != nullptr ? std::string_view(field->merge_key) : std::string_view();
  }
  /// Server-side apply: is an object or map here one value?
  [[nodiscard]] bool is_atomic_object() const {
    return (type() != nullptr && type()->atomic) || (field != nullptr && field->atomic_map);
  }
  [[nodiscard]] ListType list_type() const {
    return field != nullptr ? field->list_type : ListType::atomic;
  }
};

}  // namespace arcas::real
