#include "real/http/http_server.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "real/http/http_connection.h"
#include "real/http/listener.h"

namespace arcas::real {

struct HttpServer::State {
  State(EventLoop& of_loop, HttpServerOptions given, HttpHandler handler)
      : loop(of_loop),
        options(std::move(given)),
        host{loop, options.limits, std::move(handler), std::make_shared<StreamBudget>()} {
    host.budget->limit = options.limits.all_streams_bytes;
  }

  EventLoop& loop;
  HttpServerOptions options;
  ConnectionHost host;
  std::unique_ptr<Listener> listener;
  std::map<std::uint64_t, std::shared_ptr<HttpConnection>> connections;
  std::map<std::string, std::size_t> by_address;
  std::uint64_t last = 0;
  std::uint64_t sweep_timer = 0;
  std::optional<TimePoint> drain_until;
  std::function<void()> stopped;

  /// A small part of the shortest span, but no needless work.
  [[nodiscard]] Duration sweep_interval() const {
    const HttpLimits& limits = options.limits;
    const std::array spans{limits.handshake, limits.header, limits.body,
                           limits.idle,      limits.write,  limits.drain};
    return std::clamp(*std::min_element(spans.begin(), spans.end()) / 4, milliseconds(5),
                      milliseconds(500));
  }
  void sweep() {
    const TimePoint now = loop.now();
    const bool hurry = drain_until && now >= *drain_until;
    std::vector<std::shared_ptr<HttpConnection>> all;
    all.reserve(connections.size());
    for (const auto& [number, connection] : connections) all.push_back(connection);
    for (const auto& connection : all) hurry ? connection->drop() : connection->check_time(now);
    sweep_timer = loop.at(now + sweep_interval(), [this] { sweep(); });
  }
  void take(std::shared_ptr<ByteStream> stream, const std::string& address) {
    std::size_t& of_address = by_address[address];
    if (connections.size() >= options.limits.connections ||
        of_address >= options.limits.connections_per_address) {
      if (of_address == 0) by_address.erase(address);
      return stream->close();
    }
    ++of_address;
    const std::uint64_t number = ++last;
    const auto connection = std::make_shared<HttpConnection>(host, std::move(stream), address);
    connections.emplace(number, connection);
    connection->start([this, number, address] { leave(number, address); });
  }
  void leave(std::uint64_t number, const std::string& address) {
    // The connection is at work further up; it goes when that is done.
    const auto found = connections.find(number);
    loop.post([connection = std::move(found->second)] {});
    connections.erase(found);
    if (--by_address[address] == 0) by_address.erase(address);
    tell_when_empty();
  }
  void tell_when_empty() {
    if (!connections.empty() || !stopped) return;
    loop.post(std::exchange(stopped, nullptr));
  }
};

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Expected<std::unique_ptr<HttpServer>> HttpServer::open(EventLoop& loop, HttpServerOptions options,
                                                       HttpHandler handler) {
  auto state = std::make_unique<State>(loop, std::move(options), std::move(handler));
  auto listener =
      Listener::open(loop, state->options.address, state->options.port, state->options.tls);
  if (!listener) return listener.error();
  state->listener = std::move(*listener);
  State& here = *state;
  here.listener->start([&here](std::shared_ptr<ByteStream> stream, const std::string& address) {
    here.take(std::move(stream), address);
  });
  here.sweep();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::~HttpServer() {
  state_->listener->close();
  state_->loop.cancel(state_->sweep_timer);
  state_->stopped = nullptr;
  while (!state_->connections.empty()) {
    const auto connection = state_->connections.begin()->second;
    connection->drop();
  }
}

std::uint16_t HttpServer::port() const { return state_->listener->port(); }
std::size_t HttpServer::connections() const { return state_->connections.size(); }

void HttpServer::stop(std::function<void()> done) {
  state_->stopped = std::move(done);
  state_->listener->close();
  state_->drain_until = state_->loop.now() + state_->options.limits.drain;
  std::vector<std::shared_ptr<HttpConnection>> all;
  for (const auto& [number, connection] : state_->connections) all.push_back(connection);
  for (const auto& connection : all) connection->drain();
  state_->tell_when_empty();
}

}  // namespace arcas::real
