#include "real/streams/dial.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

namespace arcas::real {
namespace asio = boost::asio;
using Error = boost::system::error_code;
namespace {

template <class Protocol>
class DialledStream final : public ByteStream,
                            public std::enable_shared_from_this<DialledStream<Protocol>> {
 public:
  DialledStream(asio::io_context& context, std::optional<typename Protocol::endpoint> to)
      : socket_(context), to_(std::move(to)) {}

  void open(std::function<void(bool)> done) override {
    if (!to_) {
      return asio::post(socket_.get_executor(), [done = std::move(done)] { done(false); });
    }
    socket_.async_connect(*to_, [self = this->shared_from_this(),
                                 done = std::move(done)](Error error) { done(!error); });
  }
  void read(char* to, std::size_t size, Done done) override {
    socket_.async_read_some(asio::buffer(to, size),
                            [self = this->shared_from_this(), done = std::move(done)](
                                Error error, std::size_t bytes) { done(!error, bytes); });
  }
  void write(std::string_view bytes, Done done) override {
    asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()),
                      [self = this->shared_from_this(), done = std::move(done)](
                          Error error, std::size_t count) { done(!error, count); });
  }
  void finish() override { close(); }
  void close() override {
    Error ignored;
    socket_.close(ignored);
  }
  [[nodiscard]] std::shared_ptr<const access::CertificateSubject> certificate() const override {
    return nullptr;
  }

 private:
  typename Protocol::socket socket_;
  std::optional<typename Protocol::endpoint> to_;
};

}  // namespace

std::shared_ptr<ByteStream> dial_tcp(EventLoop& loop, const std::string& address,
                                     std::uint16_t port) {
  Error error;
  const asio::ip::address parsed = asio::ip::make_address(address, error);
  std::optional<asio::ip::tcp::endpoint> to;
  if (!error) to.emplace(parsed, port);
  return std::make_shared<DialledStream<asio::ip::tcp>>(loop.context(), to);
}

std::shared_ptr<ByteStream> dial_unix(EventLoop& loop, const std::string& path) {
  using Protocol = asio::local::stream_protocol;
  std::optional<Protocol::endpoint> to;
  if (path.size() < 108) to.emplace(path);  // sockaddr_un has no room for more
  return std::make_shared<DialledStream<Protocol>>(loop.context(), to);
}

}  // namespace arcas::real
