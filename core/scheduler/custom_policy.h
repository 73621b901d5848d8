#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <span>

#include "core/base/time.h"
#include "core/scheduler/cluster.h"

namespace arcas::scheduler {

/// What a policy from outside is asked about.
struct PolicyQuestion {
  Cluster& cluster;
  const PodEntry& pod;
  Uid uid;
  TimePoint now;
};

/// A policy from outside the core at work in one scheduler; nodes and pods are those of the
/// question's cluster.
class PolicySession {
 public:
  static constexpr double kRefused = -std::numeric_limits<double>::infinity();

  virtual ~PolicySession() = default;
  /// Scores nodes that pass the filters, higher is better; kRefused: the pod may not go there.
  /// `scores` is as long as `nodes`. False: the policy has failed and is not to be asked again.
  virtual bool rate(const PolicyQuestion& question, std::span<const NodeId> nodes,
                    std::span<double> scores) = 0;
  /// The position of the node to take; none: no node will do. Asked only of a policy that selects,
  /// with nodes that were not refused, at least one.
  virtual std::optional<std::size_t> select(const PolicyQuestion& question,
                                            std::span<const NodeId> nodes,
                                            std::span<const double> scores) = 0;
};

/// A placement policy that is written outside the core and takes the place of all scores. The
/// filters stay. It must answer the same whenever it is asked the same, in the same order.
class CustomPolicy {
 public:
  virtual ~CustomPolicy() = default;
  /// The score of a node depends on that node and on what the pod asks for, and on nothing else: so
  /// it is asked again only about nodes that have changed.
  [[nodiscard]] virtual bool row_wise() const = 0;
  /// It chooses among the scored nodes itself. Else: the highest score, then the lowest NodeId.
  [[nodiscard]] virtual bool selects() const = 0;
  virtual std::unique_ptr<PolicySession> open() = 0;
};

}  // namespace arcas::scheduler
