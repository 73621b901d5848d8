#include "real/streams/websocket_channels.h"

#include <gtest/gtest.h>

#include "tests/support/websocket_text.h"

namespace arcas::real {
namespace {

using tests::client_frame;

struct Taken {
  Status status;
  std::vector<ChannelPart> parts;
  std::string answer;
};
Taken take(WebSocketChannels& channels, std::string bytes) {
  Taken taken;
  taken.status = channels.take(bytes, taken.parts, taken.answer);
  return taken;
}

TEST(WebSocketChannels, TheHeadProvesThatTheKeyWasRead) {
  // The example of RFC 6455, section 1.3.
  const std::string head = websocket_head("dGhlIHNhbXBsZSBub25jZQ==", "v5.channel.k8s.io");
  EXPECT_NE(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::string::npos);
  EXPECT_NE(head.find("Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n"), std::string::npos);
}

TEST(WebSocketChannels, TheFirstByteNamesTheChannel) {
  WebSocketChannels channels(WebSocketChannels::Form::channels);
  const std::string text(1, '\0');
  const Taken taken = take(
      channels, client_frame(2, text + "ls\n") + client_frame(2, std::string("\4{\"Width\":80}")));
  ASSERT_TRUE(taken.status.ok());
  ASSERT_EQ(taken.parts.size(), 2U);
  EXPECT_EQ(taken.parts[0].channel, Channel::input);
  EXPECT_EQ(taken.parts[0].bytes, "ls\n");
  EXPECT_EQ(taken.parts[1].channel, Channel::resize);
  EXPECT_EQ(channels.give({Channel::errors, "no", false}), std::string("\x82\x03\x02no"));
}

TEST(WebSocketChannels, Message255EndsAChannel) {
  WebSocketChannels channels(WebSocketChannels::Form::channels);
  const Taken taken = take(channels, client_frame(2, std::string("\xff\0", 2)));
  ASSERT_EQ(taken.parts.size(), 1U);
  EXPECT_EQ(taken.parts[0].channel, Channel::input);
  EXPECT_TRUE(taken.parts[0].ends);
}

TEST(WebSocketChannels, MessagesComeInFramesAndFramesInPieces) {
  WebSocketChannels channels(WebSocketChannels::Form::bytes);
  const std::string bytes =
      client_frame(2, "one ", false) + client_frame(9, "still there?") + client_frame(0, "message");
  std::string input;
  std::vector<ChannelPart> parts;
  std::string answer;
  for (const char byte : bytes) {
    input += byte;
    ASSERT_TRUE(channels.take(input, parts, answer).ok());
  }
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].bytes, "one message");
  EXPECT_EQ(answer, std::string("\x8a\x0cstill there?"));  // a pong between them
}

TEST(WebSocketChannels, LongMessagesHaveLongLengths) {
  WebSocketChannels channels(WebSocketChannels::Form::bytes);
  for (const std::size_t size : {125U, 126U, 65535U, 65536U}) {
    const Taken taken = take(channels, client_frame(2, std::string(size, 'x')));
    ASSERT_EQ(taken.parts.size(), 1U) << size;
    EXPECT_EQ(taken.parts[0].bytes.size(), size);
    const std::size_t head = size < 126 ? 2U : size < 65'536 ? 4U : 10U;
    EXPECT_EQ(channels.give({Channel::output, std::string(size, 'y'), false}).size(), head + size);
  }
}

TEST(WebSocketChannels, WhatNoClientSendsIsRefused) {
  const auto refused = [](const std::string& bytes) {
    WebSocketChannels channels(WebSocketChannels::Form::channels);
    return !take(channels, bytes).status.ok();
  };
  EXPECT_TRUE(refused(std::string("\x82\x01x")));            // without a mask
  EXPECT_TRUE(refused(std::string("\xc2\x80\0\0\0\0", 6)));  // compressed
  EXPECT_TRUE(refused(client_frame(0, "continues nothing")));
  EXPECT_TRUE(refused(client_frame(2, "a", false) + client_frame(2, "b")));
  EXPECT_TRUE(refused(client_frame(3, "no such opcode")));
  EXPECT_TRUE(refused(std::string("\x82\xff\0\0\0\1\0\0\0\0\0\0\0\0", 14)));  // 4 GiB
  EXPECT_TRUE(
      refused(client_frame(2, std::string((1U << 20U) - 1, 'x'), false) + client_frame(0, "more")));
}

TEST(WebSocketChannels, ACloseFrameIsTheEnd) {
  WebSocketChannels channels(WebSocketChannels::Form::channels);
  EXPECT_TRUE(take(channels, client_frame(8, std::string("\x03\xe8", 2))).status.ok());
  EXPECT_TRUE(channels.ended());
  EXPECT_EQ(channels.closing(true), std::string("\x88\x02\x03\xe9"));  // 1001: going away
}

}  // namespace
}  // namespace arcas::real
