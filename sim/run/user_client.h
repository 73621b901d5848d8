#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/hash.h"
#include "core/roles/context.h"
#include "sim/run/user_change_request.h"
#include "sim/workload/generated.h"

namespace arcas::sim {

/// The users of a region: sends operations through the gateways when their time comes, and again,
/// with a growing wait, while the answer is that something is not there yet or not reachable.
class UserClient final : public ports::Actor {
 public:
  using Source = OperationSource;

  UserClient(roles::RoleContext context, Source next, StoredObjects stored);

  void on_start() override;
  void on_message(ActorId from, ports::Message& message) override;
  void on_timer(std::uint64_t tag) override;
  void on_peer_lost(ActorId peer) override;

  /// One more operation, at once; its time is not looked at.
  void ask(UserOperation operation) { add(std::move(operation)); }

  /// All operations were sent and answered.
  [[nodiscard]] bool done() const { return exhausted_ && pending_.empty() && !held_; }
  [[nodiscard]] std::int64_t under_way() const {
    return static_cast<std::int64_t>(pending_.size());
  }
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct Pending {
    UserOperation operation;
    std::uint32_t attempt = 0;
    bool asked = false;  // and not answered yet
    TimePoint due;       // of the timer that counts; earlier ones were overtaken
  };
  void pump();
  void add(UserOperation operation);
  /// Fills in what a change asks for. False: nothing is to be sent now.
  bool prepare(std::uint64_t id, ports::ApiRequest& request);
  void delete_pods(const UserChange& change);
  void finish(std::uint64_t id);
  void submit(std::uint64_t id);
  void retry_later(std::uint64_t id);
  void retry_at(std::uint64_t id, TimePoint at);

  roles::RoleContext context_;
  Source next_;
  StoredObjects stored_;
  std::optional<UserOperation> held_;
  bool exhausted_ = false;
  boost::unordered_flat_map<std::uint64_t, Pending, StableHash> pending_;
  boost::unordered_flat_map<std::uint64_t, Uid, StableHash> uids_;  // by hash of the key
  std::uint64_t next_id_ = 1;
  std::uint32_t gateway_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace arcas::sim
