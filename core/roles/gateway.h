#pragma once

#include <cstdint>

#include "core/roles/context.h"

namespace arcas::roles {

/// The door for users: knows which tenant partition serves a tenant and passes requests on to one
/// of its api servers. Stateless; any number of them.
class Gateway final : public ports::Actor {
 public:
  explicit Gateway(RoleContext context) : context_(context) {}

  void on_start() override;
  void on_message(ActorId from, ports::Message& message) override;
  void on_timer(std::uint64_t) override {}
  void on_peer_lost(ActorId peer) override;

 private:
  RoleContext context_;
  std::vector<std::uint32_t> attempts_;  // by position of the tenant partition
};

}  // namespace arcas::roles
