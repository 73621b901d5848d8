#pragma once

#include <string>

namespace arcas::agent::test {

/// A directory of the test's own, and a promise: when the test ends, also by a crash or a signal,
/// its processes, mounts, control groups, bridge and the directory go. A child process waits for
/// that on a pipe.
class Scratch {
 public:
  explicit Scratch(const std::string& name);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::string& directory() const { return directory_; }
  /// Below the root of every controller.
  [[nodiscard]] const std::string& control_group() const { return control_group_; }
  [[nodiscard]] const std::string& bridge() const { return bridge_; }
  [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }

  void write(const std::string& name, const std::string& text) const;

 private:
  std::string directory_;
  std::string control_group_;
  std::string bridge_;
  int pipe_ = -1;
  int child_ = -1;
};

/// Runs a command of the shell and gives what it printed, without the last newline.
std::string shell(const std::string& command);
/// True when the programs are there and the process is root.
bool machine_has(const std::string& programs, std::string& missing);
/// Starts a program in the background, its output appended to `log`; gives its process id.
int spawn(const std::string& command, const std::string& log);
void kill_and_wait(int pid, int signal);
/// Polls every 5 ms until the condition holds; false after `milliseconds`.
template <class Condition>
bool eventually(Condition condition, int milliseconds);
void sleep_milliseconds(int milliseconds);

template <class Condition>
bool eventually(Condition condition, int milliseconds) {
  for (int waited = 0; waited <= milliseconds; waited += 5) {
    if (condition()) return true;
    sleep_milliseconds(5);
  }
  return condition();
}

}  // namespace arcas::agent::test
