#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace arcas::real {

/// Bytes of Protocol Buffers, written by hand.
inline std::string wire_number(std::uint64_t value) {
  std::string bytes;
  for (; value > 127; value >>= 7U) bytes += static_cast<char>(value % 128 + 128);
  return bytes + static_cast<char>(value);
}
inline std::string wire_varint(std::uint32_t field, std::uint64_t value) {
  return wire_number(field * 8ULL) + wire_number(value);
}
inline std::string wire_bytes(std::uint32_t field, std::string_view bytes) {
  return wire_number(field * 8ULL + 2) + wire_number(bytes.size()) + std::string(bytes);
}
/// A body as Kubernetes's clients send it.
inline std::string wire_body(std::string_view api_version, std::string_view kind,
                             std::string_view message) {
  return std::string("k8s\0", 4) + wire_bytes(1, wire_bytes(1, api_version) + wire_bytes(2, kind)) +
         wire_bytes(2, message) + wire_bytes(3, "") + wire_bytes(4, "");
}

/// A file's bytes; empty when there is none.
inline std::string file_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
/// What kubectl 1.32 sent to create such an object ("deployment"); "pod" and "eviction" are
/// protoc's encoding of Kubernetes's own messages. `source`: the folder of the project.
inline std::string recorded_body(const std::string& source, const std::string& name) {
  return file_bytes(source + "/tests/fuzz/corpus/api_protobuf/" + name + ".bin");
}

}  // namespace arcas::real
