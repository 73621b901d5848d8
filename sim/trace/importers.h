#pragma once

#include <cstdint>
#include <string>

#include "core/base/expected.h"
#include "sim/trace/trace_import.h"
#include "sim/trace/trace_output.h"
#include "sim/workload/line_reader.h"

namespace arcas::sim {

/// One import under way: where from, where to, what is to be said about it.
struct Import {
  const ImportRequest& request;
  TraceOutput& output;
  ImportReport& report;

  /// A row that cannot be taken: counted, and named while there are few. Gives back what ends the
  /// whole import: more than the lists may have.
  Status bad_row(const Status& why);
  void invent(std::string sentence) { report.invented.push_back(std::move(sentence)); }
  void leave_out(std::string sentence) { report.left_out.push_back(std::move(sentence)); }
  /// The machines that were asked for; what was not asked for is as `otherwise` has it, which is
  /// then said to be invented, `because`.
  Status add_machines(const TraceMachines& otherwise, const std::string& because);
};

/// Gives every row of a CSV file to `take(csv)`; what it refuses is a bad row. An error is one of
/// the whole file.
template <class Take>
Status each_row(CsvReader& csv, Import& import, Take take) {
  while (true) {
    const auto more = csv.next();
    if (!more && csv.broken()) return more.error();
    if (more && !*more) return Status::success();
    ++import.report.rows;
    Status status = more ? take(csv) : more.error();
    if (status.ok()) continue;
    if (Status end = import.bad_row(status); !end.ok()) return end;
  }
}

/// `status` with the reader's place before it.
Status at_row(const CsvReader& csv, Status status);

/// The earliest time that `time_of(csv)` gives for any row it understands; 0 without rows. Goes
/// through the file once.
template <class TimeOf>
Expected<std::int64_t> earliest(const std::string& path, const std::vector<std::string>& columns,
                                TimeOf time_of) {
  auto csv = CsvReader::open(path, columns);
  if (!csv) return csv.error();
  bool any = false;
  std::int64_t first = 0;
  while (true) {
    const auto more = csv->next();
    if (!more && csv->broken()) return more.error();
    if (!more) continue;
    if (!*more) return first;
    const Expected<std::int64_t> time = time_of(*csv);
    if (!time || (any && *time >= first)) continue;
    any = true;
    first = *time;
  }
}

// One file each; the definitions stand there.
Status import_openb(Import& import);
Status import_azure_vm(Import& import);
Status import_philly(Import& import);
Status import_swf(Import& import);
Status import_huawei(Import& import);
Status import_azure_functions(Import& import);
Status import_google_2011(Import& import);
Status import_google_2019(Import& import);
Status import_alibaba_batch(Import& import);
Status import_kubectl(Import& import);

}  // namespace arcas::sim
