#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "real/api/apply/field_set.h"
#include "real/api/schema/field_problem.h"
#include "real/api/schema/schema.h"

namespace arcas::real {

/// The fields that one manager owns: an entry of metadata.managedFields.
struct ManagedFields {
  std::string manager;
  bool applies = false;  ///< by server-side apply; otherwise by create, update and patch
  std::string api_version;
  std::string subresource;
  std::string time;
  FieldSet fields;
  [[nodiscard]] bool is_of(const ManagedFields& other) const {
    return manager == other.manager && applies == other.applies &&
           subresource == other.subresource && (applies || api_version == other.api_version);
  }
};

/// Who writes, when, and through what. `time` is RFC 3339.
struct FieldWriter {
  std::string manager;
  std::string api_version;
  std::string subresource;  ///< empty: the object itself
  std::string time;
};

/// The entries of an object. Errors: invalid when one is malformed.
Expected<std::vector<ManagedFields>> managed_fields_of(const boost::json::object& object);
/// Writes them into an object, in Kubernetes's order; none takes the member away.
void set_managed_fields(boost::json::object& object, std::vector<ManagedFields> entries);

/// Gives what a create, an update or a patch changed to its writer, and takes it from all others:
/// writes `after`'s metadata.managedFields. `before` is empty for a new object. A client that
/// changes the entries themselves is believed; one that sends a single empty entry ends the
/// bookkeeping. Identity and status as the server keeps them (see `tracked_object`) belong to
/// nobody. Cost: O(n log n) in the objects.
void record_update(const TypeSchema* type, const boost::json::object& before,
                   boost::json::object& after, const FieldWriter& writer);

/// An object without what nobody manages: version, kind, identity, revisions; and without its
/// status, or without all but that when `subresource` is "status".
boost::json::object tracked_object(const TypeSchema* type, const boost::json::object& object,
                                   std::string_view subresource);

struct ApplyOutcome {
  std::vector<FieldProblem> conflicts;  ///< not empty: nothing was done
  std::string conflict_message;
};

/// Server-side apply: lays what the client declares (`config`) over `object`, removes what the
/// manager declared before and no longer does, and gives him the fields. Fields that others own and
/// that would change are conflicts, unless `force`. `object` is empty for a new one; it comes back
/// with its managedFields.
/// Errors: invalid when config has managedFields, or an entry of a list without its key.
/// Source: Kubernetes, "Server-Side Apply"; sigs.k8s.io/structured-merge-diff.
Expected<ApplyOutcome> apply_declared(const TypeSchema* type, boost::json::object& object,
                                      const boost::json::object& config, const FieldWriter& writer,
                                      bool force);

}  // namespace arcas::real
