#pragma once

#include <memory>
#include <string>

#include "real/api/api.h"
#include "real/loop/event_loop.h"

namespace arcas::real {

/// A client's connection whose bytes go to a tunnel. On the server's loop; also after its end, when
/// nothing happens any more.
class TunnelHost {
 public:
  virtual ~TunnelHost() = default;
  virtual void send(std::string bytes) = 0;          ///< in order; `Tunnel::on_sent` follows
  virtual void read_more() = 0;                      ///< after a `take` that said "enough"
  virtual void end() = 0;                            ///< closes after what is to be sent
  virtual void decline(const ApiResponse& why) = 0;  ///< an ordinary answer, before any `send`
};

/// What a connection becomes when its request was one to switch protocols. Made anywhere, handed to
/// `ApiReply::upgrade`, and from then on used on the server's loop alone.
class Tunnel {
 public:
  virtual ~Tunnel() = default;
  /// Once. Answers by `send` (a head with code 101) or `decline`. `host` may be gone at any time.
  virtual void start(EventLoop& loop, std::weak_ptr<TunnelHost> host) = 0;
  /// Bytes of the client. False: no more before `read_more`.
  virtual bool take(std::string bytes) = 0;
  virtual void on_sent() = 0;  ///< all that was given to the client is on its way
  virtual void stop() = 0;     ///< the server ends: say goodbye, then `end`
  virtual void close() = 0;    ///< the client has gone
};

}  // namespace arcas::real
