#pragma once

#include <cstdint>

#include "core/roles/context.h"

namespace arcas::roles {

/// The door for users: knows which tenant partition serves a tenant, and which resource partition a
/// node belongs to, and passes requests on to one of its api servers or node managers. Stateless;
/// any number of them.
class Gateway final : public ports::Actor {
 public:
  explicit Gateway(RoleContext context) : context_(context) {}

  void on_start() override;
  void on_message(ActorId from, ports::Message& message) override;
  void on_timer(std::uint64_t) override {}
  void on_peer_lost(ActorId peer) override;

 private:
  void to_node_manager(const model::Node& node, ports::ApiRequest request);

  RoleContext context_;
  std::vector<std::uint32_t> attempts_;       // by position of the tenant partition
  std::vector<std::uint32_t> node_attempts_;  // by position of the resource partition
};

}  // namespace arcas::roles
