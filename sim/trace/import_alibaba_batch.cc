// Batch jobs of Alibaba's cluster of 2018. Source: github.com/alibaba/clusterdata,
// cluster-trace-v2018/schema.txt and trace_2018.md; its files have no header.
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "sim/trace/importers.h"

namespace arcas::sim {
namespace {

constexpr std::int64_t kLargestMemoryMib = 512 * 1024;
constexpr std::int64_t kMostInstances = 1'000'000;  // of one task

const std::vector<std::string> kMachineColumns{
    "machine_id", "time_stamp", "failure_domain_1", "failure_domain_2", "cpu_num",
    "mem_size",   "status"};
const std::vector<std::string> kTaskColumns{"task_name", "instance_num", "job_name",
                                            "task_type", "status",       "start_time",
                                            "end_time",  "plan_cpu",     "plan_mem"};
const std::vector<std::string> kInstanceColumns{
    "instance_name", "task_name", "job_name",     "task_type", "status",  "start_time", "end_time",
    "machine_id",    "seq_no",    "total_seq_no", "cpu_avg",   "cpu_max", "mem_avg",    "mem_max"};

struct Plan {
  std::int64_t cpu_milli = 0;
  std::int64_t memory_mib = 0;
};

std::uint64_t key_of(const std::string& job, const std::string& task) {
  return hash_combine(hash_bytes(job), hash_bytes(task));
}

/// An amount out of 100, of `whole`; an empty cell is nothing, which is counted.
Expected<std::int64_t> percent_of(const CsvReader& csv, std::size_t column, std::int64_t whole,
                                  std::int64_t most, std::int64_t& without) {
  if (csv.cell(column).empty()) {
    ++without;
    return 0;
  }
  const auto share = csv.share_of(column, whole, most * 100);
  if (!share) return share.error();
  return (*share + 99) / 100;
}

class Batch {
 public:
  explicit Batch(Import& import) : import_(import) {
    const std::int64_t asked = import.request.machines.memory_mib;
    memory_mib_ = asked > 0 ? asked : kLargestMemoryMib;
    if (asked > 0) return;
    import.invent("the largest machine has " + std::to_string(memory_mib_) +
                  " MiB: the trace gives shares of it");
  }

  /// A machine may stand several times, once for each change of its state.
  Status machine(const CsvReader& csv) {
    if (!machines_.insert(hash_bytes(csv.cell(0))).second) return Status::success();
    const auto cores = csv.number(4, 1, kMostTraceCpuMilli / 1000);
    if (!cores) return cores.error();
    const auto memory = percent_of(csv, 5, memory_mib_, kMostTraceMemoryMib, without_);
    if (!memory) return memory.error();
    if (*memory == 0) return csv.error(5, "is no memory; allowed: a share above 0");
    TraceNode node;
    node.name = csv.cell(0);
    node.cpu_milli = *cores * 1000;
    node.memory_mib = *memory;
    return at_row(csv, import_.output.add(node));
  }

  /// The earliest beginning of a task or instance: times are since the beginning of the period.
  void begin(std::int64_t first) { first_ = first; }

  Expected<Plan> plan_of(const CsvReader& csv) {
    const auto cpu = percent_of(csv, 7, 1'000, kMostTraceCpuMilli, without_);
    if (!cpu) return cpu.error();
    const auto memory = percent_of(csv, 8, memory_mib_, kMostTraceMemoryMib, without_);
    if (!memory) return memory.error();
    return Plan{*cpu, *memory};
  }

  /// As many pods as the task has instances, at the task's times.
  Status task(const CsvReader& csv) {
    const auto instances = csv.number(1, 0, kMostInstances);
    if (!instances) return instances.error();
    const auto plan = plan_of(csv);
    if (!plan) return plan.error();
    TracePod pod;
    bool began = false;
    if (Status status = times_of(csv, pod, began); !status.ok() || !began) return status;
    pod.cpu_milli = plan->cpu_milli;
    pod.memory_mib = plan->memory_mib;
    for (std::int64_t i = 0; i < *instances; ++i) {
      pod.name = csv.cell(2) + "-" + csv.cell(0) + "-" + std::to_string(i);
      if (Status status = at_row(csv, import_.output.add(pod)); !status.ok()) return status;
    }
    return Status::success();
  }

  Status remember(const CsvReader& csv) {
    const auto plan = plan_of(csv);
    if (!plan) return plan.error();
    plans_[key_of(csv.cell(2), csv.cell(0))] = *plan;
    return Status::success();
  }

  Status instance(const CsvReader& csv) {
    const auto plan = plans_.find(key_of(csv.cell(2), csv.cell(1)));
    if (plan == plans_.end()) {
      return csv.error(1, "is no task of job " + csv.cell(2).substr(0, 80) +
                              "; allowed: those of the file of tasks");
    }
    TracePod pod;
    bool began = false;
    if (Status status = times_of(csv, pod, began); !status.ok() || !began) return status;
    // A failed instance is tried again under the same name.
    pod.name = csv.cell(2) + "-" + csv.cell(1) + "-" + csv.cell(0) + "-" + csv.cell(8);
    pod.cpu_milli = plan->second.cpu_milli;
    pod.memory_mib = plan->second.memory_mib;
    return at_row(csv, import_.output.add(pod));
  }

  void finish() {
    if (without_ > 0) {
      import_.invent(std::to_string(without_) + " amounts that are not given: nothing");
    }
    if (unstarted_ > 0) {
      import_.leave_out(std::to_string(unstarted_) + " that never began within the period");
    }
    import_.invent("times: they count from second " + std::to_string(first_) +
                   " of the period; what has no end stays");
    import_.leave_out(
        "which tasks wait for which (the numbers in their names), types, states, failure domains, "
        "what was really used, the containers of online services, and machines that change");
  }

 private:
  /// 0 stands for a time outside of the period: the end is then unknown.
  Status times_of(const CsvReader& csv, TracePod& pod, bool& began) {
    const auto start = csv.number(5, 0, kMostTraceSeconds);
    if (!start) return start.error();
    const auto end = csv.number(6, 0, kMostTraceSeconds, 0);
    if (!end) return end.error();
    began = *start > 0;
    unstarted_ += began ? 0 : 1;
    if (*end > 0 && *end < *start) {
      return csv.error(6, "is before the start; allowed: from " + std::to_string(*start));
    }
    pod.created_seconds = *start - first_;
    if (*end > 0) pod.deleted_seconds = *end - first_;
    return Status::success();
  }

  Import& import_;
  std::int64_t memory_mib_ = 0;
  std::int64_t first_ = 0;
  std::int64_t without_ = 0;
  std::int64_t unstarted_ = 0;
  boost::unordered_flat_set<std::uint64_t, StableHash> machines_;     // hashes of their names
  boost::unordered_flat_map<std::uint64_t, Plan, StableHash> plans_;  // by key_of
};

/// The earliest start that is not 0. Goes through the file once.
Expected<std::int64_t> first_start(const std::string& path,
                                   const std::vector<std::string>& columns) {
  auto csv = CsvReader::open_without_header(path, columns);
  if (!csv) return csv.error();
  std::int64_t first = 0;
  while (true) {
    const auto more = csv->next();
    if (!more && csv->broken()) return more.error();
    if (!more) continue;
    if (!*more) return first;
    const auto start = csv->number(5, 1, kMostTraceSeconds);
    if (start && (first == 0 || *start < first)) first = *start;
  }
}

}  // namespace

Status import_alibaba_batch(Import& import) {
  const auto& files = import.request.files;
  const bool with_instances = files.size() > 2;
  const auto first = first_start(with_instances ? files[2] : files[1],
                                 with_instances ? kInstanceColumns : kTaskColumns);
  if (!first) return first.error();
  Batch batch(import);
  batch.begin(*first);
  auto machines = CsvReader::open_without_header(files[0], kMachineColumns);
  if (!machines) return machines.error();
  Status status =
      each_row(*machines, import, [&](const CsvReader& row) { return batch.machine(row); });
  if (!status.ok()) return status;
  auto tasks = CsvReader::open_without_header(files[1], kTaskColumns);
  if (!tasks) return tasks.error();
  status = each_row(*tasks, import, [&](const CsvReader& row) {
    return with_instances ? batch.remember(row) : batch.task(row);
  });
  if (!status.ok()) return status;
  if (with_instances) {
    auto instances = CsvReader::open_without_header(files[2], kInstanceColumns);
    if (!instances) return instances.error();
    status =
        each_row(*instances, import, [&](const CsvReader& row) { return batch.instance(row); });
    if (!status.ok()) return status;
  } else {
    import.invent("instances begin and end with their task: the file of instances is not given");
  }
  batch.finish();
  return Status::success();
}

}  // namespace arcas::sim
