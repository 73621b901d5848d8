#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/controllers/node_lifecycle.h"
#include "core/controllers/node_pressure.h"
#include "core/partition/claim_ledger.h"
#include "core/partition/leader_election.h"
#include "core/ports/store.h"
#include "core/roles/context.h"
#include "core/roles/grid_timer.h"

namespace arcas::roles {

/// Owns the nodes of one resource partition: registration, health, zone state, taints, and the
/// capacity of every node, which schedulers claim before they bind. Several instances; the leader
/// acts. What it knows of claims dies with it and is rebuilt from the tenant partitions.
class NodeManager final : public ports::Actor {
 public:
  NodeManager(RoleContext context, PartitionId partition, ports::Store& store);

  void on_start() override;
  void on_stop() override;
  void on_message(ActorId from, ports::Message& message) override;
  void on_timer(std::uint64_t tag) override;
  void on_commit(std::uint64_t token, const ports::TransactionResult& result) override;
  [[nodiscard]] bool wants(const ports::ChangeBatch& changes) const override;
  void on_changes(const ports::ChangeBatch& changes) override;
  void on_peer_lost(ActorId peer) override;
  void on_heartbeats_steady(const ports::NodeHeartbeat& heartbeat, TimePoint first,
                            Duration period) override;
  void on_heartbeats_stopped(const ports::NodeHeartbeat& heartbeat, TimePoint last) override;

  [[nodiscard]] bool leading() const { return leading_; }
  [[nodiscard]] const partition::ClaimLedger* ledger() const { return ledger_.get(); }

 private:
  struct NodeWatcher {
    ActorId actor;
    std::uint32_t session = 0;
    std::uint32_t tenant_partition = 0;
    bool usage = false;
  };
  /// The watch on one tenant partition's pods.
  struct PodFeed {
    ActorId api_server;
    std::uint32_t attempt = 0;
    std::uint32_t session = 0;
    bool synced = false;
    TimePoint asked_at;
    std::map<TenantId, model::TenantMove> moves;  // as told in this session
  };
  struct PeerZone {
    std::uint64_t sequence_sent = 0;
    TimePoint last_answer;
    bool silent = false;
  };
  /// What the leader wants a node object to be, and where its writing stands.
  struct NodeRecord {
    model::Node desired;
    model::PressureConditions said;  // by the agent, last
    ActorId agent;                   // that registered here last
    ActorId reply_to;                // the same while it waits to be told that it is registered
    /// A user's request that is answered when a write that carries it is durable.
    struct Asker {
      ActorId actor;
      std::uint64_t request = 0;
    };
    std::vector<Asker> to_answer;          // by the next write
    std::vector<Asker> answers_in_flight;  // by the one under way
    bool known = false;
    bool dirty = false;
    bool in_flight = false;
  };

  // leadership
  void elect();
  void lead();
  void resign();
  void stop_leading();
  // nodes
  void handle(ActorId from, const ports::RegisterNode& request);
  void handle(ActorId from, const ports::ApiRequest& request);
  void answer_users(NodeRecord& record);
  void run_lifecycle();
  void carry_out(const controllers::NodeEffect& effect);
  void mark_dirty(NodeId node);
  void flush_nodes();
  void adopt(NodeRecord& record, const model::Node& stored);
  void forget(NodeId node);
  NodeRecord& record(NodeId node);
  [[nodiscard]] bool counts(const model::Node& node) const;
  // capacity
  void handle(ActorId from, const ports::ClaimRequest& request);
  void handle(const ports::ClaimRelease& release);
  void handle(ActorId from, const ports::WatchEvents& events);
  void open_pod_watch(std::uint32_t tenant_partition);
  void retry_pod_watches();
  void arm_feeds();
  void expire_claims();
  [[nodiscard]] static bool has_left(const PodFeed& feed);
  bool take_moves(std::uint32_t feed, const ports::WatchEvents& events);
  [[nodiscard]] bool told(const model::TenantMove& left) const;
  void ask_targets(const PodFeed& feed);
  void settle_moves();
  void tell_usage(std::uint32_t except, const std::vector<ports::UsageChange>& usage);
  // watchers
  void handle(ActorId from, const ports::NodeWatchRequest& request);
  // evidence
  void probe_zones();
  void report_zone();

  RoleContext context_;
  PartitionId partition_;
  std::uint32_t index_ = 0;  // position of the partition
  ports::Store& store_;
  StringId lease_name_;
  partition::LeaderElection election_;
  bool leading_ = false;
  std::uint64_t token_ = 0;
  std::uint64_t election_token_ = 0;
  TimePoint election_armed_ = TimePoint::max();

  controllers::NodePressure pressure_;
  std::unique_ptr<controllers::NodeLifecycle> lifecycle_;
  std::unique_ptr<partition::ClaimLedger> ledger_;
  TimePoint lifecycle_armed_ = TimePoint::max();
  std::vector<NodeRecord> nodes_;  // by NodeId
  std::vector<NodeId> dirty_;
  bool flush_armed_ = false;
  boost::unordered_flat_map<std::uint64_t, std::vector<NodeId>, StableHash> writing_;
  std::vector<NodeWatcher> watchers_;
  std::vector<PodFeed> feeds_;
  GridTimer feed_looks_;   // while a feed is not synced
  GridTimer probe_looks_;  // with zone evidence
  std::uint32_t session_ = 0;
  std::vector<PeerZone> peers_;  // by position of the resource partition
  std::uint64_t report_sequence_ = 0;
  TimePoint claims_armed_ = TimePoint::max();
};

}  // namespace arcas::roles
