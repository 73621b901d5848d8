#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/time.h"
#include "core/ports/transaction.h"
#include "sim/whatif/recovery.h"

namespace arcas::sim {

/// Pairs pods that are displaced with those that run in their place, from the commits alone. See
/// Recovery for what the words mean. Cost: O(1) for each commit of a pod.
class RecoveryWatch {
 public:
  /// A pod that runs already.
  void know(const model::Pod& pod);
  /// From now on.
  void begin(TimePoint now);
  void on_pod(TimePoint now, const ports::PodChange& change);
  /// A pod's machine is gone now. False: it is nobody's, or, when not `evicted`, stays where it is.
  bool lose(const model::Pod& pod, bool evicted);
  /// Something was asked for: patience begins anew.
  void touch(TimePoint now) { last_move_ = now; }
  /// Evictions of this batch never end.
  void note_blocked(std::size_t batch);

  [[nodiscard]] std::size_t outstanding() const { return outstanding_count_; }
  /// Lost with their machines, and not evicted yet.
  [[nodiscard]] std::size_t doomed() const { return doomed_; }
  [[nodiscard]] TimePoint last_move() const { return last_move_; }
  [[nodiscard]] Recovery result() const;

 private:
  enum Flag : std::uint8_t { kRunning = 1, kDisplaced = 2, kDoomed = 4 };

  std::uint8_t& flags_of(Uid pod);
  void displace(std::uint8_t& flags, Uid owner, TimePoint now);
  void recover(Uid owner, TimePoint now);

  bool began_ = false;
  TimePoint start_;
  TimePoint last_move_;
  TimePoint last_recovered_{-1};
  TimePoint first_recovered_{-1};
  std::vector<std::uint8_t> flags_;  // by the sequence of a pod's uid
  boost::unordered_flat_map<std::uint64_t, std::deque<TimePoint>, StableHash> outstanding_;
  std::size_t outstanding_count_ = 0;
  std::size_t doomed_ = 0;
  std::uint32_t displaced_ = 0;
  std::uint32_t left_behind_ = 0;
  std::vector<std::int64_t> samples_ns_;
  std::vector<std::string> notes_;
};

}  // namespace arcas::sim
