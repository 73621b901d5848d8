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
  bool node = false;               ///< this machine is a node, too
  std::string node_name;           ///< empty: the host's name
  std::string containerd_socket = "/run/containerd/containerd.sock";  ///< empty: no containers
  bool machines = false;                ///< the node runs virtual machines on QEMU
  std::vector<std::string> host_paths;  ///< that pods may mount
  std::string token_file;               ///< of users who have tokens; empty: nobody has
  std::string kubeconfig;               ///< the administrator's; empty: data_dir/admin.kubeconfig
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
