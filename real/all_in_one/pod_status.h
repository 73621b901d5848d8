#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "agent/runtime/pod_report.h"
#include "core/base/time.h"

namespace arcas::real {

/// Writes what the runtimes say of a pod into its status: addresses, and of each container its
/// state, id, restarts, and why it waits or ended; of a machine its power. Phase and conditions are
/// the core's.
void write_report(boost::json::object& pod, const agent::PodReport& report,
                  const std::string& host_address, TimePoint now);

}  // namespace arcas::real
