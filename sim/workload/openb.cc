#include "sim/workload/openb.h"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "sim/workload/openb_rows.h"

namespace arcas::sim {
namespace {

constexpr const char* kGpuMilli = "nvidia.com/gpu-milli";
constexpr const char* kWhereFrom =
    "; the trace is public: github.com/alibaba/clusterdata, folder cluster-trace-gpu-v2023/csv; "
    "give its folder with --trace";

Expected<std::vector<NodeShapeSpec>> read_nodes(const std::string& path) {
  auto csv = CsvReader::open(path, trace_node_columns());
  if (!csv) return Status{csv.error().code, csv.error().message + kWhereFrom};
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string>, std::int64_t> shapes;
  std::unordered_set<std::string> names;
  std::size_t machines = 0;
  while (true) {
    const auto more = csv->next();
    if (!more) return more.error();
    if (!*more) break;
    const auto node = trace_node(*csv);
    if (!node) return node.error();
    if (++machines > kMostTraceNodes) {
      return csv->error(0, "is one node too many; allowed: 1000000");
    }
    if (!names.insert(node->name).second) {
      return csv->error(0, "stands twice; allowed: different names");
    }
    ++shapes[{node->cpu_milli, node->memory_mib, node->gpus, node->gpu_model}];
  }
  if (machines == 0) {
    return Status::invalid(path + ":1: no node follows the header; allowed: at least one row");
  }
  std::vector<NodeShapeSpec> nodes;
  for (const auto& [key, count] : shapes) {
    const auto& [cpu, memory, gpus, model] = key;
    NodeShapeSpec shape;
    shape.name = (model.empty() ? "cpu" : model) + "-" + std::to_string(nodes.size());
    shape.count = count;
    shape.cpu_milli = cpu;
    shape.memory_bytes = memory << 20;
    shape.pods = 1001;  // as the trace's authors set it
    if (gpus > 0) shape.extended.emplace_back(kGpuMilli, gpus * 1000);
    if (!model.empty()) shape.labels.emplace_back("gpu-model", model);
    nodes.push_back(std::move(shape));
  }
  return nodes;
}

struct Event {
  std::int64_t at_s = 0;
  bool remove = false;
  std::uint32_t row = 0;
  auto operator<=>(const Event&) const = default;
};

struct Rows {
  std::vector<std::pair<StringId, SpecId>> pods;  // name, spec
  std::vector<Event> events;
  std::size_t next = 0;
};

model::PodSpec spec_of(model::Catalog& catalog, std::int64_t cpu, std::int64_t memory_mib,
                       std::int64_t gpu_milli, const std::string& models) {
  model::ResourceList requests;
  requests.set(model::kCpu, cpu);
  requests.set(model::kMemory, memory_mib << 20);
  if (gpu_milli > 0) requests.set(catalog.resources.intern(kGpuMilli), gpu_milli);
  model::PodSpec spec;
  model::Container container;
  container.name = catalog.intern("main");
  container.image = catalog.intern("openb");
  container.requests = requests;
  spec.containers.push_back(std::move(container));
  if (models.empty()) return spec;
  model::Requirement requirement{catalog.intern("gpu-model"), model::SelectorOperator::in, {}};
  for (std::size_t from = 0; from <= models.size();) {
    const std::size_t bar = std::min(models.find('|', from), models.size());
    requirement.values.push_back(catalog.intern(models.substr(from, bar - from)));
    from = bar + 1;
  }
  std::sort(requirement.values.begin(), requirement.values.end());
  spec.node_affinity.has_required = true;
  spec.node_affinity.required.push_back({{requirement}, {}});
  return spec;
}

Expected<std::shared_ptr<Rows>> read_pods(const std::string& path, model::Catalog& catalog) {
  auto csv = CsvReader::open(path, trace_pod_columns());
  if (!csv) return Status{csv.error().code, csv.error().message + kWhereFrom};
  auto rows = std::make_shared<Rows>();
  std::unordered_set<std::string> names;
  while (true) {
    const auto more = csv->next();
    if (!more) return more.error();
    if (!*more) break;
    const auto pod = trace_pod(*csv);
    if (!pod) return pod.error();
    const auto row = static_cast<std::uint32_t>(rows->pods.size());
    if (row >= kMostTracePods) return csv->error(0, "is one pod too many; allowed: 10000000");
    if (!names.insert(pod->name).second) {
      return csv->error(0, "stands twice; allowed: different names");
    }
    rows->pods.emplace_back(
        catalog.intern(pod->name),
        catalog.intern_spec(spec_of(catalog, pod->cpu_milli, pod->memory_mib,
                                    pod->gpus * pod->gpu_milli, pod->gpu_models)));
    rows->events.push_back({pod->created_seconds, false, row});
    if (pod->deleted_seconds != TracePod::kNever) {
      rows->events.push_back({pod->deleted_seconds, true, row});
    }
  }
  std::sort(rows->events.begin(), rows->events.end());
  return rows;
}

}  // namespace

Expected<OpenbTrace> read_openb(const TraceSpec& spec, const std::string& folder,
                                model::Catalog& catalog) {
  if (folder.empty()) {
    return Status::invalid(std::string("this scenario replays a trace") + kWhereFrom);
  }
  auto nodes = read_nodes(folder + "/" + spec.nodes);
  if (!nodes) return nodes.error();
  auto rows = read_pods(folder + "/" + spec.pods, catalog);
  if (!rows) return rows.error();
  OpenbTrace trace;
  trace.nodes = std::move(*nodes);
  trace.pods = static_cast<std::int64_t>((*rows)->pods.size());
  const TenantId tenant = catalog.tenants.intern("tenant-1");
  const NamespaceId name_space = catalog.intern_namespace(tenant, "default");
  const std::int64_t divisor = spec.time_divisor;
  auto made_tenant = std::make_shared<bool>(false);
  trace.operations = [rows = *rows, tenant, name_space, divisor, made_tenant, bare = spec.bare,
                      &catalog]() -> std::optional<UserOperation> {
    UserOperation operation;
    if (!*made_tenant) {
      *made_tenant = true;
      model::Tenant object;
      object.id = tenant;
      object.meta.name = {catalog.intern("tenant-1"), 0};
      operation.object = object;
      return operation;
    }
    if (rows->next == rows->events.size()) return std::nullopt;
    const Event event = rows->events[rows->next++];
    operation.at = TimePoint{} + seconds(10) + Duration{event.at_s * (1'000'000'000 / divisor)};
    operation.remove = event.remove;
    if (bare) {
      operation.pod = true;
      operation.a_pod.meta.tenant = tenant;
      operation.a_pod.meta.name_space = name_space;
      operation.a_pod.meta.name = {rows->pods[event.row].first, 0};
      operation.a_pod.meta.labels = catalog.label_sets.intern({});
      operation.a_pod.spec = rows->pods[event.row].second;
      return operation;
    }
    model::ReplicaSet set;
    set.meta.tenant = tenant;
    set.meta.name_space = name_space;
    set.meta.name = {rows->pods[event.row].first, 0};
    set.replicas = 1;
    model::LabelSet labels;
    labels.set(catalog.intern("app"), rows->pods[event.row].first);
    set.pod_template.labels = catalog.label_sets.intern(labels);
    model::Selector selector;
    selector.requirements.push_back(
        {catalog.intern("app"), model::SelectorOperator::in, {rows->pods[event.row].first}});
    set.selector = catalog.selectors.intern(std::move(selector));
    set.pod_template.spec = rows->pods[event.row].second;
    operation.object = set;
    return operation;
  };
  return trace;
}

}  // namespace arcas::sim
