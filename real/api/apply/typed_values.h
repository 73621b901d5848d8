#pragma once

#include <boost/json/fwd.hpp>
#include <vector>

#include "core/base/expected.h"
#include "real/api/apply/field_set.h"
#include "real/api/schema/schema_place.h"

namespace arcas::real {

// What server-side apply does with objects, by their schema. Lists whose entries cannot be told
// apart (a key is missing, an entry stands twice) count as one value, as do those of unknown
// fields. Source: the rules of sigs.k8s.io/structured-merge-diff, version 4.

/// The steps to the entries of a list, in its order; empty when they cannot be told apart.
/// Cost: O(n log n).
std::vector<std::string> entry_steps(const SchemaPlace& place, const boost::json::array& list);

/// The fields that an object sets: its leaves and the entries of its lists. Cost: linear.
FieldSet fields_of(const SchemaPlace& place, const boost::json::value& value);

/// How two versions of an object differ.
struct FieldChanges {
  FieldSet added;
  FieldSet modified;
  FieldSet removed;
  [[nodiscard]] bool empty() const { return added.empty() && modified.empty() && removed.empty(); }
};
FieldChanges changes_between(const SchemaPlace& place, const boost::json::value& before,
                             const boost::json::value& after);

/// An object with another laid over it: objects and lists that can be are merged, everything else
/// is the other's. Entries of lists come in the other's order, those that it has not stay where
/// they are among those that were there. Cost: O(n log n).
boost::json::value laid_over(const SchemaPlace& place, const boost::json::value& base,
                             const boost::json::value& over);

/// Takes out of an object what `last` names, `next` does not and nobody of `others` owns: fields,
/// entries, and holders that nobody names any more. Cost: O(n log n).
void take_out(const SchemaPlace& place, boost::json::value& value, const FieldSet& last,
              const FieldSet& next, const FieldSet& others);

/// The place of a whole object of a type. The type outlives the place.
class RootPlace {
 public:
  explicit RootPlace(const TypeSchema* type) {
    value_.kind = type == nullptr ? ValueKind::any : ValueKind::object;
    value_.type = type;
  }
  [[nodiscard]] SchemaPlace place() const { return {&value_, nullptr}; }

 private:
  ValueSchema value_;
};

}  // namespace arcas::real
