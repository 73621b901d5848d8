#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace arcas::sim {

struct ReportRequest {
  std::vector<std::string> databases;  ///< one, or two to be compared
  std::string out;
};

void add_report_command(CLI::App& app, ReportRequest& request);
bool report_command_given(const CLI::App& app);
/// `arcas report`: HTML out of results files. Returns the exit code.
int run_report(const ReportRequest& request);

}  // namespace arcas::sim
