#pragma once

#include <string>

namespace arcas::sim {

/// Whether a file can be written there, found out without touching what is there.
bool may_write(const std::string& path);
/// Writes a whole file; false when that fails.
bool write_file(const std::string& path, const std::string& text);

}  // namespace arcas::sim
