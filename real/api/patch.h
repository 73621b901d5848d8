#pragma once

#include <boost/json/fwd.hpp>

#include "core/base/expected.h"

namespace arcas::real {

/// Applies a JSON patch (RFC 6902) to a document. Nothing is changed on an error.
///
/// Errors: invalid for a malformed patch, a path that does not exist, more than 10,000 operations,
/// or copies of more than 3 MiB in all; conflict when a `test` finds another value. Messages name
/// the operation by its place. Cost: linear in the patch and in what its operations move.
Status apply_json_patch(boost::json::value& document, const boost::json::value& patch);

/// Applies a merge patch (RFC 7386): objects merge, null removes, everything else replaces. Cost:
/// linear in the patch.
void apply_merge_patch(boost::json::value& document, const boost::json::value& patch);

}  // namespace arcas::real
