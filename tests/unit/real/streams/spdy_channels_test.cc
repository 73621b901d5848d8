#include "real/streams/spdy_channels.h"

#include <gtest/gtest.h>

namespace arcas::real {
namespace {

constexpr ChannelSet kAll{true, true, true, false};

/// A client and a server of channels that talk to each other.
struct Pair {
  SpdyChannels client{SpdyChannels::Side::client, kAll};
  SpdyChannels server{SpdyChannels::Side::server, kAll};
  std::vector<ChannelPart> at_client;
  std::vector<ChannelPart> at_server;

  void to_server(std::string bytes) {
    std::string answer;
    ASSERT_TRUE(server.take(bytes, at_server, answer).ok());
    std::string none;
    ASSERT_TRUE(client.take(answer, at_client, none).ok());
  }
  void to_client(std::string bytes) {
    std::string answer;
    ASSERT_TRUE(client.take(bytes, at_client, answer).ok());
    std::string none;
    ASSERT_TRUE(server.take(answer, at_server, none).ok());
  }
};

TEST(SpdyChannels, AreReadyWhenEachHasBeenAnswered) {
  Pair pair;
  EXPECT_FALSE(pair.client.ready());
  EXPECT_FALSE(pair.server.ready());
  pair.to_server(pair.client.opening());
  EXPECT_TRUE(pair.client.ready());
  EXPECT_TRUE(pair.server.ready());
}

TEST(SpdyChannels, CarryPartsAndTheirEnds) {
  Pair pair;
  pair.to_server(pair.client.opening());
  pair.to_server(pair.client.give({Channel::input, "ls\n", false}) +
                 pair.client.give({Channel::input, "", true}));
  ASSERT_EQ(pair.at_server.size(), 2U);
  EXPECT_EQ(pair.at_server[0].bytes, "ls\n");
  EXPECT_TRUE(pair.at_server[1].ends);
  pair.to_client(pair.server.give({Channel::output, "file\n", false}) +
                 pair.server.give({Channel::status, R"({"status":"Success"})", false}));
  ASSERT_EQ(pair.at_client.size(), 2U);
  EXPECT_EQ(pair.at_client[0].channel, Channel::output);
  EXPECT_EQ(pair.at_client[1].channel, Channel::status);
  EXPECT_EQ(pair.client.give({Channel::resize, "{}", false}), "");  // was not asked for
  pair.to_client(pair.server.closing(false));
  EXPECT_TRUE(pair.client.ended());
}

TEST(SpdyChannels, AnswerPingsOfTheOther) {
  SpdyChannels client(SpdyChannels::Side::client, kAll);
  std::vector<ChannelPart> parts;
  std::string answer;
  std::string ping("\x80\x03\0\x06\0\0\0\x04\0\0\0\x02", 12);
  const std::string expected = ping;
  ASSERT_TRUE(client.take(ping, parts, answer).ok());
  EXPECT_EQ(answer, expected);
  std::string own("\x80\x03\0\x06\0\0\0\x04\0\0\0\x03", 12);
  answer.clear();
  ASSERT_TRUE(client.take(own, parts, answer).ok());
  EXPECT_EQ(answer, "");
}

TEST(SpdyChannels, AServerTakesEachAgreedChannelOnce) {
  SpdyChannels server(SpdyChannels::Side::server, {false, true, false, false});
  SpdyChannels client(SpdyChannels::Side::client, {true, true, false, false});
  std::vector<ChannelPart> parts;
  std::string answer;
  std::string opening = client.opening();
  EXPECT_FALSE(server.take(opening, parts, answer).ok());  // stdin was not agreed on
}

TEST(SpdyFrames, HeadersKeepTheirCompressionOverAConnection) {
  SpdyHeaderPacker packer;
  SpdyHeaderUnpacker unpacker;
  for (int i = 0; i < 5; ++i) {
    SpdyFrame frame;
    frame.type = SpdyFrame::Type::open;
    frame.stream = 1;
    frame.headers = {{"streamtype", "data"}, {"port", std::to_string(8080 + i)}};
    std::string text = spdy_text(frame, packer);
    if (i == 0) {
      // The identifier of SPDY's dictionary (its Adler-32) follows zlib's two bytes.
      EXPECT_EQ(text.substr(20, 4), "\xe3\xc6\xa7\xc2");
    }
    const auto read = next_spdy_frame(text, unpacker);
    ASSERT_TRUE(read.has_value());
    ASSERT_TRUE(read->has_value());
    EXPECT_EQ((*read)->headers, frame.headers);
    EXPECT_EQ(text, "");
  }
}

TEST(SpdyFrames, DamagedOnesAreRefused) {
  const auto refused = [](std::string bytes) {
    SpdyHeaderUnpacker unpacker;
    return !next_spdy_frame(bytes, unpacker).has_value();
  };
  EXPECT_TRUE(refused(std::string("\x80\x02\0\x06\0\0\0\x04\0\0\0\x02", 12)));  // SPDY/2
  EXPECT_TRUE(refused(std::string("\0\0\0\x01\0\xff\xff\xff", 8)));             // 16 MiB
  EXPECT_TRUE(refused(std::string("\x80\x03\0\x06\0\0\0\x02\0\0", 10)));        // short
  EXPECT_TRUE(refused(std::string("\x80\x03\0\x01\0\0\0\x0e", 8) + std::string(10, '\0') + "junk"));
}

}  // namespace
}  // namespace arcas::real
