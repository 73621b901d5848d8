#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"

namespace arcas::scheduler {

/// Where a pod stands in the scheduler. `foreign` pods belong to other tenant partitions: only
/// their usage is known.
enum class PodState : std::uint8_t {
  absent,
  active,         ///< in the queue
  backing_off,    ///< waits before it is tried again
  unschedulable,  ///< waits for the cluster to change
  gated,          ///< has scheduling gates: not in the queue
  in_gang,        ///< waits for its gang to start: not in the queue
  assumed,        ///< placed; claim or binding under way
  bound,
  foreign,
};

/// What the scheduler knows of one pod. Small: there are millions.
struct PodEntry {
  SpecId spec;
  NodeId node;    ///< where it holds room
  NodeId target;  ///< the only node that will do; none: any
  LabelSetId labels;
  NamespaceId name_space;
  std::uint32_t next = 0;  ///< same namespace and labels, by sequence number; own pods only
  std::uint32_t previous = 0;
  std::uint32_t attempt_mark = 0;  ///< tells queue entries of this stay from older ones
  PodState state = PodState::absent;
  std::uint8_t attempts = 0;
  bool terminating = false;
  bool preempted = false;          ///< terminating because of preemption
  std::uint32_t owner = kNoOwner;  ///< place in Cluster::owners of what controls the pod
  NodeId nominated;                ///< preemption makes room for it there
  std::int32_t started_s = -1;     ///< status.startTime in seconds, as the API has it; < 0: none
  static constexpr std::uint32_t kNoOwner = 0xffffffffU;
};

/// Pods by uid: dense chunks for each partition. Memory: 48 bytes for a pod, in chunks that go with
/// their last pod.
class PodTable {
 public:
  [[nodiscard]] PodEntry* find(Uid uid);
  [[nodiscard]] const PodEntry* find(Uid uid) const {
    return const_cast<PodTable*>(this)->find(uid);
  }
  /// The entry of a pod, made if there is none.
  PodEntry& get(Uid uid);
  void erase(Uid uid);
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Lists of own pods with one namespace and label set.
  void link(Uid uid, PodEntry& entry);
  void unlink(Uid uid, PodEntry& entry);
  template <class Visit>
  void for_each_in(NamespaceId name_space, LabelSetId labels, Visit visit) const {
    const std::uint64_t key = list_key(name_space, labels);
    walk(heads_, key, visit);
    for (const auto& [partition, heads] : other_heads_) walk(heads, key, visit);
  }

  static std::uint64_t list_key(NamespaceId name_space, LabelSetId labels) {
    return (std::uint64_t{name_space.index} << 32U) | labels.index;
  }

 private:
  static constexpr std::uint32_t kChunk = 512;
  using Heads = boost::unordered_flat_map<std::uint64_t, Uid, StableHash>;
  /// The lists of one partition's uids: they link by the sequence number alone.
  [[nodiscard]] Heads& heads_of(std::uint32_t partition);
  template <class Visit>
  void walk(const Heads& heads, std::uint64_t key, Visit& visit) const {
    const auto it = heads.find(key);
    if (it == heads.end()) return;
    for (Uid uid = it->second; uid.valid();) {
      const PodEntry& entry = *find(uid);
      visit(entry);
      uid = entry.next == 0 ? Uid{} : Uid::make(uid.partition(), entry.next);
    }
  }
  struct Chunk {
    std::array<PodEntry, kChunk> entries;
    std::uint32_t used = 0;
  };
  std::map<std::uint32_t, std::vector<std::unique_ptr<Chunk>>> partitions_;
  std::uint32_t home_ = 0;                      // partition of the first own pod's uid; 0: none yet
  Heads heads_;                                 // its lists
  std::map<std::uint32_t, Heads> other_heads_;  // of tenants that came from other partitions
  std::size_t size_ = 0;
};

}  // namespace arcas::scheduler
