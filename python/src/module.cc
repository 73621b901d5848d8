// The native half of the Python package. It converts and forwards; what it means stands in
// python/arcas.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <stdexcept>

#include "core/scheduler/policies/registry.h"
#include "python/src/cluster.h"
#include "python/src/errors.h"
#include "python/src/openb.h"
#include "python/src/run.h"
#include "python/src/snapshot.h"
#include "python/src/trace.h"
#include "sim/report/paired_figures.h"
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

double checked_confidence(double confidence) {
  if (confidence > 0 && confidence < 1) return confidence;
  throw std::invalid_argument("confidence is out of range; allowed: between 0 and 1");
}

/// Statistics over runs.
void define_statistics(py::module_& module) {
  module.def("headline_metrics", &sim::headline_metrics);
  module.def("mean_with_interval", [](const std::vector<double>& values, double confidence) {
    const auto found = sim::mean_with_interval(values, checked_confidence(confidence));
    return py::make_tuple(found.mean, found.half_width);
  });
  module.def("compare_pairs", [](const std::string& metric, const std::vector<double>& a,
                                 const std::vector<double>& b, double confidence) {
    const auto f = sim::compare_pairs(metric, a, b, checked_confidence(confidence));
    using namespace py::literals;
    return py::dict("metric"_a = f.metric, "mean_a"_a = f.mean_a, "mean_b"_a = f.mean_b,
                    "difference"_a = f.difference, "interval"_a = f.interval, "pairs"_a = f.pairs,
                    "verdict"_a = f.verdict);
  });
}

/// Policies in Python and clusters without time.
void define_placement(py::module_& module) {
  py::class_<NativePolicy>(module, "NativePolicy")
      .def(py::init<py::object, py::object, py::object, bool, py::object, py::object>())
      .def("busy_seconds", &NativePolicy::busy_seconds)
      .def("calls", &NativePolicy::calls)
      .def("failure", &NativePolicy::failure)
      .def("forget_failure", &NativePolicy::forget_failure);

  using Node = NativeCluster::NodeRequest;
  py::class_<Node>(module, "NodeRequest")
      .def(py::init([](std::string name, std::int64_t cpu, std::int64_t memory, std::int64_t pods,
                       std::int64_t devices, std::string model, std::string zone,
                       std::map<std::string, std::string> labels,
                       std::map<std::string, std::string> taints) {
        return Node{std::move(name),  cpu,
                    memory,           pods,
                    devices,          std::move(model),
                    std::move(zone),  std::move(labels),
                    std::move(taints)};
      }));
  using Pod = NativeCluster::PodRequest;
  py::class_<Pod>(module, "PodRequest")
      .def(py::init([](std::int64_t cpu, std::int64_t memory, std::int64_t devices,
                       std::string models, std::map<std::string, std::string> selector,
                       std::int32_t priority) {
        return Pod{cpu, memory, devices, std::move(models), std::move(selector), priority};
      }));
  py::class_<NativeCluster>(module, "NativeCluster")
      .def(py::init<const std::string&, NativePolicy*>(), py::keep_alive<1, 3>())
      .def("add_node", &NativeCluster::add_node)
      .def("remove_node", &NativeCluster::remove_node)
      .def("place", &NativeCluster::place)
      .def("place_all", &NativeCluster::place_all)
      .def("remove_pod", &NativeCluster::remove_pod)
      .def("scores", &NativeCluster::scores)
      .def("why_pending", &NativeCluster::why_pending)
      .def("nodes", &NativeCluster::nodes)
      .def("node_names", &NativeCluster::node_names)
      .def("zone_names", &NativeCluster::zone_names)
      .def("decisions", &NativeCluster::decisions)
      .def("hash", &NativeCluster::hash);
  define_openb(module);
  define_trace(module);
  define_snapshot(module);
  module.def("policy_names", [] {
    std::vector<std::string> names;
    for (const auto& info : policies::all_policies()) names.emplace_back(info.name);
    return names;
  });
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

  define_statistics(module);
  define_placement(module);

  py::class_<Run>(module, "NativeRun")
      .def(py::init<const sim::Scenario&, const std::string&, bool, const py::object&>())
      .def("advance", &Run::advance)
      .def("progress", &Run::progress)
      .def("summary_json", &Run::summary_json)
      .def("summary_table", &Run::summary_table)
      .def("failed_expectations", &Run::failed_expectations)
      .def("columns", &Run::columns);
}
