#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace arcas::tests {

struct ClientTls {
  std::string authority;  // PEM, whom the client believes
  std::string certificate;
  std::string key;
  std::string host = "localhost";  // whom it expects
  int newest_version = 0;          // of TLS; 0: any
};

struct ClientResponse {
  int code = 0;                                // 0: the connection was closed instead
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

/// A client on loopback that waits for what it asks, at most half a minute.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port, const std::optional<ClientTls>& tls = std::nullopt);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// What went wrong so far (connecting, the handshake, the last call); empty: nothing.
  [[nodiscard]] const std::string& error() const;
  bool send(std::string_view bytes);
  ClientResponse read(bool head = false);
  ClientResponse get(const std::string& target, const std::string& headers = {});
  ClientResponse send_body(const std::string& method, const std::string& target,
                           const std::string& body, const std::string& headers = {});
  /// Bytes as they come, until `text` is among all that came, or the end. Gives all that came.
  std::string read_until(std::string_view text);
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace arcas::tests
