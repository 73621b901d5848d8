#include "sim/cli/policy.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <vector>

#include "core/scheduler/policies/registry.h"
#include "sim/cli/cli.h"
#include "sim/cli/output_file.h"
#include "sim/cli/policy_report.h"
#include "sim/placement/study.h"

namespace arcas::sim {
namespace {

int fail(ExitCode code, const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return code;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    parts.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  return parts;
}

int list_policies(bool json) {
  if (json) {
    boost::json::array rows;
    for (const policies::PolicyInfo& info : policies::all_policies()) {
      rows.push_back({{"name", std::string(info.name)},
                      {"summary", std::string(info.summary)},
                      {"source", std::string(info.source)}});
    }
    fmt::print("{}\n", boost::json::serialize(rows));
    return kOk;
  }
  for (const policies::PolicyInfo& info : policies::all_policies()) {
    fmt::print("{:<13} {}\n              [{}]\n", info.name, info.summary, info.source);
  }
  return kOk;
}

/// The names asked for, each known and given once.
Expected<std::vector<std::string>> chosen_policies(const std::string& text) {
  std::vector<std::string> names;
  if (text == "all") {
    for (const policies::PolicyInfo& info : policies::all_policies()) names.emplace_back(info.name);
    return names;
  }
  for (const std::string& name : split(text)) {
    if (const auto found = policies::find_policy(name); !found) {
      return Status::invalid("--policies: " + found.error().message + ", or all");
    }
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return Status::invalid("--policies: " + name + " stands twice");
    }
    names.push_back(name);
  }
  return names;
}

Expected<std::vector<std::string>> chosen_workloads(const std::string& folder,
                                                    const std::string& text) {
  auto there = find_workloads(folder);
  if (!there || text == "all") return there;
  std::vector<std::string> names;
  for (const std::string& name : split(text)) {
    if (std::find(there->begin(), there->end(), name) == there->end()) {
      return Status::invalid(fmt::format("--workloads: \"{}\" is not in {}; allowed: {}, or all",
                                         name.substr(0, 80), folder, fmt::join(*there, ", ")));
    }
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return Status::invalid("--workloads: " + name + " stands twice");
    }
    names.push_back(name);
  }
  return names;
}

Expected<StudyRequest> study_of(const PolicyRequest& request) {
  if (!request.json.empty() && request.json != "-" && !may_write(request.json)) {
    return Status::invalid("--json " + request.json +
                           ": cannot be written; allowed: a file in a folder that exists, or -");
  }
  StudyRequest study;
  study.folder = request.trace;
  auto policies = chosen_policies(request.policies);
  if (!policies) return policies.error();
  auto workloads = chosen_workloads(request.trace, request.workloads);
  if (!workloads) return workloads.error();
  study.policies = std::move(*policies);
  study.workloads = std::move(*workloads);
  study.seeds = request.seeds;
  study.first_seed = static_cast<std::uint64_t>(request.first_seed);
  study.threads = request.jobs;
  if (!request.quiet && isatty(STDERR_FILENO) == 1) {
    study.progress = [](std::size_t done, std::size_t total) {
      fmt::print(stderr, "\r\033[K{} of {} runs", done, total);
      std::fflush(stderr);
    };
  }
  return study;
}

int compare_policies(const PolicyRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  const auto study = study_of(request);
  if (!study) return fail(kUsage, study.error().message);
  const auto cells = run_study(*study);
  if (study->progress) fmt::print(stderr, "\r\033[K");
  if (!cells) return fail(kUsage, cells.error().message);
  std::vector<AllocationBound> bounds;
  if (request.bound) {
    for (const std::string& workload : study->workloads) {
      const auto trace = read_placement_trace(study->folder, workload);
      if (!trace) return fail(kUsage, trace.error().message);
      bounds.push_back(bound_allocation(*trace));
    }
  }
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const std::string json = request.json.empty() ? "" : comparison_json(*study, *cells, bounds);
  if (request.json == "-") {
    fmt::print("{}\n", json);
  } else {
    fmt::print("{}took {:.1f} s with {} threads\n", comparison_table(*study, *cells, bounds), wall,
               study->threads);
    if (!json.empty()) {
      std::ofstream file(request.json, std::ios::trunc);
      file << json << '\n';
      if (!file.flush())
        return fail(kRuntimeError, "--json " + request.json + ": cannot be written");
    }
  }
  std::fflush(stdout);
  return request.check && rows_outside(*cells) > 0 ? kFailed : kOk;
}

}  // namespace

void add_policy_commands(CLI::App& app, PolicyRequest& request) {
  CLI::App* policy = app.add_subcommand("policy", "Placement policies: list and compare them");
  policy->require_subcommand(1);
  CLI::App* list = policy->add_subcommand("list", "List the placement policies");
  list->add_flag("--json", request.list_json, "As JSON");
  CLI::App* compare = policy->add_subcommand(
      "compare", "Run policies on the openb trace and print the table beside the published one");
  compare
      ->add_option("--trace", request.trace,
                   "Folder with openb_node_list_gpu_node.csv and openb_pod_list_NAME.csv[.gz]; "
                   "public: github.com/alibaba/clusterdata, cluster-trace-gpu-v2023/csv")
      ->required();
  compare
      ->add_option("--workloads", request.workloads,
                   "Workloads, e.g. default,cpu050; all: every one in the folder")
      ->capture_default_str();
  compare->add_option("--policies", request.policies, "Policies (arcas policy list), or all")
      ->capture_default_str();
  compare->add_option("--seeds", request.seeds, "Runs of each")
      ->capture_default_str()
      ->check(CLI::Range(1LL, 1000LL));
  compare->add_option("--first-seed", request.first_seed, "Seed of the first run")
      ->capture_default_str()
      ->check(CLI::Range(0LL, 1'000'000'000'000LL));
  compare->add_option("--jobs", request.jobs, "Threads")
      ->capture_default_str()
      ->check(CLI::Range(1U, 256U));
  compare->add_option("--json", request.json, "Write JSON to a file, or to - (stdout)");
  compare->add_flag("--bound", request.bound,
                    "Also the fluid bound: more than that no policy can allocate");
  compare->add_flag("--check", request.check, "Exit 3 if a row is outside the tolerances");
  compare->add_flag("--quiet", request.quiet, "No progress");
}

bool policy_command_given(const CLI::App& app) { return app.got_subcommand("policy"); }

int run_policy_command(const CLI::App& app, const PolicyRequest& request) {
  const CLI::App* policy = app.get_subcommand("policy");
  return policy->got_subcommand("list") ? list_policies(request.list_json)
                                        : compare_policies(request);
}

}  // namespace arcas::sim
