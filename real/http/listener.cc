#include "real/http/listener.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

#include "real/auth/x509_subject.h"

namespace arcas::real {
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using Error = boost::system::error_code;
namespace {

void close_socket(tcp::socket& socket) {
  Error ignored;
  socket.close(ignored);
}

class PlainStream final : public ByteStream, public std::enable_shared_from_this<PlainStream> {
 public:
  explicit PlainStream(tcp::socket socket) : socket_(std::move(socket)) {}

  void open(std::function<void(bool)> done) override {
    asio::post(socket_.get_executor(),
               [self = shared_from_this(), done = std::move(done)] { done(true); });
  }
  void read(char* to, std::size_t size, Done done) override {
    socket_.async_read_some(asio::buffer(to, size),
                            [self = shared_from_this(), done = std::move(done)](
                                Error error, std::size_t bytes) { done(!error, bytes); });
  }
  void write(std::string_view bytes, Done done) override {
    asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()),
                      [self = shared_from_this(), done = std::move(done)](
                          Error error, std::size_t count) { done(!error, count); });
  }
  void finish() override { close_socket(socket_); }
  void close() override { close_socket(socket_); }
  [[nodiscard]] std::shared_ptr<const access::CertificateSubject> certificate() const override {
    return nullptr;
  }

 private:
  tcp::socket socket_;
};

class TlsStream final : public ByteStream, public std::enable_shared_from_this<TlsStream> {
 public:
  TlsStream(tcp::socket socket, ssl::context& context)
      : stream_(std::move(socket), context), goodbye_(stream_.get_executor()) {}

  void open(std::function<void(bool)> done) override {
    stream_.async_handshake(ssl::stream_base::server,
                            [self = shared_from_this(), done = std::move(done)](Error error) {
                              if (!error) self->keep_certificate();
                              done(!error);
                            });
  }
  void read(char* to, std::size_t size, Done done) override {
    reading_ = true;
    stream_.async_read_some(
        asio::buffer(to, size),
        [self = shared_from_this(), done = std::move(done)](Error error, std::size_t bytes) {
          self->reading_ = false;
          if (self->finishing_) self->say_goodbye();
          done(!error && !self->finishing_, bytes);
        });
  }
  void write(std::string_view bytes, Done done) override {
    asio::async_write(stream_, asio::buffer(bytes.data(), bytes.size()),
                      [self = shared_from_this(), done = std::move(done)](
                          Error error, std::size_t count) { done(!error, count); });
  }
  void finish() override {
    if (std::exchange(finishing_, true)) return;
    Error ignored;
    if (reading_) {
      stream_.next_layer().cancel(ignored);
    } else {
      say_goodbye();
    }
  }
  void close() override { close_socket(stream_.next_layer()); }
  [[nodiscard]] std::shared_ptr<const access::CertificateSubject> certificate() const override {
    return certificate_;
  }

 private:
  void keep_certificate() {
    SSL* connection = stream_.native_handle();
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(connection),
                                                            X509_free);
    if (shown == nullptr || SSL_get_verify_result(connection) != X509_V_OK) return;
    certificate_ = std::make_shared<access::CertificateSubject>(read_subject(*shown));
  }
  /// Tells the other side that this is the end and waits a little for it to say so, too.
  void say_goodbye() {
    goodbye_.expires_after(std::chrono::seconds(2));
    goodbye_.async_wait([self = shared_from_this()](Error error) {
      if (!error) self->close();
    });
    stream_.async_shutdown([self = shared_from_this()](Error) {
      self->goodbye_.cancel();
      self->close();
    });
  }

  ssl::stream<tcp::socket> stream_;
  asio::steady_timer goodbye_;
  std::shared_ptr<const access::CertificateSubject> certificate_;
  bool reading_ = false;
  bool finishing_ = false;
};

// OpenSSL keeps a pointer into it.
constexpr std::array<unsigned char, 9> kOurs{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// Of what a client offers, HTTP/1.1 or nothing.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* match = nullptr;
  const int outcome =
      SSL_select_next_proto(&match, size, kOurs.data(), kOurs.size(), offered, offered_size);
  *chosen = match;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

Status set_up(ssl::context& context, const TlsIdentity& identity) {
  Error error;
  const auto failed = [&error](const char* what) {
    return Status::invalid(std::string("TLS: ") + what + ": " + error.message());
  };
  const auto buffer = [](const std::string& text) { return asio::buffer(text); };
  if (context.use_certificate_chain(buffer(identity.certificate), error)) {
    return failed("the server's certificate");
  }
  if (context.use_private_key(buffer(identity.key), ssl::context::pem, error)) {
    return failed("the server's key");
  }
  if (context.add_certificate_authority(buffer(identity.client_authorities), error)) {
    return failed("the authorities of clients");
  }
  SSL_CTX* native = context.native_handle();
  if (SSL_CTX_check_private_key(native) != 1) {
    return Status::invalid("TLS: the server's key does not belong to its certificate");
  }
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(native,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  return Status::success();
}

class TcpListener final : public Listener {
 public:
  explicit TcpListener(EventLoop& loop)
      : context_(loop.context()), acceptor_(context_), pause_(context_) {}

  Status listen(const std::string& address, std::uint16_t port,
                const std::optional<TlsIdentity>& identity) {
    if (identity) {
      tls_ = std::make_unique<ssl::context>(ssl::context::tls_server);
      const Status status = set_up(*tls_, *identity);
      if (!status.ok()) return status;
    }
    Error error;
    const asio::ip::address parsed = asio::ip::make_address(address, error);
    if (error) return Status::invalid("listen: '" + address + "' is no IP address");
    const tcp::endpoint endpoint(parsed, port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (error) {
      return Status::invalid("listen: " + address + " port " + std::to_string(port) + ": " +
                             error.message());
    }
    port_ = acceptor_.local_endpoint(error).port();
    return Status::success();
  }

  void start(Accepted accepted) override {
    accepted_ = std::move(accepted);
    accept();
  }
  void close() override {
    Error ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }
  [[nodiscard]] std::uint16_t port() const override { return port_; }

 private:
  void accept() {
    acceptor_.async_accept(
        [this, alive = std::weak_ptr<bool>(alive_)](Error error, tcp::socket socket) {
          if (alive.expired() || error == asio::error::operation_aborted || !acceptor_.is_open())
            return;
          if (error) return accept_later();
          hand_over(std::move(socket));
          accept();
        });
  }
  /// Out of descriptors, as a rule: those in use are given back in time.
  void accept_later() {
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([this, alive = std::weak_ptr<bool>(alive_)](Error error) {
      if (!alive.expired() && !error) accept();
    });
  }
  void hand_over(tcp::socket socket) {
    Error error;
    socket.set_option(tcp::no_delay(true), error);
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return;  // it has gone already
    std::shared_ptr<ByteStream> stream;
    if (tls_) {
      stream = std::make_shared<TlsStream>(std::move(socket), *tls_);
    } else {
      stream = std::make_shared<PlainStream>(std::move(socket));
    }
    accepted_(std::move(stream), peer.address().to_string());
  }

  asio::io_context& context_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::unique_ptr<ssl::context> tls_;
  Accepted accepted_;
  std::uint16_t port_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace

Expected<std::unique_ptr<Listener>> Listener::open(EventLoop& loop, const std::string& address,
                                                   std::uint16_t port,
                                                   const std::optional<TlsIdentity>& tls) {
  auto listener = std::make_unique<TcpListener>(loop);
  const Status status = listener->listen(address, port, tls);
  if (!status.ok()) return status;
  return std::unique_ptr<Listener>(std::move(listener));
}

}  // namespace arcas::real
