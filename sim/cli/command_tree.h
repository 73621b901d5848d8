#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace arcas::sim {

/// One argument or option of a command, out of its definition.
struct OptionDescription {
  std::vector<std::string> names;  ///< "--seed", "-s"; of an argument its name alone
  bool argument = false;           ///< by its place
  bool takes_value = false;
  bool repeats = false;
  bool required = false;
  std::string limits;                ///< "1 to 10"; empty: none
  std::vector<std::string> choices;  ///< words that it may be, where those are few
  std::string meaning;
};

/// A command with everything below it.
struct CommandDescription {
  std::string path;  ///< "arcas sim run"
  std::string name;  ///< "run"
  std::string meaning;
  std::vector<OptionDescription> options;  ///< arguments first
  std::vector<CommandDescription> commands;
  std::string footer;
};

/// What the command line's definitions say. Deterministic.
CommandDescription described(const CLI::App& app);

/// "arcas sim run SCENARIO [OPTIONS]".
std::string usage_of(const CommandDescription& command);
/// "--seed N" or "SCENARIO".
std::string spelled(const OptionDescription& option);

}  // namespace arcas::sim
