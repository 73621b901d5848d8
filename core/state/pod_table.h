#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/model/objects.h"

namespace arcas::state {

/// Counts over the pods of one owner, kept up to date with every change.
struct OwnerCounts {
  std::int32_t total = 0;        ///< every pod object
  std::int32_t active = 0;       ///< neither terminating nor finished
  std::int32_t ready = 0;        ///< active and ready
  std::int32_t terminating = 0;  ///< being deleted and not finished
  std::int32_t succeeded = 0;
  std::int32_t failed = 0;
  bool operator==(const OwnerCounts&) const = default;
};

/// The pods of one partition by uid, with lists by node and by owner. Uids are dense, so look-up is
/// an array access; pods with another partition's uids, which came with a tenant, cost O(log) more.
/// Pods stay where they are in memory until removed; pointers hold until then. Memory: 136 bytes
/// for each pod, in chunks of 1,024 that are freed when their last pod goes; about 40 bytes more
/// for a pod whose name was chosen by a client. No allocation for one pod. Limit: 2^31 - 1 uids
/// handed out by the partition over its life, and as many of others.
class PodTable {
 public:
  PodTable() = default;
  PodTable(PodTable&&) noexcept = default;
  PodTable& operator=(PodTable&&) noexcept = default;

  [[nodiscard]] const model::Pod* find(Uid uid) const {
    const Record* record = locate(uid);
    return record == nullptr ? nullptr : &record->pod;
  }
  /// A pod by a name that a client chose (suffix 0); generated names are not indexed, see
  /// for_each_owned. Cost: O(1).
  [[nodiscard]] const model::Pod* find_named(TenantId tenant, NamespaceId name_space,
                                             StringId name) const {
    const auto it = named_.find({tenant, name_space, name});
    return it == named_.end() ? nullptr : find(it->second);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Inserts or replaces; a pod's name never changes. Cost: O(1).
  void put(const model::Pod& pod);
  /// Does nothing when there is no such pod. Cost: O(1).
  void erase(Uid uid);

  [[nodiscard]] OwnerCounts counts(Uid owner) const {
    const auto it = owners_.find(owner.value);
    return it == owners_.end() ? OwnerCounts{} : it->second.counts;
  }

  /// Visits the newest first. The visitor must not change the table.
  template <class Visit>
  void for_each_on_node(NodeId node, Visit visit) const {
    if (!node.valid() || node.index >= node_heads_.size()) return;
    walk(node_heads_[node.index], &Record::next_on_node, visit);
  }
  template <class Visit>
  void for_each_owned(Uid owner, Visit visit) const {
    const auto it = owners_.find(owner.value);
    if (it != owners_.end()) walk(it->second.head, &Record::next_owned, visit);
  }
  /// All pods, by uid.
  template <class Visit>
  void for_each(Visit visit) const {
    auto other = others_.begin();
    for (; other != others_.end() && other->first.first < partition_; ++other) {
      walk_chunk(*other_chunks_[other->second], visit);
    }
    for (const auto& chunk : chunks_) {
      if (chunk != nullptr) walk_chunk(*chunk, visit);
    }
    for (; other != others_.end(); ++other) walk_chunk(*other_chunks_[other->second], visit);
  }

 private:
  // Lists link by place: for the own partition's uids the sequence number, for others a number from
  // kOthers on.
  static constexpr std::uint32_t kEnd = 0;  // sequence numbers begin at 1
  static constexpr std::uint32_t kChunk = 1024;
  static constexpr std::uint32_t kOthers = std::uint32_t{1} << 31U;

  struct Record {
    model::Pod pod;
    std::uint32_t next_on_node = kEnd;
    std::uint32_t previous_on_node = kEnd;
    std::uint32_t next_owned = kEnd;
    std::uint32_t previous_owned = kEnd;
  };
  struct Chunk {
    std::array<Record, kChunk> records;
    std::uint32_t used = 0;
  };
  struct Owner {
    OwnerCounts counts;
    std::uint32_t head = kEnd;
  };
  struct Name {
    TenantId tenant;
    NamespaceId name_space;
    StringId name;
    bool operator==(const Name&) const = default;
    friend std::size_t hash_value(const Name& n) {
      const std::uint64_t high = (std::uint64_t{n.tenant.index} << 32U) | n.name_space.index;
      return hash_combine(mix64(high), n.name.index);
    }
  };
  static_assert(sizeof(Record) == 136);

  [[nodiscard]] const Record* locate(Uid uid) const;
  Record* locate(Uid uid) {
    return const_cast<Record*>(static_cast<const PodTable*>(this)->locate(uid));
  }
  [[nodiscard]] const std::unique_ptr<Chunk>& chunk_at(std::uint32_t place) const {
    return place < kOthers ? chunks_[place / kChunk] : other_chunks_[(place - kOthers) / kChunk];
  }
  [[nodiscard]] const Record& at(std::uint32_t place) const {
    return chunk_at(place)->records[place % kChunk];
  }
  Record& at(std::uint32_t place) { return chunk_at(place)->records[place % kChunk]; }
  /// Where a pod that the table holds is.
  [[nodiscard]] std::uint32_t place_of(Uid uid) const;
  template <class Visit>
  static void walk_chunk(const Chunk& chunk, Visit& visit) {
    for (const Record& record : chunk.records) {
      if (record.pod.meta.uid.valid()) visit(record.pod);
    }
  }
  template <class Visit>
  void walk(std::uint32_t head, std::uint32_t Record::*next, Visit& visit) const {
    for (std::uint32_t i = head; i != kEnd;) {
      const Record& record = at(i);
      const std::uint32_t following = record.*next;
      visit(record.pod);
      i = following;
    }
  }
  static void count(OwnerCounts& counts, const model::Pod& pod, std::int32_t sign);
  static bool same_counts(const model::Pod& a, const model::Pod& b) {
    return a.phase == b.phase && a.ready == b.ready && a.meta.terminating() == b.meta.terminating();
  }
  static bool named(const model::Pod& pod) {
    return pod.meta.name.suffix == 0 && pod.meta.name.base.valid();
  }
  static Name name_of(const model::Pod& pod) {
    return {pod.meta.tenant, pod.meta.name_space, pod.meta.name.base};
  }
  std::unique_ptr<Chunk>& chunk_of(Uid uid);
  void link(Record& record);
  void unlink(Record& record);
  void link_node(Record& record);
  void unlink_node(Record& record);

  std::uint32_t partition_ = 0xffffffffU;       // of the pod that came first
  std::vector<std::unique_ptr<Chunk>> chunks_;  // by sequence number
  // Chunks of other partitions' uids, and where they are by partition and chunk of the sequence.
  std::vector<std::unique_ptr<Chunk>> other_chunks_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint32_t> others_;
  std::vector<std::uint32_t> vacant_others_;
  std::unique_ptr<Chunk> spare_;  // the last one emptied: a lone pod's churn need not allocate
  std::vector<std::uint32_t> node_heads_;  // by NodeId
  boost::unordered_flat_map<std::uint64_t, Owner, StableHash> owners_;
  boost::unordered_flat_map<Name, Uid> named_;
  std::size_t size_ = 0;
};

}  // namespace arcas::state
