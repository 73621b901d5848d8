#pragma once

#include <boost/json/fwd.hpp>
#include <vector>

#include "real/api/schema/field_problem.h"
#include "real/api/schema/schema.h"

namespace arcas::real {

/// Which part of an object is looked at: everything but its status, or that alone.
enum class ObjectSide : std::uint8_t { wanted, status };

/// What a kind's fields demand and an object lacks: required fields, allowed words, bounds of
/// numbers, names of containers and volumes that stand twice, selectors that do not select their
/// own template. At most 50 problems. The object has been read (see `read_as`). Cost: linear in the
/// object. Source of reasons and words: apimachinery's field errors, validation of Kubernetes 1.32.
std::vector<FieldProblem> schema_problems(const TypeSchema& kind, const boost::json::object& object,
                                          ObjectSide side);

/// Fields that were set and may not change, but did: FieldValueInvalid, "field is immutable".
/// Entries of lists are not looked into. Cost: linear in the objects.
std::vector<FieldProblem> changed_fixed_fields(const TypeSchema& kind,
                                               const boost::json::object& before,
                                               const boost::json::object& after);

}  // namespace arcas::real
