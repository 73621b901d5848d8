#pragma once

namespace arcas::real {

/// `arcas-server kubeconfig`: signs a certificate for a user with the authority of a data folder
/// and writes the kubeconfig that goes with it. Needs no running server. Gives the exit code.
int run_kubeconfig_command(int argc, const char* const* argv);

}  // namespace arcas::real
