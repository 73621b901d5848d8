#pragma once

#include <string>
#include <vector>

namespace arcas::real {

/// What a client needs to reach a server as one user.
struct Kubeconfig {
  struct Context {
    std::string name;
    std::string tenant;  ///< the address ends in "/tenants/NAME"; empty: the user's own tenant
  };
  std::string server;              ///< "https://127.0.0.1:6443"
  std::string authority;           ///< PEM
  std::string user;                ///< under which it is filed: "admin"
  std::string client_certificate;  ///< PEM; empty: see `token`
  std::string client_key;
  std::string token;
  std::vector<Context> contexts;  ///< the first is the current one
};

/// The text of a kubeconfig file: YAML, with the certificates in it.
std::string kubeconfig_text(const Kubeconfig& config);

}  // namespace arcas::real
