#include "sim/cli/run_arguments.h"

#include <algorithm>

#include "sim/scenario/scenario.h"
#include "sim/scenario/yaml_text.h"

namespace arcas::sim {
namespace {

/// As one word of a shell's command.
std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./=,:+@%").find(c) != std::string_view::npos;
  });
  if (plain) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::vector<std::string> options_of(const RunRequest& request) {
  std::vector<std::string> options;
  if (request.seed >= 0) {
    options.insert(options.end(), {"--seed", std::to_string(request.seed)});
  }
  if (!request.profile.empty()) options.insert(options.end(), {"--profile", request.profile});
  if (!request.scheduler_config.empty()) {
    options.insert(options.end(), {"--scheduler-config", request.scheduler_config});
  }
  if (!request.trace.empty()) options.insert(options.end(), {"--trace", request.trace});
  if (!request.heartbeats.empty()) {
    options.insert(options.end(), {"--heartbeats", request.heartbeats});
  }
  for (const std::string& assignment : request.overrides) {
    options.insert(options.end(), {"--set", assignment});
  }
  return options;
}

std::string command_of(const RunRequest& request, std::uint64_t seed) {
  std::string command = "arcas sim run " + quoted(request.scenario);
  if (request.seed < 0) command += " --seed " + std::to_string(seed);
  for (const std::string& option : options_of(request)) command += " " + quoted(option);
  return command;
}

Expected<std::string> document_of(const RunRequest& request) {
  LoadOptions options;
  options.overrides = request.overrides;
  options.profile = request.profile;
  if (!request.heartbeats.empty()) options.overrides.push_back("heartbeats=" + request.heartbeats);
  if (request.seed >= 0) options.overrides.push_back("seed=" + std::to_string(request.seed));
  const auto tree = load_scenario_tree(find_scenario(request.scenario), options);
  if (!tree) return tree.error();
  return to_yaml(*tree);
}

}  // namespace arcas::sim
