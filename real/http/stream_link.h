#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "real/http/http_request.h"
#include "real/loop/event_loop.h"

namespace arcas::real {

/// What all streams of a server together may hold for readers that have not taken it yet.
struct StreamBudget {
  std::size_t limit = 0;
  std::atomic<std::size_t> used{0};
};

/// The connection's side of a reply; on the server's loop.
class ReplyTarget {
 public:
  virtual ~ReplyTarget() = default;
  virtual void on_response(const void* link, ApiResponse response) = 0;
  virtual void on_stream(const void* link, std::string content_type, std::uint32_t seconds) = 0;
  virtual void on_text(const void* link) = 0;  ///< there is something to `take`
  virtual void on_end(const void* link) = 0;
  virtual void on_upgrade(const void* link, std::shared_ptr<Tunnel> tunnel) = 0;
  virtual void on_give_up(const void* link) = 0;  ///< its reader is too slow, or nobody answers
};

/// Between a request's handler, on any thread, and its connection, on the loop: the text of a
/// stream that the connection has not taken, and how much its reader has not.
class StreamLink : public std::enable_shared_from_this<StreamLink> {
 public:
  StreamLink(EventLoop& loop, std::weak_ptr<ReplyTarget> target, std::size_t limit,
             std::shared_ptr<StreamBudget> budget);
  ~StreamLink();
  StreamLink(const StreamLink&) = delete;
  StreamLink& operator=(const StreamLink&) = delete;

  /// A reply for a handler. One for each link.
  static std::shared_ptr<HttpReply> reply(std::shared_ptr<StreamLink> link);

  // From any thread.
  void post(std::function<void(ReplyTarget&)> work);
  /// False when the stream is closed, or now is, because too much waits.
  bool write(std::string_view text);
  void when_gone(std::function<void()> gone);

  // On the loop.
  std::string take();            ///< all that waits
  void sent(std::size_t bytes);  ///< the reader has taken so much
  void close();                  ///< nothing more is wanted
  void tell_gone();

 private:
  EventLoop& loop_;
  std::weak_ptr<ReplyTarget> target_;
  std::size_t limit_;
  std::shared_ptr<StreamBudget> budget_;
  std::mutex mutex_;  // guards the next four
  std::string waiting_;
  std::size_t unsent_ = 0;  // waiting, or taken and not sent
  bool posted_ = false;
  bool closed_ = false;
  std::function<void()> on_gone_;  // on the loop
  bool gone_ = false;              // on the loop
};

}  // namespace arcas::real
