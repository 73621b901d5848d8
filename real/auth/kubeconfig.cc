#include "real/auth/kubeconfig.h"

#include <boost/json.hpp>

#include "real/api/schema/base64.h"

namespace arcas::real {
namespace {

/// A string of JSON is one of YAML.
std::string quoted(const std::string& text) {
  return boost::json::serialize(boost::json::string(text));
}

}  // namespace

std::string kubeconfig_text(const Kubeconfig& config) {
  std::string clusters;
  std::string contexts;
  for (const Kubeconfig::Context& context : config.contexts) {
    const std::string address =
        config.server + (context.tenant.empty() ? "" : "/tenants/" + context.tenant);
    clusters += "- name: " + quoted(context.name) + "\n  cluster:\n    server: " + quoted(address) +
                "\n    certificate-authority-data: " + base64_of(config.authority) + '\n';
    contexts += "- name: " + quoted(context.name) +
                "\n  context:\n    cluster: " + quoted(context.name) +
                "\n    user: " + quoted(config.user) + '\n';
  }
  std::string user = "- name: " + quoted(config.user) + "\n  user:\n";
  if (config.client_certificate.empty()) {
    user += "    token: " + quoted(config.token) + '\n';
  } else {
    user += "    client-certificate-data: " + base64_of(config.client_certificate) +
            "\n    client-key-data: " + base64_of(config.client_key) + '\n';
  }
  const std::string current = config.contexts.empty() ? "" : config.contexts.front().name;
  return "apiVersion: v1\nkind: Config\ncurrent-context: " + quoted(current) + "\nclusters:\n" +
         clusters + "contexts:\n" + contexts + "users:\n" + user;
}

}  // namespace arcas::real
