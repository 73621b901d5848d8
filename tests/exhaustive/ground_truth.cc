#include "tests/exhaustive/ground_truth.h"

namespace arcas::tests {
namespace {

std::string text(Uid pod) {
  return "pod " + std::to_string(pod.partition()) + "/" + std::to_string(pod.sequence());
}
std::string text(NodeId node) { return "node " + std::to_string(node.index); }

}  // namespace

void GroundTruth::fail(std::string what) {
  if (violation_.empty()) violation_ = std::move(what);
}

void GroundTruth::add_node(NodeId node, const model::ResourceList& allocatable) {
  nodes_[node] = allocatable;
}

void GroundTruth::count(std::map<NodeId, std::int64_t>& used, NodeId node, SpecId spec,
                        std::int64_t sign) {
  used[node] += sign * catalog_.spec(spec).requests.get(model::kCpu);
}

void GroundTruth::check_room(NodeId node) {
  const std::int64_t has = nodes_[node].get(model::kCpu);
  if (bound_cpu_[node] > has) fail(text(node) + " is over-committed by the stores");
  if (running_cpu_[node] > has) fail(text(node) + " runs more than it has");
}

void GroundTruth::committed(ActorId by, const ports::Transaction& transaction,
                            const ports::TransactionResult& result,
                            const ports::ChangeBatch& changes, std::uint64_t epoch) {
  if (result.code == StatusCode::forbidden) ++fenced_off_;
  if (changes.pods.empty() && changes.objects.empty()) return;
  ++commits_;
  const bool fenced = transaction.fence.lease.valid();
  const bool led = fenced && transaction.fence.epoch == epoch;
  if (fenced && !led) {
    fail("actor " + std::to_string(by.index) + " committed with epoch " +
         std::to_string(transaction.fence.epoch) + " after epoch " + std::to_string(epoch));
  }
  for (const ports::PodChange& change : changes.pods) changed(change, led);
  for (const ports::ObjectChange& change : changes.objects) {
    if (std::holds_alternative<model::Node>(change.object) && !led) {
      fail("a node was written without leadership");
    }
  }
}

void GroundTruth::changed(const ports::PodChange& change, bool led) {
  const Uid uid = change.pod.meta.uid;
  const auto known = pods_.find(uid);
  const Known before = known == pods_.end() ? Known{} : known->second;
  const auto holds = [](const Known& pod) {
    return pod.node.valid() && pod.phase != model::PodPhase::succeeded &&
           pod.phase != model::PodPhase::failed;
  };
  if (holds(before)) count(bound_cpu_, before.node, before.spec, -1);
  if (change.type == ports::ChangeType::removed) {
    pods_.erase(uid);
    removed_.insert(uid);
    return;
  }
  const Known after{change.pod.node, change.pod.spec, change.pod.phase};
  if (removed_.contains(uid)) fail(text(uid) + " came back after its removal");
  if (before.node.valid() && before.node != after.node) fail(text(uid) + " was bound twice");
  if (!before.node.valid() && after.node.valid() && known != pods_.end() && !led) {
    fail(text(uid) + " was bound without leadership");
  }
  const bool finished =
      before.phase == model::PodPhase::succeeded || before.phase == model::PodPhase::failed;
  if (finished && before.phase != after.phase) fail(text(uid) + " finished twice");
  pods_[uid] = after;
  if (!holds(after)) return;
  count(bound_cpu_, after.node, after.spec, 1);
  check_room(after.node);
}

void GroundTruth::pod_started(NodeId node, Uid pod, SpecId spec) {
  const auto [it, fresh] = running_.emplace(pod, std::pair{node, spec});
  if (!fresh) {
    fail(text(pod) + " runs on " + text(it->second.first) + " and was started on " + text(node));
    return;
  }
  count(running_cpu_, node, spec, 1);
  check_room(node);
}

void GroundTruth::pod_stopped(NodeId node, Uid pod) {
  const auto it = running_.find(pod);
  if (it == running_.end() || it->second.first != node) return;
  count(running_cpu_, node, it->second.second, -1);
  running_.erase(it);
}

void GroundTruth::node_died(NodeId node) {
  running_cpu_[node] = 0;
  std::erase_if(running_, [node](const auto& entry) { return entry.second.first == node; });
}

void GroundTruth::acknowledged(const ports::ApiReply& reply, const state::Tables& tables) {
  for (const ports::OperationResult& result : reply.result.pods) {
    if (result.code != StatusCode::ok || !result.uid.valid()) continue;
    if (tables.pods.find(result.uid) == nullptr && !removed_.contains(result.uid)) {
      fail(text(result.uid) + " was acknowledged and is not there");
    }
  }
}

void GroundTruth::acknowledged(const ports::BindRequest& request, const ports::BindReply& reply,
                               const state::Tables& tables) {
  if (reply.code != StatusCode::ok) return;
  for (std::size_t i = 0; i < request.items.size() && i < reply.results.size(); ++i) {
    if (reply.results[i] != StatusCode::ok) continue;
    const Uid uid = request.items[i].pod;
    const model::Pod* pod = tables.pods.find(uid);
    const bool there = pod != nullptr && pod->node == request.items[i].node;
    if (!there && !removed_.contains(uid)) fail("the binding of " + text(uid) + " was lost");
  }
}

}  // namespace arcas::tests
