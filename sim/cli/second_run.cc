#include "sim/cli/second_run.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <vector>

#include "sim/cli/cli.h"
#include "sim/cli/run_arguments.h"

namespace arcas::sim {
namespace {

std::vector<std::string> arguments_of(const RunRequest& request, const std::string& self) {
  std::vector<std::string> arguments{self,      "sim",    "run", request.scenario,
                                     "--quiet", "--json", "-"};
  const std::vector<std::string> options = options_of(request);
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

/// Standard output of a child process; empty when it could not be run.
std::string output_of(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return {};
  const pid_t child = fork();
  if (child < 0) return {};
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    std::vector<char*> raw;
    for (const std::string& argument : arguments)
      raw.push_back(const_cast<char*>(argument.c_str()));
    raw.push_back(nullptr);
    execv("/proc/self/exe", raw.data());
    _exit(127);
  }
  close(ends[1]);
  std::string output;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;) {
    output.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return output;
}

}  // namespace

int compare_with_second_run(const RunRequest& request, const std::string& self,
                            const Summary& first) {
  if (first.interrupted) return kInterrupted;
  if (!request.quiet) fmt::print(stderr, "running again in a fresh process…\n");
  const std::string output = output_of(arguments_of(request, self));
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(output, error);
  if (error || !parsed.is_object() || !parsed.as_object().contains("trace_hash")) {
    fmt::print(stderr, "arcas: the second run gave no summary\n");
    return kRuntimeError;
  }
  const auto& second = parsed.as_object();
  if (second.at("interrupted").as_bool()) {
    fmt::print(stderr, "the second run was interrupted: nothing to compare\n");
    return kInterrupted;
  }
  const std::string hash(second.at("trace_hash").as_string());
  if (hash == first.trace_hash) {
    fmt::print(stderr, "second run: same hash {}\n", hash);
    return kOk;
  }
  fmt::print(stderr, "the two runs differ: {} and {}\n", first.trace_hash, hash);
  const auto& checkpoints = second.at("checkpoints").as_array();
  for (std::size_t i = 0; i < first.checkpoints.size(); ++i) {
    const bool same = i < checkpoints.size() && checkpoints[i].as_string() == first.checkpoints[i];
    if (same) continue;
    fmt::print(stderr, "first difference between events {} and {}\n", i * 65536, (i + 1) * 65536);
    return kDivergence;
  }
  fmt::print(stderr, "first difference after event {}\n", first.checkpoints.size() * 65536);
  return kDivergence;
}

}  // namespace arcas::sim
