#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// Whether two host ports cannot be on one node: same port and protocol, and the addresses meet.
/// `any` is the id of "0.0.0.0", which like no address means every address.
bool ports_conflict(const model::HostPort& a, const model::HostPort& b, StringId any);

/// NodePorts. Cost: O(ports of the pod × ports in use) a node.
std::unique_ptr<FilterPlugin> make_node_ports_filter(const Cycle& cycle);

}  // namespace arcas::scheduler
