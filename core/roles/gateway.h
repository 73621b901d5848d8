#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/roles/context.h"

namespace arcas::roles {

/// The door for users: knows which tenant partition serves a tenant, and which resource partition a
/// node belongs to, and passes requests on to one of its api servers or node managers. Any number
/// of them. Where tenants have moved to it learns from the partitions, at every start anew; until
/// then a partition that a tenant has left refuses what is passed to it, and the client tries
/// again.
class Gateway final : public ports::Actor {
 public:
  explicit Gateway(RoleContext context) : context_(context) {}

  void on_start() override;
  void on_message(ActorId from, ports::Message& message) override;
  void on_timer(std::uint64_t tag) override;
  void on_peer_lost(ActorId peer) override;

 private:
  /// The watch on one tenant partition's records of moves.
  struct MoveFeed {
    ActorId api_server;
    std::uint32_t attempt = 0;
    std::uint32_t session = 0;
    bool synced = false;
  };
  struct Home {
    std::uint32_t partition = 0;  // position
    std::uint64_t epoch = 0;
  };
  void open_feed(std::uint32_t partition);
  void handle(ActorId from, const ports::WatchEvents& events);
  void learn(std::uint32_t partition, const model::TenantMove& record);
  void to_node_manager(const model::Node& node, ports::ApiRequest request);

  RoleContext context_;
  std::vector<std::uint32_t> attempts_;       // by position of the tenant partition
  std::vector<std::uint32_t> node_attempts_;  // by position of the resource partition
  std::vector<MoveFeed> feeds_;               // by position of the tenant partition
  std::map<TenantId, Home> homes_;            // of tenants that moved
};

}  // namespace arcas::roles
