#include "python/src/snapshot.h"

#include <pybind11/stl.h>

#include <map>
#include <utility>

#include "python/src/arrays.h"
#include "python/src/errors.h"
#include "sim/whatif/answer.h"

namespace arcas::python {
namespace {

using model::SnapshotWorkload;

/// Gives equal texts one code.
class Codes {
 public:
  void add(const std::string& text) {
    const auto next = static_cast<std::int32_t>(column_.names.size());
    const auto [at, is_new] = known_.try_emplace(text, next);
    if (is_new) column_.names.push_back(text);
    column_.codes.push_back(at->second);
  }
  void add_none() { column_.codes.push_back(-1); }
  py::tuple take() { return pair_of(std::move(column_)); }

 private:
  Categories column_;
  std::map<std::string, std::int32_t> known_;
};

py::dict node_table(const sim::LoadedSnapshot& cluster) {
  const model::Catalog& catalog = *cluster.catalog;
  std::vector<std::int64_t> pods(catalog.nodes.size());
  std::vector<std::int64_t> cpu(catalog.nodes.size());
  std::vector<std::int64_t> memory(catalog.nodes.size());
  for (const model::SnapshotPod& pod : cluster.snapshot.pods) {
    if (!pod.pod.node.valid()) continue;
    const model::ResourceList& requests = catalog.spec(pod.pod.spec).requests;
    ++pods[pod.pod.node.index];
    cpu[pod.pod.node.index] += requests.get(model::kCpu);
    memory[pod.pod.node.index] += requests.get(model::kMemory);
  }
  std::vector<std::string> name;
  Codes zone;
  std::vector<std::uint8_t> ready;
  std::vector<std::uint8_t> schedulable;
  std::vector<std::int64_t> of[6];
  for (const model::Node& node : cluster.snapshot.nodes) {
    name.push_back(catalog.nodes.text(node.id));
    node.zone.valid() ? zone.add(catalog.zones.text(node.zone)) : zone.add_none();
    ready.push_back(node.ready == model::ConditionStatus::yes ? 1 : 0);
    schedulable.push_back(node.unschedulable ? 0 : 1);
    of[0].push_back(pods[node.id.index]);
    of[1].push_back(node.allocatable.get(model::kPods));
    of[2].push_back(node.allocatable.get(model::kCpu));
    of[3].push_back(cpu[node.id.index]);
    of[4].push_back(node.allocatable.get(model::kMemory));
    of[5].push_back(memory[node.id.index]);
  }
  using namespace py::literals;
  return py::dict(
      "name"_a = list_of(name), "zone"_a = zone.take(), "ready"_a = booleans_of(std::move(ready)),
      "schedulable"_a = booleans_of(std::move(schedulable)), "pods"_a = array_of(std::move(of[0])),
      "pods_allocatable"_a = array_of(std::move(of[1])), "cpu_milli"_a = array_of(std::move(of[2])),
      "requested_cpu_milli"_a = array_of(std::move(of[3])),
      "memory_bytes"_a = array_of(std::move(of[4])),
      "requested_memory_bytes"_a = array_of(std::move(of[5])));
}

py::dict pod_table(const sim::LoadedSnapshot& cluster) {
  const model::Catalog& catalog = *cluster.catalog;
  std::vector<std::string> name;
  Codes name_space;
  Codes owner_kind;
  Codes owner;
  Codes node;
  std::vector<std::int32_t> priority;
  std::vector<std::int64_t> cpu;
  std::vector<std::int64_t> memory;
  for (const model::SnapshotPod& pod : cluster.snapshot.pods) {
    const model::PodSpec& spec = catalog.spec(pod.pod.spec);
    name.push_back(catalog.name_text(pod.pod.meta.name));
    name_space.add(catalog.namespace_name(pod.pod.meta.name_space));
    const std::uint32_t root = cluster.snapshot.root_of(pod.workload);
    if (root == SnapshotWorkload::kNone) {
      owner_kind.add_none();
      owner.add_none();
    } else {
      owner_kind.add(catalog.text(cluster.snapshot.workloads[root].kind));
      owner.add(catalog.text(cluster.snapshot.workloads[root].name));
    }
    pod.pod.node.valid() ? node.add(catalog.nodes.text(pod.pod.node)) : node.add_none();
    priority.push_back(spec.priority);
    cpu.push_back(spec.requests.get(model::kCpu));
    memory.push_back(spec.requests.get(model::kMemory));
  }
  using namespace py::literals;
  return py::dict("namespace"_a = name_space.take(), "name"_a = list_of(name),
                  "owner_kind"_a = owner_kind.take(), "owner"_a = owner.take(),
                  "node"_a = node.take(), "priority"_a = array_of(std::move(priority)),
                  "cpu_milli"_a = array_of(std::move(cpu)),
                  "memory_bytes"_a = array_of(std::move(memory)));
}

}  // namespace

NativeSnapshot::NativeSnapshot(const std::vector<std::string>& paths) {
  auto loaded = [&] {
    const py::gil_scoped_release release;
    return sim::load_snapshot(paths);
  }();
  if (!loaded) throw ScenarioError(loaded.error().message);
  cluster_ = std::move(*loaded);
}

py::tuple NativeSnapshot::what_if(const std::string& change,
                                  const std::vector<std::string>& arguments,
                                  const std::string& profile, const std::string& scheduler_config,
                                  bool hints, bool recovery) {
  const sim::Question question{change, arguments, profile, scheduler_config, hints, recovery};
  std::string json;
  std::string text;
  {
    const py::gil_scoped_release release;
    const std::lock_guard<std::mutex> lock(one_at_a_time_);
    const auto found = sim::answer(cluster_, question);
    if (!found) throw ScenarioError(found.error().message);
    json = sim::to_json(*found, cluster_);
    text = sim::to_text(*found, cluster_);
  }
  return py::make_tuple(json, text);
}

py::dict NativeSnapshot::report() const {
  using namespace py::literals;
  const manifest::SnapshotReport& r = cluster_.report;
  return py::dict("taken"_a = r.taken, "passed_over"_a = r.passed_over,
                  "left_out"_a = r.problem_count, "problems"_a = r.problems, "notes"_a = r.notes);
}

py::dict NativeSnapshot::columns(const std::string& table) const {
  const std::lock_guard<std::mutex> lock(one_at_a_time_);
  return table == "nodes" ? node_table(cluster_) : pod_table(cluster_);
}

void define_snapshot(py::module_& module) {
  py::class_<NativeSnapshot>(module, "NativeSnapshot")
      .def(py::init<const std::vector<std::string>&>())
      .def("what_if", &NativeSnapshot::what_if)
      .def("report", &NativeSnapshot::report)
      .def("columns", &NativeSnapshot::columns);
}

}  // namespace arcas::python
