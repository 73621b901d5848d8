// Tasks of Google's Borg cells. Source: the trace's own descriptions
// (github.com/google/cluster-data: "Google cluster-usage traces: format + schema" for 2011,
// clusterdata_trace_format_v3.proto for 2019). Amounts are shares of the largest machine; times are
// microseconds.
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "sim/trace/importers.h"

namespace arcas::sim {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kAfterTheEnd = 0x7fffffffffffffff;
constexpr std::int64_t kLargestId = 0x7fffffffffffffff;

/// What an event means to a replay.
enum class Means : std::uint8_t { begins, ends, nothing };

struct Event {
  std::int64_t time_us = 0;
  Means means = Means::nothing;
  std::int64_t job = 0;
  std::int64_t index = 0;
  std::int64_t cpu_milli = 0;
  std::int64_t memory_mib = 0;
};

/// Turns events in the order of time into pods. Memory: a row for each task that is there.
class Tasks {
 public:
  explicit Tasks(Import& import) : import_(import) {}

  Status take(const CsvReader& csv, std::size_t time_column, const Event& event) {
    if (event.time_us < last_us_) {
      return csv.error(time_column, "comes after " + std::to_string(last_us_) +
                                        "; allowed: rows in the order of time");
    }
    last_us_ = event.time_us;
    if (began_us_ < 0 && event.time_us > 0) began_us_ = event.time_us;
    if (event.means == Means::nothing) return Status::success();
    const Key key{event.job, event.index};
    const auto known = living_.find(key);
    if (event.means == Means::begins) {
      if (known == living_.end()) living_.emplace(key, event);
      return Status::success();
    }
    if (known == living_.end()) return Status::success();  // it began before the first slice
    const Status status = at_row(csv, add(known->second, event.time_us));
    living_.erase(known);
    return status;
  }

  /// Those that are still there.
  Status finish() {
    std::vector<Event> left;
    for (const auto& [key, event] : living_) left.push_back(event);
    std::sort(left.begin(), left.end(), [](const Event& a, const Event& b) {
      return std::tuple{a.time_us, a.job, a.index} < std::tuple{b.time_us, b.job, b.index};
    });
    for (const Event& event : left) {
      const Status status = add(event, -1);
      if (status.ok()) continue;
      if (Status end = import_.bad_row(status); !end.ok()) return end;
    }
    return Status::success();
  }
  [[nodiscard]] std::int64_t began_us() const { return std::max<std::int64_t>(began_us_, 0); }

 private:
  struct Key {
    std::int64_t job = 0;
    std::int64_t index = 0;
    bool operator==(const Key&) const = default;
    friend std::size_t hash_value(const Key& key) {
      return hash_combine(mix64(static_cast<std::uint64_t>(key.job)),
                          static_cast<std::uint64_t>(key.index));
    }
  };

  [[nodiscard]] std::int64_t seconds_of(std::int64_t time_us) const {
    return std::max<std::int64_t>(time_us - began_us(), 0) / kMicros;
  }

  Status add(const Event& task, std::int64_t ended_us) {
    TracePod pod;
    // A task that fails may be submitted again, so a number keeps its lives apart.
    pod.name = "task-" + std::to_string(task.job) + "-" + std::to_string(task.index) + "-" +
               std::to_string(number_++);
    pod.cpu_milli = task.cpu_milli;
    pod.memory_mib = task.memory_mib;
    pod.created_seconds = seconds_of(task.time_us);
    if (ended_us >= 0) pod.deleted_seconds = std::max(seconds_of(ended_us), pod.created_seconds);
    return import_.output.add(pod);
  }

  Import& import_;
  boost::unordered_flat_map<Key, Event> living_;
  std::int64_t last_us_ = 0;
  std::int64_t began_us_ = -1;  // the first time that is not 0, "before the trace"
  std::int64_t number_ = 0;
};

/// The largest machine's size, and the machines that are ever added.
struct Sizes {
  std::int64_t cpu_milli = 64'000;
  std::int64_t memory_mib = 256 * 1024;
};

Sizes sizes_of(Import& import) {
  Sizes sizes;
  const TraceMachines& asked = import.request.machines;
  if (asked.cpu_milli > 0) sizes.cpu_milli = asked.cpu_milli;
  if (asked.memory_mib > 0) sizes.memory_mib = asked.memory_mib;
  if (asked.cpu_milli <= 0 || asked.memory_mib <= 0) {
    import.invent("the largest machine has " + std::to_string(sizes.cpu_milli / 1000) +
                  " cores and " + std::to_string(sizes.memory_mib) +
                  " MiB: the trace gives shares of it");
  }
  return sizes;
}

struct MachineColumns {
  std::size_t time, id, type, cpu, memory;
  std::int64_t add, most_type;
};

Status add_machines(Import& import, CsvReader& csv, const MachineColumns& at, const Sizes& sizes) {
  boost::unordered_flat_set<std::int64_t> seen;
  std::int64_t later = 0;
  Status status = each_row(csv, import, [&](const CsvReader& row) {
    const auto time = row.number(at.time, 0, kAfterTheEnd);
    if (!time) return time.error();
    const auto id = row.number(at.id, 0, kLargestId);
    if (!id) return id.error();
    const auto type = row.number(at.type, 0, at.most_type);
    if (!type) return type.error();
    if (*type != at.add || seen.contains(*id)) return Status::success();
    const auto cpu = row.share_of(at.cpu, sizes.cpu_milli, kMostTraceCpuMilli);
    if (!cpu) return cpu.error();
    const auto memory = row.share_of(at.memory, sizes.memory_mib, kMostTraceMemoryMib);
    if (!memory) return memory.error();
    if (*cpu == 0) return row.error(at.cpu, "is no capacity; allowed: a share above 0");
    if (*memory == 0) return row.error(at.memory, "is no capacity; allowed: a share above 0");
    later += *time > 0 ? 1 : 0;
    TraceNode node;
    node.name = "machine-" + std::to_string(*id);
    node.cpu_milli = *cpu;
    node.memory_mib = *memory;
    seen.insert(*id);
    return at_row(row, import.output.add(node));
  });
  if (later > 0) {
    import.invent(std::to_string(later) +
                  " machines that come later are there from the beginning, and none leaves");
  }
  return status;
}

void say_what_all_have_in_common(Import& import, const Tasks& tasks) {
  import.invent("times: they count from second " + std::to_string(tasks.began_us() / kMicros) +
                " of the trace; what was there before comes at 0, what is there at the end stays");
  import.invent(
      "a task lives from its submission until it finishes, fails, is killed or lost; evictions are "
      "the doing of the scheduler that was traced and end nothing");
  import.leave_out(
      "jobs, users, priorities, scheduling classes, constraints, disks, updates of requests, and "
      "machines that go or change");
}

// ---- 2011 ----

const std::vector<std::string> kMachines2011{"time",        "machine ID", "event type",
                                             "platform ID", "CPUs",       "memory"};
const std::vector<std::string> kTasks2011{"time",
                                          "missing info",
                                          "job ID",
                                          "task index",
                                          "machine ID",
                                          "event type",
                                          "user",
                                          "scheduling class",
                                          "priority",
                                          "CPU request",
                                          "memory request",
                                          "disk space request",
                                          "different machines restriction"};

Means meaning_2011(std::int64_t type) {
  if (type <= 1) return Means::begins;                           // submit, schedule
  return type >= 3 && type <= 6 ? Means::ends : Means::nothing;  // fail, finish, kill, lost
}

Expected<Event> event_2011(const CsvReader& csv, const Sizes& sizes, std::int64_t& without) {
  Event event;
  const auto time = csv.number(0, 0, kAfterTheEnd);
  if (!time) return time.error();
  const auto job = csv.number(2, 0, kLargestId);
  if (!job) return job.error();
  const auto index = csv.number(3, 0, kLargestId);
  if (!index) return index.error();
  const auto type = csv.number(5, 0, 8);
  if (!type) return type.error();
  event = {*time, meaning_2011(*type), *job, *index, 0, 0};
  if (event.time_us == kAfterTheEnd) event.means = Means::nothing;
  if (event.means != Means::begins) return event;
  without += csv.cell(9).empty() || csv.cell(10).empty() ? 1 : 0;
  if (!csv.cell(9).empty()) {
    const auto cpu = csv.share_of(9, sizes.cpu_milli, kMostTraceCpuMilli);
    if (!cpu) return cpu.error();
    event.cpu_milli = *cpu;
  }
  if (!csv.cell(10).empty()) {
    const auto memory = csv.share_of(10, sizes.memory_mib, kMostTraceMemoryMib);
    if (!memory) return memory.error();
    event.memory_mib = *memory;
  }
  return event;
}

void say_without(Import& import, std::int64_t without) {
  if (without == 0) return;
  import.invent(std::to_string(without) + " events without requests: nothing is asked for");
}

// ---- 2019 ----

// The flat form of a query is cpus and memory; some tools keep the dots of the nested one.
const std::vector<std::string> kMachines2019{"time", "machine_id", "type"};
const std::vector<std::string> kCapacity2019{"cpus", "memory", "capacity.cpus", "capacity.memory"};
const std::vector<std::string> kInstances2019{"time", "type", "collection_id", "instance_index"};
const std::vector<std::string> kRequests2019{"cpus",
                                             "memory",
                                             "resource_request.cpus",
                                             "resource_request.memory",
                                             "collection_type",
                                             "alloc_collection_id"};

/// The first of the two columns that the file has.
Expected<std::size_t> either(const std::string& path, const CsvReader& csv, std::size_t flat,
                             std::size_t nested, const std::string& name) {
  if (csv.has(flat)) return flat;
  if (csv.has(nested)) return nested;
  return Status::invalid(path + ":1: column \"" + name + "\" is missing; allowed: " + name +
                         ", or its name with the dots of the nested form");
}

Means meaning_2019(std::int64_t type) {
  if (type == 0 || type == 3) return Means::begins;              // submit, schedule
  return type >= 5 && type <= 8 ? Means::ends : Means::nothing;  // fail, finish, kill, lost
}

struct Instances2019 {
  std::size_t cpu = 0;
  std::size_t memory = 0;
  std::int64_t without = 0;  // requests
  std::int64_t inside = 0;   // of alloc sets
};

Expected<Event> event_2019(const CsvReader& csv, const Sizes& sizes, Instances2019& at) {
  Event event;
  const auto time = csv.number(0, 0, kAfterTheEnd);
  if (!time) return time.error();
  const auto type = csv.number(1, 0, 10);
  if (!type) return type.error();
  const auto job = csv.number(2, 0, kLargestId);
  if (!job) return job.error();
  const auto index = csv.number(3, 0, kLargestId);
  if (!index) return index.error();
  const auto collection = csv.number(8, 0, 1, 0);
  if (!collection) return collection.error();
  const auto alloc = csv.number(9, 0, kLargestId, 0);
  if (!alloc) return alloc.error();
  event = {*time, meaning_2019(*type), *job, *index, 0, 0};
  if (event.time_us == kAfterTheEnd) event.means = Means::nothing;
  if (*alloc != 0) {  // its alloc instance holds the room
    at.inside += event.means == Means::begins ? 1 : 0;
    event.means = Means::nothing;
  }
  if (event.means != Means::begins) return event;
  at.without += csv.cell(at.cpu).empty() || csv.cell(at.memory).empty() ? 1 : 0;
  if (!csv.cell(at.cpu).empty()) {
    const auto cpu = csv.share_of(at.cpu, sizes.cpu_milli, kMostTraceCpuMilli);
    if (!cpu) return cpu.error();
    event.cpu_milli = *cpu;
  }
  if (!csv.cell(at.memory).empty()) {
    const auto memory = csv.share_of(at.memory, sizes.memory_mib, kMostTraceMemoryMib);
    if (!memory) return memory.error();
    event.memory_mib = *memory;
  }
  return event;
}

}  // namespace

Status import_google_2011(Import& import) {
  const Sizes sizes = sizes_of(import);
  auto machines = CsvReader::open_without_header(import.request.files[0], kMachines2011);
  if (!machines) return machines.error();
  Status status = add_machines(import, *machines, {0, 1, 2, 4, 5, 0, 2}, sizes);
  if (!status.ok()) return status;
  Tasks tasks(import);
  std::int64_t without = 0;
  for (std::size_t i = 1; i < import.request.files.size(); ++i) {
    auto csv = CsvReader::open_without_header(import.request.files[i], kTasks2011);
    if (!csv) return csv.error();
    status = each_row(*csv, import, [&](const CsvReader& row) {
      const auto event = event_2011(row, sizes, without);
      return event ? tasks.take(row, 0, *event) : event.error();
    });
    if (!status.ok()) return status;
  }
  say_without(import, without);
  say_what_all_have_in_common(import, tasks);
  return tasks.finish();
}

Status import_google_2019(Import& import) {
  const Sizes sizes = sizes_of(import);
  const std::string& machine_file = import.request.files[0];
  auto machines = CsvReader::open(machine_file, kMachines2019, kCapacity2019);
  if (!machines) return machines.error();
  const auto cpu = either(machine_file, *machines, 3, 5, "cpus");
  if (!cpu) return cpu.error();
  const auto memory = either(machine_file, *machines, 4, 6, "memory");
  if (!memory) return memory.error();
  Status status = add_machines(import, *machines, {0, 1, 2, *cpu, *memory, 1, 3}, sizes);
  if (!status.ok()) return status;
  Tasks tasks(import);
  Instances2019 at;
  for (std::size_t i = 1; i < import.request.files.size(); ++i) {
    const std::string& path = import.request.files[i];
    auto csv = CsvReader::open(path, kInstances2019, kRequests2019);
    if (!csv) return csv.error();
    const auto cpu_column = either(path, *csv, 4, 6, "cpus");
    if (!cpu_column) return cpu_column.error();
    const auto memory_column = either(path, *csv, 5, 7, "memory");
    if (!memory_column) return memory_column.error();
    at.cpu = *cpu_column;
    at.memory = *memory_column;
    status = each_row(*csv, import, [&](const CsvReader& row) {
      const auto event = event_2019(row, sizes, at);
      return event ? tasks.take(row, 0, *event) : event.error();
    });
    if (!status.ok()) return status;
  }
  say_without(import, at.without);
  if (at.inside > 0) {
    import.leave_out(std::to_string(at.inside) +
                     " beginnings of tasks inside alloc sets, whose instances hold their room");
  }
  say_what_all_have_in_common(import, tasks);
  return tasks.finish();
}

}  // namespace arcas::sim
