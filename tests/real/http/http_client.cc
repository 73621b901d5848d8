#include "tests/real/http/http_client.h"

#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>

namespace arcas::tests {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Error = boost::system::error_code;

struct HttpClient::State {
  asio::io_context context;
  asio::ssl::context tls{asio::ssl::context::tls_client};
  asio::ssl::stream<tcp::socket> stream{context, tls};
  bool encrypted = false;
  boost::beast::flat_buffer buffer;
  std::string seen;
  std::string error;

  void set_up(const ClientTls& settings) {
    tls.set_verify_mode(asio::ssl::verify_peer);
    tls.add_certificate_authority(asio::buffer(settings.authority));
    tls.set_verify_callback(asio::ssl::host_name_verification(settings.host));
    if (!settings.certificate.empty()) {
      tls.use_certificate_chain(asio::buffer(settings.certificate));
      tls.use_private_key(asio::buffer(settings.key), asio::ssl::context::pem);
    }
    if (settings.newest_version != 0) {
      SSL_CTX_set_security_level(tls.native_handle(), 0);
      SSL_CTX_set_max_proto_version(tls.native_handle(), settings.newest_version);
    }
    stream = asio::ssl::stream<tcp::socket>(context, tls);
    encrypted = true;
  }
  /// Runs what was begun. False: it failed, or took too long.
  bool wait(const std::optional<Error>& outcome) {
    context.restart();
    context.run_for(std::chrono::seconds(30));
    error = !outcome ? "it took too long" : *outcome ? outcome->message() : "";
    return error.empty();
  }
  template <class Work>
  bool with_stream(Work work) {
    std::optional<Error> outcome;
    const auto done = [&outcome](Error code, auto...) { outcome = code; };
    if (encrypted) {
      work(stream, done);
    } else {
      work(stream.next_layer(), done);
    }
    return wait(outcome);
  }
};

HttpClient::HttpClient(std::uint16_t port, const std::optional<ClientTls>& tls)
    : state_(std::make_unique<State>()) {
  if (tls) state_->set_up(*tls);
  Error code;
  state_->stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port}, code);
  if (code) state_->error = code.message();
  if (code || !tls) return;
  std::optional<Error> outcome;
  state_->stream.async_handshake(asio::ssl::stream_base::client,
                                 [&outcome](Error result) { outcome = result; });
  state_->wait(outcome);
}
HttpClient::~HttpClient() = default;

const std::string& HttpClient::error() const { return state_->error; }

bool HttpClient::send(std::string_view bytes) {
  return state_->with_stream([bytes](auto& stream, auto done) {
    asio::async_write(stream, asio::buffer(bytes.data(), bytes.size()), done);
  });
}

ClientResponse HttpClient::read(bool head) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(std::uint64_t{1} << 30U);
  parser.skip(head);
  ClientResponse response;
  const bool good = state_->with_stream(
      [&](auto& stream, auto done) { http::async_read(stream, state_->buffer, parser, done); });
  if (!good) return response;
  response.code = parser.get().result_int();
  for (const auto& field : parser.get()) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    response.headers[name] = std::string(field.value());
  }
  response.body = parser.get().body();
  return response;
}

ClientResponse HttpClient::get(const std::string& target, const std::string& headers) {
  send("GET " + target + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n");
  return read();
}

ClientResponse HttpClient::send_body(const std::string& method, const std::string& target,
                                     const std::string& body, const std::string& headers) {
  send(method + ' ' + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " +
       std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
  return read();
}

std::string HttpClient::read_until(std::string_view text) {
  State& state = *state_;
  while (state.seen.find(text) == std::string::npos) {
    std::string part(64 * 1024, '\0');
    std::size_t count = 0;
    std::optional<Error> outcome;
    const auto done = [&](Error code, std::size_t bytes) {
      outcome = code;
      count = bytes;
    };
    if (state.encrypted) {
      state.stream.async_read_some(asio::buffer(part), done);
    } else {
      state.stream.next_layer().async_read_some(asio::buffer(part), done);
    }
    const bool good = state.wait(outcome);
    state.seen.append(part, 0, count);
    if (!good) break;
  }
  return state.seen;
}

void HttpClient::close() {
  Error ignored;
  state_->stream.next_layer().close(ignored);
}

}  // namespace arcas::tests
