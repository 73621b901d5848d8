#pragma once

#include <boost/json/fwd.hpp>
#include <set>
#include <string_view>

#include "real/api/schema/schema.h"

namespace arcas::real {

enum class OpenApiVersion : std::uint8_t { v2, v3 };

/// Writes types as JSON schemas.
class OpenApiDefinitions {
 public:
  /// `group` and `version`, if given: kinds tell that version of theirs only.
  OpenApiDefinitions(const Schema& schema, OpenApiVersion form) : schema_(schema), form_(form) {}
  void only_version(std::string_view group, std::string_view version) {
    group_ = group;
    version_ = version;
    is_filtered_ = true;
  }

  /// A reference to a type; it and all that it refers to get into the document.
  boost::json::object reference_to(const TypeSchema& type);
  /// A reference to the list of a kind.
  boost::json::object reference_to_list(const TypeSchema& kind);
  /// All types that were referred to, by full name.
  [[nodiscard]] boost::json::object all();

 private:
  boost::json::object reference(std::string_view full_name) const;
  boost::json::object type_schema(const TypeSchema& type);
  boost::json::object list_schema(const TypeSchema& kind);
  boost::json::object field_schema(const FieldSchema& field);
  boost::json::object value_schema(const ValueSchema& value);
  boost::json::object scalar_of_two(std::string_view other, std::string_view format) const;
  boost::json::array versions_of(const TypeSchema& kind, std::string_view suffix) const;

  const Schema& schema_;
  OpenApiVersion form_;
  std::string group_;
  std::string version_;
  bool is_filtered_ = false;
  std::set<const TypeSchema*> wanted_;
  std::set<const TypeSchema*> lists_;
};

}  // namespace arcas::real
