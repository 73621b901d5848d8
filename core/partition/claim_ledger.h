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
/// exceed what is allocatable, except for pods that were found bound already (then nothing more is
/// granted there). Claims are fenced by the claimant's leadership epoch, expire unless the
/// binding confirms them, and are rebuilt from the tenant partitions after a restart.
/// Memory: 24 bytes a claim, in chunks that go with their last claim. Cost: O(kinds) an operation.
/// Source: optimistic commit of Omega (EuroSys 2013), with the cell state split by zone.
class ClaimLedger {
 public:
  ClaimLedger(ClaimConfig config, const model::Catalog& catalog)
      : config_(config), catalog_(catalog) {}

  void set_node(NodeId node, const model::ResourceList& allocatable);
  void remove_node(NodeId node);
  /// Whether the node's free room counts in the totals (ready, schedulable).
  void set_usable(NodeId node, bool usable);

  /// The tenant partitions whose bound pods must be heard before claims are granted.
  void expect(std::uint32_t tenant_partition);
  void heard(std::uint32_t tenant_partition);
  [[nodiscard]] bool ready() const { return awaited_.empty(); }

  ClaimOutcome claim(TimePoint now, std::uint32_t tenant_partition, std::uint64_t epoch, Uid pod,
                     SpecId spec, NodeId node);
  /// The store says that the pod is bound. Counts even where there was no claim or no room.
  /// True when the pod was not counted before.
  bool bound(Uid pod, SpecId spec, NodeId node);
  /// The pod is gone or finished. True when it was counted.
  bool release(Uid pod);
  /// The claimant gives up: frees the claim unless it has become a binding meanwhile.
  bool give_up(std::uint32_t tenant_partition, std::uint64_t epoch, Uid pod);

  /// Frees claims that nothing confirmed in time; their pods are appended.
  void expire(TimePoint now, std::vector<Uid>& out);
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
    for (const auto& [partition, chunks] : claims_) {
      for (std::size_t c = 0; c < chunks.size(); ++c) {
        if (chunks[c] == nullptr) continue;
        for (std::uint32_t i = 0; i < kChunk; ++i) {
          const Claim& claim = chunks[c]->claims[i];
          if (claim.node.valid()) {
            visit(Uid::make(partition, c * kChunk + i), claim.spec, claim.node);
          }
        }
      }
    }
  }

 private:
  static constexpr std::uint32_t kChunk = 1024;
  struct Claim {
    NodeId node;
    SpecId spec;
    std::uint32_t expires_s = 0;  // seconds, rounded up; 0: bound
  };
  struct Chunk {
    std::array<Claim, kChunk> claims;
    std::uint32_t used = 0;
  };
  struct Capacity {
    model::ResourceList allocatable;
    std::vector<std::int64_t> used;  // parallel to allocatable's items
    std::int64_t pods = 0;
    bool known = false;
    bool usable = false;
  };

  Claim* find(Uid pod);
  void skip_overtaken();
  Claim& make(Uid pod);
  void drop(Uid pod);
  [[nodiscard]] bool fits(const Capacity& capacity, SpecId spec) const;
  void charge(NodeId node, SpecId spec, std::int64_t sign);
  void count_total(const Capacity& capacity, std::int64_t sign);
  Capacity& capacity(NodeId node);

  ClaimConfig config_;
  const model::Catalog& catalog_;
  std::vector<Capacity> nodes_;  // by NodeId
  std::map<std::uint32_t, std::vector<std::unique_ptr<Chunk>>> claims_;  // by uid partition
  // (second, uid) in the order of claiming, which is that of expiry; entries that a confirmation or
  // release has overtaken are skipped when they come to the front.
  std::deque<std::pair<std::uint32_t, std::uint64_t>> expiries_;
  std::map<std::uint32_t, std::uint64_t> epochs_;               // newest of each tenant partition
  std::set<std::uint32_t> awaited_;
  std::int64_t free_cpu_ = 0;
  std::int64_t free_memory_ = 0;
  std::size_t size_ = 0;
  std::uint64_t overcommitted_ = 0;
};

}  // namespace arcas::partition
