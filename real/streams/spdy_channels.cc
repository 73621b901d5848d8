#include "real/streams/spdy_channels.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace arcas::real {
namespace {

using Type = SpdyFrame::Type;

/// The header `streamtype` of each channel.
constexpr std::array<std::string_view, 5> kNames{"stdin", "stdout", "stderr", "error", "resize"};

std::optional<Channel> channel_of(const std::map<std::string, std::string>& headers) {
  const auto found = headers.find("streamtype");
  if (found == headers.end()) return std::nullopt;
  const auto name = std::find(kNames.begin(), kNames.end(), found->second);
  if (name == kNames.end()) return std::nullopt;
  return static_cast<Channel>(name - kNames.begin());
}

}  // namespace

SpdyChannels::SpdyChannels(Side side, ChannelSet wanted) : side_(side) {
  unopened_.insert(Channel::status);
  if (wanted.input) unopened_.insert(Channel::input);
  if (wanted.output) unopened_.insert(Channel::output);
  if (wanted.errors && !wanted.terminal) unopened_.insert(Channel::errors);
  if (wanted.terminal) unopened_.insert(Channel::resize);
}

std::string SpdyChannels::opening() {
  std::string text;
  if (side_ == Side::server) return text;
  std::uint32_t number = 1;
  // Servers learn first how they are to say that something went wrong.
  for (const Channel channel :
       {Channel::status, Channel::input, Channel::output, Channel::errors, Channel::resize}) {
    if (!unopened_.contains(channel)) continue;
    SpdyFrame frame;
    frame.type = Type::open;
    frame.stream = number;
    frame.headers["streamtype"] = kNames[static_cast<std::size_t>(channel)];
    text += spdy_text(frame, packer_);
    channels_[number] = channel;
    number += 2;
  }
  return text;
}

Status SpdyChannels::take(std::string& bytes, std::vector<ChannelPart>& parts,
                          std::string& answer) {
  while (!ended_) {
    Expected<std::optional<SpdyFrame>> next = next_spdy_frame(bytes, unpacker_);
    if (!next) return next.error();
    if (!*next) break;
    const Status status = take_frame(std::move(**next), parts, answer);
    if (!status.ok()) return status;
  }
  return Status::success();
}

Status SpdyChannels::take_frame(SpdyFrame frame, std::vector<ChannelPart>& parts,
                                std::string& answer) {
  const auto found = channels_.find(frame.stream);
  switch (frame.type) {
    case Type::open:
      return take_stream(frame, answer);
    case Type::opened:
      if (found != channels_.end()) unopened_.erase(found->second);
      return Status::success();
    case Type::data:
      if (found != channels_.end() && (!frame.bytes.empty() || frame.last)) {
        parts.push_back({found->second, std::move(frame.bytes), frame.last});
      }
      return Status::success();
    case Type::reset:
      if (found != channels_.end()) parts.push_back({found->second, {}, true});
      return Status::success();
    case Type::ping: {
      const bool ours = (frame.stream % 2 == 1) == (side_ == Side::client);
      if (!ours) answer += spdy_text(frame, packer_);
      return Status::success();
    }
    case Type::go_away:
      ended_ = true;
      return Status::success();
    default:
      return Status::success();
  }
}

/// The client opens a channel.
Status SpdyChannels::take_stream(const SpdyFrame& frame, std::string& answer) {
  const std::optional<Channel> channel = channel_of(frame.headers);
  if (side_ == Side::client || !channel || !unopened_.contains(*channel) ||
      channels_.contains(frame.stream)) {
    return Status::invalid("SPDY: a stream that was not agreed on");
  }
  channels_[frame.stream] = *channel;
  unopened_.erase(*channel);
  SpdyFrame opened;
  opened.type = Type::opened;
  opened.stream = frame.stream;
  answer += spdy_text(opened, packer_);
  return Status::success();
}

std::string SpdyChannels::give(const ChannelPart& part) {
  for (const auto& [number, channel] : channels_) {
    if (channel != part.channel) continue;
    SpdyFrame frame;
    frame.stream = number;
    frame.bytes = part.bytes;
    frame.last = part.ends;
    return spdy_text(frame, packer_);
  }
  return {};
}

std::string SpdyChannels::closing(bool /*going_down*/) {
  std::string text;
  for (const auto& [number, channel] : channels_) {
    SpdyFrame frame;
    frame.stream = number;
    frame.last = true;
    text += spdy_text(frame, packer_);
  }
  SpdyFrame goodbye;
  goodbye.type = Type::go_away;
  return text += spdy_text(goodbye, packer_);
}

}  // namespace arcas::real
