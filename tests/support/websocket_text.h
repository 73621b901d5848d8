#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace arcas::tests {

/// A frame as a WebSocket's client sends it (RFC 6455, section 5.2), under a mask.
inline std::string client_frame(unsigned opcode, std::string_view text, bool last = true) {
  constexpr std::string_view kMask = "\x11\x22\x33\x44";
  std::string frame(1, static_cast<char>((last ? 0x80U : 0U) | opcode));
  int length_bytes = 0;
  if (text.size() < 126) {
    frame += static_cast<char>(0x80U | text.size());
  } else {
    length_bytes = text.size() < 65'536 ? 2 : 8;
    frame += static_cast<char>(length_bytes == 2 ? 0xfe : 0xff);
  }
  for (int i = length_bytes - 1; i >= 0; --i) {
    const std::uint64_t size = text.size();
    frame += static_cast<char>((size >> (8U * static_cast<unsigned>(i))) & 0xffU);
  }
  frame += kMask;
  for (std::size_t i = 0; i < text.size(); ++i) {
    frame += static_cast<char>(text[i] ^ kMask[i % 4]);
  }
  return frame;
}

}  // namespace arcas::tests
