#pragma once

#include <boost/json/fwd.hpp>

namespace arcas::real {

/// Gives a job's pods labels of their own and selects them, unless the client chose a selector. The
/// job has its uid already.
void select_own_pods(boost::json::object& job);

}  // namespace arcas::real
