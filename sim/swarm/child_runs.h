#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace arcas::sim {

/// Runs in forked child processes, a few at a time. A child that dies or hangs gives an answer like
/// any other ("crash" with what it wrote last, "hang"), and nothing of it reaches the parent.
/// The parent must have one thread.
class ChildRuns {
 public:
  struct Finished {
    std::uint64_t id = 0;
    std::string answer;      ///< what the child's function gave; empty where it did not end well
    std::string failure;     ///< "crash" or "hang"; empty: it answered
    std::string text;        ///< what is wrong, for people
    double cpu_seconds = 0;  ///< of the child, user and system
  };

  /// `most`: children at once; a child is killed after `seconds_each` of wall time.
  ChildRuns(std::uint32_t most, double seconds_each) : most_(most), seconds_each_(seconds_each) {}
  ~ChildRuns();
  ChildRuns(const ChildRuns&) = delete;
  ChildRuns& operator=(const ChildRuns&) = delete;

  [[nodiscard]] bool full() const { return children_.size() >= most_; }
  [[nodiscard]] bool empty() const { return children_.empty(); }
  /// `run` is called in the child. False when the system allows no more processes.
  bool start(std::uint64_t id, const std::function<std::string()>& run);
  /// Waits at most `milliseconds` for children that end; gives those that have.
  std::vector<Finished> wait(int milliseconds);

 private:
  struct Child {
    std::uint64_t id = 0;
    int pid = 0;  ///< of the process
    int pipe = -1;
    std::string output;
    double started = 0;
    bool closed = false;
    bool hung = false;
  };
  static void read_from(Child& child);
  static Finished finish(Child& child);

  std::uint32_t most_;
  double seconds_each_;
  std::vector<Child> children_;
};

}  // namespace arcas::sim
