#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/catalog.h"
#include "core/model/objects.h"
#include "sim/check/uid_array.h"

namespace arcas::sim {

/// What the commit streams and the ground truth have said of one object; for most, a pod. 32 bytes,
/// because there are millions. Kept while the object exists or its pod runs somewhere.
struct ObjectFacts {
  static constexpr std::uint32_t kNone = 0xffffffffU;

  std::uint32_t node = kNone;        ///< pods: bound to; others: row in the table of their kind
  std::uint32_t running_on = kNone;  ///< pods: where they run in ground truth
  std::uint32_t spec = kNone;        ///< pods
  std::uint32_t owner = kNone;       ///< row in ClusterFacts::owners
  std::uint32_t labels = kNone;
  std::uint32_t name_space = kNone;
  std::uint32_t revision = 0;  ///< resource_version, low 32 bits
  std::uint32_t tenant : 20 = 0xfffff;
  std::uint32_t kind : 4 = 0;   ///< model::Kind; none when the object does not exist
  std::uint32_t phase : 3 = 0;  ///< model::PodPhase
  std::uint32_t terminating : 1 = 0;
  std::uint32_t displaced : 1 = 0;  ///< OutcomeTracker's
  std::uint32_t acknowledged : 1 = 0;
  std::uint32_t spare : 2 = 0;

  [[nodiscard]] bool exists() const { return kind != 0; }
  [[nodiscard]] bool is_pod() const { return kind == static_cast<unsigned>(model::Kind::pod); }
  [[nodiscard]] bool bound() const { return node != kNone; }
  [[nodiscard]] bool terminal() const {
    return phase == static_cast<unsigned>(model::PodPhase::succeeded) ||
           phase == static_cast<unsigned>(model::PodPhase::failed);
  }
  /// Neither being deleted nor finished: what a ReplicaSet counts.
  [[nodiscard]] bool active() const { return is_pod() && terminating == 0 && !terminal(); }
  [[nodiscard]] bool holds_capacity() const { return is_pod() && bound() && !terminal(); }
};
static_assert(sizeof(ObjectFacts) == 32);

/// A controller of pods, by row. Rows are never reused.
struct OwnerFacts {
  Uid uid;
  model::Kind kind = model::Kind::none;
  bool exists = false;                  ///< its own object is there and is not being deleted
  std::int32_t replicas = -1;           ///< ReplicaSets; -1: not known
  std::int32_t previous_replicas = -1;  ///< before the last decrease
  TimePoint decreased_at{-1};
  std::int32_t active = 0;      ///< pods neither terminating nor finished
  std::int32_t running = 0;     ///< pods that run in ground truth
  bool finished = false;        ///< Jobs: complete or failed
  std::int32_t job_wants = -1;  ///< Jobs: pods at once, by what the status counts; -1: not known
  TenantId tenant;
};

/// A node as its newest commit says, the one before, and what it carries.
struct NodeFacts {
  /// What scheduling predicates read. Interned: see ClusterFacts::taints.
  struct View {
    LabelSetId labels;
    StringId name;
    std::uint32_t taints = 0;  ///< row in ClusterFacts::taints; 0: none
    bool unschedulable = false;
    bool operator==(const View&) const = default;
  };
  bool known = false;  ///< a commit has told of it
  bool exists = false;
  bool host_up = true;
  model::ConditionStatus ready = model::ConditionStatus::unknown;
  ZoneId zone;
  std::uint64_t agent_epoch = 0;
  View view;
  View previous;
  TimePoint changed_at{-1};           ///< when `view` last changed
  TimePoint previous_changed_at{-1};  ///< when `previous` came to be
};

/// Counts over the nodes of a zone: `nodes` and `ready` as the commit streams give them, the rest
/// from the ground truth.
struct ZoneFacts {
  std::int64_t nodes = 0;
  std::int64_t ready = 0;
  std::int64_t hosts_down = 0;
  bool cut_off = false;        ///< from all other zones
  TimePoint dark_since{-1};    ///< no node ready since; < 0: some are, or there are none
  TimePoint struck_until{-1};  ///< when it was struck last
  [[nodiscard]] bool dark() const { return nodes > 0 && ready == 0; }
  /// Lost as a whole: dark by the commits, or half its machines are down, or it is cut off. Its own
  /// node manager may be gone too, so the commits alone cannot tell.
  [[nodiscard]] bool struck() const {
    return cut_off || dark() || (nodes > 0 && hosts_down * 2 >= nodes);
  }
};

/// The checkers' own picture of the cluster, built from the commit streams and the ground truth
/// alone; never from the core's tables. Interned values (specs, labels) come from the catalog.
class ClusterFacts {
 public:
  explicit ClusterFacts(const model::Catalog& values) : catalog(&values) {}

  const model::Catalog* catalog;
  UidArray<ObjectFacts> objects;
  std::vector<OwnerFacts> owners;
  std::vector<NodeFacts> nodes;                       ///< by NodeId
  std::vector<ZoneFacts> zones;                       ///< by ZoneId
  std::vector<std::vector<model::Taint>> taints{{}};  ///< distinct lists, without their times
  std::vector<std::uint64_t> highest_sequence;        ///< of the uids given, by their partition
  std::int64_t pods = 0;                              ///< pod objects that exist
  std::int64_t pods_active = 0;                       ///< neither terminating nor finished
  std::vector<std::int64_t> active_in;  ///< the same, by the partition that committed them
  std::int64_t pods_running = 0;        ///< copies that run in ground truth
  std::int64_t job_pods_running = 0;    ///< those of Jobs among them
  TimePoint all_dark_since{-1};         ///< every zone dark since; < 0: not now
  TimePoint all_dark_until{-1};         ///< when it ended last

  [[nodiscard]] const ObjectFacts* find(Uid uid) const { return objects.find(uid); }
  [[nodiscard]] const NodeFacts* node(std::uint32_t index) const {
    return index < nodes.size() ? &nodes[index] : nullptr;
  }
  [[nodiscard]] const model::PodSpec& spec(std::uint32_t index) const {
    return catalog->spec(SpecId{index});
  }
  /// Whether a commit ever created an object of this uid, whatever became of it since.
  [[nodiscard]] bool ever_created(Uid uid) const {
    const std::uint32_t partition = uid.partition();
    return partition < highest_sequence.size() && uid.sequence() <= highest_sequence[partition];
  }
  /// Whether the node is not ready by the commits, or its host is down, or its zone is struck.
  [[nodiscard]] bool suspect(std::uint32_t node) const;
  /// The row of an owner, made when it is first heard of.
  std::uint32_t owner_row(const model::OwnerReference& owner);
  /// The row of a list of taints; equal lists (times apart) share one.
  std::uint32_t taint_row(const std::vector<model::Taint>& list);
  /// A pod's requests: (kind, amount), one pod included.
  struct Request {
    std::uint32_t kind = 0;
    std::int64_t amount = 0;
  };
  [[nodiscard]] const std::vector<Request>& requests(std::uint32_t spec) const;
  void note_created(Uid uid);
  NodeFacts& node_at(NodeId id);
  ZoneFacts& zone_at(ZoneId id);
  /// "pod 2/1234 of tenant acme": for violations.
  [[nodiscard]] std::string pod_text(Uid pod) const;
  [[nodiscard]] std::string node_text(std::uint32_t node) const;

 private:
  boost::unordered_flat_map<Uid, std::uint32_t, StableHash> owner_rows_;
  mutable std::vector<std::vector<Request>> requests_;  // by spec; empty: not asked for yet
};

}  // namespace arcas::sim
