#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "real/api/kinds.h"
#include "real/api/schema/field_problem.h"
#include "real/api/schema/schema.h"

namespace arcas::real {

inline constexpr char kDefinitions[] = "customresourcedefinitions.apiextensions.k8s.io";
/// Holds a definition until its objects are gone.
inline constexpr char kDefinitionFinalizer[] = "customresourcecleanup.apiextensions.k8s.io";

/// What a definition of custom resources lacks, beyond its fields' own rules: its name is
/// PLURAL.GROUP, the group has a dot and no built-in kind of that name, each version stands once,
/// just one is stored, schemas are structural. At most 50 problems.
std::vector<FieldProblem> definition_problems(const boost::json::object& definition,
                                              const KindTable& built_in);

/// A definition that is new: held by its finalizer, and Established, as it is served from its
/// commit on.
void settle_new_definition(boost::json::object& definition, std::int64_t unix_seconds);
/// What its status says of names and versions, brought up to date with its spec.
void settle_definition_status(boost::json::object& definition, std::int64_t unix_seconds);

/// The kinds of a definition, one for each served version, the stored one preferred; their types
/// become part of `schema`. What cannot be read gives none.
std::vector<KindInfo> kinds_of_definition(const boost::json::object& definition, Schema& schema);

/// "Rules in CEL are stored and not checked", for a definition that has such; else empty.
std::string definition_warning(const boost::json::object& definition);

}  // namespace arcas::real
