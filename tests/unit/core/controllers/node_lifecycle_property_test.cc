#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/base/rng.h"
#include "core/controllers/node_lifecycle.h"

namespace arcas::controllers {
namespace {

using model::ConditionStatus;
using model::TaintEffect;

// ---- a timeline of what happens to the nodes ----

enum class What { add, remove, beat, begin, end, ready, not_ready };
struct Event {
  TimePoint at;
  What what = What::beat;
  NodeId node;
  ZoneId zone;
  std::uint64_t epoch = 1;
  TimePoint first;  // begin: first arrival; end: last arrival
  Duration period;
};
struct Timeline {
  NodeLifecycleConfig config;
  TimePoint end;
  bool signs_first = false;    // of two things at one instant, the sign of life before the tick
  std::vector<Event> common;   // memberships and reports
  std::vector<Event> single;   // every sign of life
  std::vector<Event> streams;  // the same as streams
};

void add_sending(RandomStream& rng, Timeline& timeline, NodeId node, std::uint64_t epoch,
                 TimePoint from, TimePoint to, Duration period) {
  const Duration latency = rng.between(milliseconds(0), milliseconds(400));
  TimePoint last = from + latency - nanoseconds(1);
  for (TimePoint t = from; t < to; t = t + period) {
    last = t + latency;
    timeline.single.push_back({last, What::beat, node, {}, epoch, {}, {}});
  }
  timeline.streams.push_back({from, What::begin, node, {}, epoch, from + latency, period});
  timeline.streams.push_back({to, What::end, node, {}, epoch, last, {}});
}

TimePoint some_time(RandomStream& rng, TimePoint from, TimePoint to, bool on_grid) {
  const TimePoint t{rng.between(from.ns, std::max(from.ns, to.ns))};
  const std::int64_t grid = milliseconds(2500).ns;
  return on_grid ? TimePoint{t.ns / grid * grid} : t;
}

void add_life(RandomStream& rng, Timeline& timeline, NodeId node, ZoneId zone, TimePoint cut_from,
              TimePoint cut_to) {
  const bool on_grid = rng.chance(1, 4);
  const Duration period =
      rng.chance(1, 12) ? seconds(rng.between(41, 70)) : seconds(rng.between(5, 20));
  TimePoint t = rng.chance(3, 4) ? TimePoint{0} : some_time(rng, {0}, timeline.end, on_grid);
  timeline.common.push_back({t, What::add, node, zone, 1, {}, {}});
  t = t + milliseconds(1);  // an agent sends only after it registered
  std::uint64_t epoch = 1;
  const bool never = rng.chance(1, 12);
  while (t < timeline.end && !never) {
    TimePoint to =
        rng.chance(2, 3) ? timeline.end + seconds(100) : some_time(rng, t, timeline.end, on_grid);
    const bool cut = cut_from <= cut_to && t <= cut_from && to > cut_from;
    if (cut) to = cut_from;
    to = std::max(to, t);
    if (t < cut_from || t >= cut_to) {
      add_sending(rng, timeline, node, epoch++, t, to, period);
    }
    t = to + rng.between(seconds(2), seconds(rng.chance(1, 2) ? 20 : 150));
    if (cut) t = std::max(t, cut_to);
    if (rng.chance(1, 8)) break;
  }
  if (rng.chance(1, 6)) {
    const TimePoint down = some_time(rng, {0}, timeline.end, on_grid);
    timeline.common.push_back({down, What::not_ready, node, {}, 1, {}, {}});
    timeline.common.push_back(
        {some_time(rng, down, timeline.end, on_grid), What::ready, node, {}, 1, {}, {}});
  }
  if (rng.chance(1, 10)) {
    timeline.common.push_back(
        {some_time(rng, {0}, timeline.end, on_grid), What::remove, node, {}, 1, {}, {}});
  }
}

Timeline make_timeline(std::uint64_t seed) {
  RandomStream rng(seed);
  Timeline timeline;
  timeline.end = TimePoint{0} + seconds(rng.between(150, 420));
  timeline.signs_first = rng.chance(1, 2);
  timeline.config.large_zone_threshold = static_cast<std::uint32_t>(rng.between(2, 8));
  timeline.config.secondary_eviction_interval = seconds(35);
  const std::int64_t zones = rng.between(1, 3);
  const bool everything_dark = rng.chance(1, 3);
  const auto window = [&] {
    const TimePoint from = some_time(rng, {0}, timeline.end, false);
    return std::pair(from, from + rng.between(seconds(20), seconds(200)));
  };
  const auto dark = window();
  std::uint32_t next = 0;
  for (std::uint32_t zone = 0; zone < zones; ++zone) {
    const bool cut = everything_dark || rng.chance(1, 3);
    const auto own = everything_dark ? dark : window();
    for (std::int64_t n = rng.between(1, 10); n > 0; --n) {
      add_life(rng, timeline, NodeId{next++}, ZoneId{zone}, cut ? own.first : TimePoint::max(),
               cut ? own.second : TimePoint{0});
    }
  }
  return timeline;
}

using Record = std::pair<TimePoint, NodeEffect>;

std::string text_of(const Record& record) {
  std::string text = to_string(record.first - TimePoint{0}) + " ";
  if (const auto* c = std::get_if<SetNodeCondition>(&record.second)) {
    text += "condition " + std::to_string(c->node.index) + " " +
            std::to_string(static_cast<int>(c->ready));
  } else if (const auto* a = std::get_if<AddTaint>(&record.second)) {
    text += "add " + std::to_string(a->node.index) + " " + std::to_string(a->taint.key.index) +
            " effect " + std::to_string(static_cast<int>(a->taint.effect));
  } else if (const auto* r = std::get_if<RemoveTaint>(&record.second)) {
    text += "remove " + std::to_string(r->node.index) + " " + std::to_string(r->taint.key.index) +
            " effect " + std::to_string(static_cast<int>(r->taint.effect));
  } else if (const auto* z = std::get_if<ZoneStateChanged>(&record.second)) {
    text += "zone " + std::to_string(z->zone.index) + " " +
            std::to_string(static_cast<int>(z->from)) + "->" +
            std::to_string(static_cast<int>(z->to));
  }
  return text;
}

/// Runs a decider through a timeline; `slots`: tick at every slot, else at next_tick only.
template <class Decider>
std::vector<Record> run(const Timeline& timeline, bool streams, bool slots, Decider& decider,
                        std::size_t* ticks) {
  std::vector<Event> events = timeline.common;
  const auto& signs = streams ? timeline.streams : timeline.single;
  events.insert(events.end(), signs.begin(), signs.end());
  const auto is_sign = [](const Event& e) {
    return e.what == What::beat || e.what == What::begin || e.what == What::end;
  };
  // At one instant: signs of life either all first or all last, the rest in a fixed order.
  std::stable_sort(events.begin(), events.end(), [&](const Event& a, const Event& b) {
    if (a.at != b.at) return a.at < b.at;
    return timeline.signs_first ? is_sign(a) > is_sign(b) : is_sign(a) < is_sign(b);
  });
  std::vector<Record> records;
  std::vector<NodeEffect> out;
  std::size_t next = 0;
  TimePoint slot{0};
  const auto apply = [&](const Event& e) {
    switch (e.what) {
      case What::add:
        return decider.registered(e.at, e.node, e.zone);
      case What::remove:
        return decider.removed(e.at, e.node);
      case What::beat:
        return decider.heartbeat(e.at, e.node, e.epoch);
      case What::begin:
        return decider.steady(e.at, e.node, e.epoch, e.first, e.period);
      case What::end:
        return decider.stopped(e.at, e.node, e.epoch, e.first);
      case What::ready:
        return decider.reported(e.at, e.node, true);
      case What::not_ready:
        return decider.reported(e.at, e.node, false);
    }
  };
  const auto before_tick = [&](const Event& e, TimePoint tick) {
    return e.at < tick || (e.at == tick && timeline.signs_first && is_sign(e));
  };
  for (;;) {
    const TimePoint event_at = next < events.size() ? events[next].at : TimePoint::max();
    if (!slots) slot = decider.next_tick(TimePoint{0});
    if (std::min(event_at, slot) > timeline.end) break;
    if (next < events.size() && before_tick(events[next], slot)) {
      apply(events[next++]);
      continue;
    }
    out.clear();
    ++*ticks;
    decider.tick(slot, out);
    for (const NodeEffect& effect : out) records.emplace_back(slot, effect);
    if (slots) slot = slot + timeline.config.eviction_loop;
  }
  return records;
}

// ---- the oracle: looks at every node in every slot, knows nothing of plans or streams ----

class Naive {
 public:
  Naive(NodeLifecycleConfig config, model::Catalog& catalog)
      : config_(config),
        not_ready_(catalog.intern("node.kubernetes.io/not-ready")),
        unreachable_(catalog.intern("node.kubernetes.io/unreachable")) {}

  void registered(TimePoint now, NodeId id, ZoneId zone) { nodes_[id] = {zone, now}; }
  void removed(TimePoint, NodeId id) { nodes_.erase(id); }
  void heartbeat(TimePoint now, NodeId id, std::uint64_t) {
    if (nodes_.contains(id)) nodes_[id].signs.push_back(now);
  }
  void reported(TimePoint, NodeId id, bool ready) {
    if (nodes_.contains(id)) nodes_[id].agent_ready = ready;
  }
  void steady(TimePoint, NodeId, std::uint64_t, TimePoint, Duration) {}
  void stopped(TimePoint, NodeId, std::uint64_t, TimePoint) {}
  TimePoint next_tick(TimePoint) const { return TimePoint::max(); }

  void tick(TimePoint t, std::vector<NodeEffect>& out) {
    if (t.ns % config_.monitor_period.ns == 0) monitor(t, out);
    for (auto& [zone, state] : zones_) {
      for (;;) {
        NodeId best;
        for (auto& [id, node] : nodes_) {
          if (node.zone != zone || !node.queued) continue;
          if (!best.valid() || node.queued_at < nodes_[best].queued_at) best = id;
        }
        if (!best.valid() || state.interval.ns == 0 || t < state.token_at) break;
        state.token_at = t + state.interval;
        nodes_[best].queued = false;
        nodes_[best].execute = nodes_[best].condition;
        out.push_back(AddTaint{best, taint(nodes_[best].condition, TaintEffect::no_execute, t)});
      }
    }
  }

 private:
  struct Node {
    ZoneId zone;
    TimePoint floor;
    std::vector<TimePoint> signs = {};
    bool agent_ready = true;
    bool queued = false;
    TimePoint queued_at = {};
    ConditionStatus condition = ConditionStatus::unknown;
    ConditionStatus schedule = ConditionStatus::yes;
    ConditionStatus execute = ConditionStatus::yes;
  };
  struct Zone {
    ZoneState state = ZoneState::initial;
    Duration interval;
    TimePoint token_at;
  };

  model::Taint taint(ConditionStatus status, TaintEffect effect, TimePoint added) const {
    return {status == ConditionStatus::no ? not_ready_ : unreachable_, {}, effect, added.ns};
  }
  void swap_taint(NodeId id, ConditionStatus& have, ConditionStatus want, TaintEffect effect,
                  TimePoint t, std::vector<NodeEffect>& out) {
    if (have == want) return;
    if (have != ConditionStatus::yes) out.push_back(RemoveTaint{id, taint(have, effect, {})});
    if (want != ConditionStatus::yes) out.push_back(AddTaint{id, taint(want, effect, t)});
    have = want;
  }
  void monitor(TimePoint t, std::vector<NodeEffect>& out) {
    for (auto& [id, node] : nodes_) look_at(t, id, node, out);
    zones(t, out);
  }
  void look_at(TimePoint t, NodeId id, Node& node, std::vector<NodeEffect>& out) {
    // Nothing is decided about a node in the slot of its registration.
    if (node.floor == t && node.signs.empty()) return;
    TimePoint heard{-1};
    for (const TimePoint sign : node.signs) {
      if (sign < t) heard = std::max(heard, sign);
    }
    const Duration grace = heard.ns >= 0 ? config_.grace : config_.startup_grace;
    const bool stale = t > std::max(heard, node.floor) + grace;
    const bool fresh = heard.ns >= 0 && t <= heard + config_.grace;
    const ConditionStatus before = node.condition;
    if (stale) node.condition = ConditionStatus::unknown;
    if (!stale && fresh) {
      node.condition = node.agent_ready ? ConditionStatus::yes : ConditionStatus::no;
    }
    if (node.condition != before) out.push_back(SetNodeCondition{id, node.condition});
    if (stale || node.condition != ConditionStatus::unknown) {
      swap_taint(id, node.schedule, node.condition, TaintEffect::no_schedule, t, out);
    }
    const ConditionStatus seen = fresh ? node.condition : before;
    if (node.condition == ConditionStatus::yes) {
      node.queued = false;
      swap_taint(id, node.execute, ConditionStatus::yes, TaintEffect::no_execute, t, out);
    } else if (!dark_ && seen != ConditionStatus::yes && (seen == ConditionStatus::no || stale)) {
      if (node.execute != ConditionStatus::yes) {
        swap_taint(id, node.execute, seen, TaintEffect::no_execute, t, out);
      } else if (!node.queued) {
        node.queued = true;
        node.queued_at = t;
      }
    }
  }
  void limit(TimePoint t, Zone& zone, Duration interval) {
    if (interval == zone.interval) return;
    const bool token = zone.interval.ns > 0 && t >= zone.token_at;
    zone.token_at = token ? t : t + interval;
    zone.interval = interval;
  }
  void zones(TimePoint t, std::vector<NodeEffect>& out) {
    std::map<ZoneId, std::pair<std::uint32_t, std::uint32_t>> counts;  // ready, not ready
    for (auto& [id, node] : nodes_) {
      auto& [ready, not_ready] = counts[node.zone];
      ++(node.condition == ConditionStatus::yes ? ready : not_ready);
    }
    std::erase_if(zones_, [&](const auto& entry) { return !counts.contains(entry.first); });
    bool dark = !counts.empty();
    for (auto& [zone, count] : counts) {
      if (!zones_.contains(zone)) zones_[zone].interval = config_.eviction_interval;
      dark = dark && count.first == 0;
    }
    const bool entering = dark && !dark_;
    const bool leaving = !dark && dark_;
    for (auto& [id, zone] : zones_) {
      const auto [ready, not_ready] = counts[id];
      ZoneState state = ZoneState::normal;
      if (ready == 0) {
        state = ZoneState::full_disruption;
      } else if (not_ready >= 3 && not_ready * 100 >= (ready + not_ready) * 55) {
        state = ZoneState::partial_disruption;
      }
      const bool changed = state != zone.state;
      if (changed) out.push_back(ZoneStateChanged{id, zone.state, state});
      zone.state = state;
      if (dark) {
        limit(t, zone, {});
      } else if (changed || leaving) {
        const bool large = ready + not_ready > config_.large_zone_threshold;
        const Duration partial = large ? config_.secondary_eviction_interval : Duration{};
        limit(t, zone,
              state == ZoneState::partial_disruption ? partial : config_.eviction_interval);
      }
    }
    dark_ = dark;
    for (auto& [id, node] : nodes_) {
      if (leaving) node.floor = t;
      if (!entering) continue;
      node.queued = false;
      swap_taint(id, node.execute, ConditionStatus::yes, TaintEffect::no_execute, t, out);
    }
  }

  NodeLifecycleConfig config_;
  StringId not_ready_;
  StringId unreachable_;
  std::map<NodeId, Node> nodes_;
  std::map<ZoneId, Zone> zones_;
  bool dark_ = false;
};

void expect_same(const std::vector<Record>& a, const std::vector<Record>& b, const char* what) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const std::string left = i < a.size() ? text_of(a[i]) : "nothing";
    const std::string right = i < b.size() ? text_of(b[i]) : "nothing";
    const bool same = i < a.size() && i < b.size() && a[i] == b[i];
    ASSERT_TRUE(same) << what << ", effect " << i << ": " << left << " against " << right;
  }
}

TEST(NodeLifecycleProperty, StreamsSingleSignsAndTheOracleDecideTheSameAtTheSameTimes) {
  std::size_t effects = 0;
  std::size_t ticks_each = 0;
  std::size_t ticks_lazy = 0;
  for (std::uint64_t seed = 1; seed <= 2500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Timeline timeline = make_timeline(seed);
    model::Catalog catalog;
    NodeLifecycle each(timeline.config, catalog);
    NodeLifecycle lazy(timeline.config, catalog);
    const auto singles = run(timeline, false, true, each, &ticks_each);
    const auto streams = run(timeline, true, false, lazy, &ticks_lazy);
    expect_same(singles, streams, "single signs against streams");
    if (seed % 5 == 0) {
      std::size_t ignored = 0;
      Naive naive(timeline.config, catalog);
      expect_same(run(timeline, false, true, naive, &ignored), streams, "oracle against streams");
    }
    if (testing::Test::HasFatalFailure()) return;
    effects += streams.size();
  }
  EXPECT_GT(effects, 50'000U);             // the runs do exercise the rules
  EXPECT_LT(ticks_lazy * 20, ticks_each);  // and waiting costs nothing
}

}  // namespace
}  // namespace arcas::controllers
