#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/expected.h"

namespace arcas::real {

/// Frames of SPDY/3.1 (the protocol's draft 3.1, section 2), as much of them as Kubernetes's remote
/// commands use: no server push, no flow control (nobody there keeps to it).
struct SpdyFrame {
  enum class Type : std::uint8_t {
    data = 0,
    open = 1,    ///< SYN_STREAM
    opened = 2,  ///< SYN_REPLY
    reset = 3,   ///< RST_STREAM
    settings = 4,
    ping = 6,
    go_away = 7,
    headers = 8,
    window = 9,
  };
  Type type = Type::data;
  std::uint32_t stream = 0;  ///< of a ping: its number
  bool last = false;         ///< the sender says no more on the stream
  std::string bytes;         ///< of data
  std::map<std::string, std::string> headers;
};

/// Header blocks are compressed over the whole connection, so that each direction needs one
/// of these, fed with every block in order.
class SpdyHeaderPacker {
 public:
  SpdyHeaderPacker();
  ~SpdyHeaderPacker();
  SpdyHeaderPacker(const SpdyHeaderPacker&) = delete;
  SpdyHeaderPacker& operator=(const SpdyHeaderPacker&) = delete;
  std::string pack(const std::map<std::string, std::string>& headers);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class SpdyHeaderUnpacker {
 public:
  SpdyHeaderUnpacker();
  ~SpdyHeaderUnpacker();
  SpdyHeaderUnpacker(const SpdyHeaderUnpacker&) = delete;
  SpdyHeaderUnpacker& operator=(const SpdyHeaderUnpacker&) = delete;
  /// Error, code invalid: damaged, or more than 64 KiB unpacked.
  Expected<std::map<std::string, std::string>> unpack(std::string_view block);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Takes the first frame from the front of `bytes`; nothing while it is not whole. Error, code
/// invalid: another version of SPDY, a frame of more than 1 MiB, a damaged header block.
Expected<std::optional<SpdyFrame>> next_spdy_frame(std::string& bytes,
                                                   SpdyHeaderUnpacker& unpacker);
std::string spdy_text(const SpdyFrame& frame, SpdyHeaderPacker& packer);

}  // namespace arcas::real
