#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <unordered_set>

#include "python/src/columns.h"
#include "sim/run/simulation.h"
#include "sim/scenario/scenario.h"

namespace arcas::python {

/// A simulation that Python drives in slices, so that signals and progress are seen to.
class Run {
 public:
  /// `policy`: None, or a NativePolicy that places the pods.
  Run(const sim::Scenario& scenario, const std::string& trace, bool record_decisions,
      const pybind11::object& policy);

  /// Goes on for about `seconds` of wall time, without the GIL. False when the run is over.
  bool advance(double seconds);
  [[nodiscard]] pybind11::dict progress();
  [[nodiscard]] std::string summary_json();
  /// The same for people.
  [[nodiscard]] std::string summary_table();
  /// (text, seen, where) of each expectation that does not hold.
  [[nodiscard]] pybind11::list failed_expectations();
  /// Columns by name: arrays, lists of strings, or pairs (codes, names).
  [[nodiscard]] pybind11::dict columns(const std::string& table);

 private:
  [[nodiscard]] const sim::Summary& summary();

  pybind11::object policy_;  // outlives the simulation
  sim::Scenario scenario_;
  std::unique_ptr<sim::Simulation> simulation_;
  std::unique_ptr<sim::Summary> summary_;  // once it is over
  bool record_decisions_ = false;
  DecisionColumns decisions_;
  std::unordered_set<std::uint64_t> decided_;  // pods that are in it
  double wall_seconds_ = 0;
};

}  // namespace arcas::python
