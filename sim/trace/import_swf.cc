// The Standard Workload Format: 18 numbers a line, -1 for what is not known; lines that begin with
// ";" are the header. Source: Chapin et al., JSSPP 1999; the Parallel Workloads Archive's
// description.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "sim/trace/importers.h"

namespace arcas::sim {
namespace {

constexpr std::size_t kFields = 18;
using Fields = std::array<std::int64_t, kFields>;
// Places of what is read; the format counts from 1.
constexpr std::size_t kJob = 0, kSubmit = 1, kRun = 3, kProcessors = 4, kAskedProcessors = 7,
                      kAskedMemory = 9;
constexpr std::int64_t kMostProcessors = 1'000'000;

struct Header {
  std::int64_t nodes = 0;
  std::int64_t processors = 0;
};

bool blank(char c) { return c == ' ' || c == '\t'; }

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    while (!line.empty() && blank(line.front())) line.remove_prefix(1);
    if (line.empty()) return words;
    const auto end =
        static_cast<std::size_t>(std::find_if(line.begin(), line.end(), blank) - line.begin());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

std::optional<std::int64_t> number_of(std::string_view word) {
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  // Some logs have averages with a fraction; what counts here is whole.
  const bool fraction = stop != word.data() + word.size() && *stop == '.';
  if (error != std::errc() || (stop != word.data() + word.size() && !fraction)) return std::nullopt;
  return value;
}

class SwfReader {
 public:
  static Expected<SwfReader> open(const std::string& path) {
    auto lines = LineReader::open(path);
    if (!lines) return lines.error();
    return SwfReader(std::move(*lines));
  }
  /// The next line that is no comment; false at the end.
  Expected<bool> next() {
    while (true) {
      bool more = false;
      auto line = lines_.next(more);
      if (!line) return line.error();
      if (!more) return false;
      line_ = std::move(*line);
      words_ = words_of(line_);
      if (words_.empty()) continue;
      if (words_[0].front() != ';') return true;
      note_header();
    }
  }
  Expected<Fields> fields() const {
    Fields fields{};
    if (words_.size() < kFields) {
      return refuse(std::to_string(words_.size()) + " fields; allowed: 18 numbers and more");
    }
    for (std::size_t i = 0; i < kFields; ++i) {
      const auto value = number_of(words_[i]);
      if (!value) {
        return refuse("field " + std::to_string(i + 1) +
                      " is not a number; allowed: a number, or -1");
      }
      fields[i] = *value;
    }
    return fields;
  }
  Status refuse(const std::string& what) const {
    return Status::invalid(lines_.path() + ":" + std::to_string(lines_.line()) + ": " + what);
  }
  [[nodiscard]] const std::vector<std::string_view>& words() const { return words_; }
  [[nodiscard]] const Header& header() const { return header_; }

 private:
  explicit SwfReader(LineReader lines) : lines_(std::move(lines)) {}
  /// "; MaxNodes: 128"
  void note_header() {
    if (words_.size() < 3 || words_[0] != ";") return;
    const auto value = number_of(words_[2]);
    if (!value || *value <= 0 || *value > kMostProcessors) return;
    if (words_[1] == "MaxNodes:") header_.nodes = *value;
    if (words_[1] == "MaxProcs:") header_.processors = *value;
  }
  LineReader lines_;
  std::string line_;
  std::vector<std::string_view> words_;
  Header header_;
};

/// The largest machine's cores, after all machines of the file were added: id, name, how many,
/// cores, speed, KiB of memory.
Expected<std::int64_t> add_machine_file(Import& import, const std::string& path) {
  auto reader = SwfReader::open(path);
  if (!reader) return reader.error();
  std::int64_t largest = 0;
  while (true) {
    const auto more = reader->next();
    if (!more) return more.error();
    if (!*more) return largest;
    const auto& words = reader->words();
    const auto value = [&](std::size_t i) {
      return words.size() > i ? number_of(words[i]) : std::nullopt;
    };
    const auto count = value(2), cores = value(3), memory = value(5);
    if (!count || !cores || !memory || *count < 1 || *count > kMostProcessors || *cores < 1 ||
        *cores > kMostProcessors || *memory < 1024 || *memory > (kMostTraceMemoryMib << 10)) {
      return reader->refuse("is no machine; allowed: id name how-many cores speed KiB");
    }
    largest = std::max(largest, *cores);
    for (std::int64_t i = 0; i < *count; ++i) {
      const Status status = import.output.add(TraceNode{
          std::string(words[1]) + "-" + std::to_string(i), *cores * 1000, *memory >> 10, 0, ""});
      if (!status.ok()) return reader->refuse(status.message);
    }
  }
}

/// The header comes before the jobs, but the earliest job may stand anywhere.
Expected<std::int64_t> survey(SwfReader& reader) {
  std::optional<std::int64_t> first;
  while (true) {
    const auto more = reader.next();
    if (!more) return more.error();
    if (!*more) return first.value_or(0);
    const auto fields = reader.fields();
    if (fields && (*fields)[kSubmit] >= 0)
      first = std::min(first.value_or((*fields)[kSubmit]), (*fields)[kSubmit]);
  }
}

struct Shape {
  std::int64_t first = 0;  ///< earliest submission
  std::int64_t cores_of_machine = 1;
};

/// A job comes as pods of at most a machine's cores.
Status add_job(const SwfReader& reader, Import& import, const Shape& shape) {
  const auto fields = reader.fields();
  if (!fields) return fields.error();
  const Fields& f = *fields;
  if (f[kSubmit] < shape.first || f[kSubmit] > kMostTraceSeconds) {
    return reader.refuse("field 2, the submission, is " + std::to_string(f[kSubmit]) +
                         "; allowed: seconds");
  }
  if (f[kRun] < 0 || f[kRun] > kMostTraceSeconds) {
    return reader.refuse("field 4, the run time, is " + std::to_string(f[kRun]) +
                         "; allowed: seconds");
  }
  const std::int64_t cores = f[kAskedProcessors] > 0 ? f[kAskedProcessors] : f[kProcessors];
  if (cores < 1 || cores > kMostProcessors) {
    return reader.refuse("fields 5 and 8, the processors, are " + std::to_string(cores) +
                         "; allowed: 1 to 1000000");
  }
  if (f[kAskedMemory] > (kMostTraceMemoryMib << 10)) {
    return reader.refuse("field 10, the memory, is " + std::to_string(f[kAskedMemory]) +
                         "; allowed: KiB of one processor");
  }
  const std::int64_t memory_kib = f[kAskedMemory] > 0 ? f[kAskedMemory] : 512 * 1024;
  for (std::int64_t left = cores, piece = 0; left > 0; left -= shape.cores_of_machine, ++piece) {
    TracePod pod;
    pod.name = "job-" + std::to_string(f[kJob]);
    if (cores > shape.cores_of_machine) pod.name += "-" + std::to_string(piece);
    const std::int64_t here = std::min(left, shape.cores_of_machine);
    pod.cpu_milli = here * 1000;
    pod.memory_mib = std::min((memory_kib * here + 1023) >> 10, kMostTraceMemoryMib);
    pod.created_seconds = f[kSubmit] - shape.first;
    pod.deleted_seconds = pod.created_seconds + f[kRun];
    const Status status = import.output.add(pod);
    if (status.code == StatusCode::exhausted) return status;
    if (!status.ok()) return reader.refuse(status.message);
  }
  return Status::success();
}

Status add_header_machines(Import& import, const Header& header, Shape& shape) {
  TraceMachines machines{64, 16'000, 64 * 1024, 0};
  std::string because = "the header does not name MaxNodes and MaxProcs";
  if (header.processors > 0) {
    machines.count = header.nodes > 0 ? header.nodes : header.processors;
    machines.cpu_milli = std::max<std::int64_t>(header.processors / machines.count, 1) * 1000;
    machines.memory_mib = machines.cpu_milli / 1000 * 4096;
    because = "count and cores as the header's MaxNodes and MaxProcs have it, the rest is made up";
  }
  const std::int64_t cpu = import.request.machines.cpu_milli > 0 ? import.request.machines.cpu_milli
                                                                 : machines.cpu_milli;
  shape.cores_of_machine = std::max<std::int64_t>(cpu / 1000, 1);
  return import.add_machines(machines, because);
}

}  // namespace

Status import_swf(Import& import) {
  auto once = SwfReader::open(import.request.files[0]);
  if (!once) return once.error();
  const auto first = survey(*once);
  if (!first) return first.error();
  Shape shape{*first, 1};
  if (import.request.files.size() > 1) {
    const auto largest = add_machine_file(import, import.request.files[1]);
    if (!largest) return largest.error();
    shape.cores_of_machine = std::max<std::int64_t>(*largest, 1);
  } else if (Status status = add_header_machines(import, once->header(), shape); !status.ok()) {
    return status;
  }
  import.invent(
      "times: they count from the first submission; a job ends its run time after it was "
      "submitted, as if it had not waited");
  import.invent("512 MiB for each processor of jobs that do not ask for memory (field 10)");
  import.invent("a job of more than " + std::to_string(shape.cores_of_machine) +
                " processors comes as several pods");
  import.leave_out(
      "users, groups, queues, partitions, preceding jobs, and that the pods of a job start "
      "together");
  auto reader = SwfReader::open(import.request.files[0]);
  if (!reader) return reader.error();
  while (true) {
    const auto more = reader->next();
    if (!more) return more.error();
    if (!*more) return Status::success();
    ++import.report.rows;
    const Status status = add_job(*reader, import, shape);
    if (status.ok()) continue;
    if (Status end = import.bad_row(status); !end.ok()) return end;
  }
}

}  // namespace arcas::sim
