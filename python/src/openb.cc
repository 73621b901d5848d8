#include "python/src/openb.h"

#include <pybind11/stl.h>

#include "python/src/arrays.h"
#include "python/src/errors.h"
#include "sim/placement/arrivals.h"
#include "sim/placement/paper.h"
#include "sim/placement/study.h"
#include "sim/placement/trace.h"

namespace arcas::python {
namespace py = pybind11;

namespace {

std::string models_of(const sim::PlacementTrace& trace, policies::ModelSet set) {
  if (set == policies::kAnyModel) return "";
  std::string out;
  for (std::size_t i = 0; i < trace.models.size(); ++i) {
    if (((set >> i) & 1U) == 0) continue;
    out += (out.empty() ? "" : "|") + trace.models[i];
  }
  return out;
}

/// One draw of the protocol: nodes in the order that decides ties, pods in that of submission.
py::tuple openb_arrivals(const std::string& folder, const std::string& workload, std::uint64_t seed,
                         std::int64_t percent) {
  const auto trace = sim::read_placement_trace(folder, workload);
  if (!trace) throw ScenarioError(trace.error().message);
  const sim::Arrivals arrivals = sim::draw_arrivals(*trace, seed, percent);
  py::list nodes;
  for (const std::uint32_t i : arrivals.nodes) {
    const auto& node = trace->nodes[i];
    nodes.append(py::make_tuple(
        node.name, node.view.cpu_capacity, node.view.memory_capacity << 20, node.view.pods_free,
        node.view.device_count * policies::kWholeDevice,
        node.view.device_count > 0 ? trace->models[node.view.model] : std::string()));
  }
  py::list pods;
  for (const std::uint32_t i : arrivals.pods) {
    const policies::PodView& pod = trace->pods[i].view;
    pods.append(py::make_tuple(pod.cpu_milli, pod.memory_mib << 20, pod.total_milli(),
                               pod.devices > 0 ? models_of(*trace, pod.models) : std::string()));
  }
  return py::make_tuple(nodes, pods);
}

/// (workload, policy, allocated at 100 %, at 130 %, published at 100 % or None, at 130 % or None)
/// with a list of figures by seed for the two.
py::list openb_study(const std::string& folder, const std::vector<std::string>& workloads,
                     const std::vector<std::string>& names, std::uint64_t first_seed,
                     std::int64_t seeds, unsigned threads) {
  sim::StudyRequest request;
  request.folder = folder;
  request.workloads = workloads;
  request.policies = names;
  request.first_seed = first_seed;
  request.seeds = seeds;
  request.threads = threads;
  auto cells = [&] {
    const py::gil_scoped_release release;
    return sim::run_study(request);
  }();
  if (!cells) throw ScenarioError(cells.error().message);
  py::list rows;
  for (const sim::StudyCell& cell : *cells) {
    const auto published = sim::published_result(cell.workload, cell.policy);
    rows.append(
        py::make_tuple(cell.workload, cell.policy, cell.at(&sim::PlacementResult::allocated, 100),
                       cell.at(&sim::PlacementResult::allocated, 130),
                       published ? py::object(py::float_(published->allocated_100)) : py::none(),
                       published ? py::object(py::float_(published->allocated_130)) : py::none()));
  }
  return rows;
}

}  // namespace

void define_openb(py::module_& module) {
  module.def("openb_arrivals", &openb_arrivals);
  module.def("openb_study", &openb_study);
}

}  // namespace arcas::python
