#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "core/scheduler/custom_policy.h"

namespace arcas::python {

/// A policy written in Python, as the scheduler sees it. What Python raises or answers wrongly
/// becomes a failure: it is kept, `stop` is called, and the policy is not asked again. Takes the
/// GIL for each call; a call costs about 5 microseconds besides what Python does.
class NativePolicy final : public scheduler::CustomPolicy {
 public:
  /// `filter`, `score`, `select`: functions or None. `nodes_type`, `pod_type`: what they are given.
  NativePolicy(pybind11::object filter, pybind11::object score, pybind11::object select,
               bool row_wise, pybind11::object nodes_type, pybind11::object pod_type);

  [[nodiscard]] bool row_wise() const override { return row_wise_; }
  [[nodiscard]] bool selects() const override { return !select_.is_none(); }
  std::unique_ptr<scheduler::PolicySession> open() override;

  /// Seconds that the present call has taken; 0 between calls. From any thread.
  [[nodiscard]] double busy_seconds() const;
  [[nodiscard]] bool has_failed() const { return failed_; }
  [[nodiscard]] std::uint64_t calls() const { return calls_; }
  /// None, or (text, exception or None, pod uid, virtual seconds) of the failure.
  [[nodiscard]] pybind11::object failure() const { return failure_; }
  void forget_failure() {
    failed_ = false;
    failure_ = pybind11::none();
  }
  void on_failure(std::function<void()> stop) { stop_ = std::move(stop); }

 private:
  friend class PythonSession;
  void fail(const scheduler::PolicyQuestion& question, const std::string& text,
            pybind11::object exception);

  pybind11::object filter_, score_, select_, nodes_type_, pod_type_;
  bool row_wise_;
  pybind11::object failure_;
  std::atomic<bool> failed_{false};
  std::function<void()> stop_;
  std::atomic<std::int64_t> busy_since_ns_{0};
  std::uint64_t calls_ = 0;
};

/// Columns of the nodes, as Policy's methods get them; see python/arcas/policy.py. Needs the GIL.
pybind11::dict node_arrays(scheduler::Cluster& cluster, std::span<const NodeId> nodes);

}  // namespace arcas::python
