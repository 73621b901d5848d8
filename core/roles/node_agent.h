#pragma once

#include <cstdint>
#include <vector>

#include "core/ports/node_runtime.h"
#include "core/roles/context.h"

namespace arcas::roles {

/// What all agents of a process share: one copy for 100,000 of them. Not owned.
struct NodeAgentContext {
  ports::Ports ports;
  ports::NodeRuntime* runtime = nullptr;
  const model::Catalog* catalog = nullptr;
  const Profile* profile = nullptr;
  const Endpoints* endpoints = nullptr;
};

/// Runs the pods bound to one machine: registers with its resource partition, shows signs of life,
/// takes orders from every tenant partition, has the last word on admission, and reports.
///
/// A control plane that is out of reach changes nothing for what runs (static stability): the agent
/// stops a pod only when its api server says so.
///
/// A pod belongs to the partition where its tenant is: the one that gave its uid, or the one that
/// said so with the highest epoch of a move. Only that one's word counts, and that a pod is gone
/// counts only once the partition knows that the tenant is there.
class NodeAgent final : public ports::Actor {
 public:
  NodeAgent(const NodeAgentContext& shared, ActorId self, model::Node machine);

  void on_start() override;
  void on_message(ActorId from, ports::Message& message) override;
  void on_timer(std::uint64_t tag) override;
  void on_runtime(const ports::RuntimeEvent& event) override;
  void on_peer_lost(ActorId peer) override;

  [[nodiscard]] std::size_t pod_count() const { return pods_.size(); }

 private:
  enum class PodState : std::uint8_t { starting, running, stopping, finished_well, finished_badly };
  struct LocalPod {
    Uid uid;
    SpecId spec;
    PodState state = PodState::starting;
    bool holds_room = true;
    TenantId tenant;
    std::uint32_t named_in = 0;  // the session that mentioned it last: see session_key
  };
  /// Where a tenant that has moved is now.
  struct Home {
    TenantId tenant;
    std::uint32_t tenant_partition = 0;  // position
    std::uint64_t epoch = 0;
    bool confirmed = false;  // by that partition itself
  };
  /// The session with one tenant partition's api server.
  struct Session {
    ActorId api_server;
    std::uint32_t attempt = 0;
    std::uint32_t number = 0;
    bool synced = false;
  };

  /// Tells the present session with a partition from those with others and from older ones.
  [[nodiscard]] std::uint32_t session_key(std::uint32_t tenant_partition) const {
    return (tenant_partition << 20U) | (sessions_[tenant_partition].number & 0xfffffU);
  }
  void register_node();
  void open_session(std::uint32_t tenant_partition);
  void handle(ActorId from, const ports::PodOrder& order);
  void handle(ActorId from, const ports::PodOrdersSynced& synced);
  void handle(const ports::NodeRegistered& registered);
  void run(const ports::PodOrder& order);
  [[nodiscard]] bool has_room(SpecId spec) const;
  void report(const LocalPod& pod);
  void report(Uid pod, std::uint32_t tenant_partition, ports::PodReport::State state);
  [[nodiscard]] const Home* find_home(TenantId tenant) const;
  [[nodiscard]] std::uint32_t home_of(const LocalPod& pod) const;
  void learn_home(TenantId tenant, std::uint32_t tenant_partition, std::uint64_t epoch,
                  bool confirmed);
  void ask_again(std::uint32_t tenant_partition);
  void learn_homes(std::uint32_t from, const std::vector<model::TenantMove>& moves);
  LocalPod* find(Uid uid);
  void erase(Uid uid);
  void occupy(SpecId spec);
  void vacate(LocalPod& pod);
  void finish(LocalPod& pod, PodState state);

  const NodeAgentContext& shared_;
  ActorId self_;
  model::Node machine_;
  std::vector<LocalPod> pods_;     // a few dozen: searched linearly
  model::ResourceList used_;       // requests of those that hold room
  std::int64_t holders_ = 0;       // their number
  std::vector<Session> sessions_;  // by position of the tenant partition
  std::vector<Home> homes_;        // of tenants that have moved; few
  ActorId node_manager_;
  std::uint32_t manager_attempt_ = 0;
  std::uint64_t epoch_ = 0;  // 0: not registered
  std::uint32_t registration_ = 0;
};

}  // namespace arcas::roles
