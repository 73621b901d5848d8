#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "real/http/byte_stream.h"
#include "real/http/request_reader.h"
#include "real/http/stream_link.h"
#include "real/http/tunnel.h"

namespace arcas::real {

/// What a connection needs of its server.
struct ConnectionHost {
  EventLoop& loop;
  const HttpLimits& limits;
  HttpHandler handler;
  std::shared_ptr<StreamBudget> budget;
  std::uint64_t streams = 0;  ///< that were begun
};

/// One connection: requests one after the other, each answered before the next is looked at. While
/// one is being answered it reads on a little, so that it sees a client go. On the server's loop.
class HttpConnection final : public ReplyTarget,
                             public TunnelHost,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(ConnectionHost& host, std::shared_ptr<ByteStream> stream, std::string address);

  /// `ended` is told when it is closed.
  void start(std::function<void()> ended);
  /// To be called at intervals: ends what takes too long.
  void check_time(TimePoint now);
  /// Ends after the answer in hand; streams end now.
  void drain();
  void drop();  ///< ends at once

  void on_response(const void* link, ApiResponse response) override;
  void on_stream(const void* link, std::string content_type, std::uint32_t seconds) override;
  void on_text(const void* link) override;
  void on_end(const void* link) override;
  void on_give_up(const void* link) override;
  void on_upgrade(const void* link, std::shared_ptr<Tunnel> tunnel) override;

  // Of its tunnel.
  void send(std::string bytes) override;
  void read_more() override;
  void decline(const ApiResponse& why) override;
  void end() override;

 private:
  enum class Phase : std::uint8_t {
    handshake,
    reading,    // a request, or waiting for one
    answering,  // its handler is at work, or the answer is on its way
    streaming,
    tunnel,   // its bytes go elsewhere
    leaving,  // takes no more requests; lets the client read why
    ended,
  };
  struct Piece {
    std::string bytes;
    std::size_t counted = 0;  // of a stream's text
  };

  void read_on();
  void on_bytes(bool ok, std::size_t count);
  void read_requests();
  void dispatch();
  void refuse(const HttpError& error);
  void answer(ApiResponse response);
  void feed_tunnel(std::string bytes);
  void enqueue(Piece piece);
  void write_on();
  void on_written(bool ok, std::size_t count);
  void pump_stream();
  void end_stream();
  void on_answered();
  void finish();
  void end_now();
  [[nodiscard]] bool is_current(const void* link) const;

  ConnectionHost& host_;
  std::shared_ptr<ByteStream> stream_;
  HttpPeer peer_;
  std::function<void()> ended_;
  RequestReader reader_;
  Phase phase_ = Phase::handshake;
  RequestReader::State read_state_ = RequestReader::State::empty;
  TimePoint deadline_;  // of the phase
  TimePoint write_deadline_;
  std::string input_;
  std::array<char, 16 * 1024> buffer_;
  bool reading_ = false;
  bool eof_ = false;
  std::deque<Piece> output_;
  std::size_t written_ = 0;  // of the first piece
  bool writing_ = false;
  std::size_t discarded_ = 0;

  // The request in hand.
  std::shared_ptr<StreamLink> link_;
  bool answered_ = false;
  bool keep_alive_ = true;
  bool without_body_ = false;  // HEAD
  bool gzip_ = false;
  bool chunks_ = true;
  bool ending_ = false;
  std::shared_ptr<Tunnel> tunnel_;
};

}  // namespace arcas::real
