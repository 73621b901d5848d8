#pragma once

#include <string>

namespace arcas::sim {

/// Whether a file can be written there, found out without touching what is there.
bool may_write(const std::string& path);

}  // namespace arcas::sim
