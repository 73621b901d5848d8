#include "sim/workload/openb.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "sim/workload/line_reader.h"

namespace arcas::sim {
namespace {

constexpr const char* kGpuMilli = "nvidia.com/gpu-milli";
constexpr std::int64_t kMostCpuMilli = 1'000'000'000;
constexpr std::int64_t kMostMemoryMib = std::int64_t{1} << 30;  // 1 PiB
constexpr std::int64_t kMostGpus = 1024;
constexpr std::int64_t kMostSeconds = 3'000'000'000;  // 95 years
constexpr std::size_t kMostNodes = 1'000'000;
constexpr std::size_t kMostPods = 10'000'000;
constexpr const char* kWhereFrom =
    "; the trace is public: github.com/alibaba/clusterdata, folder cluster-trace-gpu-v2023/csv; "
    "give its folder with --trace";

Expected<std::vector<NodeShapeSpec>> read_nodes(const std::string& path) {
  auto csv = CsvReader::open(path, {"sn", "cpu_milli", "memory_mib", "gpu", "model"});
  if (!csv) return Status{csv.error().code, csv.error().message + kWhereFrom};
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string>, std::int64_t> shapes;
  std::unordered_set<std::string> names;
  std::size_t machines = 0;
  while (true) {
    const auto more = csv->next();
    if (!more) return more.error();
    if (!*more) break;
    const auto cpu = csv->number(1, 1, kMostCpuMilli);
    if (!cpu) return cpu.error();
    const auto memory = csv->number(2, 1, kMostMemoryMib);
    if (!memory) return memory.error();
    const auto gpus = csv->number(3, 0, kMostGpus, 0);
    if (!gpus) return gpus.error();
    if (++machines > kMostNodes) return csv->error(0, "is one node too many; allowed: 1000000");
    if (!names.insert(csv->cell(0)).second) {
      return csv->error(0, "stands twice; allowed: different names");
    }
    ++shapes[{*cpu, *memory, *gpus, csv->cell(4)}];
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
  auto csv = CsvReader::open(path, {"name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli",
                                    "gpu_spec", "creation_time", "deletion_time"});
  if (!csv) return Status{csv.error().code, csv.error().message + kWhereFrom};
  auto rows = std::make_shared<Rows>();
  std::unordered_set<std::string> names;
  constexpr std::int64_t kNever = -1;
  while (true) {
    const auto more = csv->next();
    if (!more) return more.error();
    if (!*more) break;
    static constexpr std::array<std::int64_t, 4> kMost{kMostCpuMilli, kMostMemoryMib, kMostGpus,
                                                       1000};
    std::array<std::int64_t, 4> amounts{};
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      const auto amount = csv->number(1 + i, 0, kMost[i], 0);
      if (!amount) return amount.error();
      amounts[i] = *amount;
    }
    const auto created = csv->number(6, 0, kMostSeconds);
    if (!created) return created.error();
    const auto deleted = csv->number(7, 0, kMostSeconds, kNever);
    if (!deleted) return deleted.error();
    if (*deleted != kNever && *deleted < *created) {
      return csv->error(7, "lies before the creation at " + std::to_string(*created) +
                               "; allowed: time runs forward");
    }
    const auto row = static_cast<std::uint32_t>(rows->pods.size());
    if (row >= kMostPods) return csv->error(0, "is one pod too many; allowed: 10000000");
    if (csv->cell(0).empty()) return csv->error(0, "is no name; allowed: text");
    if (!names.insert(csv->cell(0)).second) {
      return csv->error(0, "stands twice; allowed: different names");
    }
    rows->pods.emplace_back(catalog.intern(csv->cell(0)),
                            catalog.intern_spec(spec_of(catalog, amounts[0], amounts[1],
                                                        amounts[2] * amounts[3], csv->cell(5))));
    rows->events.push_back({*created, false, row});
    if (*deleted != kNever) rows->events.push_back({*deleted, true, row});
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
  trace.operations = [rows = *rows, tenant, name_space, divisor, made_tenant,
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
