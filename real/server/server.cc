#include "real/server/server.h"

#include <openssl/rand.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <utility>

#include "core/base/check.h"
#include "core/model/names.h"
#include "real/all_in_one/hollow_nodes.h"
#include "real/all_in_one/local_node.h"
#include "real/all_in_one/log_requests.h"
#include "real/all_in_one/stream_requests.h"
#include "real/auth/access_control.h"
#include "real/auth/audit_log.h"
#include "real/auth/authenticator.h"
#include "real/auth/certificate_authority.h"
#include "real/auth/kubeconfig.h"
#include "real/auth/private_files.h"
#include "real/auth/service_account_tokens.h"
#include "real/control/control_plane.h"
#include "real/http/http_server.h"
#include "real/server/api_gate.h"
#include "real/store/memory_document_store.h"
#include "real/store/sqlite_document_store.h"

namespace arcas::real {
namespace {

constexpr std::int32_t kCertificateDays = 365;
constexpr Duration kBookmarks = seconds(10);
constexpr std::size_t kAuditBytes = std::size_t{100} << 20U;

std::uint64_t random_number() {
  std::uint64_t number = 0;
  ARCAS_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof(number)) == 1);
  return number;
}

std::int64_t unix_seconds(const EventLoop& loop) { return loop.now().ns / 1'000'000'000; }

Expected<std::unique_ptr<DocumentStore>> open_store(const ServerOptions& options, EventLoop& loop) {
  if (options.in_memory) return std::unique_ptr<DocumentStore>(new MemoryDocumentStore(loop));
  auto store = SqliteDocumentStore::open(options.data_dir + "/documents.db", loop);
  if (!store) return store.error();
  return std::unique_ptr<DocumentStore>(std::move(*store));
}

/// "[::1]:6443".
std::string host_and_port(const std::string& address, std::uint16_t port) {
  const bool colons = address.find(':') != std::string::npos;
  return (colons ? '[' + address + ']' : address) + ':' + std::to_string(port);
}

/// An address that a client on this machine can use.
std::string reachable(const std::string& listen) {
  if (listen == "0.0.0.0") return "127.0.0.1";
  return listen == "::" ? "::1" : listen;
}

ControlPlaneOptions control_options(const CertificateAuthority& authority) {
  ControlPlaneOptions control;
  control.certificate = authority.certificate();
  control.address_of = [](const std::string& node, Uid pod) {
    return node.starts_with(HollowNodesOptions::kPrefix) ? hollow_address(pod) : std::string();
  };
  control.random = random_number() >> 1U;  // fits a document's whole numbers
  control.unreadable = [](const DocumentKey& key, const Status& why) {
    std::fprintf(stderr, "arcas-server: %s %s/%s/%s is left alone: %s\n", key.resource.c_str(),
                 key.tenant.c_str(), key.name_space.c_str(), key.name.c_str(), why.message.c_str());
  };
  return control;
}

Expected<LocalNodeOptions> local_node_options(const ServerOptions& options) {
  LocalNodeOptions node;
  node.name = options.node_name;
  if (node.name.empty()) {
    char name[256] = {};
    ::gethostname(name, sizeof(name) - 1);
    node.name = name;
  }
  const auto problems = model::problems_of_dns1123_subdomain(node.name);
  if (!problems.empty()) {
    return Status::invalid("--node-name: " + node.name + ": " + problems.front());
  }
  node.directory = std::filesystem::absolute(options.data_dir).lexically_normal() / "node";
  const Status made = make_private_folder(node.directory);
  if (!made.ok()) return made;
  node.containerd_socket = options.containerd_socket;
  node.machines = options.machines;
  node.host_paths = options.host_paths;
  node.address = reachable(options.listen);
  return node;
}

}  // namespace

/// In the order in which they are made; ends in the reverse one.
struct Server::Parts {
  EventLoop http_loop;  // outlives every reply
  EventLoop loop;
  boost::asio::signal_set signals{loop.context()};
  std::unique_ptr<DocumentStore> store;
  std::unique_ptr<ControlPlane> control;
  std::unique_ptr<HollowNodes> hollow;
  std::unique_ptr<LocalNode> node;
  std::unique_ptr<AccessControl> access;
  Authenticator authenticator;
  std::unique_ptr<TokenKey> token_key;
  std::unique_ptr<AuditLog> audit;
  std::unique_ptr<Api> api;
  std::shared_ptr<ApiGate> gate;
  std::unique_ptr<HttpServer> http;
  std::string address;
  bool stopping = false;

  Status write_kubeconfig(const ServerOptions& options, const CertificateAuthority& authority) {
    const access::CertificateSubject admin{"system:admin", {access::kMasters}, {}};
    auto issued = authority.issue_client(admin, unix_seconds(loop), kCertificateDays);
    if (!issued) return issued.error();
    Kubeconfig config;
    config.server = address;
    config.authority = authority.certificate();
    config.user = "arcas-admin";
    config.client_certificate = std::move(issued->certificate);
    config.client_key = std::move(issued->key);
    config.contexts = {{"arcas", ""}};
    return write_private_file(options.kubeconfig, kubeconfig_text(config));
  }

  Status open(const ServerOptions& options) {
    Status status = make_private_folder(options.data_dir);
    if (status.ok()) status = make_private_folder(options.data_dir + "/pki");
    if (!status.ok()) return status;
    auto opened = open_store(options, loop);
    if (!opened) return opened.error();
    store = std::move(*opened);
    auto authority = CertificateAuthority::open(options.data_dir + "/pki", unix_seconds(loop));
    if (!authority) return authority.error();
    auto signing_key = TokenKey::open(options.data_dir + "/pki/sa.key");
    if (!signing_key) return signing_key.error();
    token_key = std::make_unique<TokenKey>(std::move(*signing_key));
    control = std::make_unique<ControlPlane>(loop, *store, control_options(*authority));
    HollowNodesOptions hollow_options;
    hollow_options.count = options.hollow_nodes;
    hollow = std::make_unique<HollowNodes>(control->local_agents(), hollow_options);
    if (options.node) {
      const Expected<LocalNodeOptions> node_options = local_node_options(options);
      if (!node_options) return node_options.error();
      node = std::make_unique<LocalNode>(control->local_agents(), *node_options);
    }
    status = open_access(options);
    if (!status.ok()) return status;
    std::vector<std::string> names = options.names;
    for (std::string name : {reachable(options.listen), std::string("localhost"),
                             std::string("kubernetes.default.svc")}) {
      names.push_back(std::move(name));
    }
    auto identity = authority->issue_server(names, unix_seconds(loop), kCertificateDays);
    if (!identity) return identity.error();
    HttpServerOptions http_options;
    http_options.address = options.listen;
    http_options.port = options.secure_port;
    http_options.tls = {std::move(identity->certificate), std::move(identity->key),
                        authority->certificate()};
    auto server = HttpServer::open(http_loop, std::move(http_options),
                                   [this](HttpRequest request, std::shared_ptr<HttpReply> reply) {
                                     gate->handle(std::move(request), std::move(reply));
                                   });
    if (!server) return server.error();
    http = std::move(*server);
    const std::string at = host_and_port(reachable(options.listen), http->port());
    address = "https://" + at;
    api = std::make_unique<Api>(
        *store,
        Api::Sources{
            random_number, [this] { return unix_seconds(loop); }, at,
            [this] { return control->new_uuid(); },
            [this](const DocumentKey& key, const std::string& text) {
              return control->check(key, text);
            },
            [this](const Document& pod, const Api::Sources::Query& query,
                   std::shared_ptr<ApiReply> reply) {
              answer_log_request(node.get(), pod, query, reply);
            },
            [this](const Document& pod, const ApiRequest& request, const std::string& subresource,
                   const Api::Sources::Query& query, std::shared_ptr<ApiReply> reply) {
              answer_stream_request(node.get(), pod, request, subresource, query, reply);
            },
            access.get(),
            [this](access::ServiceAccountToken& token) { return issue_token(*token_key, token); }});
    gate = std::make_shared<ApiGate>(GateParts{loop,
                                               *api,
                                               *access,
                                               authenticator,
                                               audit.get(),
                                               [this] { return http_loop.now(); },
                                               {},
                                               token_key.get(),
                                               store.get()});
    return write_kubeconfig(options, *authority);
  }

  /// Who is known, what he may do, and where it is written down.
  Status open_access(const ServerOptions& options) {
    if (!options.token_file.empty()) {
      const Status status = authenticator.add_token_file(options.token_file);
      if (!status.ok()) return status;
    }
    auto log = AuditLog::open(options.data_dir + "/audit.log", kAuditBytes);
    if (!log) return log.error();
    audit = std::move(*log);
    access = std::make_unique<AccessControl>(*store, [this] { recheck_watches(); });
    return Status::success();
  }
  /// After the work in hand, in which the API may be at its watches.
  void recheck_watches() {
    loop.post([this] {
      if (api != nullptr) api->recheck_watches();
    });
  }

  void start() {
    control->open([this] {
      api->bootstrap([this] {
        write_default_roles(
            *store, [this] { return control->new_uuid(); }, unix_seconds(loop));
        const Status started = control->start();
        if (!started.ok()) {
          std::fprintf(stderr, "arcas-server: %s\n", started.message.c_str());
          return stop();
        }
        hollow->start();
        if (node) node->start();
        gate->set_ready(true);
      });
    });
    send_bookmarks();
  }
  void send_bookmarks() {
    loop.at(loop.now() + kBookmarks, [this] {
      if (stopping) return;
      api->send_bookmarks();
      send_bookmarks();
    });
  }

  /// Transport first: what it has taken is still answered. Then the rest, in `run`.
  void stop() {
    if (std::exchange(stopping, true)) return;
    gate->set_ready(false);
    http_loop.post([this] { http->stop([this] { loop.post([this] { loop.stop(); }); }); });
  }
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

Expected<std::unique_ptr<Server>> Server::open(const ServerOptions& options) {
  auto parts = std::make_unique<Parts>();
  const Status status = parts->open(options);
  if (!status.ok()) return status;
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

void Server::run() {
  Parts& parts = *parts_;
  parts.signals.add(SIGTERM);
  parts.signals.add(SIGINT);
  parts.signals.async_wait([&parts](const boost::system::error_code& error, int) {
    if (!error) parts.stop();
  });
  parts.start();
  std::thread transport([&parts] { parts.http_loop.run(); });
  parts.loop.run();
  parts.gate->close();
  parts.http_loop.stop();
  transport.join();
  parts.http = nullptr;
  parts.api = nullptr;
  parts.node = nullptr;
  parts.access = nullptr;
  parts.hollow = nullptr;
  parts.control = nullptr;
  parts.store = nullptr;  // waits until what was committed is durable
}

void Server::stop() {
  parts_->loop.post([parts = parts_.get()] { parts->stop(); });
}

std::uint16_t Server::port() const { return parts_->http->port(); }
std::string Server::address() const { return parts_->address; }
EventLoop& Server::loop() { return parts_->loop; }
DocumentStore& Server::store() { return *parts_->store; }
Api& Server::api() { return *parts_->api; }

}  // namespace arcas::real
