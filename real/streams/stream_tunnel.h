#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "real/http/byte_stream.h"
#include "real/http/tunnel.h"
#include "real/streams/channels.h"

namespace arcas::real {

/// Where a tunnel leads and how both ends are spoken to.
struct TunnelPlan {
  std::string address;       ///< numeric, with `port`; or
  std::uint16_t port = 0;    //
  std::string socket_path;   ///< a Unix socket
  std::string request_head;  ///< sent there first, answered with code 101; empty: nothing is
  std::string own_head;      ///< what the client gets then; empty: what the other end answered
  std::unique_ptr<ChannelCodec> client;
  std::unique_ptr<ChannelCodec> upstream;
  bool tells_status = false;  ///< the client is told "Success" when the other end is at its end
};

/// Carries channels between a client and another server, with no more than 64 KiB and a frame
/// waiting in either direction: who does not read holds up the other.
class StreamTunnel final : public Tunnel, public std::enable_shared_from_this<StreamTunnel> {
 public:
  explicit StreamTunnel(TunnelPlan plan) : plan_(std::move(plan)) {}

  void start(EventLoop& loop, std::weak_ptr<TunnelHost> host) override;
  bool take(std::string bytes) override;
  void on_sent() override;
  void stop() override;
  void close() override;

 private:
  enum class Phase : std::uint8_t { connecting, asking, open, ended };

  void on_connected(bool ok);
  void read_on();
  void on_read(bool ok, std::size_t count);
  void read_answer(bool at_end);
  void on_open();
  void pump_client();
  void pump_upstream();
  void on_upstream_end();
  void to_client(std::string bytes);
  void to_upstream(std::string bytes);
  void write_on();
  void refuse(std::uint16_t code, std::string_view why);
  void finish(bool going_down);

  TunnelPlan plan_;
  EventLoop* loop_ = nullptr;
  std::weak_ptr<TunnelHost> host_;
  std::shared_ptr<ByteStream> stream_;
  Phase phase_ = Phase::connecting;
  std::uint64_t timer_ = 0;  // of the phases before `open`
  std::array<char, 16 * 1024> buffer_{};
  bool reading_ = false;
  bool client_busy_ = false;   // has not taken all yet
  bool client_waits_ = false;  // was told that it is enough
  std::string from_client_;    // not understood yet
  std::string from_upstream_;  // the same
  std::string waiting_;        // to be written upstream
  std::string writing_;        // on its way there
};

}  // namespace arcas::real
