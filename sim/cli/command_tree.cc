#include "sim/cli/command_tree.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <string_view>

namespace arcas::sim {
namespace {

/// Options whose values are words of a fixed list, by name and, where a name means several things,
/// by command.
struct Choices {
  std::string_view option;
  std::string_view command;  ///< the end of its path; empty: every command
  std::vector<std::string> words;
};
const std::vector<Choices>& all_choices() {
  static const std::vector<Choices> choices{
      {"--profile", "", {"kubernetes", "arcas", "arktos"}},
      {"--heartbeats", "", {"coalesced", "individual"}},
      {"shell", "completion", {"bash", "zsh", "fish"}},
      {"what", "reference", {"cli", "scenario"}},
      {"kind",
       "trace import",
       {"openb", "azure-vm", "philly", "swf", "huawei", "azure-functions", "google-2011",
        "google-2019", "alibaba-batch", "kubectl"}},
  };
  return choices;
}

/// "INT in [1 - 10]" becomes "1 to 10"; types alone say nothing that the meaning does not.
std::string limits_of(const std::string& type) {
  const std::size_t open = type.find('[');
  const std::size_t close = type.find(']');
  const std::size_t dash = type.find(" - ");
  if (open == std::string::npos || close == std::string::npos || dash == std::string::npos) {
    return {};
  }
  const std::string low = type.substr(open + 1, dash - open - 1);
  const std::string high = type.substr(dash + 3, close - dash - 3);
  if (high.starts_with("92233720368547758")) return "from " + low;
  return low + " to " + high;
}

OptionDescription described(const CLI::Option& option, const std::string& path) {
  OptionDescription description;
  description.argument = option.get_positional();
  if (description.argument) {
    description.names.push_back(option.get_name(true, false));
  } else {
    for (const std::string& name : option.get_lnames()) description.names.push_back("--" + name);
    for (const std::string& name : option.get_snames()) description.names.push_back("-" + name);
  }
  description.takes_value = option.get_items_expected_max() > 0;
  description.repeats = option.get_items_expected_max() > 1;
  description.required = option.get_required();
  description.limits = limits_of(option.get_type_name());
  description.meaning = option.get_description();
  for (const Choices& choices : all_choices()) {
    const bool named = std::find(description.names.begin(), description.names.end(),
                                 choices.option) != description.names.end();
    if (named && path.ends_with(choices.command)) description.choices = choices.words;
  }
  return description;
}

CommandDescription described(const CLI::App& app, const std::string& above) {
  CommandDescription command;
  // The root's own name is how it was called.
  command.name = app.get_parent() == nullptr ? "arcas" : app.get_name();
  command.path = above.empty() ? command.name : above + " " + command.name;
  command.meaning = app.get_description();
  command.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    command.options.push_back(described(*option, command.path));
  }
  std::stable_sort(command.options.begin(), command.options.end(),
                   [](const auto& a, const auto& b) { return a.argument && !b.argument; });
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    command.commands.push_back(described(*below, command.path));
  }
  return command;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

CommandDescription described(const CLI::App& app) { return described(app, ""); }

std::string spelled(const OptionDescription& option) {
  std::string text;
  if (option.argument) {
    text = upper(option.names.front());
    return option.repeats ? text + "…" : text;
  }
  for (const std::string& name : option.names) text += (text.empty() ? "" : ", ") + name;
  if (option.takes_value) text += option.repeats ? " VALUE…" : " VALUE";
  return text;
}

std::string usage_of(const CommandDescription& command) {
  std::string text = command.path;
  bool more = false;
  for (const OptionDescription& option : command.options) {
    if (option.argument) {
      text += option.required ? " " + spelled(option) : " [" + spelled(option) + "]";
    } else if (option.required) {
      text += " " + spelled(option);
    } else {
      more = more || option.names.front() != "--help";
    }
  }
  if (!command.commands.empty()) text += " COMMAND";
  return more ? text + " [OPTIONS]" : text;
}

}  // namespace arcas::sim
