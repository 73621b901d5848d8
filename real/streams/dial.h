#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "real/http/byte_stream.h"
#include "real/loop/event_loop.h"

namespace arcas::real {

/// Connections that `open` makes. Plain bytes. On the loop, which outlives them.
std::shared_ptr<ByteStream> dial_tcp(EventLoop& loop, const std::string& address,
                                     std::uint16_t port);
std::shared_ptr<ByteStream> dial_unix(EventLoop& loop, const std::string& path);

}  // namespace arcas::real
