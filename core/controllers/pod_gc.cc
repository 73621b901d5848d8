#include "core/controllers/pod_gc.h"

#include <algorithm>

namespace arcas::controllers {
namespace {

bool is_stray(const model::Pod& pod) { return pod.meta.terminating() && !pod.node.valid(); }

/// A Job's pod must not go before its Job has counted it (invariant I39).
bool may_go(const model::Pod& pod) {
  return pod.meta.owner.kind != model::Kind::job || pod.counted;
}

std::pair<std::int64_t, std::uint64_t> age_key(const model::Pod& pod) {
  return {pod.meta.created_at.ns, pod.meta.uid.value};
}

}  // namespace

void PodGc::on_pod(const model::Pod* before, const model::Pod* after) {
  if (before != nullptr) {
    if (before->terminal()) finished_.erase(age_key(*before));
    if (is_stray(*before)) stray_.erase(before->meta.uid.value);
  }
  if (after != nullptr) {
    if (after->terminal()) finished_.insert(age_key(*after));
    if (is_stray(*after)) stray_.insert(after->meta.uid.value);
  }
}

void PodGc::on_node_removed(TimePoint now, NodeId node) {
  on_node_added(node);
  gone_.emplace_back(now, node);
}

void PodGc::on_node_added(NodeId node) {
  std::erase_if(gone_, [&](const auto& entry) { return entry.second == node; });
}

void PodGc::check_all(TimePoint now, const state::PodTable& pods,
                      const std::function<bool(NodeId)>& exists) {
  std::vector<NodeId> missing;
  pods.for_each([&](const model::Pod& pod) {
    if (pod.node.valid() && !exists(pod.node)) missing.push_back(pod.node);
  });
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  for (const NodeId node : missing) on_node_removed(now, node);
}

TimePoint PodGc::next_tick(TimePoint now) const {
  const auto slot_after = [&](TimePoint t) {
    return TimePoint{(t.ns / config_.period.ns + 1) * config_.period.ns};
  };
  TimePoint next = TimePoint::max();
  if (finished_.size() > config_.finished_threshold || !stray_.empty()) next = slot_after(done_at_);
  for (const auto& [since, node] : gone_) {
    next = std::min(next, std::max(slot_after(done_at_), slot_after(since + config_.quarantine)));
  }
  return std::max(next, now);
}

void PodGc::sync(TimePoint now, const state::PodTable& pods, Effects& out) {
  if (next_tick(now) > now) return;
  done_at_ = now;
  std::size_t room = config_.burst;
  for (const std::uint64_t uid : stray_) {
    const model::Pod* pod = pods.find(Uid{uid});
    if (pod == nullptr || room == 0) continue;
    out.pods.push_back(removal_of(*pod));
    --room;
  }
  std::erase_if(gone_, [&](const auto& entry) {
    if (entry.first + config_.quarantine > now) return false;
    bool any = false;
    pods.for_each_on_node(entry.second, [&](const model::Pod& pod) {
      any = true;
      if (room == 0) return;
      out.pods.push_back(removal_of(pod));
      --room;
    });
    return !any;
  });
  if (finished_.size() <= config_.finished_threshold) return;
  std::size_t surplus = finished_.size() - config_.finished_threshold;
  for (const auto& [created, uid] : finished_) {
    if (surplus == 0 || room == 0) break;
    const model::Pod* pod = pods.find(Uid{uid});
    if (pod == nullptr || !may_go(*pod)) continue;
    out.pods.push_back(removal_of(*pod));
    --surplus;
    --room;
  }
}

bool delete_owned_pods(TimePoint now, Uid owner, const state::PodTable& pods, std::size_t limit,
                       Effects& out) {
  bool all = true;
  pods.for_each_owned(owner, [&](const model::Pod& pod) {
    if (pod.meta.terminating() && pod.holds_capacity()) return;
    if (limit == 0) {
      all = false;
      return;
    }
    --limit;
    out.pods.push_back(deletion_of(pod, now));
  });
  return all;
}

}  // namespace arcas::controllers
