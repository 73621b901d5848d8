#include "real/http/http_connection.h"

#include <cstdio>
#include <utility>

#include "core/base/hash.h"
#include "real/http/response_text.h"

namespace arcas::real {
namespace {

constexpr std::size_t kReadAhead = std::size_t{64} << 10U;   // of requests that must wait
constexpr std::size_t kWritePart = std::size_t{256} << 10U;  // each has its own deadline
constexpr std::size_t kJoined = std::size_t{16} << 10U;      // bodies that go out with their head
constexpr std::size_t kMaxDiscarded = std::size_t{64} << 20U;
constexpr Duration kLeave = seconds(2);

std::string chunk_of(std::string text) {
  char head[24];
  const int size = std::snprintf(head, sizeof(head), "%zx\r\n", text.size());
  text.insert(0, head, static_cast<std::size_t>(size));
  return text += "\r\n";
}

std::int64_t unix_seconds(TimePoint now) { return now.ns / 1'000'000'000; }

}  // namespace

HttpConnection::HttpConnection(ConnectionHost& host, std::shared_ptr<ByteStream> stream,
                               std::string address)
    : host_(host),
      stream_(std::move(stream)),
      peer_{std::move(address), nullptr},
      reader_(host.limits) {}

void HttpConnection::start(std::function<void()> ended) {
  ended_ = std::move(ended);
  deadline_ = host_.loop.now() + host_.limits.handshake;
  stream_->open([self = shared_from_this()](bool ok) {
    if (self->phase_ != Phase::handshake) return;
    if (!ok) return self->drop();
    self->peer_.certificate = self->stream_->certificate();
    self->phase_ = Phase::reading;
    self->deadline_ = self->host_.loop.now() + self->host_.limits.header;
    self->read_on();
  });
}

void HttpConnection::check_time(TimePoint now) {
  if (writing_ && now >= write_deadline_) return drop();
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::handshake:
      return drop();
    case Phase::reading:
      if (read_state_ == RequestReader::State::empty) return finish();
      return refuse({408, "the request did not come in time"});
    case Phase::streaming:
      if (!ending_) link_->tell_gone();
      return end_stream();
    case Phase::tunnel:
      return ending_ ? drop() : tunnel_->stop();
    case Phase::leaving:
      return finish();
    case Phase::answering:
    case Phase::ended:
      return;
  }
}

void HttpConnection::drain() {
  keep_alive_ = false;
  if (phase_ == Phase::handshake) drop();
  if (phase_ == Phase::reading) finish();
  if (phase_ == Phase::streaming) {
    link_->tell_gone();
    end_stream();
  }
  if (phase_ == Phase::tunnel) tunnel_->stop();
}

void HttpConnection::drop() {
  if (phase_ == Phase::ended) return;
  stream_->close();
  end_now();
}

void HttpConnection::finish() {
  if (phase_ == Phase::ended) return;
  if (writing_) return drop();
  stream_->finish();
  end_now();
}

void HttpConnection::end_now() {
  phase_ = Phase::ended;
  if (tunnel_ != nullptr) tunnel_->close();
  if (link_ != nullptr) {
    link_->close();
    link_->tell_gone();
  }
  if (ended_) std::exchange(ended_, nullptr)();
}

void HttpConnection::read_on() {
  if (reading_ || eof_ || phase_ == Phase::ended) return;
  if (phase_ != Phase::reading && input_.size() >= kReadAhead) return;
  reading_ = true;
  stream_->read(buffer_.data(), buffer_.size(),
                [self = shared_from_this()](bool ok, std::size_t count) {
                  self->reading_ = false;
                  self->on_bytes(ok, count);
                });
}

void HttpConnection::on_bytes(bool ok, std::size_t count) {
  if (phase_ == Phase::ended) return;
  if (!ok) {
    eof_ = true;
    // An answer that is on its way may still be read by a client that says no more.
    if (phase_ != Phase::answering) drop();
    return;
  }
  if (phase_ == Phase::leaving) {
    discarded_ += count;
    return discarded_ > kMaxDiscarded ? finish() : read_on();
  }
  if (phase_ == Phase::tunnel) return feed_tunnel({buffer_.data(), count});
  input_.append(buffer_.data(), count);
  if (phase_ == Phase::reading) read_requests();
  read_on();
}

void HttpConnection::read_requests() {
  using State = RequestReader::State;
  const State before = read_state_;
  read_state_ = reader_.read(input_);
  const TimePoint now = host_.loop.now();
  if (read_state_ == State::header && before == State::empty) {
    deadline_ = now + host_.limits.header;
  } else if (read_state_ == State::body && before != State::body) {
    deadline_ = now + host_.limits.body;
  }
  if (read_state_ == State::failed) return refuse(reader_.error());
  if (read_state_ == State::done) return dispatch();
  if (reader_.take_expectation()) enqueue({"HTTP/1.1 100 Continue\r\n\r\n"});
}

void HttpConnection::dispatch() {
  HttpRequest request = reader_.take();
  request.peer = peer_;
  read_state_ = RequestReader::State::empty;
  phase_ = Phase::answering;
  answered_ = ending_ = false;
  keep_alive_ = request.keep_alive;
  without_body_ = request.method == "HEAD";
  gzip_ = accepts_gzip(request.header("accept-encoding"));
  chunks_ = request.chunks;
  link_ = std::make_shared<StreamLink>(host_.loop, weak_from_this(), host_.limits.stream_bytes,
                                       host_.budget);
  host_.handler(std::move(request), StreamLink::reply(link_));
}

void HttpConnection::refuse(const HttpError& error) {
  phase_ = Phase::answering;
  keep_alive_ = without_body_ = gzip_ = false;
  link_ = nullptr;
  answer(error_response(error));
}

bool HttpConnection::is_current(const void* link) const {
  return link_ != nullptr && link_.get() == link && phase_ != Phase::ended;
}

void HttpConnection::on_response(const void* link, ApiResponse response) {
  if (is_current(link) && phase_ == Phase::answering && !answered_) answer(std::move(response));
}

void HttpConnection::answer(ApiResponse response) {
  answered_ = true;
  ResponseHead head;
  head.code = response.code;
  head.content_type = response.content_type;
  head.headers = std::move(response.headers);
  if (response.body.size() >= host_.limits.gzip_bytes) {
    head.headers.emplace_back("Vary", "Accept-Encoding");
    if (gzip_) {
      response.body = gzip(response.body);
      head.headers.emplace_back("Content-Encoding", "gzip");
    }
  }
  head.length = response.body.size();
  head.keep_alive = keep_alive_;
  std::string text = response_head(head, unix_seconds(host_.loop.now()));
  if (without_body_) response.body.clear();
  if (response.body.size() <= kJoined) {
    enqueue({std::move(text += response.body)});
  } else {
    enqueue({std::move(text)});
    enqueue({std::move(response.body)});
  }
}

void HttpConnection::on_stream(const void* link, std::string content_type,
                               std::uint32_t timeout_seconds) {
  if (!is_current(link) || phase_ != Phase::answering || answered_) return;
  phase_ = Phase::streaming;
  Duration lasts = seconds(timeout_seconds);
  if (timeout_seconds == 0) {  // Not all at the same time, when many have begun together.
    const std::int64_t spread = std::max<std::int64_t>(host_.limits.stream.ns, 1);
    lasts = host_.limits.stream +
            nanoseconds(static_cast<std::int64_t>(mix64(++host_.streams) >> 1U) % spread);
  }
  deadline_ = host_.loop.now() + lasts;
  if (!chunks_) keep_alive_ = false;
  ResponseHead head;
  head.content_type = content_type;
  head.chunks = chunks_;
  head.keep_alive = keep_alive_;
  enqueue({response_head(head, unix_seconds(host_.loop.now()))});
  if (without_body_) {
    link_->tell_gone();
    end_stream();
  }
}

void HttpConnection::on_text(const void* link) {
  if (is_current(link)) pump_stream();
}

void HttpConnection::on_end(const void* link) {
  if (is_current(link) && phase_ == Phase::streaming) end_stream();
}

void HttpConnection::on_give_up(const void* link) {
  if (is_current(link)) drop();
}

void HttpConnection::end_stream() {
  ending_ = true;
  pump_stream();
}

/// Sends what has come since the last part went out, in one chunk.
void HttpConnection::pump_stream() {
  if (phase_ != Phase::streaming || writing_ || !output_.empty()) return;
  std::string text = link_->take();
  if (without_body_) text.clear();
  if (!text.empty()) {
    const std::size_t counted = text.size();
    return enqueue({chunks_ ? chunk_of(std::move(text)) : std::move(text), counted});
  }
  if (!ending_) return;
  phase_ = Phase::answering;
  answered_ = true;
  link_->close();
  if (chunks_ && !without_body_) {
    enqueue({"0\r\n\r\n"});
  } else {
    on_answered();
  }
}

void HttpConnection::enqueue(Piece piece) {
  output_.push_back(std::move(piece));
  write_on();
}

void HttpConnection::write_on() {
  if (writing_ || output_.empty() || phase_ == Phase::ended) return;
  writing_ = true;
  write_deadline_ = host_.loop.now() + host_.limits.write;
  const std::string_view front = output_.front().bytes;
  stream_->write(front.substr(written_, kWritePart),
                 [self = shared_from_this()](bool ok, std::size_t count) {
                   self->writing_ = false;
                   self->on_written(ok, count);
                 });
}

void HttpConnection::on_written(bool ok, std::size_t count) {
  if (phase_ == Phase::ended) return;
  if (!ok) return drop();
  written_ += count;
  if (written_ == output_.front().bytes.size()) {
    if (link_ != nullptr) link_->sent(output_.front().counted);
    output_.pop_front();
    written_ = 0;
  }
  if (!output_.empty()) return write_on();
  if (phase_ == Phase::streaming) return pump_stream();
  if (phase_ == Phase::tunnel) return ending_ ? finish() : tunnel_->on_sent();
  if (phase_ == Phase::answering && answered_) on_answered();
}

void HttpConnection::on_answered() {
  const bool refused = link_ == nullptr;
  link_ = nullptr;
  answered_ = false;
  if (refused && !eof_) {
    // Closing while the client still sends would throw the answer away on its way to it.
    phase_ = Phase::leaving;
    deadline_ = host_.loop.now() + kLeave;
    input_.clear();
    return read_on();
  }
  if (!keep_alive_ || eof_) return finish();
  phase_ = Phase::reading;
  deadline_ = host_.loop.now() + host_.limits.idle;
  if (!input_.empty()) read_requests();
  read_on();
}

// ---- a tunnel's bytes ----

void HttpConnection::on_upgrade(const void* link, std::shared_ptr<Tunnel> tunnel) {
  if (!is_current(link) || phase_ != Phase::answering || answered_) return;
  phase_ = Phase::tunnel;
  tunnel_ = std::move(tunnel);
  deadline_ = host_.loop.now() + host_.limits.tunnel_idle;
  tunnel_->start(host_.loop, weak_from_this());
  if (!input_.empty()) {  // what it sent without waiting for the answer
    feed_tunnel(std::exchange(input_, {}));
  } else {
    read_on();
  }
}

void HttpConnection::feed_tunnel(std::string bytes) {
  deadline_ = host_.loop.now() + host_.limits.tunnel_idle;
  const std::shared_ptr<Tunnel> tunnel = tunnel_;
  if (tunnel->take(std::move(bytes))) read_on();
}

void HttpConnection::send(std::string bytes) {
  if (phase_ != Phase::tunnel || ending_) return;
  deadline_ = host_.loop.now() + host_.limits.tunnel_idle;
  enqueue({std::move(bytes)});
}

void HttpConnection::read_more() {
  if (phase_ == Phase::tunnel) read_on();
}

void HttpConnection::end() {
  if (phase_ != Phase::tunnel || ending_) return;
  ending_ = true;
  deadline_ = host_.loop.now() + host_.limits.write;
  // Not within the call: the connection is at work further up.
  host_.loop.post([self = shared_from_this()] {
    if (self->phase_ == Phase::tunnel && self->output_.empty()) self->finish();
  });
}

void HttpConnection::decline(const ApiResponse& why) {
  if (phase_ != Phase::tunnel || ending_) return;
  phase_ = Phase::answering;
  keep_alive_ = without_body_ = gzip_ = false;
  link_->close();
  link_ = nullptr;
  answer(why);
}

}  // namespace arcas::real
