// QmpSession against a server of the test's own that answers well, badly, late or not at all.

#include "agent/vm/qmp.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <thread>

namespace arcas::agent {
namespace {

/// Sends the greeting, then one of the answers for each line it gets; closes after the last.
class FakeQemu {
 public:
  explicit FakeQemu(std::vector<std::string> answers)
      : path_("/tmp/arcas-qmp-" + std::to_string(::getpid()) + "-" + std::to_string(++count_)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path_.c_str());
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    ::listen(listener_, 1);
    thread_ = std::thread([this, answers = std::move(answers)] { serve(answers); });
  }
  ~FakeQemu() {
    thread_.join();
    ::close(listener_);
    ::unlink(path_.c_str());
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void serve(const std::vector<std::string>& answers) const {
    const int peer = ::accept(listener_, nullptr, nullptr);
    say(peer, "{\"QMP\": {}}\n");
    for (const std::string& answer : answers) {
      char byte = 0;
      while (::read(peer, &byte, 1) == 1 && byte != '\n') {
      }
      say(peer, answer);
    }
    ::close(peer);
  }
  static void say(int peer, const std::string& text) {
    ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
  }
  static inline int count_ = 0;
  std::string path_;
  int listener_ = -1;
  std::thread thread_;
};

constexpr char kReady[] = "{\"return\": {}}\n";

std::unique_ptr<QmpSession> session_with(const FakeQemu& server) {
  Expected<std::unique_ptr<QmpSession>> session = QmpSession::connect(server.path(), seconds(5));
  EXPECT_TRUE(session.has_value());
  return session ? std::move(session).value() : nullptr;
}

TEST(QmpSession, AnswersAreToldFromEventsThatComeBetween) {
  const FakeQemu server(
      {kReady,
       "{\"event\": \"STOP\"}\n{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true}}\n"
       "{\"return\": {\"status\": \"paused\"}}\n"});
  const auto session = session_with(server);
  EXPECT_EQ(session->execute("query-status").value(), R"({"status":"paused"})");
  QmpEvent event;
  ASSERT_TRUE(session->next_event(event, {}));
  EXPECT_EQ(event.name, "STOP");
  ASSERT_TRUE(session->next_event(event, {}));
  EXPECT_EQ(event.data, R"({"guest":true})");
  EXPECT_FALSE(session->next_event(event, {}));
}

TEST(QmpSession, ARefusalNamesTheCommandAndWhatWasSaid) {
  const FakeQemu server(
      {kReady, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no such tag\"}}\n"});
  EXPECT_EQ(session_with(server)->execute("snapshot-load").error().message,
            "snapshot-load: no such tag");
}

TEST(QmpSession, GarbageIsPassedOverAndTheEndOfTheMachineIsNoticed) {
  const FakeQemu server(
      {kReady, std::string("\0\xff{[\n\n[1,2]\n7\n{\"return\": 1, \"x\"}\n", 27)});
  const auto session = session_with(server);
  const Expected<std::string> answer = session->execute("stop", {}, seconds(5));
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, StatusCode::unavailable);
  EXPECT_NE(answer.error().message.find("has ended"), std::string::npos);
  EXPECT_TRUE(session->closed());
  EXPECT_FALSE(session->execute("cont").has_value()) << "and once more";
}

TEST(QmpSession, AMachineThatHangsHoldsUpNobodyForLonger) {
  const FakeQemu server({kReady, "", "{\"return\": {\"late\": 1}}\n"});
  const auto session = session_with(server);
  const Expected<std::string> late = session->execute("query-status", {}, milliseconds(50));
  EXPECT_NE(late.error().message.find("no answer within 50ms"), std::string::npos);
  EXPECT_FALSE(session->execute("query-jobs", {}, milliseconds(50)).has_value())
      << "a late answer is not taken for that of the next command";
}

TEST(QmpSession, NobodyThereIsAnErrorWithThePath) {
  EXPECT_NE(QmpSession::connect("/tmp/arcas-nobody.sock", seconds(1))
                .error()
                .message.find("/tmp/arcas-nobody.sock"),
            std::string::npos);
  EXPECT_EQ(QmpSession::connect(std::string(200, 'x'), seconds(1)).error().code,
            StatusCode::invalid);
}

}  // namespace
}  // namespace arcas::agent
