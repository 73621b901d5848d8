#include "real/all_in_one/stream_requests.h"

#include <gtest/gtest.h>

namespace arcas::real {
namespace {

ApiRequest upgrade_to(const std::string& protocol, const std::string& offered = {}) {
  ApiRequest request;
  request.upgrade = {{"connection", "Upgrade"}, {"upgrade", protocol}};
  if (protocol == "websocket") {
    request.upgrade.emplace_back("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    request.upgrade.emplace_back("sec-websocket-protocol", offered);
  }
  return request;
}

TEST(StreamRequests, OptionsOfExec) {
  const auto options = parse_stream_options("exec", {{"command", "sh"},
                                                     {"command", "-c"},
                                                     {"container", "web"},
                                                     {"stdin", "true"},
                                                     {"stdout", "1"},
                                                     {"stderr", "true"},
                                                     {"tty", "true"}});
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ(options->command, (std::vector<std::string>{"sh", "-c"}));
  EXPECT_EQ(options->container, "web");
  EXPECT_TRUE(options->channels.terminal);
  EXPECT_FALSE(options->channels.errors);  // a terminal has one stream
}

TEST(StreamRequests, WhatIsMissingIsNamed) {
  const auto why = [](std::string_view of, const Api::Sources::Query& query) {
    const auto options = parse_stream_options(of, query);
    return options.has_value() ? std::string() : options.error().message;
  };
  EXPECT_EQ(why("exec", {{"stdout", "true"}}),
            "you must specify at least one command for the container");
  EXPECT_EQ(why("attach", {}), "you must specify at least one of stdin, stdout, stderr");
  EXPECT_EQ(why("attach", {{"stdout", "perhaps"}}), "stdout: \"perhaps\"; allowed: true, false");
  EXPECT_EQ(why("portforward", {{"ports", "80,99999"}}),
            "ports: \"80,99999\"; allowed: numbers from 1 to 65535");
  EXPECT_EQ(why("portforward", {}), "");
}

TEST(StreamRequests, ProtocolsAreChosenByWhatTheClientOffers) {
  using Kind = StreamProtocol::Kind;
  EXPECT_EQ(stream_protocol("exec", upgrade_to("SPDY/3.1"))->kind, Kind::proxied);
  const auto newest =
      stream_protocol("exec", upgrade_to("websocket", "v4.channel.k8s.io, v5.channel.k8s.io"));
  EXPECT_EQ(newest->kind, Kind::channels_v5);
  EXPECT_EQ(newest->chosen, "v5.channel.k8s.io");
  EXPECT_EQ(
      stream_protocol("portforward", upgrade_to("websocket", "SPDY/3.1+portforward.k8s.io"))->kind,
      Kind::spdy_in_frames);
  EXPECT_EQ(stream_protocol("exec", upgrade_to("websocket", "base64.channel.k8s.io"))->kind,
            Kind::proxied);
  const auto other = stream_protocol("exec", upgrade_to("h2c"));
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().message, "Upgrade: \"h2c\"; exec needs SPDY/3.1 or websocket");
}

TEST(StreamRequests, AProxiedRequestKeepsItsHeadersAndNoOthers) {
  const ApiRequest request = upgrade_to("SPDY/3.1");
  const auto plan = plan_to_url("http://127.0.0.1:4321/exec/tOkEn", StreamProtocol{}, {}, request);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->address, "127.0.0.1");
  EXPECT_EQ(plan->port, 4321);
  EXPECT_EQ(plan->request_head,
            "POST /exec/tOkEn HTTP/1.1\r\nHost: 127.0.0.1:4321\r\nConnection: Upgrade\r\n"
            "upgrade: SPDY/3.1\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(plan->own_head, "");
}

TEST(StreamRequests, UrlsThatAreNoneAreRefused) {
  for (const char* url : {"", "https://127.0.0.1:1/x", "http://127.0.0.1/x", "http://127.0.0.1:1",
                          "http://127.0.0.1:99999999/x", "http://127.0.0.1:1/x\r\nA: b"}) {
    EXPECT_FALSE(plan_to_url(url, StreamProtocol{}, {}, upgrade_to("SPDY/3.1")).has_value()) << url;
  }
}

}  // namespace
}  // namespace arcas::real
