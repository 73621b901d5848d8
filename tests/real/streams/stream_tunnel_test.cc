#include "real/streams/stream_tunnel.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <future>
#include <thread>

#include "real/http/http_server.h"
#include "real/streams/spdy_channels.h"
#include "real/streams/websocket_channels.h"
#include "tests/real/http/http_client.h"
#include "tests/support/websocket_text.h"

namespace arcas::real {
namespace {

using tests::client_frame;
using tests::HttpClient;

/// A console: a Unix socket whose one visitor is greeted, gets back in capitals what he types, and
/// is sent away at "exit".
class Console {
 public:
  Console() : path_(std::filesystem::temp_directory_path() / ("console-" + unique() + ".sock")) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof(address.sun_path) - 1);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~Console() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    std::filesystem::remove(path_);
  }
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  [[nodiscard]] std::string path() const { return path_; }

 private:
  static std::string unique() {
    static int count = 0;
    return std::to_string(::getpid()) + "-" + std::to_string(++count);
  }
  void serve() const {
    const int visitor = ::accept(listener_, nullptr, nullptr);
    if (visitor < 0) return;
    (void)!::write(visitor, "login: ", 7);
    std::string typed(4096, '\0');
    for (;;) {
      const ssize_t count = ::read(visitor, typed.data(), typed.size());
      if (count <= 0 || typed.starts_with("exit")) break;
      for (ssize_t i = 0; i < count; ++i) {
        char& c = typed[static_cast<std::size_t>(i)];
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
      (void)!::write(visitor, typed.data(), static_cast<std::size_t>(count));
    }
    ::close(visitor);
  }

  std::filesystem::path path_;
  int listener_ = -1;
  std::thread thread_;
};

/// A server whose answer to everything is the tunnel of `plan`.
class StreamTunnelTest : public ::testing::Test {
 protected:
  void start(std::function<TunnelPlan()> plan, HttpLimits limits = {}) {
    HttpServerOptions options;
    options.limits = limits;
    auto opened = HttpServer::open(loop_, std::move(options),
                                   [plan](const HttpRequest&, std::shared_ptr<HttpReply> reply) {
                                     reply->upgrade(std::make_shared<StreamTunnel>(plan()));
                                   });
    ASSERT_TRUE(opened.has_value());
    server_ = std::move(*opened);
    thread_ = std::thread([this] { loop_.run(); });
    std::promise<void> running;
    loop_.post([&running] { running.set_value(); });
    running.get_future().wait();
  }
  void TearDown() override {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
    server_ = nullptr;
  }
  void stop_server() {
    std::promise<void> done;
    loop_.post([&] { server_->stop([&done] { done.set_value(); }); });
    EXPECT_EQ(done.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  }
  [[nodiscard]] std::function<TunnelPlan()> websocket_plan(std::string path) const {
    return [path = std::move(path)] {
      TunnelPlan plan;
      plan.socket_path = path;
      plan.own_head = websocket_head("dGhlIHNhbXBsZSBub25jZQ==", "v5.channel.k8s.io");
      plan.client = std::make_unique<WebSocketChannels>(WebSocketChannels::Form::channels);
      plan.upstream = std::make_unique<PlainChannels>(Channel::output);
      plan.tells_status = true;
      return plan;
    };
  }

  EventLoop loop_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

const std::string kAsk = "GET /attach HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n";

TEST_F(StreamTunnelTest, AConsoleOverWebSocketUntilItEnds) {
  const Console console;
  start(websocket_plan(console.path()));
  HttpClient client(server_->port());
  ASSERT_TRUE(client.send(kAsk));
  EXPECT_NE(client.read_until("login: ").find("101 Switching"), std::string::npos);
  client.send(client_frame(2, std::string("\0hello", 6)));
  EXPECT_NE(client.read_until("HELLO").find("\x82\x06\x01HELLO"), std::string::npos);
  client.send(client_frame(2, std::string("\0exit", 5)));
  const std::string all = client.read_until("never said");
  EXPECT_NE(all.find("\x03{\"metadata\":{},\"status\":\"Success\"}"), std::string::npos);
  EXPECT_TRUE(all.ends_with("\x88\x02\x03\xe8"));  // closed in order
}

TEST_F(StreamTunnelTest, AConsoleOverSpdy) {
  const Console console;
  const ChannelSet wanted{true, true, false, true};
  start([path = console.path(), wanted] {
    TunnelPlan plan;
    plan.socket_path = path;
    plan.own_head = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
    plan.client = std::make_unique<SpdyChannels>(SpdyChannels::Side::server, wanted);
    plan.upstream = std::make_unique<PlainChannels>(Channel::output);
    return plan;
  });
  HttpClient client(server_->port());
  SpdyChannels channels(SpdyChannels::Side::client, wanted);
  // At once: what a client sends before it has the answer is not lost.
  ASSERT_TRUE(client.send(kAsk + channels.opening()));
  const std::string answer = client.read_until("login: ");
  std::string bytes = answer.substr(answer.find("\r\n\r\n") + 4);
  std::vector<ChannelPart> parts;
  std::string none;
  ASSERT_TRUE(channels.take(bytes, parts, none).ok());
  EXPECT_TRUE(channels.ready());
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].bytes, "login: ");
  client.send(channels.give({Channel::input, "hello", false}));
  EXPECT_NE(client.read_until("HELLO").find("HELLO"), std::string::npos);
}

TEST_F(StreamTunnelTest, AnEndThatIsNotThereIsAnOrdinaryRefusal) {
  start(websocket_plan("/nonexistent/console.sock"));
  HttpClient client(server_->port());
  client.send(kAsk);
  const tests::ClientResponse response = client.read();
  EXPECT_EQ(response.code, 503);
  EXPECT_NE(response.body.find("cannot be reached"), std::string::npos);
}

TEST_F(StreamTunnelTest, AServerThatEndsSaysGoodbye) {
  const Console console;
  start(websocket_plan(console.path()));
  HttpClient client(server_->port());
  client.send(kAsk);
  client.read_until("login: ");
  stop_server();
  EXPECT_TRUE(client.read_until("never said").ends_with("\x88\x02\x03\xe9"));  // going away
}

TEST_F(StreamTunnelTest, WhoSaysNothingIsClosed) {
  const Console console;
  HttpLimits limits;
  limits.tunnel_idle = milliseconds(200);
  limits.write =
      milliseconds(200);  // the server looks after its connections as often as that needs
  start(websocket_plan(console.path()), limits);
  HttpClient client(server_->port());
  client.send(kAsk);
  EXPECT_TRUE(client.read_until("never said").ends_with("\x88\x02\x03\xe9"));
}

TEST_F(StreamTunnelTest, WhoBreaksTheProtocolIsClosed) {
  const Console console;
  start(websocket_plan(console.path()));
  HttpClient client(server_->port());
  client.send(kAsk);
  client.read_until("login: ");
  client.send("\x82\x01x");  // no mask
  EXPECT_TRUE(client.read_until("never said").ends_with("\x88\x02\x03\xe8"));
}

TEST_F(StreamTunnelTest, MuchIsCarriedInOrder) {
  const Console console;
  start(websocket_plan(console.path()));
  HttpClient client(server_->port());
  client.send(kAsk);
  client.read_until("login: ");
  std::string sent;
  for (int i = 0; i < 200; ++i) {
    const std::string text = std::to_string(i) + std::string(20'000, 'x');
    sent += client_frame(2, std::string(1, '\0') + text);
  }
  std::thread writer([&] { client.send(sent + client_frame(2, std::string("\0THE END", 8))); });
  const std::string all = client.read_until("THE END");
  writer.join();
  EXPECT_NE(all.find("199X"), std::string::npos);
  EXPECT_GT(all.size(), 4'000'000U);
}

}  // namespace
}  // namespace arcas::real
