// Keys, certificates, tokens and the files that hold them.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "real/auth/audit_log.h"
#include "real/auth/authenticator.h"
#include "real/auth/certificate_authority.h"
#include "real/auth/kubeconfig.h"
#include "real/auth/private_files.h"

namespace arcas::real {
namespace {

constexpr std::int64_t kNow = 1'769'860'800;

class IdentityTest : public ::testing::Test {
 protected:
  IdentityTest() {
    std::string name = (std::filesystem::temp_directory_path() / "arcas-identity-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~IdentityTest() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string at(const std::string& name) const { return folder_ + '/' + name; }
  static unsigned mode(const std::string& path) {
    struct stat about {};
    EXPECT_EQ(::stat(path.c_str(), &about), 0);
    return about.st_mode & 0777U;
  }
  std::string folder_;
};

TEST_F(IdentityTest, AnAuthorityIsMadeOnceAndReadAgain) {
  const auto made = CertificateAuthority::open(folder_, kNow);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(mode(at("ca.key")), 0600U);
  EXPECT_EQ(mode(at("ca.crt")), 0600U);
  const auto again = CertificateAuthority::open(folder_, kNow + 1);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(made->certificate(), again->certificate());
}

TEST_F(IdentityTest, WhatIsWrongWithAnAuthority) {
  ASSERT_TRUE(CertificateAuthority::open(folder_, kNow).has_value());
  const auto problem = [this](std::int64_t now = kNow) {
    const auto opened = CertificateAuthority::open(folder_, now);
    return opened ? "" : opened.error().message;
  };
  EXPECT_NE(problem(kNow + 11LL * 365 * 86'400).find("expired"), std::string::npos);
  ::chmod(at("ca.key").c_str(), 0644);
  EXPECT_NE(problem().find("0600"), std::string::npos);
  ::chmod(at("ca.key").c_str(), 0600);
  EXPECT_EQ(problem(), "");
  const std::string key = read_private_file(at("ca.key")).value();
  ASSERT_TRUE(write_private_file(at("ca.key"), "nonsense").ok());
  EXPECT_NE(problem().find("no key"), std::string::npos);
  std::filesystem::create_directory(at("other"));
  ASSERT_TRUE(CertificateAuthority::open(at("other"), kNow).has_value());
  ASSERT_TRUE(write_private_file(at("ca.key"), read_private_file(at("other/ca.key")).value()).ok());
  EXPECT_NE(problem().find("does not belong"), std::string::npos);
  std::filesystem::remove(at("ca.key"));
  EXPECT_NE(problem().find("ca.key"), std::string::npos) << "half an authority is none";
  ASSERT_TRUE(write_private_file(at("ca.key"), key).ok());
  EXPECT_EQ(problem(), "");
}

TEST_F(IdentityTest, NamesThatNoCertificateTakes) {
  const auto authority = CertificateAuthority::open(folder_, kNow).value();
  const auto server = [&](std::vector<std::string> names) {
    return authority.issue_server(names, kNow, 1).has_value();
  };
  EXPECT_TRUE(server({"a.example", "127.0.0.1", "::1"}));
  EXPECT_FALSE(server({}));
  EXPECT_FALSE(server({"a.example,DNS:b.example"}));
  EXPECT_FALSE(server({"a b"}));
  EXPECT_FALSE(server({"*"}));
  EXPECT_TRUE(authority.issue_client({"a", {"b"}, {"c"}}, kNow, 1).has_value());
  EXPECT_FALSE(authority.issue_client({std::string(65, 'a'), {}, {}}, kNow, 1).has_value());
}

TEST_F(IdentityTest, PrivateFiles) {
  ASSERT_TRUE(write_private_file(at("a"), "text").ok());
  EXPECT_EQ(mode(at("a")), 0600U);
  EXPECT_EQ(read_private_file(at("a")).value(), "text");
  ASSERT_TRUE(write_private_file(at("a"), "other").ok());
  EXPECT_EQ(read_private_file(at("a")).value(), "other");
  EXPECT_EQ(read_private_file(at("b")).error().code, StatusCode::not_found);
  EXPECT_FALSE(read_private_file(folder_).has_value());
  EXPECT_FALSE(write_private_file(at("no/such/folder"), "").ok());
  ASSERT_TRUE(write_private_file(at("a"), std::string((1 << 20) + 1, 'x')).ok());
  EXPECT_FALSE(read_private_file(at("a")).has_value());
}

TEST_F(IdentityTest, TokenFiles) {
  const auto problem = [](const std::string& text) {
    Authenticator authenticator;
    return authenticator.add_tokens("tokens", text).message;
  };
  EXPECT_EQ(problem(""), "");
  EXPECT_EQ(problem("# a comment\n\naaaaaaaaaaaaaaaa,bob,1\r\n"), "");
  EXPECT_NE(problem("aaaaaaaaaaaaaaaa,bob").find("tokens:1:"), std::string::npos);
  EXPECT_NE(problem("aaaaaaaaaaaaaaaa,bob,1\nshort,bob,1").find("tokens:2:"), std::string::npos);
  EXPECT_NE(problem("aaaaaaaaaaaaaaaa,,1"), "");
  EXPECT_NE(problem("aaaaaaaaaaaaaaaa,bob,1,\"a,b"), "");
  EXPECT_NE(problem("aaaaaaaaaaaaaaaa,bob,1,\"a,,b\""), "");
  EXPECT_NE(problem("aaaaaaaaaaaaaaaa,bob,1,g,all"), "");
  EXPECT_NE(problem("aaaaaaaaaaaaaaaa,bob,1,g,Blue"), "");
  EXPECT_NE(problem("aaaaaaaaaaaaaaaa,bob,1,g,blue,more"), "");
  EXPECT_NE(problem("aaaaaaaaaaaaaaaa,bob,1\naaaaaaaaaaaaaaaa,eve,2"), "");
}

TEST_F(IdentityTest, TokensNameTheirUsers) {
  Authenticator authenticator;
  ASSERT_TRUE(authenticator
                  .add_tokens("t",
                              "aaaaaaaaaaaaaaaa,bob,1,\"g,\"\"h\"\"\",blue\n"
                              "bbbbbbbbbbbbbbbb,op,2\n")
                  .ok());
  const auto bob = authenticator.authenticate(nullptr, "Bearer aaaaaaaaaaaaaaaa");
  ASSERT_TRUE(bob.has_value());
  EXPECT_EQ(*bob, (access::User{"bob", "blue", {"g", "\"h\"", "system:authenticated"}}));
  EXPECT_EQ(authenticator.authenticate(nullptr, "BEARER bbbbbbbbbbbbbbbb")->tenant, "system");
  // A certificate counts first, also when it names nobody.
  const access::CertificateSubject alice{"alice", {"tenant:blue"}, {}};
  EXPECT_EQ(authenticator.authenticate(&alice, "Bearer bbbbbbbbbbbbbbbb")->name, "alice");
  const access::CertificateSubject none{"", {}, {}};
  EXPECT_FALSE(authenticator.authenticate(&none, "Bearer bbbbbbbbbbbbbbbb").has_value());
}

TEST_F(IdentityTest, KubeconfigsQuoteTheirTexts) {
  Kubeconfig config;
  config.server = "https://127.0.0.1:6443";
  config.user = "a\"b\nc";
  config.token = "t: #x";
  config.contexts = {{"first", "blue"}, {"second", ""}};
  const std::string text = kubeconfig_text(config);
  EXPECT_NE(text.find("current-context: \"first\"\n"), std::string::npos);
  EXPECT_NE(text.find("server: \"https://127.0.0.1:6443/tenants/blue\"\n"), std::string::npos);
  EXPECT_NE(text.find("server: \"https://127.0.0.1:6443\"\n"), std::string::npos);
  EXPECT_NE(text.find("name: \"a\\\"b\\nc\"\n"), std::string::npos);
  EXPECT_NE(text.find("token: \"t: #x\"\n"), std::string::npos);
}

TEST_F(IdentityTest, AuditLinesCannotBeForged) {
  AuditRecord record;
  record.unix_ms = kNow * 1000 + 7;
  record.user = {"eve\n{\"user\":\"admin\"}", "blue", {}};
  record.method = "GET";
  record.target = "/api/v1/namespaces/a/pods?watch=true&x=" + std::string(5000, 'y');
  record.code = 403;
  const std::string line = audit_line(record);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_LT(line.size(), 3000U);
  EXPECT_NE(line.find("\"time\":\"2026-01-31T12:00:00.007Z\""), std::string::npos);
  EXPECT_NE(line.find("\"verb\":\"watch\""), std::string::npos);
}

TEST_F(IdentityTest, AuditFilesAreTurnedOver) {
  for (const char* round : {"first", "second"}) {
    const auto log = AuditLog::open(at("audit.log"), 2000).value();
    for (int i = 0; i < 20; ++i) {
      AuditRecord record;
      record.target = std::string("/") + round + std::to_string(i);
      log->write(std::move(record));
    }
  }
  EXPECT_EQ(mode(at("audit.log")), 0600U);
  EXPECT_TRUE(std::filesystem::exists(at("audit.log.1")));
  std::ifstream file(at("audit.log"));
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find("\"/second19\""), std::string::npos);
  EXPECT_FALSE(AuditLog::open(at("no/such/folder"), 1).has_value());
}

}  // namespace
}  // namespace arcas::real
