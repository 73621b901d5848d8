#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace arcas::real {

/// What `arcas-server` was asked to do.
struct ServerOptions {
  std::string data_dir;
  bool in_memory = false;  ///< documents end with the process
  std::string listen = "127.0.0.1";
  std::uint16_t secure_port = 6443;
  std::vector<std::string> names;  ///< the server's certificate says them besides `listen`
  std::uint32_t hollow_nodes = 0;  ///< nodes without machines, for trials
  std::string kubeconfig;          ///< the administrator's; empty: data_dir/admin.kubeconfig
};

/// Reads a command line. Empty: it was answered (help, version, or what is wrong with it), and the
/// process ends with `exit_code`.
struct CommandLine {
  bool run = false;
  int exit_code = 0;
  ServerOptions options;
};
CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace arcas::real
