#pragma once

#include <string>

#include "core/base/expected.h"
#include "sim/cli/command_tree.h"

namespace arcas::sim {

/// A script that completes commands, options and, where they are few, values; elsewhere file names.
/// `shell`: bash, zsh or fish; the error lists them.
Expected<std::string> completion_script(const CommandDescription& root, const std::string& shell);

}  // namespace arcas::sim
