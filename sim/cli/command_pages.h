#pragma once

#include <string>

#include "sim/cli/command_tree.h"

namespace arcas::sim {

/// A manual page in man(7)'s language: one command and everything below it.
std::string man_page(const CommandDescription& command);
/// The reference of the command line, as Markdown.
std::string markdown_of(const CommandDescription& root);
/// The reference of scenario files, as Markdown, from what explain_format() says.
std::string scenario_markdown();

}  // namespace arcas::sim
