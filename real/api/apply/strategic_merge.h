#pragma once

#include <boost/json/fwd.hpp>

#include "core/base/expected.h"
#include "real/api/schema/schema.h"

namespace arcas::real {

/// Applies a strategic merge patch to an object of a type: as a merge patch, but lists that the
/// schema says so are merged entry by entry, and the directives `$patch` (merge, replace, delete),
/// `$retainKeys`, `$deleteFromPrimitiveList/…` and `$setElementOrder/…` are obeyed. New entries of
/// a list come before those that only the server has, unless an order is given.
///
/// `type` null: nothing is known, every list is replaced. Nothing is changed on an error.
/// Errors: invalid with the path: a directive of the wrong form, an entry without its merge key.
/// Cost: linear in the patch and in the lists that it merges, times the entries it brings to them.
/// Source: the rules of Kubernetes's strategic merge patch (apimachinery/pkg/util/strategicpatch).
Status apply_strategic_merge(const TypeSchema* type, boost::json::object& object,
                             const boost::json::object& patch);

}  // namespace arcas::real
