#include <cstdio>
#include <string_view>

#include "real/server/kubeconfig_command.h"
#include "real/server/server.h"
#include "real/server/server_options.h"

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "kubeconfig") {
    return arcas::real::run_kubeconfig_command(argc - 1, argv + 1);
  }
  const arcas::real::CommandLine line = arcas::real::parse_command_line(argc, argv);
  if (!line.run) return line.exit_code;
  auto server = arcas::real::Server::open(line.options);
  if (!server) {
    std::fprintf(stderr, "arcas-server: %s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("arcas-server: serving on %s\nadministrator's kubeconfig: %s\n",
              (*server)->address().c_str(), line.options.kubeconfig.c_str());
  std::fflush(stdout);
  (*server)->run();
  std::printf("arcas-server: stopped\n");
  return 0;
}
