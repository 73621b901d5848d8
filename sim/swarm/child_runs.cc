#include "sim/swarm/child_runs.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

namespace arcas::sim {
namespace {

constexpr char kAnswer = '\x01';  // what follows is the answer; before it: standard error

double wall() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void write_all(int file, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = write(file, text.data() + done, text.size() - done);
    if (wrote <= 0) return;
    done += static_cast<std::size_t>(wrote);
  }
}

/// The last line that is not empty, at most 300 bytes.
std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const std::size_t start = text.rfind('\n');
  if (start != std::string::npos) text.erase(0, start + 1);
  return text.substr(0, 300);
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ChildRuns::~ChildRuns() {
  for (Child& child : children_) {
    kill(child.pid, SIGKILL);
    close(child.pipe);
    waitpid(child.pid, nullptr, 0);
  }
}

bool ChildRuns::start(std::uint64_t id, const std::function<std::string()>& run) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid < 0) {
    close(ends[0]);
    close(ends[1]);
    return false;
  }
  if (pid == 0) {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);  // a crash is reported, not dumped
    dup2(ends[1], STDERR_FILENO);
    const std::string answer = run();
    std::fflush(stderr);
    write_all(ends[1], kAnswer + answer);
    _exit(0);
  }
  close(ends[1]);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  children_.push_back({id, pid, ends[0], {}, wall(), false, false});
  return true;
}

void ChildRuns::read_from(Child& child) {
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t got = read(child.pipe, buffer.data(), buffer.size());
    if (got > 0) {
      child.output.append(buffer.data(), static_cast<std::size_t>(got));
      continue;
    }
    if (got == 0) child.closed = true;
    return;
  }
}

ChildRuns::Finished ChildRuns::finish(Child& child) {
  Finished finished;
  finished.id = child.id;
  int status = 0;
  rusage usage{};
  wait4(child.pid, &status, 0, &usage);
  close(child.pipe);
  finished.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  const std::size_t mark = child.output.rfind(kAnswer);
  if (mark != std::string::npos && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    finished.answer = child.output.substr(mark + 1);
    return finished;
  }
  finished.failure = child.hung ? "hang" : "crash";
  const std::string said = last_line(child.output);
  if (child.hung) {
    finished.text = "did not end in time";
  } else if (WIFSIGNALED(status)) {
    finished.text = std::string("ended by signal ") + strsignal(WTERMSIG(status));
  } else {
    finished.text = "ended with exit code " + std::to_string(WEXITSTATUS(status));
  }
  if (!said.empty()) finished.text += ": " + said;
  return finished;
}

std::vector<ChildRuns::Finished> ChildRuns::wait(int milliseconds) {
  std::vector<pollfd> files;
  for (const Child& child : children_) files.push_back({child.pipe, POLLIN, 0});
  poll(files.data(), files.size(), milliseconds);
  std::vector<Finished> finished;
  for (Child& child : children_) {
    read_from(child);
    if (!child.closed && !child.hung && wall() - child.started > seconds_each_) {
      child.hung = true;
      kill(child.pid, SIGKILL);
    }
    if (child.closed) finished.push_back(finish(child));
  }
  std::erase_if(children_, [](const Child& child) { return child.closed; });
  return finished;
}

}  // namespace arcas::sim
