#include "sim/placement/trace.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "sim/workload/line_reader.h"

namespace arcas::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostCpuMilli = 1'000'000'000;
constexpr std::int64_t kMostMemoryMib = std::int64_t{1} << 30;
constexpr std::size_t kMostNodes = 1'000'000;
constexpr std::size_t kMostPods = 1'000'000;
constexpr std::string_view kPrefix = "openb_pod_list_";
constexpr const char* kWhereFrom =
    "; the trace is public: github.com/alibaba/clusterdata, folder cluster-trace-gpu-v2023/csv; "
    "give its folder with --trace";

/// Numbers models in the order in which they are first named.
class ModelNumbers {
 public:
  /// -1 when there is no number left.
  int of(const std::string& name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    if (names_.size() == policies::kMostModels) return -1;
    names_.push_back(name);
    return numbers_[name] = static_cast<int>(names_.size() - 1);
  }
  std::vector<std::string>& names() { return names_; }

 private:
  std::map<std::string, int> numbers_;
  std::vector<std::string> names_;
};

Status too_many_models(const CsvReader& csv, std::size_t column) {
  return csv.error(column, "is one model too many; allowed: 64 different ones");
}

Expected<PlacementTrace::Node> node_of(const CsvReader& csv, ModelNumbers& models) {
  const auto cpu = csv.number(1, 1, kMostCpuMilli);
  if (!cpu) return cpu.error();
  const auto memory = csv.number(2, 1, kMostMemoryMib);
  if (!memory) return memory.error();
  const auto devices = csv.number(3, 0, policies::kMostDevices, 0);
  if (!devices) return devices.error();
  PlacementTrace::Node node;
  node.name = csv.cell(0);
  node.view.cpu_free = node.view.cpu_capacity = *cpu;
  node.view.memory_free = node.view.memory_capacity = *memory;
  node.view.pods_free = 1001;
  node.view.device_count = static_cast<std::uint8_t>(*devices);
  for (std::size_t i = 0; i < node.view.device_count; ++i) {
    node.view.free[i] = policies::kWholeDevice;
  }
  if (*devices == 0) return node;
  if (csv.cell(4).empty()) return csv.error(4, "is no model, but the node has devices");
  const int model = models.of(csv.cell(4));
  if (model < 0) return too_many_models(csv, 4);
  node.view.model = static_cast<std::uint8_t>(model);
  return node;
}

Status read_nodes(const std::string& path, ModelNumbers& models, PlacementTrace& trace) {
  auto csv = CsvReader::open(path, {"sn", "cpu_milli", "memory_mib", "gpu", "model"});
  if (!csv) return {csv.error().code, csv.error().message + kWhereFrom};
  std::set<std::string> names;
  while (true) {
    const auto more = csv->next();
    if (!more) return more.error();
    if (!*more) break;
    if (trace.nodes.size() == kMostNodes) {
      return csv->error(0, "is one node too many; allowed: 1000000");
    }
    if (!names.insert(csv->cell(0)).second) {
      return csv->error(0, "stands twice; allowed: different names");
    }
    auto node = node_of(*csv, models);
    if (!node) return node.error();
    trace.nodes.push_back(std::move(*node));
  }
  if (trace.device_capacity() == 0) return Status::invalid(path + ": has no node with a GPU");
  std::sort(trace.nodes.begin(), trace.nodes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return Status::success();
}

/// The set of models that "A|B" allows; every model for an empty text.
Expected<policies::ModelSet> models_of(const CsvReader& csv, std::size_t column,
                                       ModelNumbers& models) {
  const std::string& text = csv.cell(column);
  if (text.empty()) return policies::kAnyModel;
  policies::ModelSet set = 0;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t bar = std::min(text.find('|', from), text.size());
    if (bar == from) return csv.error(column, "has an empty model; allowed: \"A|B\"");
    const int model = models.of(text.substr(from, bar - from));
    if (model < 0) return too_many_models(csv, column);
    set |= policies::ModelSet{1} << static_cast<unsigned>(model);
    from = bar + 1;
  }
  return set;
}

Expected<PlacementTrace::Pod> pod_of(const CsvReader& csv, bool has_models, ModelNumbers& models) {
  PlacementTrace::Pod pod;
  pod.name = csv.cell(0);
  if (pod.name.empty()) return csv.error(0, "is no name; allowed: text");
  const auto cpu = csv.number(1, 0, kMostCpuMilli);
  if (!cpu) return cpu.error();
  const auto memory = csv.number(2, 0, kMostMemoryMib);
  if (!memory) return memory.error();
  const auto devices = csv.number(3, 0, policies::kMostDevices, 0);
  if (!devices) return devices.error();
  const auto milli = csv.number(4, *devices == 0 ? 0 : 1, policies::kWholeDevice, 0);
  if (!milli) return milli.error();
  if (*devices > 0 && *milli == 0) return csv.error(4, "is no share; allowed: from 1 to 1000");
  if (*devices == 0 && *milli != 0) return csv.error(4, "is a share of no GPU; allowed: 0");
  pod.view.cpu_milli = *cpu;
  pod.view.memory_mib = *memory;
  pod.view.devices = static_cast<std::int32_t>(*devices);
  pod.view.device_milli = static_cast<std::int32_t>(*milli);
  if (!has_models) return pod;
  pod.models = csv.cell(5);
  const auto set = models_of(csv, 5, models);
  if (!set) return set.error();
  pod.view.models = *set;
  return pod;
}

/// Whether the header of the file names the column; workloads multigpu* have no gpu_spec.
Expected<bool> has_column(const std::string& path, const std::string& column) {
  auto lines = LineReader::open(path);
  if (!lines) return lines.error();
  bool more = false;
  const auto header = lines->next(more);
  if (!header) return header.error();
  return ("," + *header + ",").find("," + column + ",") != std::string::npos;
}

Status read_pods(const std::string& path, ModelNumbers& models, PlacementTrace& trace) {
  const auto has_models = has_column(path, "gpu_spec");
  if (!has_models) return {has_models.error().code, has_models.error().message + kWhereFrom};
  std::vector<std::string> columns{"name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli"};
  if (*has_models) columns.emplace_back("gpu_spec");
  auto csv = CsvReader::open(path, columns);
  if (!csv) return csv.error();
  std::set<std::string> names;
  while (true) {
    const auto more = csv->next();
    if (!more) return more.error();
    if (!*more) break;
    if (trace.pods.size() == kMostPods) {
      return csv->error(0, "is one pod too many; allowed: 1000000");
    }
    auto pod = pod_of(*csv, *has_models, models);
    if (!pod) return pod.error();
    if (!names.insert(pod->name).second) {
      return csv->error(0, "stands twice; allowed: different names");
    }
    trace.pods.push_back(std::move(*pod));
  }
  const bool any = std::any_of(trace.pods.begin(), trace.pods.end(),
                               [](const auto& pod) { return pod.view.devices > 0; });
  if (!any) return Status::invalid(path + ": has no pod that asks for a GPU");
  return Status::success();
}

}  // namespace

std::int64_t PlacementTrace::device_capacity() const {
  std::int64_t sum = 0;
  for (const Node& node : nodes) {
    sum += std::int64_t{node.view.device_count} * policies::kWholeDevice;
  }
  return sum;
}

Expected<std::vector<std::string>> find_workloads(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return Status::not_found("--trace " + folder + ": no such folder" + kWhereFrom);
  }
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix)) continue;
    if (name.ends_with(".gz")) name.resize(name.size() - 3);
    if (!name.ends_with(".csv")) continue;
    names.insert(name.substr(kPrefix.size(), name.size() - kPrefix.size() - 4));
  }
  if (names.empty()) {
    return Status::not_found("--trace " + folder + ": has no openb_pod_list_*.csv" + kWhereFrom);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Expected<PlacementTrace> read_placement_trace(const std::string& folder,
                                              const std::string& workload) {
  PlacementTrace trace;
  trace.workload = workload;
  ModelNumbers models;
  if (Status status = read_nodes(folder + "/openb_node_list_gpu_node.csv", models, trace);
      !status.ok()) {
    return status;
  }
  std::string path = folder + "/" + std::string(kPrefix) + workload + ".csv";
  std::error_code error;
  if (!fs::exists(path, error)) path += ".gz";
  if (Status status = read_pods(path, models, trace); !status.ok()) return status;
  trace.models = std::move(models.names());
  return trace;
}

}  // namespace arcas::sim
