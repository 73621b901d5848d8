#pragma once

#include <memory>
#include <string>

#include "scratch.h"

namespace arcas::agent::test {

/// A containerd of the test's own: root, state and socket in the scratch directory, a bridge
/// network of its own, the images `busybox:test` and `pause:test` in place.
class Containerd {
 public:
  /// Null, and why, when this machine cannot run one.
  static std::unique_ptr<Containerd> start(const Scratch& scratch, std::string& why);
  ~Containerd();
  Containerd(const Containerd&) = delete;
  Containerd& operator=(const Containerd&) = delete;

  [[nodiscard]] std::string socket() const { return scratch_.path("containerd.sock"); }
  [[nodiscard]] int pid() const { return pid_; }
  /// kill -9, as by the kernel's out-of-memory killer.
  void crash();
  /// Starts it again; false when its socket does not appear within 10 s.
  bool restart();

 private:
  explicit Containerd(const Scratch& scratch) : scratch_(scratch) {}
  const Scratch& scratch_;
  int pid_ = -1;
};

}  // namespace arcas::agent::test
