#pragma once

#include <boost/json/fwd.hpp>

#include "core/base/expected.h"

namespace arcas::real {

/// The Scale (autoscaling/v1) of a workload: how many replicas are wanted, how many there are, and
/// a selector of its pods in words.
boost::json::object scale_of(const boost::json::object& workload);

/// A workload with the replicas that a Scale wants. Errors, code invalid: no Scale, or replicas
/// that are no whole number of 0 to 2^31-1; code conflict: another name, uid or resourceVersion.
Expected<boost::json::object> scaled(const boost::json::object& workload,
                                     const boost::json::object& scale);

}  // namespace arcas::real
