// The native half of the Python package. It converts and forwards; what it means stands in
// python/arcas.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "python/src/errors.h"
#include "python/src/run.h"
#include "sim/report/summary.h"
#include "sim/scenario/scenario.h"

namespace arcas::python {
namespace {

namespace py = pybind11;

sim::LoadOptions options_of(const std::vector<std::string>& overrides, const std::string& profile) {
  sim::LoadOptions options;
  options.overrides = overrides;
  options.profile = profile;
  return options;
}

sim::Scenario take(Expected<sim::Scenario> scenario) {
  if (!scenario) throw ScenarioError(scenario.error().message);
  return std::move(*scenario);
}

}  // namespace
}  // namespace arcas::python

PYBIND11_MODULE(_arcas, module) {
  using namespace arcas;
  using namespace arcas::python;
  namespace py = pybind11;

  py::register_exception<ScenarioError>(module, "NativeScenarioError", PyExc_ValueError);

  py::class_<sim::Scenario>(module, "NativeScenario")
      .def_readonly("name", &sim::Scenario::name)
      .def_readonly("description", &sim::Scenario::description)
      .def_readonly("file", &sim::Scenario::file)
      .def_readwrite("seed", &sim::Scenario::seed)
      .def_property_readonly("profile",
                             [](const sim::Scenario& s) { return std::string(s.profile.name); })
      .def_property_readonly("nodes", &sim::Scenario::node_count)
      .def_property_readonly("pods", [](const sim::Scenario& s) { return s.workload.total_pods; })
      .def_property_readonly("zones", [](const sim::Scenario& s) { return s.zones; })
      .def_property_readonly("faults", [](const sim::Scenario& s) { return s.faults.size(); });

  module.def("load", [](const std::string& path, const std::vector<std::string>& overrides,
                        const std::string& profile) {
    return take(sim::load_scenario(path, options_of(overrides, profile)));
  });
  module.def("parse", [](const std::string& text, const std::string& origin,
                         const std::vector<std::string>& overrides, const std::string& profile) {
    return take(sim::parse_scenario(text, origin, options_of(overrides, profile)));
  });
  module.def("metric_names", &sim::Summary::metric_names);
  module.def("explain_format", &sim::explain_format);

  py::class_<Run>(module, "NativeRun")
      .def(py::init<const sim::Scenario&, const std::string&, bool>())
      .def("advance", &Run::advance)
      .def("progress", &Run::progress)
      .def("summary_json", &Run::summary_json)
      .def("summary_table", &Run::summary_table)
      .def("failed_expectations", &Run::failed_expectations)
      .def("columns", &Run::columns);
}
