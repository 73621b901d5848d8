#pragma once

#include <cstdint>

#include "core/base/time.h"

namespace arcas::node {

/// Kubernetes's probes: startup holds the other two back, liveness has a container restarted,
/// readiness decides whether it gets traffic.
enum class ProbeKind : std::uint8_t { startup, liveness, readiness };

struct ProbeTiming {
  Duration initial_delay;
  Duration period = seconds(10);
  Duration timeout = seconds(1);
  std::int32_t success_threshold = 1;
  std::int32_t failure_threshold = 3;
  bool operator==(const ProbeTiming&) const = default;
};

/// One probe of one run of a container. Its verdict changes only after as many equal results in a
/// row as the threshold says.
class Probe {
 public:
  enum class Verdict : std::uint8_t { unknown, success, failure };

  /// Readiness begins as a failure, liveness as a success, startup as unknown.
  Probe(ProbeKind kind, ProbeTiming timing, TimePoint container_started);

  [[nodiscard]] Verdict verdict() const { return verdict_; }
  /// When to run it next; TimePoint::max() while a result is awaited or none is needed any more.
  [[nodiscard]] TimePoint due() const { return due_; }
  void on_sent() { due_ = TimePoint::max(); }
  /// True when the verdict changed.
  bool on_result(TimePoint now, bool success);
  [[nodiscard]] const ProbeTiming& timing() const { return timing_; }

 private:
  ProbeKind kind_;
  ProbeTiming timing_;
  Verdict verdict_;
  TimePoint due_;
  std::int32_t in_a_row_ = 0;
  bool last_ = false;
};

}  // namespace arcas::node
