#include "sim/cli/report_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <utility>

#include "sim/cli/cli.h"
#include "sim/cli/output_file.h"
#include "sim/report/html_report.h"
#include "sim/report/results_database.h"

namespace arcas::sim {

void add_report_command(CLI::App& app, ReportRequest& request) {
  CLI::App* report = app.add_subcommand("report", "Show results files as one HTML file");
  report
      ->add_option("results", request.databases,
                   "What sim run --db has written: one file, or two to stand side by side")
      ->required()
      ->expected(1, 2);
  report->add_option("--out", request.out, "The HTML file to write")->required();
}

bool report_command_given(const CLI::App& app) { return app.got_subcommand("report"); }

int run_report(const ReportRequest& request) {
  const auto fail = [](ExitCode code, const std::string& message) {
    fmt::print(stderr, "arcas: {}\n", message);
    return code;
  };
  if (!may_write(request.out)) {
    return fail(kUsage, "--out " + request.out +
                            ": cannot be written; allowed: a file in a folder that exists");
  }
  std::vector<RunRecord> runs;
  for (const std::string& path : request.databases) {
    if (path == request.out) return fail(kUsage, "--out " + path + ": is a results file itself");
    auto run = read_database(path);
    if (!run) return fail(kUsage, run.error().message);
    runs.push_back(std::move(*run));
  }
  const Status written = write_report(request.out, runs);
  return written.ok() ? kOk : fail(kRuntimeError, written.message);
}

}  // namespace arcas::sim
