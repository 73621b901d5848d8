#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "real/streams/channels.h"
#include "real/streams/spdy_frames.h"

namespace arcas::real {

/// The channels of a remote command as streams of SPDY/3.1 (protocol v4.channel.k8s.io), on the
/// client's side, which opens them, or on the server's, which waits until the client has.
class SpdyChannels final : public ChannelCodec {
 public:
  enum class Side : std::uint8_t { client, server };
  SpdyChannels(Side side, ChannelSet wanted);

  std::string opening() override;
  Status take(std::string& bytes, std::vector<ChannelPart>& parts, std::string& answer) override;
  std::string give(const ChannelPart& part) override;
  std::string closing(bool going_down) override;
  [[nodiscard]] bool ready() const override { return unopened_.empty(); }
  [[nodiscard]] bool ended() const override { return ended_; }

 private:
  Status take_frame(SpdyFrame frame, std::vector<ChannelPart>& parts, std::string& answer);
  Status take_stream(const SpdyFrame& frame, std::string& answer);

  Side side_;
  std::set<Channel> unopened_;  // that are to be opened, or have not been answered
  std::map<std::uint32_t, Channel> channels_;
  SpdyHeaderPacker packer_;
  SpdyHeaderUnpacker unpacker_;
  bool ended_ = false;
};

}  // namespace arcas::real
