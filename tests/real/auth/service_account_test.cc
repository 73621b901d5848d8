// Tokens of service accounts: asked for at the API, signed, and known again.

#include "core/access/service_account.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "real/auth/service_account_tokens.h"
#include "real/auth/token_key.h"
#include "tests/support/api_world.h"

namespace arcas::real {
namespace {

namespace json = boost::json;
constexpr std::int64_t kNow = 1'769'860'800;  // 2026-01-31T12:00:00Z, the world's time
constexpr char kAccounts[] = "/api/v1/namespaces/default/serviceaccounts";

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "arcas-tokens-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

class TokenWorld {
 public:
  TokenWorld() : key(TokenKey::open(folder.path + "/sa.key").value()), api(store, sources()) {
    api.bootstrap({});
    executor.run();
    post(kAccounts, R"({"metadata":{"name":"robot"}})");
  }
  Api::Sources sources() {
    Api::Sources given{[this] { return mix64(++draws_); }, [] { return kNow; }, "test"};
    given.issue_token = [this](access::ServiceAccountToken& token) {
      return issue_token(key, token);
    };
    return given;
  }
  json::value send(const std::string& method, std::string target, std::string body, int* code) {
    const auto reply = std::make_shared<KeptReply>();
    api.handle({.method = method,
                .target = std::move(target),
                .body = std::move(body),
                .caller = ApiWorld::admin("system")},
               reply);
    executor.run();
    if (code != nullptr) *code = reply->last.code;
    return reply->json();
  }
  json::value post(std::string target, std::string body, int* code = nullptr) {
    return send("POST", std::move(target), std::move(body), code);
  }
  json::value ask(const std::string& spec, int* code = nullptr) {
    return post(
        std::string(kAccounts) + "/robot/token",
        R"({"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":)" + spec + "}",
        code);
  }
  Expected<access::ServiceAccountToken> read(const json::value& answer, std::int64_t at = kNow) {
    return read_token(key, "Bearer " + std::string(answer.at_pointer("/status/token").as_string()),
                      at);
  }

  Folder folder;
  TokenKey key;
  ManualExecutor executor;
  MemoryDocumentStore store{executor, HistoryLimit{50}};
  Api api;

 private:
  std::uint64_t draws_ = 0;
};

TEST(ServiceAccountTokens, AreSignedForAnHourAndNameTheAccountOfATenant) {
  TokenWorld world;
  int code = 0;
  const json::value answer = world.ask("{}", &code);
  EXPECT_EQ(code, 201);
  EXPECT_EQ(answer.at("kind"), "TokenRequest");
  EXPECT_EQ(answer.at_pointer("/status/expirationTimestamp"), "2026-01-31T13:00:00Z");
  EXPECT_EQ(answer.at_pointer("/spec/expirationSeconds"), 3600);
  const auto token = world.read(answer);
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(access::user_of(*token).name, "system:serviceaccount:default:robot");
  EXPECT_EQ(token->tenant, "system");
  EXPECT_TRUE(is_token_alive(world.store, *token));
  EXPECT_TRUE(world.read(answer, kNow + 3599));
  EXPECT_FALSE(world.read(answer, kNow + 3600));
  EXPECT_FALSE(world.read(world.ask(R"({"audiences":["vault"]})"))) << "is for somebody else";
  EXPECT_TRUE(world.read(world.ask(R"({"audiences":["vault","https://kubernetes.default.svc"]})")));
}

TEST(ServiceAccountTokens, EndWithTheirAccountAlsoWhenOneOfItsNameComesAfterIt) {
  TokenWorld world;
  const auto token = world.read(world.ask("{}"));
  ASSERT_TRUE(token);
  world.send("DELETE", std::string(kAccounts) + "/robot", "", nullptr);
  EXPECT_FALSE(is_token_alive(world.store, *token));
  world.post(kAccounts, R"({"metadata":{"name":"robot"}})");
  EXPECT_FALSE(is_token_alive(world.store, *token));
}

TEST(ServiceAccountTokens, BoundToAPodEndWithIt) {
  TokenWorld world;
  constexpr char kPods[] = "/api/v1/namespaces/default/pods";
  const auto pod = [&](const std::string& name, const std::string& account) {
    world.post(kPods, R"({"metadata":{"name":")" + name + R"("},"spec":{"serviceAccountName":")" +
                          account + R"(","containers":[{"name":"c","image":"i"}]}})");
  };
  pod("p", "robot");
  pod("q", "other");
  const auto bound = [](const std::string& name, const std::string& more = "") {
    return R"({"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":")" + name + '"' + more +
           "}}";
  };
  int code = 0;
  const json::value answer = world.ask(bound("p"), &code);
  EXPECT_EQ(code, 201);
  EXPECT_EQ(answer.at_pointer("/spec/boundObjectRef/name"), "p");
  const auto token = world.read(answer);
  ASSERT_TRUE(token);
  EXPECT_TRUE(is_token_alive(world.store, *token));
  world.send("DELETE", std::string(kPods) + "/p", R"({"gracePeriodSeconds":0})", nullptr);
  EXPECT_FALSE(is_token_alive(world.store, *token));

  world.ask(bound("p"), &code);
  EXPECT_EQ(code, 404);
  world.ask(bound("q"), &code);
  EXPECT_EQ(code, 422) << "a pod of another account";
  world.ask(bound("q", R"(,"uid":"x")"), &code);
  EXPECT_EQ(code, 409);
  world.ask(R"({"boundObjectRef":{"kind":"ConfigMap","name":"c"}})", &code);
  EXPECT_EQ(code, 422);
}

TEST(ServiceAccountTokens, WhatIsNotRightIsRefusedAndSaysWhy) {
  TokenWorld world;
  int code = 0;
  const json::value brief = world.ask(R"({"expirationSeconds":60})", &code);
  EXPECT_EQ(code, 422);
  EXPECT_EQ(brief.at_pointer("/details/causes/0/field"), "spec.expirationSeconds");
  world.ask(R"({"expirationSeconds":"long"})", &code);
  EXPECT_EQ(code, 400);
  world.ask(R"({"audiences":[7]})", &code);
  EXPECT_EQ(code, 400);
  world.post(std::string(kAccounts) + "/nobody/token", R"({"spec":{}})", &code);
  EXPECT_EQ(code, 404);
  world.send("GET", std::string(kAccounts) + "/robot/token", "", &code);
  EXPECT_EQ(code, 405);
}

TEST(TokenKey, KnowsItsOwnTokensAndNoOthersAlsoAfterARestart) {
  const Folder folder;
  const TokenKey key = TokenKey::open(folder.path + "/a").value();
  const TokenKey other = TokenKey::open(folder.path + "/b").value();
  const std::string payload = R"({"sub":"x","n":123})";
  const std::string token = key.sign(payload).value();
  EXPECT_EQ(key.payload_of(token).value(), payload);
  EXPECT_EQ(TokenKey::open(folder.path + "/a").value().payload_of(token).value(), payload);
  EXPECT_FALSE(other.payload_of(token));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    if (changed != token) {
      EXPECT_FALSE(key.payload_of(changed)) << "byte " << i;
    }
  }
  const std::size_t dot = token.find('.');
  // {"alg":"none"}
  EXPECT_FALSE(key.payload_of("eyJhbGciOiJub25lIn0" + token.substr(dot)));
  EXPECT_FALSE(key.payload_of(token.substr(0, token.rfind('.') + 1)));
  for (const char* text : {"", ".", "..", "a.b.c", "a.b"}) EXPECT_FALSE(key.payload_of(text));
}

TEST(TokenKey, AFileThatHoldsNoSuchKeyIsRefusedWithItsName) {
  const Folder folder;
  const std::string path = folder.path + "/sa.key";
  std::ofstream(path) << "no key";
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const auto broken = TokenKey::open(path);
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find(path), std::string::npos);
}

}  // namespace
}  // namespace arcas::real
