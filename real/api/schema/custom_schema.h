#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"
#include "real/api/schema/field_path.h"
#include "real/api/schema/field_problem.h"
#include "real/api/schema/schema.h"

namespace arcas::real {

/// Adds the kinds of definitions to a schema that stands on the built-in one.
///
/// What the tables know (types, required members, words, defaults, lists and maps) becomes part of
/// the schema, so that reading, defaults, patches, apply and OpenAPI see no difference; the
/// rest of OpenAPI's rules is `custom_problems`. Source: apiextensions v1 of Kubernetes 1.32,
/// "structural schemas".
class CustomSchemaBuilder {
 public:
  explicit CustomSchemaBuilder(Schema& schema) : schema_(schema) {}

  /// `root`: an `openAPIV3Schema`, or null: members of any name and form. It has been checked
  /// (`custom_schema_problems`).
  const TypeSchema* add_kind(const std::string& group, const std::string& version,
                             const std::string& kind, const boost::json::object* root);

 private:
  TypeSchema& add_type(const std::string& name, const boost::json::object& node);
  const ValueSchema* value_of(const std::string& name, const boost::json::object& node);
  void add_field(TypeSchema& type, const std::string& name, const boost::json::object& node);
  void add_kind_fields(TypeSchema& type);

  Schema& schema_;
  std::string package_;
};

/// What is wrong with a schema that a definition gives: unknown types, patterns that are none, more
/// than 40 levels. `path`: of the schema in its definition. At most 20 problems.
std::vector<FieldProblem> custom_schema_problems(const boost::json::object& schema,
                                                 const FieldPath& path);

/// What an object lacks by the rules that tables do not have: lengths, patterns, numbers of
/// entries, bounds of numbers, formats, allOf, anyOf, oneOf, not. Rules in CEL are not evaluated.
/// Patterns are RE2's, so that no text takes them long. At most 50 problems. Cost: linear in object
/// times alternatives.
std::vector<FieldProblem> custom_problems(const boost::json::object& schema,
                                          const boost::json::object& object);

}  // namespace arcas::real
