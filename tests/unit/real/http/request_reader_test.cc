#include "real/http/request_reader.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace arcas::real {
namespace {

using State = RequestReader::State;

HttpLimits small_limits() {
  HttpLimits limits;
  limits.header_bytes = 1000;
  limits.body_bytes = 100;
  return limits;
}

/// The code of the refusal; 0: the request was read.
int refusal_of(std::string text) {
  RequestReader reader(small_limits());
  const State state = reader.read(text);
  if (state == State::failed) return reader.error().code;
  EXPECT_EQ(state, State::done) << text;
  return 0;
}

std::string request(const std::string& headers, const std::string& body = {}) {
  return "POST /api/v1/pods?limit=5 HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

TEST(RequestReader, ReadsARequest) {
  RequestReader reader(small_limits());
  std::string text = request("Content-Type: application/json\r\nContent-Length: 2\r\n", "{}");
  ASSERT_EQ(reader.read(text), State::done);
  const HttpRequest read = reader.take();
  EXPECT_EQ(read.method, "POST");
  EXPECT_EQ(read.target, "/api/v1/pods?limit=5");
  EXPECT_EQ(read.header("content-type"), "application/json");
  EXPECT_EQ(read.header("absent"), "");
  EXPECT_EQ(read.body, "{}");
  EXPECT_TRUE(read.keep_alive);
  EXPECT_TRUE(text.empty());
}

TEST(RequestReader, ReadsBytesAsTheyCome) {
  RequestReader reader(small_limits());
  const std::string text =
      request("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  std::string bytes;
  State state = reader.read(bytes);
  EXPECT_EQ(state, State::empty);
  for (const char c : text) {
    ASSERT_TRUE(state == State::empty || state == State::header || state == State::body);
    bytes += c;
    state = reader.read(bytes);
  }
  ASSERT_EQ(state, State::done);
  EXPECT_EQ(reader.take().body, "abcde");
  EXPECT_EQ(reader.read(bytes), State::empty);
}

TEST(RequestReader, LeavesTheNextRequestAlone) {
  RequestReader reader(small_limits());
  std::string text =
      request("Content-Length: 1\r\n", "x") + "\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_EQ(reader.read(text), State::done);
  EXPECT_EQ(reader.take().body, "x");
  ASSERT_EQ(reader.read(text), State::done);
  EXPECT_EQ(reader.take().target, "/b");
}

TEST(RequestReader, Expectations) {
  RequestReader reader(small_limits());
  std::string text = request("Expect: 100-continue\r\nContent-Length: 5\r\n");
  ASSERT_EQ(reader.read(text), State::body);
  EXPECT_TRUE(reader.take_expectation());
  EXPECT_FALSE(reader.take_expectation());
  EXPECT_EQ(refusal_of(request("Expect: miracles\r\n")), 417);
}

TEST(RequestReader, Limits) {
  EXPECT_EQ(refusal_of(request("X: " + std::string(2000, 'a') + "\r\n")), 431);
  EXPECT_EQ(refusal_of("GET /" + std::string(2000, 'a')), 431);
  EXPECT_EQ(refusal_of(request("Content-Length: 100\r\n", std::string(100, 'a'))), 0);
  EXPECT_EQ(refusal_of(request("Content-Length: 101\r\n")), 413);
  EXPECT_EQ(refusal_of(request("Content-Length: 18446744073709551615\r\n")), 413);
  EXPECT_EQ(refusal_of(request("Transfer-Encoding: chunked\r\n",
                               "70\r\n" + std::string(112, 'a') + "\r\n0\r\n\r\n")),
            413);
}

TEST(RequestReader, WhatCouldBeReadInTwoWaysIsRefused) {
  EXPECT_EQ(refusal_of(request("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Content-Length: 3\r\nContent-Length: 4\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Content-Length: -1\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Content-Length: 99999999999999999999\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Transfer-Encoding: gzip\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Transfer-Encoding: chunked\r\n", "zz\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Host: b\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Authorization: Bearer a\r\nauthorization: Bearer b\r\n")), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
}

TEST(RequestReader, WhatIsNoRequestIsRefused) {
  EXPECT_EQ(refusal_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of("GET / HTTP/3.1\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)), 400);
  EXPECT_EQ(refusal_of("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal_of(std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28)), 400);
  EXPECT_EQ(refusal_of(request("A\x01: b\r\n")), 400);
  EXPECT_EQ(refusal_of(request("A : b\r\n")), 400);
  EXPECT_EQ(refusal_of(request("Content-Encoding: gzip\r\n")), 415);
}

TEST(RequestReader, RefusalsAreStatusBodies) {
  const ApiResponse response = error_response({431, "too long"});
  const boost::json::value body = boost::json::parse(response.body);
  EXPECT_EQ(response.code, 431);
  EXPECT_EQ(body.at("kind").as_string(), "Status");
  EXPECT_EQ(body.at("status").as_string(), "Failure");
  EXPECT_EQ(body.at("reason").as_string(), "RequestHeaderFieldsTooLarge");
  EXPECT_EQ(body.at("code").as_int64(), 431);
  EXPECT_EQ(body.at("message").as_string(), "too long");
}

}  // namespace
}  // namespace arcas::real
