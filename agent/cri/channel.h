#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/expected.h"
#include "core/base/time.h"

namespace google::protobuf {
class MessageLite;
}

namespace arcas::agent {

/// A connection to a CRI server over its Unix socket. It is made on first use and made anew by
/// itself, within half a second, after the server was away. Safe for use by several threads.
class CriChannel {
 public:
  explicit CriChannel(std::string socket_path);
  ~CriChannel();
  CriChannel(const CriChannel&) = delete;
  CriChannel& operator=(const CriChannel&) = delete;

  /// One unary call, for example "RuntimeService/Version"; blocks for `timeout` at most. An error
  /// names the method, the socket and what the server said.
  Status call(std::string_view method, const google::protobuf::MessageLite& request,
              google::protobuf::MessageLite& response, Duration timeout);

 private:
  struct Connection;
  std::string socket_path_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace arcas::agent
