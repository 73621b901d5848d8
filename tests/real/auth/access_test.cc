// A gate, an API and a store behind a real server with TLS: who gets in, and what he may do.

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <thread>

#include "core/base/hash.h"
#include "real/auth/certificate_authority.h"
#include "real/auth/private_files.h"
#include "real/http/http_server.h"
#include "real/server/api_gate.h"
#include "real/store/memory_document_store.h"
#include "tests/real/http/http_client.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
using tests::ClientResponse;
using tests::ClientTls;
using tests::HttpClient;

constexpr std::int64_t kDay = 86'400;

std::int64_t now_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class AccessTest : public ::testing::Test {
 protected:
  AccessTest() {
    std::string name = (std::filesystem::temp_directory_path() / "arcas-access-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    authority_ = std::make_unique<CertificateAuthority>(
        CertificateAuthority::open(folder_, now_seconds()).value());
    EXPECT_TRUE(authenticator_
                    .add_tokens("tokens",
                                "blue-token-of-sixteen,bob,1,\"developers\",blue\n"
                                "system-token-sixteen,op,2\n")
                    .ok());
    audit_ = AuditLog::open(folder_ + "/audit.log", 1 << 20).value();
    store_ = std::make_unique<MemoryDocumentStore>(loop_);
    access_ = std::make_unique<AccessControl>(
        *store_, [this] { loop_.post([this] { api_->recheck_watches(); }); });
    Api::Sources sources{[this] { return mix64(++draws_); }, now_seconds, "test"};
    sources.access = access_.get();
    api_ = std::make_unique<Api>(*store_, std::move(sources));
    gate_ = std::make_shared<ApiGate>(GateParts{loop_,
                                                *api_,
                                                *access_,
                                                authenticator_,
                                                audit_.get(),
                                                [this] { return loop_.now(); },
                                                {1000, 2}});
    start();
  }
  ~AccessTest() override {
    loop_.stop();
    thread_.join();
    server_ = nullptr;
    api_ = nullptr;
    access_ = nullptr;
    std::filesystem::remove_all(folder_);
  }
  void start() {
    const std::vector<std::string> names{"localhost", "127.0.0.1"};
    auto issued = authority_->issue_server(names, now_seconds(), 1).value();
    HttpServerOptions options;
    options.tls = {issued.certificate, issued.key, authority_->certificate()};
    server_ = HttpServer::open(loop_, std::move(options),
                               [this](HttpRequest request, std::shared_ptr<HttpReply> reply) {
                                 gate_->handle(std::move(request), std::move(reply));
                               })
                  .value();
    std::promise<void> ready;
    loop_.post([&] { api_->bootstrap([&] { ready.set_value(); }); });
    thread_ = std::thread([this] { loop_.run(); });
    ready.get_future().wait();
  }

  ClientTls nobody() { return {authority_->certificate(), "", ""}; }
  ClientTls user(const access::CertificateSubject& subject, std::int64_t from = now_seconds(),
                 std::int32_t days = 1) {
    auto issued = authority_->issue_client(subject, from, days).value();
    return {authority_->certificate(), issued.certificate, issued.key};
  }
  ClientTls admin() { return user({"system:admin", {"system:masters"}, {}}); }
  ClientTls blue(const std::string& name, std::vector<std::string> groups = {}) {
    return user({name, {"tenant:blue"}, std::move(groups)});
  }
  /// Of one request on a connection of its own; 0: no answer.
  ClientResponse send(const ClientTls& tls, const std::string& method, const std::string& target,
                      const json::value& body = nullptr, const std::string& headers = {}) {
    HttpClient client(server_->port(), tls);
    const bool patch = method == "PATCH";
    return client.send_body(
        method, target, body.is_null() ? "" : json::serialize(body),
        headers + (patch ? "Content-Type: application/merge-patch+json\r\n" : ""));
  }
  int code(const ClientTls& tls, const std::string& method, const std::string& target,
           const json::value& body = nullptr) {
    return send(tls, method, target, body).code;
  }
  void make_tenants() {
    for (const char* name : {"blue", "red"}) {
      ASSERT_EQ(
          code(admin(), "POST", "/api/v1/tenants", {{"metadata", json::object{{"name", name}}}}),
          201);
    }
  }
  static json::value config_map(const std::string& name) {
    return {{"metadata", json::object{{"name", name}}},
            {"data", json::object{{"secret", "canary"}}}};
  }
  static json::value role(const char* name, json::array verbs, json::array resources) {
    return {{"metadata", json::object{{"name", name}}},
            {"rules", json::array{json::object{{"verbs", std::move(verbs)},
                                               {"apiGroups", json::array{""}},
                                               {"resources", std::move(resources)}}}}};
  }
  static json::value binding(const char* name, const char* role_kind, const char* role_name,
                             const char* user_name) {
    constexpr const char* kGroup = "rbac.authorization.k8s.io";
    return {
        {"metadata", json::object{{"name", name}}},
        {"roleRef", json::object{{"apiGroup", kGroup}, {"kind", role_kind}, {"name", role_name}}},
        {"subjects",
         json::array{json::object{{"apiGroup", kGroup}, {"kind", "User"}, {"name", user_name}}}}};
  }

  std::string folder_;
  std::unique_ptr<CertificateAuthority> authority_;
  Authenticator authenticator_;
  std::unique_ptr<AuditLog> audit_;
  EventLoop loop_;
  std::unique_ptr<MemoryDocumentStore> store_;
  std::unique_ptr<AccessControl> access_;
  std::unique_ptr<Api> api_;
  std::shared_ptr<ApiGate> gate_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
  std::uint64_t draws_ = 0;
  const std::string rbac_ = "/apis/rbac.authorization.k8s.io/v1/";
};

TEST_F(AccessTest, NobodyGetsInWithoutAnIdentity) {
  for (const char* target : {"/api/v1/pods", "/version", "/api", "/apis", "/openapi/v2", "/metrics",
                             "/livezz", "/livez/../api/v1/pods", "//livez"}) {
    const ClientResponse response = send(nobody(), "GET", target);
    EXPECT_EQ(response.code, 401) << target;
    EXPECT_EQ(json::parse(response.body).at("reason").as_string(), "Unauthorized");
  }
  EXPECT_EQ(send(nobody(), "GET", "/livez").body, "ok");
  EXPECT_EQ(code(nobody(), "GET", "/readyz"), 503);
  gate_->set_ready(true);
  EXPECT_EQ(code(nobody(), "GET", "/readyz?verbose"), 200);
}

TEST_F(AccessTest, CertificatesThatDoNotVerifyEndTheHandshake) {
  EXPECT_EQ(code(admin(), "GET", "/version"), 200);
  EXPECT_EQ(code(user({"system:admin", {"system:masters"}, {}}, now_seconds() - 9 * kDay), "GET",
                 "/version"),
            0)
      << "expired";
  EXPECT_EQ(code(user({"system:admin", {"system:masters"}, {}}, now_seconds() + 9 * kDay), "GET",
                 "/version"),
            0)
      << "not yet valid";
  const std::string other = folder_ + "/other";
  ASSERT_TRUE(make_private_folder(other).ok());
  const auto stranger = CertificateAuthority::open(other, now_seconds()).value();
  auto issued =
      stranger.issue_client({"system:admin", {"system:masters"}, {}}, now_seconds(), 1).value();
  EXPECT_EQ(code({authority_->certificate(), issued.certificate, issued.key}, "GET", "/version"), 0)
      << "of another authority";
  const std::vector<std::string> names{"localhost"};
  issued = authority_->issue_server(names, now_seconds(), 1).value();
  EXPECT_EQ(code({authority_->certificate(), issued.certificate, issued.key}, "GET", "/version"), 0)
      << "a server's";
}

TEST_F(AccessTest, CertificatesThatNameNobody) {
  EXPECT_EQ(code(user({"alice", {"system:masters"}, {}}), "GET", "/version"), 401);
  EXPECT_EQ(code(user({"alice", {"tenant:blue:red"}, {}}), "GET", "/version"), 401);
  EXPECT_EQ(code(user({std::string("system:\0x", 9), {}, {}}), "GET", "/version"), 401);
}

TEST_F(AccessTest, OldProtocolsAndPlainTextAreRefused) {
  ClientTls old = admin();
  old.newest_version = TLS1_1_VERSION;
  HttpClient client(server_->port(), old);
  EXPECT_NE(client.error(), "");
  HttpClient plain(server_->port());
  EXPECT_EQ(plain.get("/livez").code, 0);
  ClientTls newer = admin();
  newer.newest_version = TLS1_2_VERSION;
  EXPECT_EQ(code(newer, "GET", "/version"), 200);
}

TEST_F(AccessTest, Tokens) {
  const auto with = [this](const std::string& header) {
    return send(nobody(), "GET", "/version", nullptr, header).code;
  };
  EXPECT_EQ(with("Authorization: Bearer blue-token-of-sixteen\r\n"), 200);
  EXPECT_EQ(with("Authorization: bearer  system-token-sixteen\r\n"), 200);
  EXPECT_EQ(with("Authorization: Bearer blue-token-of-sixteeN\r\n"), 401);
  EXPECT_EQ(with("Authorization: Bearer blue-token-of-sixtee\r\n"), 401);
  EXPECT_EQ(with("Authorization: Bearer \r\n"), 401);
  EXPECT_EQ(with("Authorization: Basic blue-token-of-sixteen\r\n"), 401);
  EXPECT_EQ(with("X-Remote-User: system:admin\r\nX-Remote-Group: system:masters\r\n"), 401);
  EXPECT_EQ(with("Authorization: Bearer " + std::string(20'000, 'a') + "\r\n"), 401);
}

TEST_F(AccessTest, ImpersonationIsRefusedNotIgnored) {
  for (const char* header :
       {"Impersonate-User: alice\r\n", "impersonate-group: g\r\n", "IMPERSONATE-EXTRA-x: y\r\n"}) {
    EXPECT_EQ(send(admin(), "GET", "/version", nullptr, header).code, 403) << header;
  }
}

TEST_F(AccessTest, ATenantsAdministratorRulesItAndNothingElse) {
  make_tenants();
  const ClientTls blue_admin = blue("admin");
  EXPECT_EQ(code(blue_admin, "POST", "/api/v1/namespaces/default/configmaps", config_map("a")),
            201);
  EXPECT_EQ(code(blue_admin, "GET", "/api/v1/namespaces/default/configmaps/a"), 200);
  EXPECT_EQ(code(blue_admin, "GET", "/tenants/blue/api/v1/namespaces/default/configmaps/a"), 200);
  for (const char* target :
       {"/api/v1/tenants/red/namespaces/default/configmaps", "/api/v1/tenants/all/configmaps",
        "/tenants/red/api/v1/namespaces/default/configmaps", "/api/v1/nodes", "/api/v1/tenants",
        "/api/v1/tenants/red", "/apis/storage.k8s.io/v1/storageclasses",
        "/api/v1/tenants/system/namespaces/kube-system/secrets",
        "/api/v1/watch/tenants/red/configmaps"}) {
    EXPECT_EQ(code(blue_admin, "GET", target), 403) << target;
  }
  EXPECT_EQ(code(blue_admin, "POST", "/api/v1/namespaces/default/resourcequotas",
                 {{"metadata", json::object{{"name", "q"}}}}),
            403);
}

TEST_F(AccessTest, TheSameRefusalForWhatIsThereAndWhatIsNot) {
  make_tenants();
  const std::string red = "/api/v1/tenants/red/namespaces/default/configmaps";
  ASSERT_EQ(code(admin(), "POST", red, config_map("there")), 201);
  std::string there = send(blue("admin"), "GET", red + "/there").body;
  std::string absent = send(blue("admin"), "GET", red + "/absen").body;
  EXPECT_EQ(there.find("canary"), std::string::npos);
  for (std::size_t at = 0; (at = there.find("there", at)) != std::string::npos;) {
    there.replace(at, 5, "absen");
  }
  EXPECT_EQ(there, absent);
}

TEST_F(AccessTest, RolesAllowWhatTheySayAndNoMore) {
  make_tenants();
  const ClientTls root = blue("admin");
  const ClientTls eve = blue("eve");
  const std::string pods = "/api/v1/namespaces/default/configmaps";
  EXPECT_EQ(code(eve, "GET", pods), 403);
  ASSERT_EQ(code(root, "POST", rbac_ + "namespaces/default/roles",
                 role("reader", {"get", "list"}, {"configmaps"})),
            201);
  ASSERT_EQ(code(root, "POST", rbac_ + "namespaces/default/rolebindings",
                 binding("eve", "Role", "reader", "eve")),
            201);
  EXPECT_EQ(code(eve, "GET", pods), 200);
  EXPECT_EQ(code(eve, "GET", pods + "?watch=true"), 403);
  EXPECT_EQ(code(eve, "POST", pods, config_map("b")), 403);
  EXPECT_EQ(code(eve, "DELETE", pods), 403);
  EXPECT_EQ(code(eve, "GET", "/api/v1/namespaces/kube-system/configmaps"), 403);
  EXPECT_EQ(code(eve, "GET", "/api/v1/configmaps"), 403);
  EXPECT_EQ(code(eve, "GET", "/api/v1/namespaces/default/secrets"), 403);
}

TEST_F(AccessTest, NobodyRaisesHimself) {
  make_tenants();
  const ClientTls root = blue("admin");
  const ClientTls eve = blue("eve");
  constexpr const char* kGroup = "rbac.authorization.k8s.io";
  const json::value granter{
      {"metadata", json::object{{"name", "granter"}}},
      {"rules", json::array{json::object{{"verbs", json::array{"*"}},
                                         {"apiGroups", json::array{kGroup}},
                                         {"resources", json::array{"roles", "rolebindings"}}},
                            json::object{{"verbs", json::array{"get"}},
                                         {"apiGroups", json::array{""}},
                                         {"resources", json::array{"configmaps"}}}}}};
  // Without the verbs that give more than one has.
  json::value tame = granter;
  tame.at("rules").at(0).at("verbs") = json::array{"get", "create", "update", "patch"};
  ASSERT_EQ(code(root, "POST", rbac_ + "clusterroles", tame), 201);
  ASSERT_EQ(code(root, "POST", rbac_ + "clusterrolebindings",
                 binding("eve", "ClusterRole", "granter", "eve")),
            201);
  const std::string roles = rbac_ + "namespaces/default/roles";
  const std::string bindings = rbac_ + "namespaces/default/rolebindings";
  EXPECT_EQ(code(eve, "POST", roles, role("mine", {"get"}, {"configmaps"})), 201);
  EXPECT_EQ(code(eve, "POST", roles, role("more", {"get"}, {"secrets"})), 403);
  EXPECT_EQ(code(eve, "PATCH", roles + "/mine", role("mine", {"*"}, {"*"})), 403);
  EXPECT_EQ(code(eve, "POST", bindings, binding("b", "Role", "mine", "mallory")), 201);
  EXPECT_EQ(code(eve, "POST", bindings, binding("c", "ClusterRole", "admin-role", "eve")), 403);
  EXPECT_EQ(code(eve, "POST", bindings, binding("d", "ClusterRole", "absent", "eve")), 403);
  EXPECT_EQ(code(eve, "POST", rbac_ + "clusterroles", role("e", {"get"}, {"configmaps"})), 403);
  // A role cannot be exchanged behind a binding's back.
  json::value other = binding("b", "ClusterRole", "granter", "mallory");
  EXPECT_EQ(code(root, "PUT", bindings + "/b", other), 422);
}

TEST_F(AccessTest, AWatchEndsWithTheRightToIt) {
  make_tenants();
  const ClientTls root = blue("admin");
  ASSERT_EQ(code(root, "POST", rbac_ + "clusterroles", role("w", {"watch"}, {"configmaps"})), 201);
  ASSERT_EQ(
      code(root, "POST", rbac_ + "clusterrolebindings", binding("w", "ClusterRole", "w", "eve")),
      201);
  HttpClient watcher(server_->port(), blue("eve"));
  watcher.send("GET /api/v1/configmaps?watch=true HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_NE(watcher.read_until("\r\n\r\n").find("200 OK"), std::string::npos);
  ASSERT_EQ(code(root, "POST", "/api/v1/namespaces/default/configmaps", config_map("before")), 201);
  EXPECT_NE(watcher.read_until("before").find("before"), std::string::npos);
  ASSERT_EQ(code(root, "DELETE", rbac_ + "clusterrolebindings/w"), 200);
  EXPECT_TRUE(watcher.read_until("\r\n0\r\n\r\n").ends_with("\r\n0\r\n\r\n"));
  ASSERT_EQ(code(root, "POST", "/api/v1/namespaces/default/configmaps", config_map("after")), 201);
  EXPECT_EQ(watcher.read_until("\r\n0\r\n\r\n").find("after"), std::string::npos);
}

TEST_F(AccessTest, NoMoreWatchesThanAllowed) {
  make_tenants();
  const ClientTls root = blue("admin");
  const std::string watch = "GET /api/v1/configmaps?watch=true HTTP/1.1\r\nHost: a\r\n\r\n";
  auto first = std::make_unique<HttpClient>(server_->port(), root);
  HttpClient second(server_->port(), root);
  for (HttpClient* client : {first.get(), &second}) {
    client->send(watch);
    ASSERT_NE(client->read_until("\r\n\r\n").find("200 OK"), std::string::npos);
  }
  EXPECT_EQ(code(root, "GET", "/api/v1/configmaps?watch=true"), 429);
  EXPECT_EQ(code(root, "GET", "/api/v1/configmaps"), 200);
  first = nullptr;
  std::string answer;
  for (int i = 0; i < 500 && answer.find("200 OK") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    HttpClient again(server_->port(), root);
    again.send(watch);
    answer = again.read_until("\r\n\r\n");
  }
  EXPECT_NE(answer.find("200 OK"), std::string::npos);
}

TEST_F(AccessTest, ANodeKeepsToItself) {
  make_tenants();
  const ClientTls n1 = user({"system:node:n1", {"system:nodes"}, {}});
  const auto node = [](const char* name, json::object labels = {}) {
    return json::value{{"metadata", json::object{{"name", name}, {"labels", std::move(labels)}}}};
  };
  EXPECT_EQ(code(n1, "POST", "/api/v1/nodes", node("n2")), 403);
  EXPECT_EQ(code(n1, "POST", "/api/v1/nodes",
                 node("n1", {{"node-role.kubernetes.io/control-plane", ""}})),
            403);
  EXPECT_EQ(code(n1, "POST", "/api/v1/nodes", node("n1", {{"kubernetes.io/hostname", "n1"}})), 201);
  ASSERT_EQ(code(admin(), "POST", "/api/v1/nodes", node("n2")), 201);
  EXPECT_EQ(code(n1, "GET", "/api/v1/nodes/n1"), 200);
  EXPECT_EQ(code(n1, "GET", "/api/v1/nodes/n2"), 403);
  EXPECT_EQ(code(n1, "GET", "/api/v1/nodes"), 403);
  EXPECT_EQ(code(n1, "DELETE", "/api/v1/nodes/n1"), 403);
  const std::string pods = "/api/v1/tenants/blue/namespaces/default/pods";
  for (const char* name : {"n1", "n2"}) {
    const json::object container{{"name", "a"}, {"image", "a"}};
    ASSERT_EQ(
        code(admin(), "POST", pods,
             {{"metadata", json::object{{"name", std::string("on-") + name}}},
              {"spec", json::object{{"nodeName", name}, {"containers", json::array{container}}}}}),
        201);
  }
  EXPECT_EQ(code(n1, "GET", pods + "/on-n1"), 200);
  EXPECT_EQ(code(n1, "GET", pods + "/on-n2"), 403);
  EXPECT_EQ(code(n1, "GET", pods), 403);
  EXPECT_EQ(code(n1, "GET", "/api/v1/tenants/all/pods?fieldSelector=spec.nodeName%3Dn1"), 200);
  EXPECT_EQ(code(n1, "GET", "/api/v1/tenants/all/pods?fieldSelector=spec.nodeName%3Dn2"), 403);
  const json::value status{{"status", json::object{{"phase", "Running"}}}};
  EXPECT_EQ(code(n1, "PATCH", pods + "/on-n1/status", status), 200);
  EXPECT_EQ(code(n1, "PATCH", pods + "/on-n2/status", status), 403);
  EXPECT_EQ(code(n1, "GET", "/api/v1/tenants/blue/namespaces/default/secrets"), 403);
}

TEST_F(AccessTest, OnlyTheSchedulerBindsPods) {
  make_tenants();
  const ClientTls root = blue("admin");
  json::object spec{{"containers", json::array{json::object{{"name", "a"}, {"image", "a"}}}}};
  json::value pod{{"metadata", json::object{{"name", "p"}}}, {"spec", spec}};
  EXPECT_EQ(code(root, "POST", "/api/v1/namespaces/default/pods", pod), 201);
  pod.at("metadata").at("name") = "q";
  pod.at("spec").as_object()["nodeName"] = "n1";
  EXPECT_EQ(code(root, "POST", "/api/v1/namespaces/default/pods", pod), 403);
  const json::object labels{{"app", "a"}};
  const json::value deployment{
      {"metadata", json::object{{"name", "d"}}},
      {"spec",
       json::object{{"selector", json::object{{"matchLabels", labels}}},
                    {"template", json::object{{"metadata", json::object{{"labels", labels}}},
                                              {"spec", pod.at("spec")}}}}}};
  EXPECT_EQ(code(root, "POST", "/apis/apps/v1/namespaces/default/deployments", deployment), 403);
}

TEST_F(AccessTest, QuestionsAboutOneself) {
  make_tenants();
  const auto may = [this](const ClientTls& who, const char* verb, const char* resource) {
    const ClientResponse response = send(
        who, "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        {{"spec", json::object{{"resourceAttributes", json::object{{"verb", verb},
                                                                   {"resource", resource},
                                                                   {"namespace", "default"}}}}}});
    EXPECT_EQ(response.code, 201);
    return json::parse(response.body).at("status").at("allowed").as_bool();
  };
  EXPECT_TRUE(may(blue("admin"), "delete", "pods"));
  EXPECT_FALSE(may(blue("admin"), "list", "nodes"));
  EXPECT_FALSE(may(blue("eve"), "get", "pods"));
  EXPECT_TRUE(may(admin(), "list", "nodes"));
  const ClientResponse who =
      send(blue("eve", {"developers"}), "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews",
           json::object());
  EXPECT_EQ(json::parse(who.body).at("status").at("userInfo").at("username").as_string(), "eve");
  const ClientResponse rules =
      send(blue("admin"), "POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
           {{"spec", json::object{{"namespace", "default"}}}});
  EXPECT_EQ(json::parse(rules.body).at("status").at("resourceRules").as_array().size(), 1U);
  EXPECT_EQ(code(admin(), "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"), 400);
}

TEST_F(AccessTest, WhatHappenedIsWrittenDown) {
  make_tenants();
  send(blue("admin"), "GET", "/api/v1/tenants/red/configmaps", nullptr,
       "User-Agent: test\xff\"agent\r\n");
  send(nobody(), "GET", "/api/v1/pods");
  send(nobody(), "GET", "/livez");
  std::map<std::string, json::value> by_path;
  for (int i = 0; i < 500 && !by_path.contains("/api/v1/pods"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    by_path.clear();
    std::ifstream file(folder_ + "/audit.log");
    for (std::string line; std::getline(file, line);) {
      boost::system::error_code partial;
      const json::value entry = json::parse(line, partial);
      if (!partial) by_path[std::string(entry.at("path").as_string())] = entry;
    }
  }
  ASSERT_TRUE(by_path.contains("/api/v1/pods"));
  const json::value& refused = by_path.at("/api/v1/tenants/red/configmaps");
  EXPECT_EQ(refused.at("user").as_string(), "admin");
  EXPECT_EQ(refused.at("tenant").as_string(), "blue");
  EXPECT_EQ(refused.at("verb").as_string(), "list");
  EXPECT_EQ(refused.at("code").as_int64(), 403);
  EXPECT_EQ(by_path.at("/api/v1/pods").at("code").as_int64(), 401);
  EXPECT_EQ(by_path.at("/api/v1/pods").at("user").as_string(), "");
  EXPECT_FALSE(by_path.contains("/livez"));
}

}  // namespace
}  // namespace arcas::real
