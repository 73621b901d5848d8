#include "real/http/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/real/http/http_client.h"

namespace arcas::real {
namespace {

using tests::ClientResponse;
using tests::HttpClient;

/// A server on its own thread. Its paths: "/echo" gives the body back, "/large" a large body,
/// "/stream" opens a stream that the test writes to, "/never" nothing, "/late" waits.
class HttpServerTest : public ::testing::Test {
 protected:
  void start(HttpLimits limits = {}) {
    HttpServerOptions options;
    options.limits = limits;
    auto opened = HttpServer::open(loop_, std::move(options),
                                   [this](HttpRequest request, std::shared_ptr<HttpReply> reply) {
                                     answer(std::move(request), std::move(reply));
                                   });
    ASSERT_TRUE(opened.has_value());
    server_ = std::move(*opened);
    thread_ = std::thread([this] { loop_.run(); });
    std::promise<void> running;  // a stop before that would be forgotten
    loop_.post([&running] { running.set_value(); });
    running.get_future().wait();
  }
  void TearDown() override {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
    server_ = nullptr;
  }
  void answer(HttpRequest request, std::shared_ptr<HttpReply> reply) {
    ++requests_;
    ApiResponse response;
    if (request.target == "/never") return;
    if (request.target == "/stream") {
      reply->begin_stream("application/json;stream=watch", 0);
      reply->when_gone([this] { ++gone_; });
      stream_.set_value(std::move(reply));
      return;
    }
    if (request.target == "/late") {
      late_.set_value(std::move(reply));
      return;
    }
    response.content_type = "text/plain";
    response.body = request.target == "/large" ? std::string(1 << 20, 'x') : request.body;
    reply->respond(std::move(response));
  }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  /// What the loop's thread sees.
  template <class Work>
  auto on_loop(Work work) {
    std::promise<decltype(work())> result;
    loop_.post([&] { result.set_value(work()); });
    return result.get_future().get();
  }
  void wait_for(const std::function<bool()>& done) {
    for (int i = 0; i < 3000 && !done(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_TRUE(done());
  }
  void wait_for_connections(std::size_t count) {
    wait_for([&] { return on_loop([&] { return server_->connections(); }) == count; });
  }

  EventLoop loop_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
  std::promise<std::shared_ptr<HttpReply>> stream_;
  std::promise<std::shared_ptr<HttpReply>> late_;
  std::atomic<int> requests_ = 0;
  std::atomic<int> gone_ = 0;
};

TEST_F(HttpServerTest, OneConnectionServesManyRequests) {
  start();
  HttpClient client(port());
  for (int i = 0; i < 100; ++i) {
    const ClientResponse response = client.send_body("POST", "/echo", std::to_string(i));
    ASSERT_EQ(response.code, 200);
    ASSERT_EQ(response.body, std::to_string(i));
  }
  EXPECT_EQ(on_loop([&] { return server_->connections(); }), 1U);
}

TEST_F(HttpServerTest, RequestsThatComeTogetherAreAnsweredInOrder) {
  start();
  HttpClient client(port());
  std::string all;
  for (const char* body : {"a", "b", "c"}) {
    all += std::string("PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n") + body;
  }
  client.send(all);
  for (const char* body : {"a", "b", "c"}) EXPECT_EQ(client.read().body, body);
}

TEST_F(HttpServerTest, ClosesWhenAskedTo) {
  start();
  HttpClient client(port());
  const ClientResponse response = client.get("/echo", "Connection: close\r\n");
  EXPECT_EQ(response.code, 200);
  EXPECT_EQ(response.headers.at("connection"), "close");
  EXPECT_EQ(client.read().code, 0);
  HttpClient old(port());
  old.send("GET /echo HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read().code, 200);
  EXPECT_EQ(old.read().code, 0);
}

TEST_F(HttpServerTest, HeadHasTheLengthAndNoBody) {
  start();
  HttpClient client(port());
  client.send("HEAD /large HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read(true).headers.at("content-length"), std::to_string(1 << 20));
  EXPECT_EQ(client.get("/echo").code, 200);
}

TEST_F(HttpServerTest, LargeBodiesAreCompressedForWhoAcceptsIt) {
  start();
  HttpClient client(port());
  const ClientResponse plain = client.get("/large");
  EXPECT_EQ(plain.body.size(), std::size_t{1} << 20U);
  EXPECT_EQ(plain.headers.count("content-encoding"), 0U);
  const ClientResponse packed = client.get("/large", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), std::size_t{1} << 16U);
  const ClientResponse small = client.get("/echo", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(small.headers.count("content-encoding"), 0U);
}

TEST_F(HttpServerTest, RefusalsAreStatusBodiesAndEndTheConnection) {
  HttpLimits limits;
  limits.header_bytes = 1000;
  limits.body_bytes = 1000;
  start(limits);
  const auto refusal = [this](const std::string& text) {
    HttpClient client(port());
    client.send(text);
    const ClientResponse response = client.read();
    if (response.code == 0) return 0;
    EXPECT_EQ(response.headers.at("connection"), "close");
    EXPECT_EQ(response.headers.at("content-type"), "application/json");
    const boost::json::value body = boost::json::parse(response.body);
    EXPECT_EQ(body.at("kind").as_string(), "Status");
    EXPECT_EQ(body.at("code").as_int64(), response.code);
    return response.code;
  };
  EXPECT_EQ(refusal("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: " + std::string(5000, 'a') + "\r\n\r\n"), 431);
  EXPECT_EQ(refusal("PUT / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n\r\n"), 415);
  // Although the client is still sending: it shall read why, not see its connection break.
  EXPECT_EQ(refusal("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n" +
                    std::string(8'000'000, 'a')),
            413);
  EXPECT_EQ(requests_, 0);
}

TEST_F(HttpServerTest, ExpectantClientsAreToldToGoOn) {
  start();
  HttpClient client(port());
  client.send("PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  EXPECT_EQ(client.read().body, "ab");
}

TEST_F(HttpServerTest, SlowRequestsAreEnded) {
  HttpLimits limits;
  limits.header = limits.body = milliseconds(50);
  limits.idle = milliseconds(100);
  start(limits);
  HttpClient silent(port());
  HttpClient slow_header(port());
  HttpClient slow_body(port());
  HttpClient idle(port());
  EXPECT_EQ(idle.get("/echo").code, 200);
  slow_header.send("GET / HT");
  slow_body.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(slow_header.read().code, 408);
  EXPECT_EQ(slow_body.read().code, 408);
  EXPECT_EQ(silent.read().code, 0);
  EXPECT_EQ(idle.read().code, 0);
  slow_header.close();
  slow_body.close();
  wait_for_connections(0);
}

TEST_F(HttpServerTest, NoMoreConnectionsThanAllowed) {
  HttpLimits limits;
  limits.connections_per_address = 2;
  start(limits);
  HttpClient first(port());
  EXPECT_EQ(first.get("/echo").code, 200);
  {
    HttpClient second(port());
    EXPECT_EQ(second.get("/echo").code, 200);
    HttpClient third(port());
    EXPECT_EQ(third.get("/echo").code, 0);
  }
  wait_for_connections(1);
  HttpClient fourth(port());
  EXPECT_EQ(fourth.get("/echo").code, 200);
}

TEST_F(HttpServerTest, StreamsComeInChunksAndTheConnectionServesOn) {
  start();
  HttpClient client(port());
  client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto reply = stream_.get_future().get();
  EXPECT_TRUE(reply->write("one\n"));
  EXPECT_NE(client.read_until("4\r\none\n\r\n").find("Transfer-Encoding: chunked"),
            std::string::npos);
  EXPECT_TRUE(reply->write("two\n"));
  reply->end();
  EXPECT_NE(client.read_until("0\r\n\r\n").find("4\r\ntwo\n\r\n0\r\n\r\n"), std::string::npos);
  EXPECT_EQ(client.get("/echo").code, 200);
  EXPECT_EQ(gone_, 0);
}

TEST_F(HttpServerTest, OldClientsGetAStreamThatEndsWithTheConnection) {
  start();
  HttpClient client(port());
  client.send("GET /stream HTTP/1.0\r\n\r\n");
  const auto reply = stream_.get_future().get();
  EXPECT_TRUE(reply->write("one\n"));
  reply->end();
  const std::string all = client.read_until("never");
  EXPECT_TRUE(all.ends_with("\r\n\r\none\n")) << all;
  EXPECT_EQ(all.find("chunked"), std::string::npos);
}

TEST_F(HttpServerTest, AClientThatGoesIsNoticed) {
  start();
  std::shared_ptr<HttpReply> reply;
  {
    HttpClient client(port());
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    reply = stream_.get_future().get();
    EXPECT_TRUE(reply->write("one\n"));
    client.read_until("one\n");
  }
  wait_for([this] { return gone_ == 1; });
  EXPECT_FALSE(reply->write("two\n"));
  wait_for_connections(0);
}

TEST_F(HttpServerTest, AReaderThatIsTooSlowIsClosedAndCanTell) {
  HttpLimits limits;
  limits.stream_bytes = std::size_t{1} << 20U;
  start(limits);
  HttpClient client(port());
  client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto reply = stream_.get_future().get();
  const std::string part(100'000, 'x');
  int accepted = 0;
  while (accepted < 10'000 && reply->write(part)) ++accepted;
  ASSERT_LT(accepted, 10'000);
  EXPECT_FALSE(reply->write(part));
  wait_for([this] { return gone_ == 1; });
  // The stream ends without the chunk that says that it is whole.
  EXPECT_FALSE(client.read_until("never").ends_with("0\r\n\r\n"));
}

TEST_F(HttpServerTest, AllStreamsTogetherHaveABound) {
  HttpLimits limits;
  limits.all_streams_bytes = 1000;
  start(limits);
  HttpClient client(port());
  client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto reply = stream_.get_future().get();
  EXPECT_TRUE(reply->write(std::string(900, 'x')));
  client.read_until(std::string(900, 'x'));
  for (int i = 0; i < 2; ++i) on_loop([] { return 0; });  // that it was sent is noted by now
  EXPECT_TRUE(reply->write(std::string(500, 'y')));
  EXPECT_FALSE(reply->write(std::string(1001, 'z')));
}

TEST_F(HttpServerTest, StreamsEndInTime) {
  HttpLimits limits;
  limits.stream = milliseconds(50);
  limits.header = milliseconds(40);  // decides how often the server looks at the time
  start(limits);
  HttpClient client(port());
  client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto reply = stream_.get_future().get();
  reply->write("one\n");
  EXPECT_TRUE(client.read_until("0\r\n\r\n").ends_with("0\r\n\r\n"));
  wait_for([this] { return gone_ == 1; });
  wait_for([&] { return !reply->write("two\n"); });
}

TEST_F(HttpServerTest, AnAnswerThatNobodyGivesClosesTheConnection) {
  start();
  HttpClient client(port());
  EXPECT_EQ(client.get("/never").code, 0);
}

TEST_F(HttpServerTest, StoppingAnswersWhatIsInHandAndEndsStreams) {
  start();
  HttpClient idle(port());
  HttpClient late(port());
  HttpClient watcher(port());
  EXPECT_EQ(idle.get("/echo").code, 200);
  late.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
  watcher.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto reply = late_.get_future().get();
  const auto stream = stream_.get_future().get();
  std::promise<void> stopped;
  loop_.post([&] { server_->stop([&stopped] { stopped.set_value(); }); });
  EXPECT_EQ(idle.read().code, 0);
  EXPECT_TRUE(watcher.read_until("0\r\n\r\n").ends_with("0\r\n\r\n"));
  auto done = stopped.get_future();
  EXPECT_EQ(done.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  reply->respond({200, "text/plain", "after all", {}});
  EXPECT_EQ(late.read().body, "after all");
  EXPECT_EQ(done.wait_for(std::chrono::seconds(30)), std::future_status::ready);
  HttpClient refused(port());
  EXPECT_NE(refused.error(), "");
  EXPECT_EQ(gone_, 1);
}

TEST_F(HttpServerTest, StoppingDoesNotWaitForEver) {
  HttpLimits limits;
  limits.drain = milliseconds(50);
  start(limits);
  HttpClient late(port());
  late.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto reply = late_.get_future().get();
  std::promise<void> stopped;
  loop_.post([&] { server_->stop([&stopped] { stopped.set_value(); }); });
  EXPECT_EQ(stopped.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
  EXPECT_EQ(late.read().code, 0);
}

TEST_F(HttpServerTest, ATakenPortIsAnError) {
  start();
  HttpServerOptions options;
  options.port = port();
  EventLoop other;
  const auto second = HttpServer::open(other, std::move(options), {});
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find(std::to_string(port())), std::string::npos);
  options.port = 0;
  options.address = "localhost";
  EXPECT_FALSE(HttpServer::open(other, std::move(options), {}).has_value());
}

}  // namespace
}  // namespace arcas::real
