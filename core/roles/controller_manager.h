#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "core/base/rate_limiter.h"
#include "core/controllers/evictor.h"
#include "core/controllers/zone_evidence.h"
#include "core/roles/context.h"
#include "core/roles/grid_timer.h"
#include "core/roles/leadership.h"
#include "core/roles/tenant_movers.h"
#include "core/roles/workload_controllers.h"

namespace arcas::roles {

/// Runs the controllers of one tenant partition: workloads, tenants, budgets, garbage, evictions,
/// and the moves of tenants to other partitions. Several instances; one leads. It knows the
/// partition by a watch and changes it by requests.
class ControllerManager final : public ports::Actor {
 public:
  ControllerManager(RoleContext context, PartitionId partition);

  void on_start() override;
  void on_stop() override { stop_leading(); }
  void on_message(ActorId from, ports::Message& message) override;
  void on_timer(std::uint64_t tag) override;
  void on_peer_lost(ActorId peer) override;

 private:
  struct NodeFeed {
    ActorId node_manager;
    std::uint32_t attempt = 0;
    std::uint32_t session = 0;
    bool synced = false;
    TimePoint asked_at;
  };
  /// What waits for its client's turn. Each controller has a client of its own, as in Kubernetes:
  /// for pods, ReplicaSets, Deployments, and everything else.
  static constexpr std::size_t kClients = 4;
  static constexpr std::size_t kPodClient = 0;
  struct Client {
    RateLimiter limiter;
    std::deque<ports::PodOperation> pods;
    std::deque<ports::ObjectOperation> objects;
    [[nodiscard]] std::size_t size() const { return pods.size() + objects.size(); }
  };
  struct PendingRequest {
    std::vector<ports::PodOperation> pods;
    std::vector<ports::ObjectOperation> objects;
    bool eviction = false;
  };

  void lead();
  void begin_anew();
  void stop_leading();
  void open_watch();
  void open_node_watch(std::uint32_t resource_partition);
  void retry_node_watches();
  void mark_feed(std::uint32_t resource_partition, bool synced);
  void arm_feeds();
  void handle(const ports::WatchEvents& events);
  void handle(ActorId from, const ports::NodeEvents& events);
  void handle(const ports::ApiReply& reply);
  void handle(const ports::ZoneReport& report);
  void handle(const ports::ZoneProbeReply& reply);
  void nodes_heard();
  void probe_zones();
  void probe_others(ZoneId zone);
  void judge(const std::vector<controllers::ZoneVerdict>& verdicts);

  void run_moves();
  void wake(TimePoint at);
  void sync();
  void submit(controllers::Effects& effects, bool eviction);
  void send_waiting();
  void send_some(Client& client, std::size_t count);
  void clear_clients();
  void send_request(PendingRequest request, ports::Transaction::Mode mode);

  RoleContext context_;
  PartitionId partition_;
  Leadership leadership_;
  TenantMovers movers_;
  TimePoint moves_armed_ = TimePoint::max();
  std::unique_ptr<WorkloadControllers> workloads_;
  std::unique_ptr<controllers::Evictor> evictor_;
  std::unique_ptr<controllers::ZoneEvidence> evidence_;

  std::uint32_t session_ = 0;        // counts over all watches
  std::uint32_t watch_session_ = 0;  // of the pod and object watch in use
  bool synced_ = false;
  bool nodes_heard_ = false;  // by every feed, since this instance leads
  std::vector<NodeFeed> feeds_;
  std::vector<TimePoint> probed_;  // last answer of each zone
  TimePoint armed_ = TimePoint::max();
  GridTimer feed_looks_;   // while a feed is not synced
  GridTimer probe_looks_;  // with zone evidence
  std::array<Client, kClients> clients_;
  bool waiting_armed_ = false;
  boost::unordered_flat_map<std::uint64_t, PendingRequest, StableHash> pending_;
  std::uint64_t next_request_ = 0;
};

}  // namespace arcas::roles
