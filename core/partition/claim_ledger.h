#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/catalog.h"
#include "core/model/resources.h"

namespace arcas::partition {

struct ClaimConfig {
  Duration lifetime = seconds(30);  ///< an unconfirmed claim gives its room back after this
};

enum class ClaimOutcome : std::uint8_t {
  granted,    ///< room is set aside (also when it was before: claims are idempotent)
  no_room,    ///< another claim won: normal under load
  node_gone,  ///< unknown node
  fenced,     ///< a newer leader of that tenant partition has claimed
  not_ready,  ///< after a restart: not every tenant partition has said what it has bound here
};

/// The authority over the capacity of the nodes of one resource partition.
///
/// Invariant: on every node and for every resource kind, claims and bound pods together never
/// exceed what is allocatable, except for pods that were found bound already and for nodes that
/// shrank (then nothing more of that kind is granted there). Claims are fenced by the claimant's
/// leadership epoch, expire unless the binding confirms them, and are rebuilt from the tenant
/// partitions after a restart. A request for the kind `pods` is not read: each pod counts as one.
/// Memory: 12 bytes a claim, in chunks of 1,024 that go with their last claim, and 16 more until
/// an unconfirmed claim's lifetime is over. Cost: O(kinds) an operation.
/// Limit: amounts above kLargest are counted as kLargest.
/// Source: optimistic commit of Omega (EuroSys 2013), with the cell state split by zone.
class ClaimLedger {
 public:
  ClaimLedger(ClaimConfig config, const model::Catalog& catalog)
      : config_(config), catalog_(catalog) {}

  static constexpr std::int64_t kLargest = std::int64_t{1} << 52U;  ///< 4 PiB in bytes

  /// Adds a node or changes what it can give. What is held there stays counted.
  void set_node(NodeId node, const model::ResourceList& allocatable);
  /// Nothing is granted there any more; what is held stays counted until it is released.
  void remove_node(NodeId node);
  /// Whether the node's free room counts in the totals (ready, schedulable).
  void set_usable(NodeId node, bool usable);

  /// The tenant partitions whose bound pods must be heard before claims are granted.
  void expect(std::uint32_t tenant_partition);
  void heard(std::uint32_t tenant_partition);
  [[nodiscard]] bool ready() const { return awaited_.empty(); }

  /// Idempotent: asking again for the same node renews the lifetime; asking for another node, as
  /// long as the pod is not bound, gives the first one back. `claimant` numbers those whose epochs
  /// are compared with each other: the scheduler of a tenant partition, or of a share of its pods.
  /// `partition` is the claimant's tenant partition: while one's claim lives, another's for the
  /// same pod, whose tenant has just moved, finds no room. None: the one that gave the uid.
  ClaimOutcome claim(TimePoint now, std::uint32_t claimant, std::uint64_t epoch, Uid pod,
                     SpecId spec, NodeId node, PartitionId partition = {});
  /// The store of `partition` says that the pod is bound: that partition speaks for it from now on.
  /// None: the one that gave the uid. Counts even where there was no claim or no room. True when
  /// the pod was not counted before.
  bool bound(Uid pod, SpecId spec, NodeId node, PartitionId partition = {});
  /// A tenant partition (by its number, which is the upper part of the uids that it gives) begins
  /// to say again all that it has bound here, by `bound`.
  void begin_sync(std::uint32_t partition);
  /// It has said all: bound pods that it spoke for and did not name are gone; they are released and
  /// appended. With `tenants_left` they may be another partition's: they are in doubt and stay
  /// counted until it names them or the doubts are settled. Claims that are not bound yet keep
  /// their lifetime. Cost: O(claims of the partition).
  void end_sync(std::uint32_t partition, std::vector<Uid>& lost, bool tenants_left = false);
  /// Bound pods that no partition spoke for when it was last asked.
  [[nodiscard]] std::size_t in_doubt() const { return doubts_.size(); }
  /// Those who might have named them have: they are released and appended.
  void settle_doubts(std::vector<Uid>& lost);
  /// The tenant partition that claimed the pod, or speaks for it.
  [[nodiscard]] std::uint32_t spokesman(Uid pod) const;
  /// The pod is gone or finished. True when it was counted.
  bool release(Uid pod);
  /// The claimant gives up: frees the claim unless it has become a binding meanwhile.
  bool give_up(std::uint32_t claimant, std::uint64_t epoch, Uid pod, PartitionId partition = {});

  /// Frees claims that nothing confirmed in time; their pods are appended, each with the partition
  /// that claimed it.
  struct Expired {
    Uid pod;
    std::uint32_t partition = 0;
  };
  void expire(TimePoint now, std::vector<Expired>& out);
  /// When expire may have something to do; TimePoint::max() for never.
  [[nodiscard]] TimePoint next_expiry();

  [[nodiscard]] std::int64_t free(NodeId node, ResourceId kind) const;
  /// Free room over the usable nodes.
  [[nodiscard]] std::int64_t free_cpu_milli() const { return free_cpu_; }
  [[nodiscard]] std::int64_t free_memory_bytes() const { return free_memory_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Pods found bound beyond what is allocatable.
  [[nodiscard]] std::uint64_t overcommitted() const { return overcommitted_; }

  /// Visits (pod, spec, node) of every claim and binding, by uid.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& [partition, pods] : pods_) walk(partition, pods, visit);
  }

 private:
  static constexpr std::uint32_t kChunk = 1024;
  static constexpr std::uint32_t kBound = std::uint32_t{1} << 31U;
  struct Claim {
    NodeId node;
    SpecId spec;
    std::uint32_t state = 0;  // second of expiry, rounded up; or kBound and the session it was said
    [[nodiscard]] bool bound() const { return (state & kBound) != 0; }
  };
  static_assert(sizeof(Claim) == 12);
  struct Chunk {
    std::array<Claim, kChunk> claims;
    std::uint32_t used = 0;
  };
  struct Pods {
    std::vector<std::unique_ptr<Chunk>> chunks;  // by sequence number
    std::uint32_t session = 0;                   // of begin_sync
    [[nodiscard]] std::uint32_t bound_state() const { return kBound | (session & (kBound - 1)); }
  };
  struct Amount {
    std::int64_t allocatable = 0;
    std::int64_t used = 0;
  };
  static constexpr std::uint32_t kCommonKinds = 4;  // cpu, memory, ephemeral storage, pods
  struct Capacity {
    std::array<Amount, kCommonKinds> common;
    std::vector<std::pair<ResourceId, Amount>> others;
    bool known = false;
    bool usable = true;

    [[nodiscard]] const Amount* find(ResourceId kind) const;
    Amount& at(ResourceId kind);
  };

  template <class Visit>
  static void walk(std::uint32_t partition, const Pods& pods, Visit& visit) {
    for (std::size_t c = 0; c < pods.chunks.size(); ++c) {
      if (pods.chunks[c] == nullptr) continue;
      for (std::uint32_t i = 0; i < kChunk; ++i) {
        const Claim& claim = pods.chunks[c]->claims[i];
        if (claim.node.valid()) visit(Uid::make(partition, c * kChunk + i), claim.spec, claim.node);
      }
    }
  }

  [[nodiscard]] bool sane(Uid pod, SpecId spec) const;
  static Claim* find(Pods& pods, Uid pod);
  Claim* find(Uid pod);
  void make(Pods& pods, Uid pod, const Claim& claim);
  void drop(Pods& pods, Uid pod, Claim& claim);
  void speak_for(Uid pod, std::uint32_t partition);
  static std::uint32_t number_of(Uid pod, PartitionId partition) {
    return partition.valid() ? partition.index : pod.partition();
  }
  void set_expiry(TimePoint now, Uid pod, Claim& claim);
  void skip_overtaken();
  [[nodiscard]] bool fits(const Capacity& capacity, SpecId spec) const;
  void charge(NodeId node, SpecId spec, std::int64_t sign);
  void count_total(const Capacity& capacity, std::int64_t sign);
  Capacity& capacity(NodeId node);

  ClaimConfig config_;
  const model::Catalog& catalog_;
  std::vector<Capacity> nodes_;         // by NodeId
  std::map<std::uint32_t, Pods> pods_;  // by uid partition
  // (second, uid) in the order of claiming, which is that of expiry; entries that a confirmation or
  // release has overtaken are skipped when they come to the front.
  std::deque<std::pair<std::uint32_t, std::uint64_t>> expiries_;
  std::map<std::uint32_t, std::uint64_t> epochs_;  // newest of each claimant
  std::set<std::uint32_t> awaited_;
  std::map<Uid, std::uint32_t> spokesmen_;  // where it is not the partition that gave the uid
  std::set<Uid> doubts_;
  std::int64_t free_cpu_ = 0;
  std::int64_t free_memory_ = 0;
  std::size_t size_ = 0;
  std::uint64_t overcommitted_ = 0;
};

}  // namespace arcas::partition
