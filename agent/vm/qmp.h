#pragma once

#include <boost/json/fwd.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/base/expected.h"
#include "core/base/time.h"

namespace arcas::agent {

/// What QEMU said without being asked.
struct QmpEvent {
  std::string name;  ///< "SHUTDOWN", "DEVICE_DELETED"…
  std::string data;  ///< as JSON text
};

/// A session with QEMU's monitor (QMP) over its Unix socket. Calls block and are made one at a
/// time; several threads may make them.
class QmpSession {
 public:
  /// Connects and negotiates. `unavailable` when nobody listens.
  static Expected<std::unique_ptr<QmpSession>> connect(const std::string& socket_path,
                                                       Duration timeout);
  ~QmpSession();
  QmpSession(const QmpSession&) = delete;
  QmpSession& operator=(const QmpSession&) = delete;

  /// Executes a command with arguments as JSON text; gives the "return" value as JSON text. An
  /// error names the command and what QEMU said.
  Expected<std::string> execute(std::string_view command, const std::string& arguments = {},
                                Duration timeout = kQuick);
  /// The next event that is there already, or that comes within `timeout`; none otherwise.
  bool next_event(QmpEvent& event, Duration timeout);
  /// QEMU has closed the session: it has ended.
  [[nodiscard]] bool closed() const { return closed_; }

  static constexpr Duration kQuick = seconds(10);

 private:
  QmpSession(int descriptor, std::string socket_path);
  Expected<std::string> read_line(Duration timeout);
  Status send(const std::string& line);
  /// Puts an event aside; true when it was one.
  bool keep_event(const boost::json::value& message);

  std::mutex mutex_;
  int descriptor_;
  std::string socket_path_;
  std::string buffer_;
  std::deque<QmpEvent> events_;
  bool closed_ = false;
};

}  // namespace arcas::agent
