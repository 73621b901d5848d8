#pragma once

#include <pybind11/pybind11.h>

#include <mutex>
#include <string>
#include <vector>

#include "sim/workload/snapshot_files.h"

namespace arcas::python {

namespace py = pybind11;

/// A cluster out of kubectl's files, and questions about it. Safe to ask from several threads, one
/// after another.
class NativeSnapshot {
 public:
  /// Raises ScenarioError. The interpreter lock is free meanwhile, here and below.
  explicit NativeSnapshot(const std::vector<std::string>& paths);

  /// (JSON, text) of the answer. Raises ScenarioError.
  py::tuple what_if(const std::string& change, const std::vector<std::string>& arguments,
                    const std::string& profile, const std::string& scheduler_config, bool hints,
                    bool recovery);
  /// {"taken": …, "passed_over": …, "left_out": n, "problems": […], "notes": […]}
  py::dict report() const;
  /// Columns of "nodes" or "pods" by name.
  py::dict columns(const std::string& table) const;

 private:
  sim::LoadedSnapshot cluster_;
  mutable std::mutex one_at_a_time_;  // an answer gives new names to the catalog
};

void define_snapshot(py::module_& module);

}  // namespace arcas::python
