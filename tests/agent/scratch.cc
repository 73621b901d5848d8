#include "scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace arcas::agent::test {

Scratch::Scratch(const std::string& name) {
  std::string pattern = "/tmp/arcas-" + name + "-XXXXXX";
  directory_ = ::mkdtemp(pattern.data());
  const std::string own = std::to_string(::getpid());
  control_group_ = "arcas-test-" + own;
  bridge_ = "arcas" + own.substr(own.size() > 8 ? own.size() - 8 : 0);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  child_ = ::fork();
  if (child_ == 0) {
    ::setsid();
    ::dup2(ends[0], 0);
    ::execl(ARCAS_SOURCE_DIR "/tests/agent/clean_up.sh", "clean_up.sh", directory_.c_str(),
            control_group_.c_str(), bridge_.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[0]);
  pipe_ = ends[1];
}

Scratch::~Scratch() {
  ::close(pipe_);
  ::waitpid(child_, nullptr, 0);
}

void Scratch::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name)) << text;
}

std::string shell(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen(("{ " + command + "\n} 2>&1").c_str(), "re");
  if (pipe == nullptr) return output;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = ::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), got);
  }
  ::pclose(pipe);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

bool machine_has(const std::string& programs, std::string& missing) {
  if (::geteuid() != 0) missing += " root";
  std::istringstream words(programs);
  for (std::string program; words >> program;) {
    if (shell("command -v " + program).empty()) missing += " " + program;
  }
  return missing.empty();
}

int spawn(const std::string& command, const std::string& log) {
  const int pid = ::fork();
  if (pid == 0) {
    ::setsid();
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(file, 1);
    ::dup2(file, 2);
    ::execl("/bin/sh", "sh", "-c", ("exec " + command).c_str(), nullptr);
    ::_exit(127);
  }
  return pid;
}

void kill_and_wait(int pid, int signal) {
  ::kill(pid, signal);
  ::waitpid(pid, nullptr, 0);
}

void sleep_milliseconds(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

}  // namespace arcas::agent::test
