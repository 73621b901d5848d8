#include "python/src/trace.h"

#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "python/src/errors.h"
#include "sim/trace/trace_import.h"

namespace arcas::python {
namespace {

namespace py = pybind11;

py::dict import_trace(const std::string& kind, const std::vector<std::string>& files,
                      const std::string& folder, std::int64_t machines, std::int64_t cpu_milli,
                      std::int64_t memory_mib, std::int64_t gpus, bool force) {
  sim::ImportRequest request;
  request.kind = kind;
  request.files = files;
  request.folder = folder;
  request.machines = {machines, cpu_milli, memory_mib, gpus};
  request.force = force;
  const auto report = [&] {
    const py::gil_scoped_release release;
    return sim::import_trace(request);
  }();
  if (!report) throw ScenarioError(report.error().message);
  py::dict out;
  out["nodes"] = report->nodes;
  out["pods"] = report->pods;
  out["rows"] = report->rows;
  out["bad_rows"] = report->bad_rows;
  out["bad"] = report->bad;
  out["span_seconds"] = report->span_seconds;
  out["invented"] = report->invented;
  out["left_out"] = report->left_out;
  return out;
}

}  // namespace

void define_trace(py::module_& module) {
  module.def("import_trace", &import_trace);
  module.def("trace_kinds", [] {
    std::vector<std::string> names;
    for (const sim::ImportKind& kind : sim::import_kinds()) names.emplace_back(kind.name);
    return names;
  });
}

}  // namespace arcas::python
