#include "python/src/cluster.h"

#include <algorithm>

#include "core/scheduler/policies/registry.h"
#include "python/src/arrays.h"
#include "python/src/errors.h"

namespace arcas::python {
namespace py = pybind11;

namespace {

constexpr std::int64_t kMostAmount = std::int64_t{1} << 60;
constexpr const char* kDevices = "nvidia.com/gpu-milli";

void check(const char* field, std::int64_t value, std::int64_t most) {
  if (value >= 0 && value <= most) return;
  throw py::value_error(std::string(field) + ": " + std::to_string(value) +
                        " is out of range; allowed: 0 to " + std::to_string(most));
}

}  // namespace

NativeCluster::NativeCluster(const std::string& policy, NativePolicy* custom)
    : catalog_(std::make_unique<model::Catalog>()), custom_(custom) {
  if (!policy.empty()) {
    const auto found = policies::find_policy(policy);
    if (!found) throw py::value_error(found.error().message);
  }
  // Devices are followed one by one with any policy; with none, best-fit stands for that alone.
  if (!policy.empty() || custom != nullptr) {
    config_.profile.use_policy(policy.empty() ? "best-fit" : policy);
  }
  config_.custom_policy = custom;
  scheduler_ = std::make_unique<scheduler::Scheduler>(*catalog_, config_);
  if (scheduler_->cluster().placement() == nullptr) scheduler_->cluster().choose_policy("best-fit");
}

std::int64_t NativeCluster::add_node(const NodeRequest& request) {
  check("cpu_milli", request.cpu_milli, kMostAmount);
  check("memory_bytes", request.memory_bytes, kMostAmount);
  check("pods", request.pods, 1 << 20);
  check("devices", request.device_milli, 16'000);
  model::Node node;
  node.id = NodeId{next_node_};
  const std::string name =
      request.name.empty() ? "node-" + std::to_string(next_node_) : request.name;
  if (catalog_->nodes.find(name).valid()) {
    throw py::value_error("name: \"" + name + "\" is taken; allowed: a name of its own");
  }
  ++next_node_;
  catalog_->nodes.intern(name);
  node.meta.name.base = catalog_->intern(name);
  node.zone = catalog_->zones.intern(request.zone);
  node.allocatable.set(model::kCpu, request.cpu_milli);
  node.allocatable.set(model::kMemory, request.memory_bytes);
  node.allocatable.set(model::kPods, request.pods);
  model::LabelSet labels;
  const auto label = [&](const std::string& key, const std::string& value) {
    labels.set(catalog_->intern(key), catalog_->intern(value));
  };
  label("kubernetes.io/hostname", name);
  if (!request.zone.empty()) label("topology.kubernetes.io/zone", request.zone);
  if (request.device_milli > 0) {
    node.allocatable.set(catalog_->resources.intern(kDevices), request.device_milli);
  }
  if (!request.device_model.empty()) label("gpu-model", request.device_model);
  for (const auto& [key, value] : request.labels) label(key, value);
  for (const auto& [key, value] : request.taints) {
    node.taints.push_back(
        {catalog_->intern(key), catalog_->intern(value), model::TaintEffect::no_schedule, 0});
  }
  node.meta.labels = catalog_->label_sets.intern(labels);
  node.ready = node.container_runtime_ready = node.vm_runtime_ready = model::ConditionStatus::yes;
  scheduler_->upsert_node(node);
  nodes_.push_back(node.id);
  return node.id.index;
}

void NativeCluster::remove_node(std::int64_t index) {
  const auto at = std::find_if(nodes_.begin(), nodes_.end(),
                               [index](NodeId node) { return std::int64_t{node.index} == index; });
  if (at == nodes_.end()) throw py::key_error("node " + std::to_string(index) + " is not there");
  const std::vector<Uid> pods = scheduler_->cluster().nodes()[*at].pods;
  for (const Uid uid : pods) scheduler_->remove_usage(uid);
  scheduler_->remove_node(*at);
  nodes_.erase(at);
}

SpecId NativeCluster::spec_of(const PodRequest& pod) {
  const auto known = specs_.find(pod);
  if (known != specs_.end()) return known->second;
  check("cpu_milli", pod.cpu_milli, kMostAmount);
  check("memory_bytes", pod.memory_bytes, kMostAmount);
  check("device_milli", pod.device_milli, 16'000);
  model::PodSpec spec;
  spec.priority = pod.priority;
  model::Container container;
  container.requests.set(model::kCpu, pod.cpu_milli);
  container.requests.set(model::kMemory, pod.memory_bytes);
  if (pod.device_milli > 0) {
    container.requests.set(catalog_->resources.intern(kDevices), pod.device_milli);
  }
  spec.containers.push_back(std::move(container));
  for (const auto& [key, value] : pod.node_selector) {
    spec.node_selector.emplace_back(catalog_->intern(key), catalog_->intern(value));
  }
  std::sort(spec.node_selector.begin(), spec.node_selector.end());
  if (!pod.device_models.empty()) {
    model::Requirement any{catalog_->intern("gpu-model"), model::SelectorOperator::in, {}};
    for (std::size_t from = 0; from <= pod.device_models.size();) {
      const std::size_t bar = std::min(pod.device_models.find('|', from), pod.device_models.size());
      any.values.push_back(catalog_->intern(pod.device_models.substr(from, bar - from)));
      from = bar + 1;
    }
    std::sort(any.values.begin(), any.values.end());
    any.values.erase(std::unique(any.values.begin(), any.values.end()), any.values.end());
    spec.node_affinity.has_required = true;
    spec.node_affinity.required.push_back({{any}, {}});
  }
  return specs_[pod] = catalog_->intern_spec(std::move(spec));
}

scheduler::PendingPod NativeCluster::pending_of(const PodRequest& pod, Uid uid) {
  scheduler::PendingPod pending;
  pending.uid = uid;
  pending.spec = spec_of(pod);
  pending.labels = catalog_->label_sets.intern({});
  pending.tenant = TenantId{0};
  pending.name_space = catalog_->intern_namespace(TenantId{0}, "default");
  return pending;
}

NodeId NativeCluster::place_one(const PodRequest& pod, Uid uid, NodeId target) {
  const TimePoint now{++ticks_};
  scheduler::PendingPod pending = pending_of(pod, uid);
  pending.target = target;
  scheduler_->enqueue(now, pending);
  std::vector<scheduler::Scheduler::Decision> decisions;
  scheduler_->schedule(now, 1, decisions);
  const NodeId node = decisions.empty() ? NodeId{} : decisions.front().node;
  if (node.valid()) {
    scheduler_->confirm(uid);
  } else {
    scheduler_->forget(uid);
  }
  chain_.add(hash_combine(uid.value, node.index));
  return node;
}

py::tuple NativeCluster::place(const PodRequest& pod, std::int64_t target) {
  check("node", target + 1, next_node_);
  const Uid uid = Uid::make(1, next_pod_++);
  const NodeId only = target < 0 ? NodeId{} : NodeId{static_cast<std::uint32_t>(target)};
  const NodeId node = place_one(pod, uid, only);
  if (!node.valid()) return py::make_tuple(0, -1);
  return py::make_tuple(uid.value, node.index);
}

py::array NativeCluster::place_all(const std::vector<PodRequest>& pods) {
  std::vector<std::int64_t> nodes;
  nodes.reserve(pods.size());
  {
    const py::gil_scoped_release release;
    for (const PodRequest& pod : pods) {
      const NodeId node = place_one(pod, Uid::make(1, next_pod_++), NodeId{});
      nodes.push_back(node.valid() ? std::int64_t{node.index} : -1);
      if (custom_ != nullptr && custom_->has_failed()) break;
    }
  }
  return array_of(std::move(nodes));
}

void NativeCluster::remove_pod(std::uint64_t uid) {
  const scheduler::PodEntry* entry = scheduler_->cluster().pods().find(Uid{uid});
  if (entry == nullptr || !entry->node.valid()) {
    throw py::key_error("pod " + std::to_string(uid) + " is not there");
  }
  scheduler_->remove_usage(Uid{uid});
}

py::tuple NativeCluster::scores(const PodRequest& pod) {
  const Uid uid = Uid::make(1, next_pod_);
  const scheduler::PendingPod pending = pending_of(pod, uid);
  scheduler::PodEntry entry;
  entry.spec = pending.spec;
  entry.labels = pending.labels;
  entry.name_space = pending.name_space;
  scheduler::Cluster& cluster = scheduler_->cluster();
  cluster.refresh();
  const scheduler::Cycle cycle{cluster, config_.profile, entry, uid};
  std::vector<NodeId> feasible = scheduler::feasible_by_scan(cycle, nullptr);
  std::vector<double> scores(feasible.size());
  if (custom_ != nullptr) {
    if (!feasible.empty()) {
      custom_->open()->rate({cluster, entry, uid, TimePoint{ticks_}}, feasible, scores);
    }
  } else {
    const auto totals = scheduler::Evaluation(cycle).score(feasible).total;
    std::transform(totals.begin(), totals.end(), scores.begin(),
                   [](std::int64_t score) { return static_cast<double>(score); });
  }
  std::vector<std::int64_t> nodes;
  for (const NodeId node : feasible) nodes.push_back(node.index);
  return py::make_tuple(array_of(std::move(nodes)), array_of(std::move(scores)));
}

std::string NativeCluster::why_pending(const PodRequest& pod) {
  return scheduler_->explain(pending_of(pod, Uid::make(1, next_pod_)));
}

py::dict NativeCluster::nodes() { return node_arrays(scheduler_->cluster(), nodes_); }

py::list NativeCluster::node_names() {
  py::list names;
  for (const NodeId node : nodes_) names.append(catalog_->nodes.text(node));
  return names;
}

py::list NativeCluster::zone_names() {
  py::list names;
  for (std::uint32_t i = 0; i < catalog_->zones.size(); ++i) {
    names.append(catalog_->zones.text(ZoneId{i}));
  }
  return names;
}

}  // namespace arcas::python
