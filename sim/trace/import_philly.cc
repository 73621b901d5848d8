// Jobs of Microsoft's Philly clusters, each a gang of GPUs. Source: Jeon et al., USENIX ATC 2019
// (msr-fiddle/philly-traces), in the form timestamp, duration, num_gpus, gpu_time, cluster.
#include <array>
#include <charconv>

#include "sim/trace/importers.h"

namespace arcas::sim {
namespace {

constexpr std::int64_t kGpusOfMachine = 8;

/// Days since 1970-01-01 of the Gregorian calendar. Source: Hinnant, chrono-Compatible Low-Level
/// Date Algorithms, days_from_civil.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

/// "2017-09-20 22:06:17" as seconds since 1970.
Expected<std::int64_t> timestamp_of(const CsvReader& csv) {
  const std::string& text = csv.cell(0);
  static constexpr std::array<std::int64_t, 6> kLeast{1970, 1, 1, 0, 0, 0};
  static constexpr std::array<std::int64_t, 6> kMost{2200, 12, 31, 23, 59, 60};
  static constexpr std::string_view kMarks = "-- ::";
  std::array<std::int64_t, 6> part{};
  const char* at = text.data();
  const char* end = at + text.size();
  bool good = true;
  for (std::size_t i = 0; i < part.size() && good; ++i) {
    const auto [stop, error] = std::from_chars(at, end, part[i]);
    good = error == std::errc() && part[i] >= kLeast[i] && part[i] <= kMost[i];
    at = stop;
    if (i < kMarks.size()) good = good && at != end && *at++ == kMarks[i];
  }
  if (!good || at != end) return csv.error(0, "is no time; allowed: 2017-09-20 22:06:17");
  return days_of(part[0], part[1], part[2]) * 86'400 + part[3] * 3'600 + part[4] * 60 + part[5];
}

/// A gang comes as pods of at most a machine's GPUs.
Status add_job(const CsvReader& csv, Import& import, std::int64_t first, std::int64_t most) {
  const auto created = timestamp_of(csv);
  if (!created) return created.error();
  const auto lasted = csv.thousandths(1, 0, kMostTraceSeconds);
  if (!lasted) return lasted.error();
  const auto gpus = csv.number(2, 1, kMostTraceGpus);
  if (!gpus) return gpus.error();
  for (std::int64_t left = *gpus, piece = 0; left > 0; left -= most, ++piece) {
    TracePod pod;
    pod.name = "job-" + std::to_string(csv.line());
    if (*gpus > most) pod.name += "-" + std::to_string(piece);
    pod.gpus = std::min(left, most);
    pod.gpu_milli = 1000;
    pod.cpu_milli = 4'000 * pod.gpus;
    pod.memory_mib = 32 * 1024 * pod.gpus;
    pod.created_seconds = *created - first;
    pod.deleted_seconds = pod.created_seconds + (*lasted + 999) / 1000;
    if (Status status = at_row(csv, import.output.add(pod)); !status.ok()) return status;
  }
  return Status::success();
}

}  // namespace

Status import_philly(Import& import) {
  const std::string& path = import.request.files[0];
  // Both spellings are about.
  std::vector<std::string> columns{"timestamp", "duration", "num_gpus"};
  if (!CsvReader::open(path, columns)) columns[1] = "duration(s)";
  const auto first = earliest(path, columns, timestamp_of);
  if (!first) return first.error();
  auto csv = CsvReader::open(path, columns);
  if (!csv) return csv.error();
  const TraceMachines machines{552, 64'000, 512 * 1024, kGpusOfMachine};
  Status status = import.add_machines(machines, "the list has no machines");
  if (!status.ok()) return status;
  const std::int64_t asked = import.request.machines.gpus;
  const std::int64_t most = asked > 0 ? asked : kGpusOfMachine;
  import.invent("times: they count from the earliest job");
  import.invent("4 cores and 32 GiB for each GPU: the trace tells of GPUs alone");
  import.invent("a job of more than " + std::to_string(most) + " GPUs comes as several pods");
  import.leave_out(
      "that the pods of a job start together, and its virtual cluster: the pod list has "
      "neither gangs nor tenants");
  return each_row(*csv, import,
                  [&](const CsvReader& row) { return add_job(row, import, *first, most); });
}

}  // namespace arcas::sim
