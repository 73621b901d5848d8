#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace arcas::sim {

/// What a swarm draws from. Empty lists mean everything there is.
struct SwarmChoice {
  std::vector<std::string> families;  ///< kinds of faults
};

/// The operations that users may do; the names of `workload.changes`.
std::span<const std::string_view> swarm_operations();

/// The scenario of a seed, as the text of a scenario file: a small region (15 nodes in 3 zones,
/// about 200 pods of Deployments, Jobs and a DaemonSet), parameters, operations of users, and
/// faults. Two phases: everything that breaks is whole again at the end of the first, and nodes
/// take pods again; then all pods must run within 20 minutes of virtual time.
///
/// Which families a seed uses is drawn first, so that some seeds have many of one kind and none of
/// another (swarm testing: Groce et al., ISSTA 2012). A pure function of its arguments.
std::string draw_scenario(std::uint64_t seed, const SwarmChoice& choice);

}  // namespace arcas::sim
