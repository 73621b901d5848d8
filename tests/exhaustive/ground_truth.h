#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/model/catalog.h"
#include "core/model/objects.h"
#include "core/ports/message.h"
#include "core/ports/transaction.h"
#include "core/state/tables.h"

namespace arcas::tests {

/// The invariants, kept by what happened and not by what any role believes:
///   - no node holds more than it has, by the stores and by its runtime;
///   - a pod is bound at most once, and runs on at most one node at a time;
///   - a finished pod stays as it finished;
///   - what was acknowledged is in the store, or was removed from it by a later commit;
///   - a write that leadership is needed for carries the lease's epoch as of its commit.
class GroundTruth {
 public:
  explicit GroundTruth(const model::Catalog& catalog) : catalog_(catalog) {}

  void add_node(NodeId node, const model::ResourceList& allocatable);

  /// A commit as the store answered it. `epoch`: of the lease that the fence names, before it.
  void committed(ActorId by, const ports::Transaction& transaction,
                 const ports::TransactionResult& result, const ports::ChangeBatch& changes,
                 std::uint64_t epoch);
  void pod_started(NodeId node, Uid pod, SpecId spec);
  void pod_stopped(NodeId node, Uid pod);
  void node_died(NodeId node);
  /// A client, or a scheduler, was told that its write is durable.
  void acknowledged(const ports::ApiReply& reply, const state::Tables& tables);
  void acknowledged(const ports::BindRequest& request, const ports::BindReply& reply,
                    const state::Tables& tables);

  /// The first rule that was broken, in words; empty: none.
  [[nodiscard]] const std::string& violation() const { return violation_; }
  [[nodiscard]] std::size_t running() const { return running_.size(); }
  [[nodiscard]] bool runs(Uid pod) const { return running_.contains(pod); }
  [[nodiscard]] std::uint64_t commits() const { return commits_; }
  [[nodiscard]] std::uint64_t fenced_off() const { return fenced_off_; }

 private:
  struct Known {
    NodeId node;
    SpecId spec;
    model::PodPhase phase = model::PodPhase::pending;
  };
  void fail(std::string what);
  void changed(const ports::PodChange& change, bool led);
  void check_room(NodeId node);
  void count(std::map<NodeId, std::int64_t>& used, NodeId node, SpecId spec, std::int64_t sign);

  const model::Catalog& catalog_;
  std::map<NodeId, model::ResourceList> nodes_;
  std::map<Uid, Known> pods_;
  std::set<Uid> removed_;
  std::map<NodeId, std::int64_t> bound_cpu_;    // milli-cpu, by the stores
  std::map<NodeId, std::int64_t> running_cpu_;  // milli-cpu, by the runtimes
  std::map<Uid, std::pair<NodeId, SpecId>> running_;
  std::uint64_t commits_ = 0;
  std::uint64_t fenced_off_ = 0;
  std::string violation_;
};

}  // namespace arcas::tests
