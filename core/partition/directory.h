#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/base/expected.h"
#include "core/base/hash.h"
#include "core/base/id.h"

namespace arcas::partition {

/// Where something (a tenant, a node) belongs. Every change makes `epoch` grow by one, and every
/// change names the epoch it was decided on, so that of two movers one loses.
///
///   active ──begin_move──> draining ──hand_over──> moved ──finish_move──> active
///      ^______abort_move______|
///
/// Writes: active: at `partition`; draining: nowhere (the source's last state is being copied);
/// moved: at `partition`, which is now the target, while the source deletes its copy. So at every
/// epoch at most one partition takes writes.
struct Placement {
  enum class Phase : std::uint8_t { active, draining, moved };
  PartitionId partition;
  PartitionId other;  ///< draining: the target; moved: the source; else none
  std::uint64_t epoch = 0;
  Phase phase = Phase::active;
  bool operator==(const Placement&) const = default;

  [[nodiscard]] bool takes_writes(PartitionId asked) const {
    return phase != Phase::draining && asked == partition;
  }
  /// While draining, the source still answers reads.
  [[nodiscard]] bool answers_reads(PartitionId asked) const { return asked == partition; }
};

/// The map from things to partitions, with load counts for the choice at creation. A pure state
/// machine: the same calls in the same order give the same map on every replica.
/// Memory: about 64 bytes an entry. Cost: O(log entries), choose O(partitions).
template <class Key>
class Directory {
 public:
  /// New things may go to this partition from now on. `capacity` > 0 weighs its load.
  void open(PartitionId partition, std::uint64_t capacity = 1) {
    Load& load = loads_[partition];
    load.capacity = capacity == 0 ? 1 : capacity;
    load.open = true;
  }
  /// No new things; what is there stays.
  void close(PartitionId partition) { loads_[partition].open = false; }

  /// The partition a new thing goes to: of the two open partitions that its key ranks highest
  /// (rendezvous hashing), the less loaded one for its capacity; none when no partition is open.
  /// Source: rendezvous hashing, Thaler and Ravishankar 1998; two choices, Mitzenmacher 2001.
  [[nodiscard]] PartitionId choose(Key key) const {
    PartitionId best[2];
    std::uint64_t rank[2] = {0, 0};
    for (const auto& [partition, load] : loads_) {
      if (!load.open) continue;
      const std::uint64_t r = hash_combine(mix64(std::uint64_t{key.index} + 1), partition.index);
      if (!best[0].valid() || r > rank[0]) {
        best[1] = best[0];
        rank[1] = rank[0];
        best[0] = partition;
        rank[0] = r;
      } else if (!best[1].valid() || r > rank[1]) {
        best[1] = partition;
        rank[1] = r;
      }
    }
    if (!best[1].valid()) return best[0];
    const Load& first = loads_.at(best[0]);
    const Load& second = loads_.at(best[1]);
    return second.entries * first.capacity < first.entries * second.capacity ? best[1] : best[0];
  }

  [[nodiscard]] const Placement* find(Key key) const {
    const auto it = entries_.find(key);
    return it == entries_.end() ? nullptr : &it->second;
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::uint64_t count(PartitionId partition) const {
    const auto it = loads_.find(partition);
    return it == loads_.end() ? 0 : it->second.entries;
  }

  /// Puts a new thing at a partition. Errors: already_exists; unavailable when `partition` is none.
  Status create(Key key, PartitionId partition) {
    if (!partition.valid()) return {StatusCode::unavailable, "no partition takes new entries"};
    if (!entries_.try_emplace(key, Placement{partition, {}, 1, Placement::Phase::active}).second) {
      return {StatusCode::already_exists, "the entry has a partition already"};
    }
    ++loads_[partition].entries;
    return Status::success();
  }
  /// Errors: not_found; conflict when the epoch is not the present one or a move is under way.
  Status erase(Key key, std::uint64_t epoch) {
    Expected<Placement*> found = at(key, epoch, Placement::Phase::active);
    if (!found) return found.error();
    --loads_[(*found)->partition].entries;
    entries_.erase(key);
    return Status::success();
  }

  /// From now on the source takes no writes. Errors: as for erase; invalid when the target is none
  /// or the source itself.
  Status begin_move(Key key, std::uint64_t epoch, PartitionId target) {
    Expected<Placement*> found = at(key, epoch, Placement::Phase::active);
    if (!found) return found.error();
    Placement& placement = **found;
    if (!target.valid() || target == placement.partition) {
      return Status::invalid("the target must be another partition");
    }
    placement = {placement.partition, target, epoch + 1, Placement::Phase::draining};
    return Status::success();
  }
  /// The target has everything: it takes the writes from now on.
  Status hand_over(Key key, std::uint64_t epoch) {
    Expected<Placement*> found = at(key, epoch, Placement::Phase::draining);
    if (!found) return found.error();
    Placement& placement = **found;
    --loads_[placement.partition].entries;
    ++loads_[placement.other].entries;
    placement = {placement.other, placement.partition, epoch + 1, Placement::Phase::moved};
    return Status::success();
  }
  /// The source has deleted its copy.
  Status finish_move(Key key, std::uint64_t epoch) {
    return back_to_active(key, epoch, Placement::Phase::moved);
  }
  /// The move is given up before the hand-over; the source takes writes again.
  Status abort_move(Key key, std::uint64_t epoch) {
    return back_to_active(key, epoch, Placement::Phase::draining);
  }

  /// Visits (key, placement) in the order of keys.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [key, placement] : entries_) visit(key, placement);
  }

 private:
  struct Load {
    std::uint64_t entries = 0;
    std::uint64_t capacity = 1;
    bool open = false;
  };

  Expected<Placement*> at(Key key, std::uint64_t epoch, Placement::Phase phase) {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return Status::not_found("no such entry in the directory");
    if (it->second.epoch != epoch) return Status::conflict("the epoch is not the present one");
    if (it->second.phase != phase) return Status::conflict("not possible in the present phase");
    return &it->second;
  }
  Status back_to_active(Key key, std::uint64_t epoch, Placement::Phase phase) {
    Expected<Placement*> found = at(key, epoch, phase);
    if (!found) return found.error();
    **found = {(*found)->partition, {}, epoch + 1, Placement::Phase::active};
    return Status::success();
  }

  std::map<Key, Placement> entries_;
  std::map<PartitionId, Load> loads_;
};

using TenantDirectory = Directory<TenantId>;  ///< tenant → tenant partition
using NodeDirectory = Directory<NodeId>;      ///< node → resource partition

}  // namespace arcas::partition
