#include "real/server/kubeconfig_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "core/access/user.h"
#include "real/auth/certificate_authority.h"
#include "real/auth/kubeconfig.h"
#include "real/auth/private_files.h"

namespace arcas::real {
namespace {

struct Wanted {
  std::string data_dir;
  std::string server;
  std::string user = "admin";
  std::string tenant;
  std::vector<std::string> groups;
  std::string output;
  std::int32_t days = 365;
};

/// The subject that names this user, and nobody else, when it is read again.
Expected<access::CertificateSubject> subject_of(const Wanted& wanted) {
  access::CertificateSubject subject{wanted.user, {"tenant:" + wanted.tenant}, wanted.groups};
  const Expected<access::User> user = access::user_of(subject);
  if (!user) return user.error();
  return subject;
}

Status write_kubeconfig(const Wanted& wanted) {
  const Expected<access::CertificateSubject> subject = subject_of(wanted);
  if (!subject) return subject.error();
  const std::int64_t now = std::chrono::duration_cast<std::chrono::seconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  // Never a new authority: the server would not believe what it signs.
  const std::string folder = wanted.data_dir + "/pki";
  const Expected<std::string> present = read_private_file(folder + "/ca.crt");
  if (!present) return present.error();
  const auto authority = CertificateAuthority::open(folder, now);
  if (!authority) return authority.error();
  auto issued = authority->issue_client(*subject, now, wanted.days);
  if (!issued) return issued.error();
  Kubeconfig config;
  config.server = wanted.server;
  config.authority = authority->certificate();
  config.user = wanted.tenant + '-' + wanted.user;
  config.client_certificate = std::move(issued->certificate);
  config.client_key = std::move(issued->key);
  config.contexts = {{config.user + "-context", wanted.tenant}};
  return write_private_file(wanted.output, kubeconfig_text(config));
}

}  // namespace

int run_kubeconfig_command(int argc, const char* const* argv) {
  Wanted wanted;
  CLI::App app{
      "arcas-server kubeconfig: signs a certificate for a user of a tenant and writes a "
      "kubeconfig\n"
      "with it. User `admin` of a tenant may do everything in it."};
  app.add_option("--data-dir", wanted.data_dir, "The server's folder")->required();
  app.add_option("--server", wanted.server, "Its address: https://HOST:PORT")->required();
  app.add_option("--tenant", wanted.tenant, "The user's tenant")->required();
  app.add_option("--user", wanted.user, "The user's name")->capture_default_str();
  app.add_option("--group", wanted.groups, "A group of the user; may be given several times");
  app.add_option("--output", wanted.output, "The file to be written")->required();
  app.add_option("--days", wanted.days, "How long the certificate is valid")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const Status status = write_kubeconfig(wanted);
  if (status.ok()) return 0;
  std::fprintf(stderr, "arcas-server: %s\n", status.message.c_str());
  return 1;
}

}  // namespace arcas::real
