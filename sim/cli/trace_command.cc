#include "sim/cli/trace_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>

#include "sim/cli/cli.h"
#include "sim/cli/output_file.h"
#include "sim/trace/trace_import.h"

namespace arcas::sim {
namespace {

namespace json = boost::json;

ImportRequest import_of(const TraceRequest& request) {
  ImportRequest import;
  import.kind = request.kind;
  import.files = request.files;
  import.folder = request.folder;
  import.force = request.force;
  import.machines.count = request.machines;
  import.machines.cpu_milli = static_cast<std::int64_t>(request.machine_cores * 1000);
  import.machines.memory_mib = static_cast<std::int64_t>(request.machine_gib * 1024);
  import.machines.gpus = request.machine_gpus;
  return import;
}

json::array texts(const std::vector<std::string>& list) {
  json::array out;
  for (const std::string& text : list) out.emplace_back(json::string(text));
  return out;
}

std::string to_json(const TraceRequest& request, const ImportReport& report) {
  return json::serialize(json::object{{"apiVersion", "arcas/v1"},
                                      {"kind", "TraceImport"},
                                      {"trace", request.kind},
                                      {"files", texts(request.files)},
                                      {"nodes", report.nodes},
                                      {"pods", report.pods},
                                      {"rows", report.rows},
                                      {"bad_rows", report.bad_rows},
                                      {"bad", texts(report.bad)},
                                      {"span_seconds", report.span_seconds},
                                      {"invented", texts(report.invented)},
                                      {"left_out", texts(report.left_out)}}) +
         "\n";
}

void print(const TraceRequest& request, const ImportReport& report) {
  fmt::print("{}: {} nodes, {} pods over {:.1f} h, from {} rows\n", request.kind, report.nodes,
             report.pods, report.span_seconds / 3600, report.rows);
  for (const std::string& line : report.invented) fmt::print("  invented  {}\n", line);
  for (const std::string& line : report.left_out) fmt::print("  left out  {}\n", line);
  fmt::print(
      "written: nodes.csv and pods.csv in {}; a scenario replays them with --trace {} and\n"
      "  trace: {{kind: openb, nodes: nodes.csv, pods: pods.csv}}\n",
      request.folder, request.folder);
}

int fail(ExitCode code, const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return code;
}

int list_kinds() {
  for (const ImportKind& kind : import_kinds()) {
    fmt::print("{:<16} {}\n{:<16} {}\n", kind.name, kind.what, "", kind.files);
  }
  return kOk;
}

}  // namespace

void add_trace_command(CLI::App& app, TraceRequest& request) {
  CLI::App* trace =
      app.add_subcommand("trace", "Turn recorded traces into ones that scenarios replay");
  trace->require_subcommand(1);
  trace->add_subcommand("kinds", "List the kinds of traces and the files each needs");
  CLI::App* import = trace->add_subcommand("import", "Read a trace and write its nodes and pods");
  import->add_option("kind", request.kind, "The kind of trace; arcas trace kinds lists them")
      ->required();
  import->add_option("files", request.files, "Its files, plain or .gz")->required();
  import
      ->add_option("--out", request.folder,
                   "A folder, made if there is none; gets nodes.csv and pods.csv")
      ->required();
  import->add_option("--machines", request.machines, "Machines, where the trace tells of none")
      ->check(CLI::Range(1, 1'000'000));
  import->add_option("--machine-cores", request.machine_cores, "Cores of each")
      ->check(CLI::Range(0.001, 1e6));
  import->add_option("--machine-gib", request.machine_gib, "GiB of memory of each")
      ->check(CLI::Range(0.001, 1e6));
  import->add_option("--machine-gpus", request.machine_gpus, "GPUs of each")
      ->check(CLI::Range(0, 1024));
  import->add_option("--json", request.json,
                     "What was read, invented and left out, to a file or - (stdout)");
  import->add_flag("--force", request.force, "Overwrite nodes.csv and pods.csv");
}

bool trace_command_given(const CLI::App& app) { return app.got_subcommand("trace"); }

int run_trace(const CLI::App& app, const TraceRequest& request) {
  if (app.get_subcommand("trace")->got_subcommand("kinds")) return list_kinds();
  if (!request.json.empty() && request.json != "-" && !may_write(request.json)) {
    return fail(kUsage, "--json " + request.json +
                            ": cannot be written; allowed: a file in a folder that exists, or -");
  }
  const auto report = import_trace(import_of(request));
  if (!report) return fail(kUsage, report.error().message);
  for (const std::string& bad : report->bad) fmt::print(stderr, "left out: {}\n", bad);
  if (report->bad_rows > 0)
    fmt::print(stderr, "{} of {} rows were left out\n", report->bad_rows, report->rows);
  if (request.json == "-") {
    std::fputs(to_json(request, *report).c_str(), stdout);
    return kOk;
  }
  print(request, *report);
  if (request.json.empty()) return kOk;
  std::ofstream file(request.json, std::ios::trunc);
  file << to_json(request, *report);
  return file.flush() ? kOk : fail(kRuntimeError, "--json " + request.json + ": cannot be written");
}

}  // namespace arcas::sim
