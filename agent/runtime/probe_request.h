#pragma once

#include <string>

#include "agent/runtime/pod_document.h"

namespace arcas::agent {

/// Opens a connection and, for HTTP, asks for the path; success is a connection, or an answer of
/// 200..399. Numeric addresses only. Blocks for `timeout` at most.
bool probe_by_network(const ProbeAction& action, const std::string& pod_address, Duration timeout);

}  // namespace arcas::agent
