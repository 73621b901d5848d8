#include "agent/runtime/probe_request.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

namespace arcas::agent {

namespace {

using Clock = std::chrono::steady_clock;

bool wait_for(int descriptor, short events, Clock::time_point until) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
  pollfd waiting{descriptor, events, 0};
  return left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) > 0;
}

bool connected(int descriptor, const std::string& address, std::int32_t port,
               Clock::time_point until) {
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, address.c_str(), &target.sin_addr) != 1) return false;
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&target), sizeof(target)) == 0) return true;
  if (errno != EINPROGRESS || !wait_for(descriptor, POLLOUT, until)) return false;
  int fault = 0;
  socklen_t size = sizeof(fault);
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &fault, &size) == 0 && fault == 0;
}

/// "HTTP/1.1 204 No Content" → 204; 0 when it is no answer of HTTP.
int status_of(const std::string& answer) {
  const std::size_t space = answer.find(' ');
  if (!answer.starts_with("HTTP/1.") || space == std::string::npos) return 0;
  int status = 0;
  for (std::size_t at = space + 1; at < space + 4 && at < answer.size(); ++at) {
    if (answer[at] < '0' || answer[at] > '9') return 0;
    status = status * 10 + (answer[at] - '0');
  }
  return status;
}

bool answers(int descriptor, const std::string& host, const std::string& path,
             Clock::time_point until) {
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: " + host +
                              "\r\nUser-Agent: arcas-probe\r\nConnection: close\r\n\r\n";
  if (::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return false;
  }
  std::string answer;
  while (answer.find('\n') == std::string::npos && answer.size() < 1024) {
    if (!wait_for(descriptor, POLLIN, until)) return false;
    char bytes[256];
    const ssize_t count = ::recv(descriptor, bytes, sizeof(bytes), 0);
    if (count <= 0) break;
    answer.append(bytes, static_cast<std::size_t>(count));
  }
  const int status = status_of(answer);
  return status >= 200 && status < 400;
}

}  // namespace

bool probe_by_network(const ProbeAction& action, const std::string& pod_address, Duration timeout) {
  const auto until = Clock::now() + std::chrono::nanoseconds(timeout.ns);
  const std::string& host = action.host.empty() ? pod_address : action.host;
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return false;
  bool success = connected(descriptor, host, action.port, until);
  if (success && action.kind == ProbeAction::Kind::http) {
    success = answers(descriptor, host, action.path, until);
  }
  ::close(descriptor);
  return success;
}

}  // namespace arcas::agent
