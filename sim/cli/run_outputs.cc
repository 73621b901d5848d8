#include "sim/cli/run_outputs.h"

#include <cstdio>
#include <fstream>

#include "sim/cli/output_file.h"
#include "sim/cli/run_arguments.h"
#include "sim/report/html_report.h"
#include "sim/report/results_database.h"
#include "sim/run/record_of_run.h"
#include "sim/run/result_rows.h"
#include "sim/run/run_file.h"

namespace arcas::sim {

Status check_outputs(const RunRequest& request) {
  if (!request.json.empty() && request.json != "-" && !may_write(request.json)) {
    return Status::invalid("--json " + request.json +
                           ": cannot be written; allowed: a file in a folder that exists, or -");
  }
  if (!request.report.empty() && !may_write(request.report)) {
    return Status::invalid("--report " + request.report +
                           ": cannot be written; allowed: a file in a folder that exists");
  }
  if (!request.report.empty() && request.report == request.database) {
    return Status::invalid("--report " + request.report +
                           ": is the file of --db; allowed: another");
  }
  return request.database.empty() ? Status::success()
                                  : check_database(request.database, request.force);
}

SimulationOptions options_for_outputs(const RunRequest& request) {
  SimulationOptions options;
  options.trace_folder = request.trace;
  options.keep_displacements = !request.database.empty();
  options.record_series = !request.database.empty() || !request.report.empty();
  return options;
}

Status write_outputs(const RunRequest& request, const Scenario& scenario, const Summary& summary,
                     Simulation& simulation) {
  if (request.json == "-") {
    std::fputs(to_json(summary).c_str(), stdout);
  } else {
    std::fputs(to_table(summary).c_str(), stdout);
    if (!request.json.empty()) {
      std::ofstream file(request.json, std::ios::trunc);
      file << to_json(summary);
      if (!file.flush()) return Status::invalid("--json " + request.json + ": cannot be written");
    }
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    return Status::invalid("standard output: the summary cannot be written");
  }
  if (request.database.empty() && request.report.empty()) return Status::success();
  RunRecord record = record_of(simulation, scenario, summary);
  record.build = build_id();
  record.command = command_of(request, summary.seed);
  const auto document = document_of(request);
  if (!document) return document.error();
  record.document = *document;
  if (!request.database.empty()) {
    Status written = write_database(request.database, request.force, record, summary.samples,
                                    result_rows(simulation));
    if (!written.ok()) return written;
  }
  return request.report.empty() ? Status::success() : write_report(request.report, {record});
}

}  // namespace arcas::sim
