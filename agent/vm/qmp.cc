#include "agent/vm/qmp.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "agent/vm/json_reading.h"

namespace arcas::agent {

namespace json = boost::json;

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kLongestLine = 16 << 20;

Status gone(const std::string& what) { return {StatusCode::unavailable, what}; }

}  // namespace

QmpSession::QmpSession(int descriptor, std::string socket_path)
    : descriptor_(descriptor), socket_path_(std::move(socket_path)) {}

QmpSession::~QmpSession() { ::close(descriptor_); }

Expected<std::unique_ptr<QmpSession>> QmpSession::connect(const std::string& socket_path,
                                                          Duration timeout) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof(address.sun_path)) {
    return Status::invalid("socket path too long: " + socket_path);
  }
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return gone(std::string("socket: ") + std::strerror(errno));
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    const std::string why = std::strerror(errno);
    ::close(descriptor);
    return gone("no machine listens at " + socket_path + ": " + why);
  }
  std::unique_ptr<QmpSession> session(new QmpSession(descriptor, socket_path));
  const Expected<std::string> greeting = session->read_line(timeout);
  if (!greeting) return greeting.error();
  const Expected<std::string> ready = session->execute("qmp_capabilities", {}, timeout);
  if (!ready) return ready.error();
  return session;
}

Status QmpSession::send(const std::string& line) {
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t count = ::send(descriptor_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      closed_ = true;
      return gone("the machine at " + socket_path_ + " has ended");
    }
    sent += static_cast<std::size_t>(count);
  }
  return Status::success();
}

Expected<std::string> QmpSession::read_line(Duration timeout) {
  const auto until = Clock::now() + std::chrono::nanoseconds(timeout.ns);
  while (true) {
    const std::size_t end = buffer_.find('\n');
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    if (closed_) return gone("the machine at " + socket_path_ + " has ended");
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd waiting{descriptor_, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left < 0 ? 0 : left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      return gone("the machine at " + socket_path_ + " gave no answer within " +
                  to_string(timeout));
    }
    char bytes[65536];
    const ssize_t count = ::recv(descriptor_, bytes, sizeof(bytes), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || buffer_.size() > kLongestLine) {
      closed_ = true;
      continue;
    }
    buffer_.append(bytes, static_cast<std::size_t>(count));
  }
}

bool QmpSession::keep_event(const json::value& message) {
  std::string name = text_in(member(message, "event"));
  if (name.empty()) return false;
  events_.push_back({std::move(name), json::serialize(member(message, "data"))});
  return true;
}

Expected<std::string> QmpSession::execute(std::string_view command, const std::string& arguments,
                                          Duration timeout) {
  const std::lock_guard lock(mutex_);
  std::string line = R"({"execute":")" + std::string(command) + '"';
  if (!arguments.empty()) line += R"(,"arguments":)" + arguments;
  const Status sent = send(line + "}\n");
  if (!sent.ok()) return sent;
  while (true) {
    const Expected<std::string> answer = read_line(timeout);
    if (!answer) {
      // A late answer must not be taken for that of the next command.
      ::shutdown(descriptor_, SHUT_RDWR);
      closed_ = true;
      return Status{answer.error().code, std::string(command) + ": " + answer.error().message};
    }
    const json::value message = parse_json(*answer);
    if (keep_event(message)) continue;
    const json::value& result = member(message, "return");
    if (!result.is_null()) return json::serialize(result);
    const json::value& error = member(message, "error");
    if (!error.is_null()) {
      return Status::invalid(std::string(command) + ": " + text_in(member(error, "desc")));
    }
  }
}

bool QmpSession::next_event(QmpEvent& event, Duration timeout) {
  const std::lock_guard lock(mutex_);
  while (events_.empty()) {
    const Expected<std::string> line = read_line(timeout);
    if (!line) return false;
    keep_event(parse_json(*line));
  }
  event = std::move(events_.front());
  events_.pop_front();
  return true;
}

}  // namespace arcas::agent
