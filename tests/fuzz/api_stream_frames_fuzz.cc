// Frames of WebSocket and SPDY as clients send them. However they come in parts, the same is read
// from them, and nothing crashes.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.h"
#include "real/streams/spdy_channels.h"
#include "real/streams/websocket_channels.h"

namespace {

using namespace arcas::real;

std::unique_ptr<ChannelCodec> codec_of(unsigned kind) {
  using Form = WebSocketChannels::Form;
  using Side = SpdyChannels::Side;
  const ChannelSet all{true, true, true, false};
  switch (kind % 4) {
    case 0:
      return std::make_unique<WebSocketChannels>(Form::channels);
    case 1:
      return std::make_unique<WebSocketChannels>(Form::bytes);
    case 2:
      return std::make_unique<SpdyChannels>(Side::server, all);
    default: {
      auto client = std::make_unique<SpdyChannels>(Side::client, all);
      ARCAS_CHECK(!client->opening().empty());
      return client;
    }
  }
}

std::string read_in_parts(unsigned kind, std::string_view bytes, std::size_t part) {
  const std::unique_ptr<ChannelCodec> codec = codec_of(kind);
  std::string input;
  std::string seen;
  std::string answers;  // come between the parts or behind them
  while (!bytes.empty()) {
    const std::size_t count = std::min(part, bytes.size());
    input += bytes.substr(0, count);
    bytes.remove_prefix(count);
    std::vector<ChannelPart> parts;
    std::string answer;
    const bool good = codec->take(input, parts, answer).ok();
    for (const ChannelPart& taken : parts) {
      seen += std::to_string(static_cast<int>(taken.channel)) + (taken.ends ? "!" : ":");
      seen += taken.bytes;
    }
    answers += answer;
    if (!good) return seen + answers;
  }
  return seen + answers + (codec->ended() ? " ended" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = read_in_parts(data[0], bytes, bytes.size());
  ARCAS_CHECK(read_in_parts(data[0], bytes, 1) == whole);
  return 0;
}
