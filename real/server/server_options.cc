#include "real/server/server_options.h"

#include <CLI/CLI.hpp>

namespace arcas::real {
namespace {

constexpr std::uint32_t kMostHollowNodes = 20'000;

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  CommandLine line;
  ServerOptions& options = line.options;
  CLI::App app{
      "arcas-server: a control plane that kubectl talks to.\n"
      "It serves the Kubernetes API with tenants over HTTPS until it gets SIGTERM or SIGINT."};
  app.set_version_flag("--version", "arcas-server 0.1.0");
  app.add_option("--data-dir", options.data_dir,
                 "Folder for documents, keys and certificates; made when it is not there")
      ->required();
  app.add_flag("--in-memory", options.in_memory,
               "Keep documents in memory alone: they end with the process");
  app.add_option("--listen", options.listen, "IP address to listen on")->capture_default_str();
  app.add_option("--secure-port", options.secure_port, "Port for HTTPS; 0: any that is free")
      ->capture_default_str();
  app.add_option("--tls-san", options.names,
                 "DNS name or IP address under which clients reach this server, besides the one it "
                 "listens on and localhost; may be given several times");
  app.add_option("--hollow-nodes", options.hollow_nodes,
                 "Nodes without machines in this process: pods there start and stop, and nothing "
                 "runs")
      ->check(CLI::Range(0U, kMostHollowNodes))
      ->capture_default_str();
  app.add_flag("--node", options.node,
               "This machine is a node, too: containers on containerd, machines on QEMU");
  app.add_option("--node-name", options.node_name, "Its name [the host's name]");
  app.add_option("--containerd-socket", options.containerd_socket,
                 "Where containerd listens; empty: the node runs no containers")
      ->capture_default_str();
  app.add_flag("--virtual-machines", options.machines,
               "The node runs virtual machines; images lie in DATA_DIR/node/images");
  app.add_option("--allow-host-path", options.host_paths,
                 "A path that pods may mount, with all below it; may be given several times");
  app.add_option(
      "--token-auth-file", options.token_file,
      "File of users with bearer tokens: token,user,uid[,\"group,group\"[,tenant]] a line; "
      "its owner alone may read it");
  app.add_option("--kubeconfig", options.kubeconfig,
                 "Where the administrator's kubeconfig is written [DATA_DIR/admin.kubeconfig]");
  try {
    app.parse(argc, argv);
    line.run = true;
  } catch (const CLI::ParseError& error) {
    line.exit_code = app.exit(error) == 0 ? 0 : 2;
  }
  if (options.kubeconfig.empty()) options.kubeconfig = options.data_dir + "/admin.kubeconfig";
  return line;
}

}  // namespace arcas::real
