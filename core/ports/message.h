#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/objects.h"
#include "core/ports/transaction.h"

/// The protocols between roles. Every struct is data; a transport may delay, drop, repeat or
/// reorder messages between different pairs, but keeps the order of one pair's messages while
/// their session lasts.
namespace arcas::ports {

/// Who is asking, as proved by the transport (certificate, token), never by the message.
struct Identity {
  enum class Type : std::uint8_t { user, component, node };
  Type type = Type::user;
  TenantId tenant;  ///< a user's own tenant; `system` may reach every tenant
  NodeId node;      ///< for `node`
  StringId name;
};

// ---- requests to an api server (directly, or through the gateway) ----

struct ApiRequest {
  std::uint64_t id = 0;
  Identity caller;
  ActorId reply_to;
  Transaction transaction;
};

struct ApiReply {
  std::uint64_t id = 0;
  TransactionResult result;
};

/// What a watcher wants to see of a tenant partition.
enum class WatchScope : std::uint8_t {
  everything,  ///< controllers
  scheduling,  ///< pods' creation, binding, termination, removal; not their status
  capacity,    ///< pods that take or free capacity on the nodes of `resource_partition`
  node,        ///< the pods bound to `node`
  leases,      ///< leadership
  owners,      ///< ReplicaSets that come and go, whose pods a scheduler spreads; not their status
  budgets,     ///< PodDisruptionBudgets with their status, for a scheduler that preempts
  moves,       ///< where tenants are, as far as they ever moved: for gateways
};

/// Opens (or reopens) a watch: first the present state, then every change. `session` is chosen by
/// the watcher; events of older sessions are to be dropped.
struct WatchRequest {
  WatchScope scope = WatchScope::everything;
  std::uint32_t session = 0;
  PartitionId resource_partition;
  NodeId node;
  Identity caller;
};

/// A piece of the present state, or one revision's changes. Pods and objects of a tenant that has
/// left for another partition are not shown; its record in `changes.moves` is. `synced` is set on
/// the message that completes the present state. `first` marks the start of a session: forget what
/// was known.
struct WatchEvents {
  PartitionId partition;
  WatchScope scope = WatchScope::everything;
  std::uint32_t session = 0;
  bool first = false;
  bool synced = false;
  ChangeBatch changes;
};

// ---- scheduler -> api server ----

/// Binds pods to nodes: the `binding` subresource, many at once, each on its own.
struct BindRequest {
  struct Item {
    Uid pod;
    NodeId node;
  };
  std::uint64_t id = 0;
  Fence fence;
  std::vector<Item> items;
};

/// `code` is not ok when nothing was bound for a common reason (old fence, no quorum).
struct BindReply {
  std::uint64_t id = 0;
  StatusCode code = StatusCode::ok;
  std::vector<StatusCode> results;  ///< one for each item, in order, when `code` is ok
};

/// Preemption: the victims, pods of lower priority on the node, are to be deleted with their grace,
/// so that the pod finds room there. Best effort, with no answer: the scheduler sees by its watch
/// what came of it.
struct PreemptRequest {
  Fence fence;
  Uid pod;
  NodeId node;
  std::vector<Uid> victims;
};

// ---- api server <-> node agent: one pod a message, small on purpose ----

/// The watch of scope `node`, one pod at a time.
struct PodOrder {
  enum class Action : std::uint8_t { run, stop, forget };
  Action action = Action::run;
  PartitionId partition;
  Uid pod;
  SpecId spec;
  std::int32_t grace_seconds = 0;
  TenantId tenant;
  std::uint64_t epoch = 0;  ///< of the tenant's move to `partition`; 0: it never moved
};

/// Sent after the present state of a `node` watch: pods not mentioned since the session began are
/// not this node's any more.
struct PodOrdersSynced {
  PartitionId partition;
  std::uint32_t session = 0;
  std::vector<model::TenantMove> moves{};  ///< all that the partition knows
};

/// What an agent says about a pod. The api server turns it into a status update.
struct PodReport {
  enum class State : std::uint8_t { running, succeeded, failed, rejected, stopped };
  State state = State::running;
  Uid pod;
  NodeId node;
  std::uint64_t agent_epoch = 0;
};

// ---- node agent <-> node manager ----

struct RegisterNode {
  model::Node node;  ///< what the machine says of itself; meta.uid is not read
};

/// `epoch` fences: a later registration of the same node gets a larger one.
struct NodeRegistered {
  NodeId node;
  std::uint64_t epoch = 0;
  bool accepted = true;
};

/// One sign of life. Sent every heartbeat period (see Network::keep_sending).
struct NodeHeartbeat {
  NodeId node;
  std::uint64_t epoch = 0;
};

// ---- scheduler <-> node manager ----

struct ClaimItem {
  Uid pod;
  SpecId spec;
  NodeId node;
};

/// Sets aside capacity on nodes of one resource partition, item by item, before the bindings are
/// committed. `fence_epoch` is the scheduler's leadership epoch in its tenant partition.
struct ClaimRequest {
  PartitionId tenant_partition;
  std::uint64_t fence_epoch = 0;
  std::uint64_t cycle = 0;
  std::vector<ClaimItem> items;
  std::uint32_t share = 0;  ///< schedulers of different shares do not fence each other
};

struct ClaimReply {
  PartitionId resource_partition;
  std::uint64_t cycle = 0;
  bool fenced = false;                ///< a newer leader has claimed: stop
  std::vector<std::uint8_t> granted;  ///< 1 or 0 for each item, in order
};

/// Gives claims back, for example when the binding was refused.
struct ClaimRelease {
  PartitionId tenant_partition;
  std::uint64_t fence_epoch = 0;
  std::vector<Uid> pods;
  std::uint32_t share = 0;
};

/// A scheduler or controller asks a node manager for its nodes (and, with `usage`, for the pods of
/// other tenant partitions that hold capacity there).
struct NodeWatchRequest {
  PartitionId tenant_partition;
  std::uint32_t session = 0;
  bool usage = false;
};

struct UsageChange {
  Uid pod;
  SpecId spec;
  NodeId node;  ///< none: the pod gave its capacity back
};

struct NodeEvents {
  PartitionId resource_partition;
  std::uint32_t session = 0;
  bool first = false;
  bool synced = false;
  bool closed = false;  ///< the sender leads no more: ask another instance
  std::vector<ObjectChange> nodes;
  std::vector<UsageChange> usage;
};

// ---- evidence about zones ----

/// "Are you there?" between control-plane members of different zones, and its answer.
struct ZoneProbe {
  std::uint64_t sequence = 0;
  ZoneId from_zone;
};

struct ZoneProbeReply {
  std::uint64_t sequence = 0;
  ZoneId zone;
};

/// What one node manager knows, sent to the controller managers when it changes and every probe
/// period. Free amounts are over ready, schedulable nodes.
struct ZoneReport {
  PartitionId resource_partition;
  ZoneId zone;  ///< the zone of the reporter
  std::uint64_t sequence = 0;
  std::int64_t nodes = 0;
  std::int64_t nodes_ready = 0;
  std::int64_t free_cpu_milli = 0;
  std::int64_t free_memory_bytes = 0;
  std::vector<ZoneId> silent_zones;  ///< zones whose probes went unanswered for too long
};

using Message =
    std::variant<ApiRequest, ApiReply, BindRequest, BindReply, PreemptRequest, WatchRequest,
                 WatchEvents, PodOrder, PodOrdersSynced, PodReport, RegisterNode, NodeRegistered,
                 NodeHeartbeat, ClaimRequest, ClaimReply, ClaimRelease, NodeWatchRequest,
                 NodeEvents, ZoneProbe, ZoneProbeReply, ZoneReport>;

}  // namespace arcas::ports
