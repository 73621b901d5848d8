#include "sim/cli/whatif_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <limits>

#include "sim/cli/cli.h"
#include "sim/cli/output_file.h"
#include "sim/whatif/answer.h"

namespace arcas::sim {
namespace {

int fail(ExitCode code, const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return code;
}

/// The question that the command line asks.
Question question_of(const CLI::App& command, const WhatIfRequest& request) {
  Question question;
  question.change = command.get_name();
  question.profile = request.profile;
  question.scheduler_config = request.scheduler_config;
  question.with_hints = !request.no_hints;
  question.with_recovery = !request.no_recovery;
  if (question.change == "drain") question.arguments = request.nodes;
  if (question.change == "az-fail") question.arguments = {request.zone};
  if (question.change == "remove-nodes") question.arguments = {request.selector};
  if (question.change == "add-nodes") question.arguments = {request.shape};
  if (question.change == "scale") question.arguments = {request.target};
  if (question.change == "scheduler") question.arguments = {request.configuration};
  if (question.change == "upgrade") question.arguments = {std::to_string(request.batch)};
  return question;
}

/// What every change takes.
void add_common(CLI::App* command, WhatIfRequest& request) {
  command
      ->add_option("--from", request.from,
                   "Files of kubectl get nodes,pods,… -o json (or yaml, or .gz), folders, or -")
      ->required();
  command->add_option("--profile", request.profile,
                      "Whose scheduler and parameters: kubernetes, arcas or arktos; kubernetes");
  command->add_option("--scheduler-config", request.scheduler_config,
                      "A KubeSchedulerConfiguration file for the scheduler as it is");
  command->add_flag("--no-hints", request.no_hints,
                    "Do not look for nodes that would fix it or could go");
  command->add_flag("--no-recovery", request.no_recovery,
                    "Do not simulate how long it takes until the displaced pods run again");
  command->add_option("--json", request.json, "Write JSON to a file, or to - (stdout)");
}

}  // namespace

void add_whatif_command(CLI::App& app, WhatIfRequest& request) {
  CLI::App* whatif = app.add_subcommand(
      "whatif", "Say what a change would do to a cluster, from what kubectl says of it");
  whatif->require_subcommand(1);
  const auto add = [&](const char* name, const char* what) {
    CLI::App* command = whatif->add_subcommand(name, what);
    add_common(command, request);
    return command;
  };
  add("az-fail", "A zone's machines are gone at once")
      ->add_option("zone", request.zone, "Its name, as in topology.kubernetes.io/zone")
      ->required();
  add("drain", "Nodes are cordoned and their pods evicted")
      ->add_option("nodes", request.nodes, "Their names")
      ->required();
  add("remove-nodes", "Nodes are drained and deleted")
      ->add_option("selector", request.selector, "Their labels, such as pool=old,!gpu")
      ->required();
  add("add-nodes", "Machines come")
      ->add_option("shape", request.shape,
                   "SHAPExN; SHAPE is a node, an instance type, or 8cpu,32Gi[,zone=a]")
      ->required();
  add("scale", "A workload gets more or fewer pods")
      ->add_option("target", request.target, "[KIND/][NAMESPACE/]NAME=REPLICAS")
      ->required();
  add("scheduler", "Another configuration places all pods anew")
      ->add_option("configuration", request.configuration, "A KubeSchedulerConfiguration file")
      ->required();
  add("upgrade", "All nodes are drained and come back, some at a time")
      ->add_option("--batch", request.batch, "How many at a time")
      ->required()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
}

bool whatif_command_given(const CLI::App& app) { return app.got_subcommand("whatif"); }

int run_whatif(const CLI::App& app, const WhatIfRequest& request) {
  const CLI::App& command = *app.get_subcommand("whatif")->get_subcommands().front();
  if (!request.json.empty() && request.json != "-" && !may_write(request.json)) {
    return fail(kUsage, "--json " + request.json +
                            ": cannot be written; allowed: a file in a folder that exists, or -");
  }
  auto cluster = load_snapshot(request.from);
  if (!cluster) return fail(kUsage, cluster.error().message);
  // What was left out bears on the answer, so it is said whatever is asked.
  fmt::print(stderr, "{}", to_text(cluster->report));
  const auto found = answer(*cluster, question_of(command, request));
  if (!found) return fail(kUsage, found.error().message);
  if (request.json == "-") {
    std::fputs(to_json(*found, *cluster).c_str(), stdout);
  } else {
    std::fputs(to_text(*found, *cluster).c_str(), stdout);
    if (!request.json.empty() && !write_file(request.json, to_json(*found, *cluster))) {
      return fail(kRuntimeError, "--json " + request.json + ": cannot be written");
    }
  }
  return found->prediction.feasible ? static_cast<int>(kOk) : kInfeasible;
}

}  // namespace arcas::sim
