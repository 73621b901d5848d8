#include "core/controllers/evictor.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/mutant.h"

namespace arcas::controllers {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// In how many parts a leader leaves what it has spent to the next.
constexpr std::int64_t kParts = 10;
/// How long the news of a taint may be under way.
constexpr Duration kNews = seconds(10);
/// A zone of which nothing is heard is looked at again after this.
constexpr Duration kLookAgain = seconds(1);

TimePoint since_of(const model::Taint& taint, TimePoint now) {
  const TimePoint added{taint.added_ns};
  return added <= now && now - added <= kNews ? added : now;
}
/// Source: Kubernetes, the reason of condition DisruptionTarget.
constexpr const char* kReason = "DeletionByTaintManager";

}  // namespace

Evictor::Evictor(EvictorConfig config, model::Catalog& catalog)
    : config_(config),
      catalog_(catalog),
      not_ready_key_(catalog.intern("node.kubernetes.io/not-ready")),
      unreachable_key_(catalog.intern("node.kubernetes.io/unreachable")) {}

bool Evictor::evictable(const model::Pod& pod) {
  return is_active(pod) && pod.node.valid() && pod.meta.owner.kind != model::Kind::daemon_set;
}

bool Evictor::is_lost(ZoneId zone) const {
  return zone.index < lost_zones_.size() && lost_zones_[zone.index];
}

// ---- (a) taints ----

/// When the pod must go: the earliest end of a tolerated time; at once if a taint is not tolerated.
TimePoint Evictor::deadline_of(const model::Pod& pod, const NodeState& node) const {
  TimePoint deadline = TimePoint::max();
  const model::PodSpec& spec = catalog_.spec(pod.spec);
  for (std::size_t i = 0; i < node.no_execute.size(); ++i) {
    const model::Taint& taint = node.no_execute[i];
    std::int64_t tolerated = 0;
    if (const model::Toleration* found = model::find_toleration(spec.tolerations, taint)) {
      tolerated = found->seconds;
    } else if (taint.key == not_ready_key_ || taint.key == unreachable_key_) {
      tolerated = config_.default_toleration_seconds;
    }
    if (ARCAS_MUTANT("toleration-forgotten")) tolerated = 0;
    if (tolerated < 0 || tolerated > TimePoint::max().ns / kSecond / 2) continue;
    deadline = std::min(deadline, node.since[i] + seconds(tolerated));
  }
  return deadline;
}

void Evictor::set_deadline(NodeId id, TimePoint deadline) {
  NodeState& node = nodes_[id.index];
  if (node.deadline == deadline) return;
  if (node.deadline != TimePoint::max()) deadlines_.erase({node.deadline.ns, id.index});
  node.deadline = deadline;
  if (deadline != TimePoint::max()) deadlines_.insert({deadline.ns, id.index});
}

void Evictor::on_node(TimePoint now, const model::Node& node, const state::PodTable& pods) {
  if (nodes_.size() <= node.id.index) nodes_.resize(node.id.index + std::size_t{1});
  NodeState& state = nodes_[node.id.index];
  state.known = true;
  state.zone = node.zone;
  std::vector<model::Taint> no_execute;
  for (const model::Taint& taint : node.taints) {
    if (taint.effect == model::TaintEffect::no_execute) no_execute.push_back(taint);
  }
  if (no_execute == state.no_execute) return;
  std::vector<TimePoint> since;
  for (const model::Taint& taint : no_execute) {
    const auto known = std::find(state.no_execute.begin(), state.no_execute.end(), taint);
    since.push_back(known != state.no_execute.end()
                        ? state.since[static_cast<std::size_t>(known - state.no_execute.begin())]
                        : since_of(taint, now));
  }
  state.no_execute = std::move(no_execute);
  state.since = std::move(since);
  TimePoint deadline = TimePoint::max();
  if (!state.no_execute.empty()) {
    pods.for_each_on_node(node.id, [&](const model::Pod& pod) {
      if (evictable(pod)) deadline = std::min(deadline, deadline_of(pod, state));
    });
  }
  set_deadline(node.id, deadline);
}

void Evictor::on_node_removed(NodeId id) {
  if (id.index >= nodes_.size()) return;
  set_deadline(id, TimePoint::max());
  nodes_[id.index] = NodeState{};
}

void Evictor::on_pod(const model::Pod* before, const model::Pod* after) {
  const model::Pod& pod = after != nullptr ? *after : *before;
  if (!ordered_.empty()) settle_order(pod, after != nullptr && evictable(pod));
  const bool bound_now =
      after != nullptr && pod.node.valid() && (before == nullptr || !before->node.valid());
  if (!bound_now || !is_active(pod)) return;
  release_capacity(pod);
  if (pod.node.index >= nodes_.size() || !evictable(pod)) return;
  const NodeState& node = nodes_[pod.node.index];
  if (is_lost(node.zone)) queue_up(pod, false);
  if (node.no_execute.empty()) return;
  set_deadline(pod.node, std::min(node.deadline, deadline_of(pod, node)));
}

/// An order is done when the pod terminates or is gone. When the pod changed in another way, the
/// order was made on an old basis and was, or will be, refused: the pod is looked at again.
void Evictor::settle_order(const model::Pod& pod, bool still_there) {
  const auto it = ordered_.find(pod.meta.uid.value);
  if (it == ordered_.end()) return;
  if (still_there && it->second == pod.meta.resource_version) return;
  ordered_.erase(it);
  if (still_there) look_again(pod);
}

void Evictor::look_again(const model::Pod& pod) {
  if (pod.node.index >= nodes_.size()) return;
  const NodeState& node = nodes_[pod.node.index];
  if (is_lost(node.zone)) {
    queue_up(pod, true);
  } else if (!node.no_execute.empty()) {
    set_deadline(pod.node, std::min(node.deadline, deadline_of(pod, node)));
  }
}

void Evictor::on_refused(Uid uid, const state::PodTable& pods) {
  if (ordered_.erase(uid.value) == 0) return;
  const model::Pod* pod = pods.find(uid);
  if (pod != nullptr && evictable(*pod)) look_again(*pod);
}

// ---- limits ----

/// When the next token is there. The bucket is full at tokens_full_at_ns_; each token taken moves
/// that by one interval.
TimePoint Evictor::token_at() const {
  if (config_.qps <= 0) return TimePoint{0};
  return {tokens_full_at_ns_ - kSecond / config_.qps * (std::max(config_.burst, 1) - 1)};
}

void Evictor::take_token(TimePoint now) {
  if (config_.qps <= 0) return;
  tokens_full_at_ns_ = std::max(tokens_full_at_ns_, now.ns) + kSecond / config_.qps;
}

void Evictor::drop_old_evictions(TimePoint now) {
  while (!recent_.empty() && recent_.front().first + config_.cap_window <= now) {
    recent_total_ -= recent_.front().second;
    recent_.pop_front();
  }
  if (recent_.empty()) paused_ = false;
}

/// Invariant I50. The pause ends when a whole window has passed without an eviction, or by hand.
/// Pods that go, and their replacements, would count twice: so those that were active at the first
/// eviction of the window count. Cost: O(pods) then, O(1) otherwise.
bool Evictor::under_cap(TimePoint now, const state::PodTable& pods, Effects& out) {
  if (config_.cap_percent <= 0 || ARCAS_MUTANT("evictions-uncapped")) return true;
  if (paused_) return false;
  if (recent_.empty()) {
    active_at_first_ = 0;
    pods.for_each([&](const model::Pod& pod) { active_at_first_ += is_active(pod) ? 1 : 0; });
  }
  const std::int64_t share = active_at_first_ * config_.cap_percent / 100;
  const std::int64_t cap = std::max<std::int64_t>(config_.cap_minimum, share);
  if (recent_total_ < cap) {
    count(now, 1);
    return true;
  }
  paused_ = true;
  out.notes.push_back({"evictions-paused", 0, recent_total_});
  return false;
}

void Evictor::count(TimePoint now, std::int32_t evictions) {
  recent_total_ += evictions;
  if (recent_.empty() || recent_.back().first != now) recent_.emplace_back(now, 0);
  recent_.back().second += evictions;
}

model::SpentEvictions Evictor::spent(TimePoint now) const {
  model::SpentEvictions spent;
  spent.as_of = now;
  spent.active_at_first = active_at_first_;
  const std::int64_t part = std::max<std::int64_t>(config_.cap_window.ns / kParts, 1);
  for (const auto& [at, count] : recent_) {
    const Duration age = now - at;
    if (age >= config_.cap_window) continue;
    if (!spent.parts.empty() && spent.parts.back().age.ns / part == age.ns / part) {
      spent.parts.back().age = age;
      spent.parts.back().count += count;
    } else {
      spent.parts.push_back({age, count});
    }
  }
  return spent;
}

void Evictor::inherit(TimePoint now, const model::SpentEvictions& spent) {
  if (spent.as_of.ns < 0) return;
  active_at_first_ = spent.active_at_first;
  for (const auto& part : spent.parts) count(now - part.age, part.count);
  unrecorded_since_ = spent.as_of;
}

/// Evictions that the predecessor ordered after it wrote down what it had spent. Cost: O(pods),
/// once.
void Evictor::count_unrecorded(TimePoint now, const state::PodTable& pods) {
  const TimePoint since = std::exchange(unrecorded_since_, TimePoint::max());
  const StringId reason = catalog_.strings.find(kReason);
  if (!reason.valid()) return;  // nobody was ever evicted
  std::int32_t unrecorded = 0;
  std::int64_t active = 0;
  pods.for_each([&](const model::Pod& pod) {
    active += is_active(pod) ? 1 : 0;
    unrecorded += pod.reason == reason && pod.meta.deleted_at >= since ? 1 : 0;
  });
  if (unrecorded == 0) return;
  if (recent_.empty()) active_at_first_ = active + unrecorded;
  count(now, unrecorded);
}

void Evictor::resume(TimePoint /*now*/) {
  paused_ = false;
  recent_.clear();
  recent_total_ = 0;
}

// ---- acting ----

void Evictor::on_feed(ZoneId zone, bool heard) {
  if (!zone.valid()) return;
  if (unheard_zones_.size() <= zone.index) unheard_zones_.resize(zone.index + std::size_t{1});
  unheard_zones_[zone.index] = !heard;
}

void Evictor::tick_taints(TimePoint now, const state::PodTable& pods, Effects& out) {
  drop_old_evictions(now);
  bool stopped = paused_;
  while (!stopped && !deadlines_.empty() && deadlines_.begin()->first <= now.ns) {
    const NodeId id{deadlines_.begin()->second};
    const NodeState& node = nodes_[id.index];
    TimePoint next = TimePoint::max();
    if (node.zone.index < unheard_zones_.size() && unheard_zones_[node.zone.index]) {
      set_deadline(id, now + kLookAgain);
      continue;
    }
    // The pods of a lost zone are the business of (b), which has a budget of its own.
    if (!is_lost(node.zone)) {
      pods.for_each_on_node(id, [&](const model::Pod& pod) {
        if (!evictable(pod) || ordered_.contains(pod.meta.uid.value)) return;
        const TimePoint deadline = deadline_of(pod, node);
        if (deadline <= now && !stopped) {
          stopped = token_at() > now || !under_cap(now, pods, out);
          if (!stopped) {
            take_token(now);
            order(pod, now, out);
            out.pods.back().pod.reason = catalog_.intern(kReason);
            return;
          }
        }
        next = std::min(next, deadline);
      });
    }
    set_deadline(id, next);
  }
}

void Evictor::order(const model::Pod& pod, TimePoint now, Effects& out) {
  ordered_[pod.meta.uid.value] = pod.meta.resource_version;
  out.pods.push_back(ARCAS_MUTANT("evicted-at-once") ? removal_of(pod) : eviction_of(pod, now));
}

// ---- (b) zone loss ----

void Evictor::queue_up(const model::Pod& pod, bool charged) {
  if (!pod.meta.owner.uid.valid() && !config_.evict_unowned) return;
  queue_.push_back({catalog_.spec(pod.spec).priority, charged, pod.meta.owner.uid, pod.meta.uid});
}

void Evictor::on_zone_lost(TimePoint now, ZoneId zone, const state::PodTable& pods, Effects& out) {
  if (!zone.valid() || is_lost(zone)) return;
  if (lost_zones_.size() <= zone.index) lost_zones_.resize(zone.index + std::size_t{1});
  lost_zones_[zone.index] = true;
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(queue_head_));
  queue_head_ = 0;
  const std::size_t waiting_before = queue_.size();
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i].known || nodes_[i].zone != zone) continue;
    pods.for_each_on_node(NodeId{i}, [&](const model::Pod& pod) {
      if (evictable(pod) && !ordered_.contains(pod.meta.uid.value)) queue_up(pod, false);
    });
  }
  std::sort(queue_.begin(), queue_.end(), [](const Candidate& a, const Candidate& b) {
    return std::tuple(-std::int64_t{a.priority}, a.owner, a.pod) <
           std::tuple(-std::int64_t{b.priority}, b.owner, b.pod);
  });
  zone_tick_ = now;
  zone_blocked_ = false;
  out.notes.push_back({"zone-evictions-queued", zone.index,
                       static_cast<std::int64_t>(queue_.size() - waiting_before)});
}

void Evictor::on_zone_back(ZoneId zone) {
  if (!is_lost(zone)) return;
  lost_zones_[zone.index] = false;
  // What still waits is of other lost zones or not to be evicted: tick_zones looks at each.
  if (std::find(lost_zones_.begin(), lost_zones_.end(), true) == lost_zones_.end()) {
    queue_.clear();
    queue_head_ = 0;
  }
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].zone != zone || nodes_[i].no_execute.empty()) continue;
    set_deadline(NodeId{i}, TimePoint{0});
  }
}

void Evictor::on_free_capacity(FreeCapacity free) {
  free_ = free;
  zone_blocked_ = false;
}

/// A new pod of a workload that has lost some, bound: its room is out of the free capacity now.
void Evictor::release_capacity(const model::Pod& pod) {
  if (outstanding_by_owner_.empty()) return;
  const auto it = outstanding_by_owner_.find(pod.meta.owner.uid.value);
  if (it == outstanding_by_owner_.end()) return;
  const model::ResourceList& requests = catalog_.spec(pod.spec).requests;
  outstanding_.cpu_milli -= std::min(outstanding_.cpu_milli, requests.get(model::kCpu));
  outstanding_.memory_bytes -= std::min(outstanding_.memory_bytes, requests.get(model::kMemory));
  zone_blocked_ = false;
  if (--it->second > 0) return;
  outstanding_by_owner_.erase(it);
  if (outstanding_by_owner_.empty()) outstanding_ = {};
}

/// Takes the pod's requests out of the free capacity that this side may count on; false if they
/// do not fit into what is left of it.
bool Evictor::charge(const model::Pod& pod) {
  const model::ResourceList& requests = catalog_.spec(pod.spec).requests;
  const auto share = [&](std::int64_t amount) {
    return amount / 100 * config_.capacity_share_percent;
  };
  const std::int64_t cpu = outstanding_.cpu_milli + requests.get(model::kCpu);
  const std::int64_t memory = outstanding_.memory_bytes + requests.get(model::kMemory);
  if (cpu > share(free_.cpu_milli) || memory > share(free_.memory_bytes)) return false;
  outstanding_ = {cpu, memory};
  ++outstanding_by_owner_[pod.meta.owner.uid.value];
  return true;
}

void Evictor::tick_zones(TimePoint now, const state::PodTable& pods, Effects& out) {
  if (queue_head_ == queue_.size() || now < zone_tick_ || zone_blocked_) return;
  std::int32_t evicted = 0;
  while (queue_head_ < queue_.size() && evicted < config_.zone_batch) {
    const Candidate& next = queue_[queue_head_];
    const model::Pod* pod = pods.find(next.pod);
    if (pod != nullptr && evictable(*pod) && is_lost(nodes_[pod->node.index].zone)) {
      const bool free_of_charge = next.charged || !next.owner.valid();
      if (!free_of_charge && !charge(*pod)) {
        zone_blocked_ = true;
        break;
      }
      order(*pod, now, out);
      ++evicted;
    }
    ++queue_head_;
  }
  if (queue_head_ == queue_.size()) {
    queue_.clear();
    queue_head_ = 0;
  }
  zone_tick_ = now + config_.zone_interval;
  if (evicted > 0) out.notes.push_back({"zone-evictions", 0, evicted});
}

void Evictor::tick(TimePoint now, const state::PodTable& pods, Effects& out) {
  if (unrecorded_since_ != TimePoint::max()) count_unrecorded(now, pods);
  tick_taints(now, pods, out);
  tick_zones(now, pods, out);
}

TimePoint Evictor::next_tick(TimePoint now) const {
  TimePoint next = TimePoint::max();
  if (!deadlines_.empty()) {
    next = std::max(TimePoint{deadlines_.begin()->first}, token_at());
    if (paused_) next = std::max(next, recent_.back().first + config_.cap_window);
  }
  if (queue_head_ < queue_.size() && !zone_blocked_) next = std::min(next, zone_tick_);
  return std::max(next, now);
}

}  // namespace arcas::controllers
