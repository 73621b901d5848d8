#include "real/streams/websocket_channels.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace arcas::real {
namespace {

constexpr std::size_t kMaxMessage = std::size_t{1} << 20U;
constexpr std::uint8_t kEndOfChannel = 255;

// Opcodes of RFC 6455, section 5.2.
constexpr std::uint8_t kContinuation = 0;
constexpr std::uint8_t kText = 1;
constexpr std::uint8_t kBinary = 2;
constexpr std::uint8_t kClose = 8;
constexpr std::uint8_t kPing = 9;
constexpr std::uint8_t kPong = 10;

std::string frame(std::uint8_t opcode, std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() + 10);
  bytes += static_cast<char>(0x80U | opcode);
  const std::size_t size = text.size();
  int length_bytes = 0;
  if (size < 126) {
    bytes += static_cast<char>(size);
  } else if (size < 65'536) {
    bytes += static_cast<char>(126);
    length_bytes = 2;
  } else {
    bytes += static_cast<char>(127);
    length_bytes = 8;
  }
  for (int i = length_bytes - 1; i >= 0; --i) {
    bytes += static_cast<char>((size >> (8U * static_cast<unsigned>(i))) & 0xffU);
  }
  return bytes.append(text);
}

std::string close_frame(std::uint16_t code) {
  const std::array<char, 2> text{static_cast<char>(code >> 8U), static_cast<char>(code & 0xffU)};
  return frame(kClose, {text.data(), text.size()});
}

}  // namespace

std::string websocket_head(std::string_view key, std::string_view protocol) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  std::string head =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: ";
  head.append(reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size));
  if (!protocol.empty()) head.append("\r\nSec-WebSocket-Protocol: ").append(protocol);
  return head += "\r\n\r\n";
}

/// The first frame, taken from `bytes`; nothing while it is not whole.
Expected<std::optional<WebSocketChannels::Frame>> WebSocketChannels::next_frame(
    std::string& bytes) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
  if (bytes.size() < 2) return std::optional<Frame>();
  if ((byte(0) & 0x70U) != 0) return Status::invalid("WebSocket: an extension that was not agreed");
  if ((byte(1) & 0x80U) == 0) return Status::invalid("WebSocket: a client's frame has no mask");
  std::uint64_t size = byte(1) & 0x7fU;
  const std::size_t length_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
  const std::size_t head = 2 + length_bytes + 4;
  if (bytes.size() < head) return std::optional<Frame>();
  if (length_bytes > 0) {
    size = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) size = (size << 8U) | byte(2 + i);
  }
  if (size > kMaxMessage) return Status::invalid("WebSocket: a message of more than 1 MiB");
  if (bytes.size() < head + size) return std::optional<Frame>();
  Frame result;
  result.last = (byte(0) & 0x80U) != 0;
  result.opcode = byte(0) & 0x0fU;
  const bool control = result.opcode >= kClose;
  if (control && (!result.last || size > 125)) {
    return Status::invalid("WebSocket: a control frame in parts");
  }
  result.text = bytes.substr(head, size);
  for (std::size_t i = 0; i < size; ++i) {
    result.text[i] =
        static_cast<char>(static_cast<std::uint8_t>(result.text[i]) ^ byte(head - 4 + i % 4));
  }
  bytes.erase(0, head + size);
  return std::optional<Frame>(std::move(result));
}

Status WebSocketChannels::take(std::string& bytes, std::vector<ChannelPart>& parts,
                               std::string& answer) {
  while (!ended_) {
    Expected<std::optional<Frame>> next = next_frame(bytes);
    if (!next) return next.error();
    if (!*next) return Status::success();
    const Status status = take_frame(std::move(**next), parts, answer);
    if (!status.ok()) return status;
  }
  return Status::success();
}

Status WebSocketChannels::take_frame(Frame taken, std::vector<ChannelPart>& parts,
                                     std::string& answer) {
  switch (taken.opcode) {
    case kPing:
      answer += frame(kPong, taken.text);
      return Status::success();
    case kPong:
      return Status::success();
    case kClose:
      ended_ = true;
      return Status::success();
    case kContinuation:
      if (!in_message_) return Status::invalid("WebSocket: a continuation of nothing");
      break;
    case kText:
    case kBinary:
      if (in_message_) return Status::invalid("WebSocket: a message within another");
      break;
    default:
      return Status::invalid("WebSocket: opcode " + std::to_string(taken.opcode));
  }
  if (message_.size() + taken.text.size() > kMaxMessage) {
    return Status::invalid("WebSocket: a message of more than 1 MiB");
  }
  message_ += taken.text;
  in_message_ = !taken.last;
  if (taken.last) take_message(parts);
  return Status::success();
}

void WebSocketChannels::take_message(std::vector<ChannelPart>& parts) {
  std::string message = std::exchange(message_, {});
  if (form_ == Form::bytes) {
    parts.push_back({Channel::input, std::move(message), false});
    return;
  }
  if (message.empty()) return;
  auto number = static_cast<std::uint8_t>(message.front());
  const bool ends = number == kEndOfChannel && message.size() == 2;
  if (ends) number = static_cast<std::uint8_t>(message[1]);
  // A client writes on these alone; others, and channels that nobody asked for, are passed over.
  if (number != 0 && number != 4) return;
  parts.push_back({static_cast<Channel>(number), ends ? std::string() : message.substr(1), ends});
}

std::string WebSocketChannels::give(const ChannelPart& part) {
  if (form_ == Form::bytes) {
    return part.bytes.empty() ? std::string() : frame(kBinary, part.bytes);
  }
  std::string message(1, static_cast<char>(part.channel));
  return part.bytes.empty() ? std::string() : frame(kBinary, message += part.bytes);
}

std::string WebSocketChannels::closing(bool going_down) {
  return close_frame(going_down ? 1001 : 1000);
}

}  // namespace arcas::real
