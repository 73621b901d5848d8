#pragma once

namespace arcas::sim {

/// Exit codes of the `arcas` command.
enum ExitCode : int {
  kOk = 0,
  kRuntimeError = 1,
  kUsage = 2,         ///< wrong usage or an invalid file: nothing was run or written
  kFailed = 3,        ///< an expectation failed or an invariant broke
  kDivergence = 4,    ///< --twice: the two runs differ
  kInterrupted = 130  ///< Ctrl-C: the summary so far was printed
};

/// The whole command; returns the exit code.
int run_command_line(int argc, char** argv);

}  // namespace arcas::sim
