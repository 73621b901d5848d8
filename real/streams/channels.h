#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/expected.h"

namespace arcas::real {

/// The streams of a remote command, with the numbers that they have in Kubernetes's WebSocket
/// protocols. What is only a sequence of bytes each way is `input` and `output`.
enum class Channel : std::uint8_t {
  input,   ///< to the command
  output,  ///< of the command
  errors,  ///< of the command; none with a terminal
  status,  ///< how it ended: a `Status` object
  resize,  ///< of the terminal: {"Width":80,"Height":24}
};

struct ChannelPart {
  Channel channel = Channel::input;
  std::string bytes;
  bool ends = false;  ///< nothing more comes on this channel
};

/// What a client asked to be connected with.
struct ChannelSet {
  bool input = false;
  bool output = false;
  bool errors = false;
  bool terminal = false;
};

/// One side of a tunnel: how its channels are written as bytes. No sockets, no clock.
class ChannelCodec {
 public:
  virtual ~ChannelCodec() = default;

  /// What is sent before anything else.
  [[nodiscard]] virtual std::string opening() { return {}; }
  /// Takes what it understands from the front of `bytes`: whole frames. `answer` gets what must be
  /// sent back (a pong…). Error, code invalid: the other side does not keep to the protocol.
  virtual Status take(std::string& bytes, std::vector<ChannelPart>& parts, std::string& answer) = 0;
  /// A part as bytes, for the other side. Empty when it has no such channel.
  virtual std::string give(const ChannelPart& part) = 0;
  /// The last bytes, when nothing more comes. `going_down`: because the server ends.
  virtual std::string closing(bool /*going_down*/) { return {}; }
  /// Have all channels been opened, so that parts may be given?
  [[nodiscard]] virtual bool ready() const { return true; }
  /// Has the other side said that it is at its end?
  [[nodiscard]] virtual bool ended() const { return false; }
};

/// Bytes without frames: all that comes is on `comes_on`; what is given is written when it is on
/// the other of `input` and `output`.
class PlainChannels final : public ChannelCodec {
 public:
  explicit PlainChannels(Channel comes_on) : comes_on_(comes_on) {}

  Status take(std::string& bytes, std::vector<ChannelPart>& parts, std::string&) override {
    if (!bytes.empty()) parts.push_back({comes_on_, std::exchange(bytes, {}), false});
    return Status::success();
  }
  std::string give(const ChannelPart& part) override {
    const Channel goes_on = comes_on_ == Channel::input ? Channel::output : Channel::input;
    return part.channel == goes_on ? part.bytes : std::string();
  }

 private:
  Channel comes_on_;
};

}  // namespace arcas::real
