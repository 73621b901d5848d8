// A day of Azure's functions of 2019: invocations a minute, how long they take, what memory they
// have. Source: Shahrad et al., USENIX ATC 2020 (AzurePublicDataset, functions of 2019).
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/trace/importers.h"

namespace arcas::sim {
namespace {

constexpr std::size_t kMinutes = 1'440;
constexpr std::int64_t kMostInvocations = 1'000'000'000;
constexpr std::int64_t kMostInstances = 100'000;
constexpr std::int64_t kUsualMillis = 1'000;
constexpr std::int64_t kUsualMemoryMib = 170;

struct Function {
  std::int64_t millis = kUsualMillis;
  std::int64_t memory_mib = kUsualMemoryMib;
  bool timed = false;     ///< the trace says how long
  bool measured = false;  ///< the trace says how much memory
};
/// By key_of.
using Functions = boost::unordered_flat_map<std::uint64_t, Function, StableHash>;

/// `function` empty: of a whole app.
std::uint64_t key_of(const std::string& owner, const std::string& app,
                     const std::string& function) {
  return hash_combine(hash_bytes(owner), hash_combine(hash_bytes(app), hash_bytes(function)));
}

/// Gives `set` each function and what `column` says of it in thousandths. Memory is published by
/// app, durations by function.
Status read_figures(Import& import, const std::string& path, const std::string& column,
                    Functions& functions, const auto& set) {
  auto csv = CsvReader::open(path, {"HashOwner", "HashApp", column}, {"HashFunction"});
  if (!csv) return csv.error();
  return each_row(*csv, import, [&](const CsvReader& row) {
    const auto value = row.thousandths(2, 0, 1'000'000'000);
    if (!value) return value.error();
    set(functions[key_of(row.cell(0), row.cell(1), row.cell(3))], *value);
    return Status::success();
  });
}

Function function_of(const CsvReader& csv, const Functions& functions) {
  Function function;
  for (const std::string& name : {csv.cell(2), std::string()}) {
    const auto found = functions.find(key_of(csv.cell(0), csv.cell(1), name));
    if (found == functions.end()) continue;
    if (found->second.timed && !function.timed) {
      function.millis = found->second.millis;
      function.timed = true;
    }
    if (found->second.measured && !function.measured) {
      function.memory_mib = found->second.memory_mib;
      function.measured = true;
    }
  }
  return function;
}

/// By minute, how many instances are busy.
Expected<std::vector<std::int64_t>> instances_of(const CsvReader& csv, const Function& function) {
  std::vector<std::int64_t> needed(kMinutes + 1, 0);  // none after the last minute
  for (std::size_t minute = 0; minute < kMinutes; ++minute) {
    const std::size_t column = 3 + minute;
    if (!csv.has(column)) continue;
    const auto count = csv.number(column, 0, kMostInvocations, 0);
    if (!count) return count.error();
    if (*count == 0) continue;
    const std::int64_t busy = *count * std::min<std::int64_t>(function.millis, 600'000);
    needed[minute] = std::max<std::int64_t>((busy + 59'999) / 60'000, 1);
    if (needed[minute] > kMostInstances) {
      return csv.error(column, "keeps more than 100000 instances busy; allowed: fewer");
    }
  }
  return needed;
}

/// Instances live as long as minute after minute needs them; the newest goes first.
Status add_instances(const CsvReader& csv, Import& import, const Function& function,
                     const std::vector<std::int64_t>& needed) {
  std::vector<std::int64_t> since;  // minutes at which the living instances began
  std::int64_t number = 0;
  for (std::size_t minute = 0; minute < needed.size(); ++minute) {
    const auto now = static_cast<std::int64_t>(minute);
    while (static_cast<std::int64_t>(since.size()) > needed[minute]) {
      TracePod pod;
      pod.name = "fn-" + std::to_string(csv.line()) + "-" + std::to_string(number++);
      pod.cpu_milli = 250;
      pod.memory_mib = function.memory_mib;
      pod.created_seconds = since.back() * 60;
      pod.deleted_seconds = now * 60;
      since.pop_back();
      if (Status status = at_row(csv, import.output.add(pod)); !status.ok()) return status;
    }
    since.resize(static_cast<std::size_t>(needed[minute]), now);
  }
  return Status::success();
}

}  // namespace

Status import_azure_functions(Import& import) {
  const auto& files = import.request.files;
  Functions functions;
  Status status = read_figures(import, files[1], "Average", functions,
                               [](Function& f, std::int64_t thousandths) {
                                 f.millis = std::max<std::int64_t>((thousandths + 999) / 1000, 1);
                                 f.timed = true;
                               });
  if (!status.ok()) return status;
  status = read_figures(
      import, files[2], "AverageAllocatedMb", functions, [](Function& f, std::int64_t thousandths) {
        f.memory_mib = std::clamp<std::int64_t>((thousandths + 999) / 1000, 1, kMostTraceMemoryMib);
        f.measured = true;
      });
  if (!status.ok()) return status;
  std::vector<std::string> minutes;
  for (std::size_t i = 1; i <= kMinutes; ++i) minutes.push_back(std::to_string(i));
  auto csv = CsvReader::open(files[0], {"HashOwner", "HashApp", "HashFunction"}, minutes);
  if (!csv) return csv.error();
  status = import.add_machines({100, 16'000, 64 * 1024, 0}, "the trace has no machines");
  if (!status.ok()) return status;
  std::size_t strangers = 0;
  status = each_row(*csv, import, [&](const CsvReader& row) {
    const Function function = function_of(row, functions);
    const auto needed = instances_of(row, function);
    if (!needed) return needed.error();
    if (!function.timed || !function.measured) ++strangers;
    return add_instances(row, import, function, *needed);
  });
  if (!status.ok()) return status;
  import.invent(
      "instances: as many as a minute's invocations keep busy at their average duration, at least "
      "one; "
      "each lives while the minutes need it");
  import.invent("250m of CPU for each instance: the trace does not tell");
  if (strangers > 0) {
    import.invent(std::to_string(strangers) + " functions without duration or memory: 1 s, " +
                  std::to_string(kUsualMemoryMib) + " MiB");
  }
  import.leave_out("triggers, owners and apps, cold starts, and how durations vary");
  return Status::success();
}

}  // namespace arcas::sim
