#include "core/controllers/node_lifecycle.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/base/mutant.h"

namespace arcas::controllers {
namespace {

using model::ConditionStatus;
using model::TaintEffect;

constexpr TimePoint kNever{-1};

TimePoint later(TimePoint a, TimePoint b) { return a < b ? b : a; }
TimePoint earlier(TimePoint a, TimePoint b) { return a < b ? a : b; }
TimePoint just_after(TimePoint t) { return t + nanoseconds(1); }

}  // namespace

ZoneState compute_zone_state(std::uint32_t ready, std::uint32_t not_ready,
                             std::uint32_t unhealthy_percent) {
  if (ready == 0 && not_ready > 0) return ZoneState::full_disruption;
  const std::uint64_t total = std::uint64_t{ready} + not_ready;
  if (not_ready > 2 && std::uint64_t{not_ready} * 100 >= total * unhealthy_percent) {
    return ZoneState::partial_disruption;
  }
  return ZoneState::normal;
}

bool is_condition_taint(std::string_view key) {
  constexpr std::string_view kPrefix = "node.kubernetes.io/";
  if (!key.starts_with(kPrefix)) return false;
  key.remove_prefix(kPrefix.size());
  return key == "not-ready" || key == "unreachable" || key == "memory-pressure" ||
         key == "disk-pressure" || key == "pid-pressure";
}

bool is_master(std::string_view name) {
  constexpr std::string_view kWord = "master";
  if (name.ends_with(kWord)) return true;
  return name.size() >= 10 && name.substr(0, name.size() - 3).ends_with("master-");
}

NodeLifecycle::NodeLifecycle(NodeLifecycleConfig config, model::Catalog& catalog)
    : config_(config),
      not_ready_key_(catalog.intern("node.kubernetes.io/not-ready")),
      unreachable_key_(catalog.intern("node.kubernetes.io/unreachable")) {
  ARCAS_CHECK(config_.eviction_loop.ns > 0 && config_.monitor_period.ns > 0);
  ARCAS_CHECK(config_.monitor_period.ns % config_.eviction_loop.ns == 0);
}

// ---- signs of life ----

TimePoint NodeLifecycle::Stream::newest_before(TimePoint t) const {
  const TimePoint limit = earlier(t - nanoseconds(1), last);
  if (limit < first) return kNever;
  if (period.ns <= 0) return first;
  return first + period * ((limit - first).ns / period.ns);
}

TimePoint NodeLifecycle::Stream::oldest_from(TimePoint t) const {
  if (last < first) return TimePoint::max();
  if (t <= first) return first;
  if (period.ns <= 0) return TimePoint::max();
  const TimePoint sign = first + period * (((t - first).ns + period.ns - 1) / period.ns);
  return sign <= last ? sign : TimePoint::max();
}

TimePoint NodeLifecycle::newest_sign_before(const NodeState& node, TimePoint t) {
  TimePoint newest = node.single < t ? node.single : node.before;
  newest = later(newest, node.previous.newest_before(t));
  return later(newest, node.current.newest_before(t));
}

TimePoint NodeLifecycle::oldest_sign_from(const NodeState& node, TimePoint t) {
  const TimePoint single = node.single >= t ? node.single : TimePoint::max();
  return earlier(single, earlier(node.previous.oldest_from(t), node.current.oldest_from(t)));
}

bool NodeLifecycle::accept(NodeId id, std::uint64_t epoch) {
  if (!known(id) || epoch < nodes_[id.index].epoch) return false;
  nodes_[id.index].epoch = epoch;
  return true;
}

void NodeLifecycle::heartbeat(TimePoint now, NodeId id, std::uint64_t epoch) {
  if (!accept(id, epoch)) return;
  NodeState& node = nodes_[id.index];
  if (now <= node.single) return;
  node.before = node.single;
  node.single = now;
  if (node.condition != ConditionStatus::yes) schedule(id, monitor_slot_after(now));
}

void NodeLifecycle::steady(TimePoint now, NodeId id, std::uint64_t epoch, TimePoint first,
                           Duration period) {
  if (!accept(id, epoch)) return;
  NodeState& node = nodes_[id.index];
  // The oldest of three streams is folded into the single signs.
  const TimePoint folded = node.previous.newest_before(just_after(now));
  if (folded > node.single) {
    node.before = later(node.single, node.previous.newest_before(folded));
    node.single = folded;
  }
  node.previous = node.current;
  node.previous.last = earlier(node.previous.last, first - nanoseconds(1));
  node.current = {first, period, TimePoint::max()};
  plan(id, now);
}

void NodeLifecycle::stopped(TimePoint now, NodeId id, std::uint64_t epoch, TimePoint last) {
  if (!accept(id, epoch)) return;
  nodes_[id.index].current.last = earlier(nodes_[id.index].current.last, last);
  plan(id, now);
}

void NodeLifecycle::reported(TimePoint now, NodeId id, bool ready) {
  if (!known(id) || nodes_[id.index].agent_ready == ready) return;
  nodes_[id.index].agent_ready = ready;
  schedule(id, monitor_slot_after(now));
}

// ---- membership ----

void NodeLifecycle::add(NodeId id, ZoneId zone, bool counts) {
  if (nodes_.size() <= id.index) nodes_.resize(id.index + std::size_t{1});
  nodes_[id.index] = NodeState{};
  nodes_[id.index].known = true;
  nodes_[id.index].zone = zone;
  nodes_[id.index].counts = counts;
  ++zone_at(zone).members;
  if (counts) ++zone_at(zone).nodes;
}

void NodeLifecycle::registered(TimePoint now, NodeId id, ZoneId zone, bool counts) {
  if (known(id)) {
    if (nodes_[id.index].zone == zone) return;
    removed(now, id);
  }
  add(id, zone, counts);
  nodes_[id.index].floor = now;
  zones_due_ = earlier(zones_due_, monitor_slot_after(now));
  plan(id, now);
}

void NodeLifecycle::restored(TimePoint now, const model::Node& stored, bool counts) {
  if (known(stored.id)) return;
  add(stored.id, stored.zone, counts);
  NodeState& node = nodes_[stored.id.index];
  node.floor = now;
  node.restored = true;
  node.condition = stored.ready;
  if (counts && node.condition == ConditionStatus::yes) ++zone_at(stored.zone).ready;
  for (const model::Taint& taint : stored.taints) {
    const bool not_ready = taint.key == not_ready_key_;
    if (!not_ready && taint.key != unreachable_key_) continue;
    const ConditionStatus status = not_ready ? ConditionStatus::no : ConditionStatus::unknown;
    if (taint.effect == TaintEffect::no_schedule) node.schedule_taint = status;
    if (taint.effect == TaintEffect::no_execute) {
      node.execute_taint = status;
      node.taint = TaintState::tainted;
    }
  }
  zones_due_ = earlier(zones_due_, monitor_slot_after(now));
  plan(stored.id, now);
}

void NodeLifecycle::removed(TimePoint now, NodeId id) {
  if (!known(id)) return;
  NodeState& node = nodes_[id.index];
  Zone& zone = zone_at(node.zone);
  if (node.taint == TaintState::queued) zone.queue.erase({node.queued_at.ns, id.index});
  if (node.counts && node.condition == ConditionStatus::yes) --zone.ready;
  if (node.counts) --zone.nodes;
  --zone.members;
  unschedule(id);
  node = NodeState{};
  zones_due_ = earlier(zones_due_, monitor_slot_after(now));
}

NodeLifecycle::Zone& NodeLifecycle::zone_at(ZoneId id) {
  ARCAS_CHECK(id.valid());
  if (zones_.size() <= id.index) {
    zones_.resize(id.index + std::size_t{1});
  }
  Zone& zone = zones_[id.index];
  if (!zone.exists) {
    zone.exists = true;
    zone.interval = zone.lost ? Duration{} : config_.eviction_interval;
  }
  return zone;
}

// ---- planning: the earliest slot at which a node can change ----

TimePoint NodeLifecycle::monitor_slot_after(TimePoint t) const {
  const std::int64_t period = config_.monitor_period.ns;
  if (t.ns > TimePoint::max().ns - period) return TimePoint::max();
  return {t.ns < 0 ? 0 : (t.ns / period + 1) * period};
}

void NodeLifecycle::unschedule(NodeId id) {
  NodeState& node = nodes_[id.index];
  if (node.check_at != TimePoint::max()) due_.erase({node.check_at.ns, id.index});
  node.check_at = TimePoint::max();
}

void NodeLifecycle::schedule(NodeId id, TimePoint slot) {
  NodeState& node = nodes_[id.index];
  if (slot >= node.check_at) return;
  unschedule(id);
  node.check_at = slot;
  due_.insert({slot.ns, id.index});
}

/// The first slot at which no sign of life is younger than the grace.
TimePoint NodeLifecycle::stale_slot(const NodeState& node, TimePoint after) const {
  TimePoint newest = newest_sign_before(node, just_after(after));
  for (int streams = 0; streams < 3; ++streams) {
    const bool heard = newest.ns >= 0 || node.restored;
    const Duration grace = heard ? config_.grace : config_.startup_grace;
    const TimePoint slot = monitor_slot_after(later(newest, node.floor) + grace);
    const TimePoint next = oldest_sign_from(node, just_after(newest));
    if (next >= slot) return slot > after ? slot : monitor_slot_after(after);
    const Stream& stream =
        node.previous.oldest_from(just_after(newest)) == next ? node.previous : node.current;
    if (stream.period > config_.grace) return monitor_slot_after(next + config_.grace);
    if (stream.last == TimePoint::max()) return TimePoint::max();
    newest = later(next, stream.newest_before(just_after(stream.last)));
  }
  return monitor_slot_after(later(newest, after));
}

/// The first slot that sees a sign of life that is young enough.
TimePoint NodeLifecycle::sign_slot(const NodeState& node, TimePoint after) const {
  const TimePoint slot = monitor_slot_after(after);
  const TimePoint newest = newest_sign_before(node, just_after(after));
  if (newest.ns >= 0 && slot <= newest + config_.grace) return slot;
  const TimePoint next = oldest_sign_from(node, just_after(after));
  return next == TimePoint::max() ? next : monitor_slot_after(next);
}

/// The first slot at which a node that is not ready may be queued for its taint, or get another.
TimePoint NodeLifecycle::taint_slot(const NodeState& node, TimePoint after) const {
  if (all_dark_ || node.taint == TaintState::queued) return TimePoint::max();
  if (node.taint == TaintState::tainted && node.execute_taint == node.condition) {
    return TimePoint::max();
  }
  if (node.condition == ConditionStatus::no) return monitor_slot_after(after);
  return stale_slot(node, after);
}

void NodeLifecycle::plan(NodeId id, TimePoint after) {
  const NodeState& node = nodes_[id.index];
  if (node.check_at <= after) return;  // due now; the check plans again
  const ConditionStatus wanted = node.agent_ready ? ConditionStatus::yes : ConditionStatus::no;
  TimePoint slot = TimePoint::max();
  if (node.condition != wanted) slot = sign_slot(node, after);
  if (node.condition != ConditionStatus::yes) slot = earlier(slot, taint_slot(node, after));
  const bool settled =
      node.condition == ConditionStatus::unknown && node.schedule_taint == ConditionStatus::unknown;
  if (!settled) slot = earlier(slot, stale_slot(node, after));
  if (slot == node.check_at) return;
  unschedule(id);
  schedule(id, slot);
}

// ---- a monitor slot ----

model::Taint NodeLifecycle::taint_for(ConditionStatus condition, TaintEffect effect,
                                      TimePoint added) const {
  const StringId key = condition == ConditionStatus::no ? not_ready_key_ : unreachable_key_;
  return {key, {}, effect, added.ns};
}

void NodeLifecycle::check(NodeId id, TimePoint slot, std::vector<NodeEffect>& out) {
  NodeState& node = nodes_[id.index];
  const ConditionStatus before = node.condition;
  const TimePoint heard = newest_sign_before(node, slot);
  const bool ever = heard.ns >= 0 || node.restored;
  const Duration grace = ever ? config_.grace : config_.startup_grace;
  const bool stale = slot > later(heard, node.floor) + grace;
  const bool fresh = heard.ns >= 0 && slot <= heard + config_.grace;
  if (stale) {
    node.condition = ConditionStatus::unknown;
  } else if (fresh) {
    node.condition = node.agent_ready ? ConditionStatus::yes : ConditionStatus::no;
  }
  if (node.condition != before) {
    out.push_back(SetNodeCondition{id, node.condition});
    Zone& zone = zone_at(node.zone);
    if (node.counts && node.condition == ConditionStatus::yes) ++zone.ready;
    if (node.counts && before == ConditionStatus::yes) --zone.ready;
    zones_due_ = earlier(zones_due_, slot);
  }
  update_schedule_taint(id, slot, stale, out);
  update_execute_taint(id, slot, fresh ? node.condition : before, stale, out);
  plan(id, slot);
}

void NodeLifecycle::update_schedule_taint(NodeId id, TimePoint slot, bool stale,
                                          std::vector<NodeEffect>& out) {
  NodeState& node = nodes_[id.index];
  // A node that is still starting has no condition yet, and no taint.
  if (node.condition == ConditionStatus::unknown && !stale) return;
  if (node.schedule_taint == node.condition) return;
  if (node.schedule_taint != ConditionStatus::yes) {
    out.push_back(RemoveTaint{id, taint_for(node.schedule_taint, TaintEffect::no_schedule, {})});
  }
  if (node.condition != ConditionStatus::yes) {
    out.push_back(AddTaint{id, taint_for(node.condition, TaintEffect::no_schedule, slot)});
  }
  node.schedule_taint = node.condition;
}

/// `seen`: the condition that this slot found. What the agent says shows at once, what the monitor
/// itself concludes shows in the next slot, as in Kubernetes.
void NodeLifecycle::update_execute_taint(NodeId id, TimePoint slot, ConditionStatus seen,
                                         bool stale, std::vector<NodeEffect>& out) {
  NodeState& node = nodes_[id.index];
  if (node.condition == ConditionStatus::yes) {
    clear_execute_taint(id, out);
    return;
  }
  if (all_dark_ || seen == ConditionStatus::yes) return;
  if (seen == ConditionStatus::unknown && !stale) return;
  if (node.taint == TaintState::none) {
    node.taint = TaintState::queued;
    node.queued_at = slot;
    zone_at(node.zone).queue.insert({slot.ns, id.index});
  } else if (node.taint == TaintState::tainted && node.execute_taint != seen) {
    out.push_back(RemoveTaint{id, taint_for(node.execute_taint, TaintEffect::no_execute, {})});
    out.push_back(AddTaint{id, taint_for(seen, TaintEffect::no_execute, slot)});
    node.execute_taint = seen;
  }
}

void NodeLifecycle::clear_execute_taint(NodeId id, std::vector<NodeEffect>& out) {
  NodeState& node = nodes_[id.index];
  if (node.taint == TaintState::queued) {
    zone_at(node.zone).queue.erase({node.queued_at.ns, id.index});
  } else if (node.taint == TaintState::tainted) {
    out.push_back(RemoveTaint{id, taint_for(node.execute_taint, TaintEffect::no_execute, {})});
    node.execute_taint = ConditionStatus::yes;
  }
  node.taint = TaintState::none;
}

// ---- zones ----

void NodeLifecycle::set_limiter(TimePoint now, Zone& zone) {
  Duration interval = config_.eviction_interval;
  if (zone.state == ZoneState::partial_disruption) {
    const bool large = zone.nodes > config_.large_zone_threshold;
    interval = large ? config_.secondary_eviction_interval : Duration{};
  }
  if (all_dark_ || zone.lost) interval = Duration{};
  if (interval == zone.interval) return;
  // A limiter that has no token hands none to its successor.
  const bool has_token = zone.interval.ns > 0 && now >= zone.token_at;
  zone.token_at = has_token ? now : now + interval;
  zone.interval = interval;
}

void NodeLifecycle::change_state(Zone& zone, std::uint32_t index, ZoneState state,
                                 std::vector<NodeEffect>& out) {
  if (zone.state == state) return;
  out.push_back(ZoneStateChanged{ZoneId{index}, zone.state, state});
  zone.state = state;
}

void NodeLifecycle::handle_disruption(TimePoint slot, std::vector<NodeEffect>& out) {
  bool any = false;
  bool dark = true;
  for (Zone& zone : zones_) {
    if (zone.exists && zone.members == 0) {
      const bool lost = zone.lost;
      zone = Zone{};
      zone.lost = lost;
    }
    if (!zone.exists || zone.nodes == 0) continue;
    any = true;
    dark = dark && zone.ready == 0;
  }
  if (!any) {
    all_dark_ = false;
    return;
  }
  if (dark && !ARCAS_MUTANT("darkness-ignored")) {
    enter_darkness(slot, out);
    return;
  }
  const bool leaving = all_dark_;
  all_dark_ = false;
  for (std::uint32_t i = 0; i < zones_.size(); ++i) {
    Zone& zone = zones_[i];
    if (!zone.exists) continue;
    const ZoneState state =
        compute_zone_state(zone.ready, zone.nodes - zone.ready, config_.unhealthy_percent);
    const bool changed = state != zone.state;
    change_state(zone, i, state, out);
    if (changed || leaving) set_limiter(slot, zone);
  }
  if (leaving) leave_darkness(slot);
}

void NodeLifecycle::enter_darkness(TimePoint slot, std::vector<NodeEffect>& out) {
  for (std::uint32_t i = 0; i < zones_.size(); ++i) {
    if (zones_[i].exists) change_state(zones_[i], i, ZoneState::full_disruption, out);
  }
  if (all_dark_) {
    for (Zone& zone : zones_) {
      if (zone.exists) set_limiter(slot, zone);
    }
    return;
  }
  all_dark_ = true;
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i].known) continue;
    clear_execute_taint(NodeId{i}, out);
    plan(NodeId{i}, slot);
  }
  for (Zone& zone : zones_) {
    if (zone.exists) set_limiter(slot, zone);
  }
}

void NodeLifecycle::leave_darkness(TimePoint slot) {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].known) restart_grace(NodeId{i}, slot);
  }
}

void NodeLifecycle::restart_grace(NodeId id, TimePoint now) {
  NodeState& node = nodes_[id.index];
  node.floor = now;
  plan(id, now);
}

void NodeLifecycle::zone_lost(TimePoint now, ZoneId id) {
  Zone& zone = zone_at(id);
  zone.lost = true;
  set_limiter(now, zone);
}

void NodeLifecycle::zone_back(TimePoint now, ZoneId id) {
  Zone& zone = zone_at(id);
  if (!zone.lost) return;
  zone.lost = false;
  set_limiter(now, zone);
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    NodeState& node = nodes_[i];
    if (!node.known || node.zone != id) continue;
    if (node.taint == TaintState::queued) {
      zone.queue.erase({node.queued_at.ns, i});
      node.taint = TaintState::none;
    }
    restart_grace(NodeId{i}, now);
  }
}

// ---- the eviction loop and the clock ----

TimePoint NodeLifecycle::eviction_slot(const Zone& zone) const {
  if (zone.queue.empty() || zone.interval.ns <= 0) return TimePoint::max();
  const std::int64_t at = std::max(zone.token_at.ns, zone.queue.begin()->first);
  const std::int64_t loop = config_.eviction_loop.ns;
  return {(at + loop - 1) / loop * loop};
}

void NodeLifecycle::evict(TimePoint slot, std::vector<NodeEffect>& out) {
  for (Zone& zone : zones_) {
    while (eviction_slot(zone) <= slot) {
      const NodeId id{zone.queue.begin()->second};
      zone.queue.erase(zone.queue.begin());
      zone.token_at = slot + zone.interval;
      NodeState& node = nodes_[id.index];
      node.taint = TaintState::tainted;
      node.execute_taint = node.condition;
      out.push_back(AddTaint{id, taint_for(node.condition, TaintEffect::no_execute, slot)});
    }
  }
}

TimePoint NodeLifecycle::next_slot() const {
  TimePoint slot = zones_due_;
  if (!due_.empty()) slot = earlier(slot, TimePoint{due_.begin()->first});
  for (const Zone& zone : zones_) slot = earlier(slot, eviction_slot(zone));
  return slot;
}

TimePoint NodeLifecycle::tick(TimePoint now, std::vector<NodeEffect>& out) {
  for (TimePoint slot = next_slot(); slot <= now; slot = next_slot()) {
    while (!due_.empty() && due_.begin()->first <= slot.ns) {
      const NodeId id{due_.begin()->second};
      unschedule(id);
      check(id, slot, out);
    }
    if (zones_due_ <= slot) {
      zones_due_ = TimePoint::max();
      handle_disruption(slot, out);
    }
    evict(slot, out);
  }
  return next_slot();
}

TimePoint NodeLifecycle::next_tick(TimePoint now) const {
  const TimePoint slot = next_slot();
  return slot <= now ? now : slot;
}

// ---- views ----

ConditionStatus NodeLifecycle::condition(NodeId id) const {
  return known(id) ? nodes_[id.index].condition : ConditionStatus::unknown;
}
ZoneState NodeLifecycle::zone_state(ZoneId id) const {
  return id.index < zones_.size() ? zones_[id.index].state : ZoneState::initial;
}
std::uint32_t NodeLifecycle::ready_count(ZoneId id) const {
  return id.index < zones_.size() ? zones_[id.index].ready : 0;
}
std::uint32_t NodeLifecycle::node_count(ZoneId id) const {
  return id.index < zones_.size() ? zones_[id.index].nodes : 0;
}

}  // namespace arcas::controllers
