#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/run/simulation.h"

namespace arcas::python {

/// Text with few different values: a code for each row, -1 where there is none.
struct Categories {
  std::vector<std::int32_t> codes;
  std::vector<std::string> names;
};

/// One row for each pod that exists at the end, by tenant partition and uid.
struct PodColumns {
  std::vector<std::uint64_t> uid;
  Categories tenant;
  Categories name_space;
  std::vector<std::string> name;
  Categories owner_kind;
  Categories node;
  Categories zone;
  Categories phase;
  std::vector<std::uint8_t> terminating;
  std::vector<std::uint8_t> virtual_machine;
  std::vector<std::int32_t> priority;
  std::vector<std::int64_t> cpu_milli;
  std::vector<std::int64_t> memory_bytes;
  std::vector<double> created_seconds;
  std::vector<double> started_seconds;  ///< NaN: not started
};

/// One row for each machine, by NodeId.
struct NodeColumns {
  std::vector<std::string> name;
  Categories zone;
  std::vector<std::uint8_t> up;
  std::vector<std::int64_t> pods;  ///< that run there, in ground truth
  std::vector<std::int64_t> cpu_milli;
  std::vector<std::int64_t> memory_bytes;
  std::vector<std::int64_t> requested_cpu_milli;  ///< by pods bound there that have not ended
  std::vector<std::int64_t> requested_memory_bytes;
};

/// The story of the run: one row for each note.
struct EventColumns {
  std::vector<double> at_seconds;
  Categories what;
  std::vector<std::uint64_t> subject;
  std::vector<std::int64_t> amount;
};

/// One row for each binding that was committed, in order. Filled while the run goes on.
struct DecisionColumns {
  std::vector<double> at_seconds;
  std::vector<std::uint64_t> pod_uid;
  std::vector<std::int32_t> node;  ///< NodeId
  std::vector<double> waited_seconds;
};

/// Cost: one walk over all pods or nodes; strings are copied.
PodColumns pod_columns(sim::Simulation& simulation);
NodeColumns node_columns(sim::Simulation& simulation);
EventColumns event_columns(sim::Simulation& simulation);
/// The names of all nodes, by NodeId.
std::vector<std::string> node_names(sim::Simulation& simulation);

}  // namespace arcas::python
