#include "sim/world/world.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace arcas::sim {
namespace {

Event event(EventKind kind, std::uint32_t target, std::uint64_t payload) {
  return {static_cast<std::uint32_t>(kind), target, payload};
}

/// The same for both directions.
std::uint64_t pair_key(ActorId a, ActorId b) {
  return (std::uint64_t{std::min(a.index, b.index)} << 32U) | std::max(a.index, b.index);
}

}  // namespace

World::World(Config config, Engine& engine, Region& region, NoteSink& notes)
    : config_(config),
      engine_(engine),
      region_(region),
      notes_(notes),
      heartbeats_(*this, config.individual_heartbeats),
      troubles_(region, RandomStream(config.seed).stream("link troubles")) {
  region_.add_listener(this);
}

ActorId World::add_actor(HostId host) {
  const ActorId id{static_cast<std::uint32_t>(slots_.size())};
  slots_.push_back({nullptr, host, 0, false, false, {}});
  if (actors_on_.size() <= host.index) actors_on_.resize(host.index + 1);
  actors_on_[host.index].push_back(id);
  watchers_of_.emplace_back();
  return id;
}

void World::start_all() {
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    if (region_.alive(slots_[i].host)) start_actor(ActorId{i});
  }
}

Duration World::path(ActorId from, ActorId to) const {
  const HostId a = slots_[from.index].host;
  const HostId b = slots_[to.index].host;
  if (!region_.path_open(a, b)) return {-1};
  return region_.latency(a, b, 0);
}

// ---- clocks ----

ports::Clock& World::clock_of(ActorId id) {
  return clocks_.try_emplace(id, *this, id).first->second;
}

void World::set_clock(HostId host, Duration ahead) {
  if (host.index >= actors_on_.size()) return;
  for (const ActorId id : actors_on_[host.index]) slots_[id.index].ahead = ahead;
}

TimePoint World::true_time(ActorId self, TimePoint by_its_clock) const {
  const Duration ahead = slots_[self.index].ahead;
  return ahead.ns == 0 || by_its_clock == TimePoint::max() ? by_its_clock : by_its_clock - ahead;
}

// ---- ports ----

void World::arm(ActorId self, TimePoint at, std::uint64_t tag) {
  const std::uint32_t slot = timers_.put({tag, slots_[self.index].incarnation});
  engine_.schedule(std::max(true_time(self, at), engine_.now()),
                   event(EventKind::timer, self.index, slot));
}

void World::send(ActorId self, ActorId to, ports::Message message, TimePoint not_before) {
  if (!to.valid()) return;
  ++messages_sent_;
  const Duration delay = path(self, to);
  if (delay.ns < 0 || !slots_[to.index].alive) {
    ++messages_lost_;
    note_lost_message(self, to);
    return;
  }
  const TimePoint at = std::max(true_time(self, not_before), engine_.now()) + delay;
  InFlight letter{std::move(message), self, slots_[self.index].incarnation,
                  slots_[to.index].incarnation, 0};
  if (!troubles_.ever()) return post(to, std::move(letter), at);
  if (!send_in_trouble(to, letter, at)) ++messages_lost_;
}

void World::post(ActorId to, InFlight letter, TimePoint at) {
  const std::uint32_t slot = in_flight_.put(std::move(letter));
  engine_.schedule(at, event(EventKind::message, to.index, slot));
}

void World::keep_sending(ActorId self, ActorId to, ports::NodeHeartbeat heartbeat,
                         Duration period) {
  heartbeats_.begin(self, to, heartbeat, period);
}

void World::stop_sending(ActorId self) { heartbeats_.end(self); }

void World::monitor(ActorId self, ActorId peer) {
  if (!peer.valid()) return;
  const std::uint32_t incarnation = slots_[self.index].incarnation;
  if (!slots_[peer.index].alive || path(self, peer).ns < 0) {
    // A session that cannot even be opened is lost as soon as the keep-alive says so.
    const std::uint32_t slot = losses_.put({peer, slots_[peer.index].incarnation, incarnation});
    engine_.schedule(engine_.now() + config_.keep_alive,
                     event(EventKind::peer_lost, self.index, slot));
  }
  auto& watchers = watchers_of_[peer.index];
  // Agents are many to one server and ask once in a session; only the few others may repeat.
  const bool known = watchers.size() < 64 &&
                     std::any_of(watchers.begin(), watchers.end(), [&](const Watching& watching) {
                       return watching.watcher == self && watching.incarnation == incarnation;
                     });
  if (known) return;
  watchers.push_back({self, incarnation});
}

void World::note(ActorId self, std::string_view what, std::uint64_t subject, std::int64_t amount) {
  notes_.on_note(engine_.now(), self, what, subject, amount);
}

// ---- faults ----

void World::stop_actor(ActorId id) {
  Slot& slot = slots_[id.index];
  if (!slot.alive) return;
  slot.alive = false;
  ++slot.incarnation;
  go_on(id);
  heartbeats_.sender_down(id);
  announce_loss(id);
  slot.actor->on_stop();
}

void World::set_paused(HostId host, bool paused) {
  if (host.index >= actors_on_.size()) return;
  for (const ActorId id : actors_on_[host.index]) {
    if (!paused) {
      go_on(id);
    } else if (slots_[id.index].alive && !slots_[id.index].paused) {
      slots_[id.index].paused = true;
      ++paused_;
    }
  }
}

void World::go_on(ActorId id) {
  if (!slots_[id.index].paused) return;
  slots_[id.index].paused = false;
  --paused_;
  const auto kept = parked_.extract(id);
  if (kept.empty()) return;
  for (const Event& e : kept.mapped()) engine_.schedule(engine_.now(), e);
}

bool World::parks(const Event& e) {
  if (paused_ == 0) return false;
  switch (static_cast<EventKind>(e.kind)) {
    case EventKind::start:
    case EventKind::message:
    case EventKind::timer:
    case EventKind::peer_lost:
    case EventKind::heartbeats_stopped:
    case EventKind::commit_result:
    case EventKind::store_changes:
      break;
    default:
      return false;
  }
  if (!slots_[e.target].paused) return false;
  parked_[ActorId{e.target}].push_back(e);
  return true;
}

void World::start_actor(ActorId id) {
  Slot& slot = slots_[id.index];
  if (slot.alive || slot.actor == nullptr) return;
  slot.alive = true;
  engine_.schedule(engine_.now(), event(EventKind::start, id.index, slot.incarnation));
}

void World::on_region_changed(const RegionChanges& changes, TimePoint) {
  for (const HostId host : changes.went_down) host_down(host);
  for (const HostId host : changes.came_up) host_up(host);
  const bool receivers_changed =
      std::any_of(changes.went_down.begin(), changes.went_down.end(),
                  [this](HostId host) { return !region_.is_node(host); });
  if (!changes.links_changed.empty() || !changes.zone_links.empty() ||
      !changes.control_plane_links.empty()) {
    links_changed();
  } else if (receivers_changed) {
    heartbeats_.reconsider_all();
  }
}

void World::host_down(HostId host) {
  if (host.index >= actors_on_.size()) return;
  for (const ActorId id : actors_on_[host.index]) stop_actor(id);
}

void World::host_up(HostId host) {
  if (host.index >= actors_on_.size()) return;
  for (const ActorId id : actors_on_[host.index]) start_actor(id);
}

void World::links_changed() {
  // Every session that a cut concerns is judged one keep-alive after it; older losses are settled.
  const TimePoint settled = now() - config_.keep_alive;
  boost::unordered::erase_if(last_lost_,
                             [settled](const auto& entry) { return entry.second < settled; });
  heartbeats_.reconsider_all();
  for (std::uint32_t i = 0; i < watchers_of_.size(); ++i) {
    for (const Watching& watching : watchers_of_[i]) {
      const Slot& watcher = slots_[watching.watcher.index];
      if (!watcher.alive || watcher.incarnation != watching.incarnation) continue;
      if (path(watching.watcher, ActorId{i}).ns >= 0 &&
          path(ActorId{i}, watching.watcher).ns >= 0) {
        continue;
      }
      const std::uint32_t slot =
          losses_.put({ActorId{i}, slots_[i].incarnation, watching.incarnation});
      engine_.schedule(engine_.now() + config_.keep_alive,
                       event(EventKind::peer_lost, watching.watcher.index, slot));
    }
  }
}

void World::note_lost_message(ActorId from, ActorId to) {
  if (slots_[from.index].alive && slots_[to.index].alive) last_lost_[pair_key(from, to)] = now();
}

bool World::lost_since(ActorId a, ActorId b, TimePoint since) const {
  const auto lost = last_lost_.find(pair_key(a, b));
  return lost != last_lost_.end() && lost->second >= since;
}

void World::announce_loss(ActorId peer) {
  auto& watchers = watchers_of_[peer.index];
  for (const Watching& watching : watchers) {
    const Slot& watcher = slots_[watching.watcher.index];
    if (!watcher.alive || watcher.incarnation != watching.incarnation) continue;
    // The incarnation has grown: whatever comes back is another process.
    const std::uint32_t gone = slots_[peer.index].incarnation - 1;
    untold_[{watching.watcher, peer}] = gone;
    const std::uint32_t slot = losses_.put({peer, gone, watching.incarnation, true});
    engine_.schedule(engine_.now() + config_.keep_alive,
                     event(EventKind::peer_lost, watching.watcher.index, slot));
  }
  watchers.clear();
}

// ---- events ----

bool World::dispatch(const Event& e) {
  switch (static_cast<EventKind>(e.kind)) {
    case EventKind::message:
      deliver(e);
      return true;
    case EventKind::timer: {
      const ArmedTimer timer = timers_.take(static_cast<std::uint32_t>(e.payload));
      const Slot& slot = slots_[e.target];
      if (slot.alive && slot.incarnation == timer.incarnation) slot.actor->on_timer(timer.tag);
      return true;
    }
    case EventKind::start:
      if (slots_[e.target].alive && slots_[e.target].incarnation == e.payload) {
        slots_[e.target].actor->on_start();
      }
      return true;
    case EventKind::peer_lost:
      deliver_loss(e);
      return true;
    case EventKind::heartbeat:
      heartbeats_.on_heartbeat(e);
      return true;
    case EventKind::heartbeats_steady:
      heartbeats_.on_steady(e);
      return true;
    case EventKind::heartbeats_stopped:
      heartbeats_.on_stopped(e);
      return true;
    default:
      return false;
  }
}

void World::deliver(const Event& e) {
  const auto index = static_cast<std::uint32_t>(e.payload);
  InFlight& letter = in_flight_.at(index);
  const Slot& slot = slots_[e.target];
  const bool arrives = slot.alive && slot.incarnation == letter.to_incarnation &&
                       region_.path_open(slots_[letter.from.index].host, slot.host);
  const bool in_session = broken_.empty() || !arrives || still_in_session({e.target}, letter);
  if (!in_session) {
    ++messages_lost_;
  } else if (arrives) {
    if (!untold_.empty()) tell_of_restart(ActorId{e.target}, letter);
    fold(letter.from, letter.message);
    slot.actor->on_message(letter.from, letter.message);
  } else {
    ++messages_lost_;
    note_lost_message(letter.from, ActorId{e.target});
  }
  // Chunks never move, so the reference has stayed good while the actor sent messages of its own.
  letter.message = ports::ZoneProbe{};
  in_flight_.release(index);
}

/// A new process speaks from where an old one had a session: so that is over, and the watcher knows
/// now. Were it told later, it would take the new session for the old one.
void World::tell_of_restart(ActorId watcher, const InFlight& letter) {
  const auto untold = untold_.find({watcher, letter.from});
  if (untold == untold_.end() || untold->second >= letter.from_incarnation) return;
  untold_.erase(untold);
  slots_[watcher.index].actor->on_peer_lost(letter.from);
}

void World::deliver_loss(const Event& e) {
  const Loss loss = losses_.take(static_cast<std::uint32_t>(e.payload));
  const Slot& watcher = slots_[e.target];
  if (loss.session != 0) {
    if (!watcher.alive || watcher.incarnation != loss.watcher_incarnation) return;
    return notice_break(ActorId{e.target}, loss.peer, loss.session);
  }
  const auto untold = untold_.find({ActorId{e.target}, loss.peer});
  const bool told = untold == untold_.end() || untold->second != loss.peer_incarnation;
  if (loss.died && told) return;
  if (!told) untold_.erase(untold);
  if (!watcher.alive || watcher.incarnation != loss.watcher_incarnation) return;
  const Slot& peer = slots_[loss.peer.index];
  // A cut shorter than the keep-alive is survived, unless something was lost in it: a transport
  // that keeps the order of a session's messages cannot go on after a hole.
  const bool intact = peer.alive && peer.incarnation == loss.peer_incarnation &&
                      path(ActorId{e.target}, loss.peer).ns >= 0 &&
                      path(loss.peer, ActorId{e.target}).ns >= 0 &&
                      !lost_since(ActorId{e.target}, loss.peer, now() - config_.keep_alive);
  if (!intact) watcher.actor->on_peer_lost(loss.peer);
}

/// What a message says goes into the run's hash: its type, sender, and the identities in it.
void World::fold(ActorId from, const ports::Message& message) {
  engine_.add_to_trace((std::uint64_t{from.index} << 8U) | message.index());
  if (const auto* order = std::get_if<ports::PodOrder>(&message)) {
    engine_.add_to_trace(order->pod.value);
  } else if (const auto* report = std::get_if<ports::PodReport>(&message)) {
    engine_.add_to_trace(report->pod.value ^ static_cast<std::uint64_t>(report->state));
  } else if (const auto* claim = std::get_if<ports::ClaimRequest>(&message)) {
    for (const auto& item : claim->items) {
      engine_.add_to_trace(item.pod.value ^ (std::uint64_t{item.node.index} << 24U));
    }
  } else if (const auto* events = std::get_if<ports::WatchEvents>(&message)) {
    engine_.add_to_trace(events->changes.revision);
    engine_.add_to_trace(events->changes.pods.size() << 20U | events->changes.objects.size());
  }
}

}  // namespace arcas::sim
