#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/hash.h"
#include "core/ports/store.h"
#include "core/roles/context.h"

namespace arcas::roles {

/// Serves one tenant partition: authorises, admits, validates, commits, lists, watches. Any number
/// per partition; each holds nothing that a restart would lose.
class ApiServer final : public ports::Actor {
 public:
  ApiServer(RoleContext context, PartitionId partition, ports::Store& store);

  void on_start() override;
  void on_message(ActorId from, ports::Message& message) override;
  void on_timer(std::uint64_t tag) override;
  void on_commit(std::uint64_t token, const ports::TransactionResult& result) override;
  [[nodiscard]] bool wants(const ports::ChangeBatch& changes) const override;
  void on_changes(const ports::ChangeBatch& changes) override;
  void on_peer_lost(ActorId peer) override;

 private:
  struct Watcher {
    ActorId actor;
    ports::WatchScope scope = ports::WatchScope::everything;
    std::uint32_t session = 0;
    std::uint32_t resource_partition = 0;
    Revision after = 0;  // of the list: later changes follow
  };
  struct NodeWatcher {
    ActorId actor;
    std::uint32_t session = 0;
    Revision after = 0;
  };
  /// A commit whose outcome somebody waits for.
  struct Pending {
    enum class Type : std::uint8_t { request, bind, preempt, reports };
    Type type = Type::request;
    std::uint64_t id = 0;
    ActorId reply_to;
    std::vector<StatusCode> bind_results;   // bind: answers known before the commit
    std::vector<std::uint32_t> bind_items;  // bind: item of each operation
    std::vector<ports::PodReport> reports;  // reports: for another try after a conflict
  };

  /// The newest request of a client, and what came of it once that is known.
  struct Newest {
    std::uint64_t id = 0;
    std::optional<ports::TransactionResult> answer;
  };

  /// True when this request was taken before, just now: a transport may repeat a message, and a
  /// client asks again that got no answer. It gets the answer that there is, or that is coming.
  bool answered_before(ActorId client, std::uint64_t request);
  void handle(ActorId from, ports::ApiRequest& request);
  void handle(ActorId from, const ports::BindRequest& request);
  void handle(const ports::PreemptRequest& request);
  void handle(ActorId from, const ports::WatchRequest& request);
  void handle(ActorId from, const ports::PodReport& report);

  Status admit(const ports::Identity& caller, ports::Transaction& transaction) const;
  [[nodiscard]] bool is_partition(PartitionId id) const;
  void make_graceful(const state::Tables& view, ports::PodOperation& operation) const;
  void make_graceful(const state::Tables& view, ports::ObjectOperation& operation) const;
  void commit(Pending pending, ports::Transaction transaction);
  void settle(const Pending& pending, const ports::TransactionResult& result);
  void flush_reports();
  /// Turns a report into an operation on the pod as it is now; false: nothing to do.
  bool apply_report(const ports::PodReport& report, ports::PodOperation& operation) const;

  void list_for(const Watcher& watcher);
  void list_for_node(NodeId node, const NodeWatcher& watcher);
  [[nodiscard]] bool concerns(const Watcher& watcher, const ports::PodChange& change) const;
  void fan_out(const ports::ChangeBatch& changes, const Watcher& watcher);
  void order_for_node(const ports::PodChange& change);

  RoleContext context_;
  PartitionId partition_;
  ports::Store& store_;
  std::vector<Watcher> watchers_;
  std::vector<NodeWatcher> node_watchers_;  // by NodeId
  boost::unordered_flat_map<std::uint64_t, Pending, StableHash> pending_;
  std::uint64_t next_token_ = 1;
  boost::unordered_flat_map<ActorId, Newest, StableHash> newest_;  // by who gets the answer
  std::vector<ports::PodReport> reports_;                          // waiting to be written together
  bool flush_armed_ = false;
};

}  // namespace arcas::roles
