#include "real/streams/stream_tunnel.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <string_view>
#include <utility>

#include "real/http/request_reader.h"
#include "real/streams/dial.h"

namespace arcas::real {
namespace {

constexpr std::size_t kEnough = std::size_t{64} << 10U;
constexpr std::size_t kMaxAnswer = std::size_t{64} << 10U;
constexpr Duration kPatience = seconds(10);
constexpr std::string_view kSuccess = R"({"metadata":{},"status":"Success"})";

/// "HTTP/1.1 404 Not Found…": 404; 0 for what is none.
std::uint16_t code_of(std::string_view answer) {
  std::uint16_t code = 0;
  if (answer.starts_with("HTTP/1.") && answer.size() > 12) {
    std::from_chars(answer.data() + 9, answer.data() + 12, code);
  }
  return code;
}

}  // namespace

void StreamTunnel::start(EventLoop& loop, std::weak_ptr<TunnelHost> host) {
  loop_ = &loop;
  host_ = std::move(host);
  stream_ = plan_.socket_path.empty() ? dial_tcp(loop, plan_.address, plan_.port)
                                      : dial_unix(loop, plan_.socket_path);
  timer_ = loop.at(loop.now() + kPatience, [self = shared_from_this()] {
    self->refuse(504, "what runs the pod does not answer");
  });
  stream_->open([self = shared_from_this()](bool ok) { self->on_connected(ok); });
}

void StreamTunnel::on_connected(bool ok) {
  if (phase_ != Phase::connecting) return;
  if (!ok) return refuse(503, "what runs the pod cannot be reached");
  if (plan_.request_head.empty()) return on_open();
  phase_ = Phase::asking;
  to_upstream(plan_.request_head);
  read_on();
}

void StreamTunnel::on_open() {
  loop_->cancel(timer_);
  phase_ = Phase::open;
  to_client(plan_.own_head);
  to_upstream(plan_.upstream->opening());
  to_client(plan_.client->opening());
  pump_upstream();
  pump_client();
}

void StreamTunnel::read_on() {
  if (reading_ || phase_ == Phase::ended) return;
  if (phase_ == Phase::open && (client_busy_ || !plan_.client->ready())) return;
  reading_ = true;
  stream_->read(buffer_.data(), buffer_.size(),
                [self = shared_from_this()](bool ok, std::size_t count) {
                  self->reading_ = false;
                  self->on_read(ok, count);
                });
}

void StreamTunnel::on_read(bool ok, std::size_t count) {
  if (phase_ == Phase::ended) return;
  if (ok) from_upstream_.append(buffer_.data(), count);
  if (phase_ == Phase::asking) return read_answer(!ok);
  if (!ok) return on_upstream_end();
  pump_upstream();
}

/// The other end's answer to being asked to switch.
void StreamTunnel::read_answer(bool at_end) {
  const std::size_t end = from_upstream_.find("\r\n\r\n");
  const std::uint16_t code = code_of(from_upstream_);
  if (code == 101 && end != std::string::npos) {
    std::string head = from_upstream_.substr(0, end + 4);
    from_upstream_.erase(0, end + 4);
    if (plan_.own_head.empty()) plan_.own_head = std::move(head);
    return on_open();
  }
  if (!at_end && from_upstream_.size() < kMaxAnswer) {
    // A refusal says why behind its head; short ones come at once.
    const bool whole = end != std::string::npos && from_upstream_.size() > end + 4;
    if (!whole) return read_on();
  }
  std::string why = end == std::string::npos ? std::string() : from_upstream_.substr(end + 4);
  while (why.ends_with('\n')) why.pop_back();
  refuse(code >= 400 ? code : 502, why.empty() ? "what runs the pod refused" : why);
}

bool StreamTunnel::take(std::string bytes) {
  if (phase_ == Phase::ended) return false;
  from_client_ += bytes;
  if (phase_ == Phase::open) pump_client();
  client_waits_ = from_client_.size() + waiting_.size() > kEnough;
  return !client_waits_;
}

void StreamTunnel::pump_client() {
  // Parts that come before the other end knows its channels would be lost there.
  if (phase_ != Phase::open || !plan_.upstream->ready()) return;
  std::vector<ChannelPart> parts;
  std::string answer;
  const Status status = plan_.client->take(from_client_, parts, answer);
  to_client(std::move(answer));
  for (const ChannelPart& part : parts) to_upstream(plan_.upstream->give(part));
  if (!status.ok() || plan_.client->ended()) return finish(false);
  read_on();
}

void StreamTunnel::pump_upstream() {
  if (phase_ != Phase::open) return;
  const bool was_ready = plan_.upstream->ready();
  std::vector<ChannelPart> parts;
  std::string answer;
  const Status status = plan_.upstream->take(from_upstream_, parts, answer);
  to_upstream(std::move(answer));
  for (const ChannelPart& part : parts) to_client(plan_.client->give(part));
  if (!status.ok() || plan_.upstream->ended()) return finish(false);
  if (!was_ready && plan_.upstream->ready()) pump_client();
  read_on();
}

void StreamTunnel::on_upstream_end() {
  if (plan_.tells_status) {
    to_client(plan_.client->give({Channel::status, std::string(kSuccess), true}));
  }
  finish(false);
}

void StreamTunnel::to_client(std::string bytes) {
  if (bytes.empty()) return;
  const auto host = host_.lock();
  if (host == nullptr) return;
  client_busy_ = true;
  host->send(std::move(bytes));
}

void StreamTunnel::on_sent() {
  client_busy_ = false;
  read_on();
}

void StreamTunnel::to_upstream(std::string bytes) {
  waiting_ += bytes;
  write_on();
}

void StreamTunnel::write_on() {
  if (!writing_.empty() || waiting_.empty() || phase_ == Phase::ended) return;
  writing_.swap(waiting_);
  stream_->write(writing_, [self = shared_from_this()](bool ok, std::size_t) {
    self->writing_.clear();
    if (self->phase_ == Phase::ended) return;
    // The reading side learns of the end, after what the other end still had to say.
    if (!ok) return;
    self->write_on();
    if (self->client_waits_ && self->waiting_.empty()) {
      self->client_waits_ = false;
      if (const auto host = self->host_.lock()) host->read_more();
    }
  });
}

void StreamTunnel::refuse(std::uint16_t code, std::string_view why) {
  if (phase_ == Phase::open || phase_ == Phase::ended) return;
  phase_ = Phase::ended;
  loop_->cancel(timer_);
  stream_->close();
  if (const auto host = host_.lock()) host->decline(error_response({code, std::string(why)}));
}

void StreamTunnel::finish(bool going_down) {
  if (phase_ == Phase::ended) return;
  if (phase_ != Phase::open) return refuse(503, "the server is going down");
  to_client(plan_.client->closing(going_down));
  phase_ = Phase::ended;
  stream_->close();
  if (const auto host = host_.lock()) host->end();
}

void StreamTunnel::stop() { finish(true); }

void StreamTunnel::close() {
  if (phase_ == Phase::ended || loop_ == nullptr) return;
  phase_ = Phase::ended;
  loop_->cancel(timer_);
  stream_->close();
}

}  // namespace arcas::real
