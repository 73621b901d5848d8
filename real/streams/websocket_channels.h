#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "real/streams/channels.h"

namespace arcas::real {

/// The head that switches to WebSocket (RFC 6455), by the client's `Sec-WebSocket-Key`. `protocol`:
/// of those that the client offers; empty: none.
std::string websocket_head(std::string_view key, std::string_view protocol);

/// A server's end of a WebSocket.
///
/// `channels`: the first byte of each message is its channel, as in Kubernetes's v4 and v5.channel
/// .k8s.io; in v5 a message {255, channel} says that a channel ends. `bytes`: the messages are one
/// sequence of bytes each way (input, output), as in port-forwarding over WebSocket.
/// Messages have at most 1 MiB, in frames of any size; pings are answered.
class WebSocketChannels final : public ChannelCodec {
 public:
  enum class Form : std::uint8_t { channels, bytes };
  explicit WebSocketChannels(Form form) : form_(form) {}

  /// The least that a client of channels expects is an empty message on each.
  Status take(std::string& bytes, std::vector<ChannelPart>& parts, std::string& answer) override;
  std::string give(const ChannelPart& part) override;
  std::string closing(bool going_down) override;
  [[nodiscard]] bool ended() const override { return ended_; }

 private:
  struct Frame {
    bool last = false;
    std::uint8_t opcode = 0;
    std::string text;
  };
  static Expected<std::optional<Frame>> next_frame(std::string& bytes);
  Status take_frame(Frame frame, std::vector<ChannelPart>& parts, std::string& answer);
  void take_message(std::vector<ChannelPart>& parts);

  Form form_;
  std::string message_;  // that is not whole
  bool in_message_ = false;
  bool ended_ = false;
};

}  // namespace arcas::real
