#include "sim/cli/output_file.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace arcas::sim {

bool may_write(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::is_directory(path, error)) return false;
  if (fs::exists(path, error)) return access(path.c_str(), W_OK) == 0;
  const fs::path folder = fs::path(path).parent_path();
  return access(folder.empty() ? "." : folder.c_str(), W_OK) == 0;
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc | std::ios::binary);
  file << text;
  return static_cast<bool>(file.flush());
}

}  // namespace arcas::sim
