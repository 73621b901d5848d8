#pragma once

#include <string>

#include "core/base/expected.h"

namespace arcas::real {

/// Writes a file that its owner alone may read (0600), whole or not at all: under another name,
/// made durable, then renamed over what was there. Errors name the file.
Status write_private_file(const std::string& path, const std::string& text);

/// Reads such a file. Errors, with the file's name: not_found; invalid when it cannot be read, when
/// others than its owner may read it, or when it has more than 1 MiB.
Expected<std::string> read_private_file(const std::string& path);

/// Makes a folder that its owner alone may enter (0700), unless there is one.
Status make_private_folder(const std::string& path);

}  // namespace arcas::real
