#include "core/scheduler/gang.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/base/mutant.h"

namespace arcas::scheduler {

bool GangTable::Rank::operator<(const Rank& other) const {
  if (priority != other.priority) return priority > other.priority;
  if (created_at != other.created_at) return created_at < other.created_at;
  return gang < other.gang;
}

void GangTable::upsert(TimePoint now, GangId id, const GangSpec& spec,
                       std::vector<GangEffect>& out) {
  ARCAS_CHECK(spec.min_members >= 1);
  Gang& changed = gangs_[id];
  queue_.erase(rank(id, changed));
  changed.spec = spec;
  changed.known = true;
  refresh_queue(id, changed);
  if (changed.held >= spec.min_members) start(id, changed, out);
  if (changed.held > 0 && changed.members.size() < spec.min_members) return_all(id, changed, out);
  settle(now, out);
}

void GangTable::remove(TimePoint now, GangId id, std::vector<GangEffect>& out) {
  const auto at = gangs_.find(id);
  if (at == gangs_.end()) return;
  return_all(id, at->second, out);
  queue_.erase(rank(id, at->second));
  gangs_.erase(at);
  settle(now, out);
}

void GangTable::arrive(TimePoint now, GangId id, Uid pod, std::vector<GangEffect>& out) {
  Gang& joined = gangs_[id];
  joined.members.try_emplace(pod, NodeId{});
  refresh_queue(id, joined);
  settle(now, out);
}

void GangTable::leave(TimePoint now, GangId id, Uid pod, std::vector<GangEffect>& out) {
  const auto found = gangs_.find(id);
  if (found == gangs_.end()) return;
  Gang& left = found->second;
  const auto member = left.members.find(pod);
  if (member == left.members.end()) return;
  if (!left.started && member->second.valid()) {
    out.push_back(ReturnRoom{id, pod, member->second});
    if (--left.held == 0) holders_.erase(id);
  }
  left.members.erase(member);
  refresh_queue(id, left);
  if (!left.started && left.members.size() < left.spec.min_members) return_all(id, left, out);
  settle(now, out);
}

GangTable::Turn GangTable::turn(TimePoint now, GangId id) const {
  const Gang* asked = find(id);
  if (asked == nullptr || !asked->known) return Turn::not_now;
  if (asked->started) return Turn::started;
  if (!ready(now, *asked)) return Turn::not_now;
  return collector(now) == id ? Turn::collector : Turn::trial;
}

std::optional<GangId> GangTable::collector(TimePoint now) const {
  for (const Rank& place : queue_) {
    if (ready(now, *find(place.gang))) return place.gang;
  }
  return std::nullopt;
}

std::uint32_t GangTable::missing(GangId id) const {
  const Gang* asked = find(id);
  if (asked == nullptr || asked->started) return 0;
  return asked->spec.min_members - std::min(asked->spec.min_members, asked->held);
}

void GangTable::placed(TimePoint now, GangId id, Uid pod, NodeId node,
                       std::vector<GangEffect>& out) {
  ARCAS_CHECK(node.valid());
  const Turn its_turn = turn(now, id);
  const auto found = gangs_.find(id);
  const bool waits = found != gangs_.end() && found->second.members.contains(pod) &&
                     !found->second.members.at(pod).valid();
  if (its_turn == Turn::not_now || !waits) {
    out.push_back(ReturnRoom{id, pod, node});  // the answer came too late
    return;
  }
  Gang& grown = found->second;
  grown.members[pod] = node;
  if (its_turn == Turn::started) {
    out.push_back(StartPods{id, {pod}});
    return;
  }
  if (grown.held++ == 0) grown.hold_since = now;
  holders_.insert(id);
  out.push_back(HoldRoom{id, pod, node});
  const bool enough = grown.held >= grown.spec.min_members;
  if (enough || ARCAS_MUTANT("gang-started-in-part")) start(id, grown, out);
}

void GangTable::failed(TimePoint now, GangId id, Uid pod, std::vector<GangEffect>& out) {
  const auto found = gangs_.find(id);
  if (found == gangs_.end()) return;
  Gang& gang = found->second;
  const auto member = gang.members.find(pod);
  if (member == gang.members.end()) return;
  if (gang.started) {
    member->second = {};  // its binding came to nothing; it is tried again alone
    return;
  }
  if (turn(now, id) != Turn::collector) return_all(id, gang, out);
}

void GangTable::bound(GangId id, Uid pod, NodeId node, std::vector<GangEffect>& out) {
  Gang& gang = gangs_[id];
  NodeId& place = gang.members[pod];
  if (!gang.started) {
    if (place.valid() && --gang.held == 0) holders_.erase(id);
    place = {};
    start(id, gang, out);
  }
  place = node;
}

void GangTable::restart(TimePoint now, GangId id, std::vector<GangEffect>& out) {
  const auto found = gangs_.find(id);
  if (found == gangs_.end() || !found->second.started) return;
  Gang& gang = found->second;
  gang.started = false;
  for (auto& [pod, node] : gang.members) {
    if (node.valid()) out.push_back(ReturnRoom{id, pod, node});
    node = {};
  }
  Duration wait = config_.conflict_initial;
  for (std::uint32_t i = 0; i < gang.conflicts && wait < config_.conflict_max; ++i) wait = wait * 2;
  wait = std::min(wait, config_.conflict_max);
  if (!gang.members.empty()) {
    const std::uint64_t mixed = mix64(gang.members.begin()->first.value + gang.conflicts);
    wait = wait + Duration{static_cast<std::int64_t>(mixed % static_cast<std::uint64_t>(wait.ns))};
  }
  gang.conflicts = std::min(gang.conflicts + 1, 32U);
  gang.not_before = now + wait;
  refresh_queue(id, gang);
  settle(now, out);
}

void GangTable::end_cycle(TimePoint now, std::vector<GangEffect>& out) {
  const std::vector<GangId> holders(holders_.begin(), holders_.end());
  for (const GangId id : holders) {
    Gang& gang = gangs_.at(id);
    if (now - gang.hold_since < gang.spec.hold_timeout) continue;
    return_all(id, gang, out);
    back_off(now, gang);
  }
  settle(now, out);
}

std::optional<TimePoint> GangTable::next_wakeup(TimePoint now) const {
  std::optional<TimePoint> next;
  const auto consider = [&](TimePoint at) {
    if (!next || at < *next) next = at;
  };
  for (const GangId id : holders_) {
    const Gang& gang = *find(id);
    consider(gang.hold_since + gang.spec.hold_timeout);
  }
  for (const Rank& place : queue_) {
    const Gang& gang = *find(place.gang);
    if (gang.not_before > now) consider(gang.not_before);
  }
  return next;
}

std::uint32_t GangTable::holding(GangId id) const {
  const Gang* asked = find(id);
  return asked == nullptr ? 0 : asked->held;
}

bool GangTable::has_started(GangId id) const {
  const Gang* asked = find(id);
  return asked != nullptr && asked->started;
}

std::size_t GangTable::size(GangId id) const {
  const Gang* asked = find(id);
  return asked == nullptr ? 0 : asked->members.size();
}

std::vector<Uid> GangTable::waiting(GangId id) const {
  std::vector<Uid> pods;
  if (const Gang* asked = find(id)) {
    for (const auto& [pod, node] : asked->members) {
      if (!node.valid()) pods.push_back(pod);
    }
  }
  return pods;
}

std::vector<GangId> GangTable::ready_gangs(TimePoint now) const {
  std::vector<GangId> gangs;
  for (const Rank& place : queue_) {
    if (ready(now, *find(place.gang))) gangs.push_back(place.gang);
  }
  return gangs;
}

std::uint32_t GangTable::minimum(GangId id) const {
  const Gang* asked = find(id);
  return asked == nullptr ? 0 : asked->spec.min_members;
}

std::int32_t GangTable::priority(GangId id) const {
  const Gang* asked = find(id);
  return asked == nullptr ? 0 : asked->spec.priority;
}

const GangTable::Gang* GangTable::find(GangId id) const {
  const auto at = gangs_.find(id);
  return at == gangs_.end() ? nullptr : &at->second;
}

GangTable::Rank GangTable::rank(GangId id, const Gang& gang) {
  return {gang.spec.priority, gang.spec.created_at, id};
}

bool GangTable::ready(TimePoint now, const Gang& gang) {
  return gang.known && !gang.started && gang.members.size() >= gang.spec.min_members &&
         now >= gang.not_before;
}

void GangTable::refresh_queue(GangId id, const Gang& gang) {
  if (gang.known && !gang.started && gang.members.size() >= gang.spec.min_members) {
    queue_.insert(rank(id, gang));
  } else {
    queue_.erase(rank(id, gang));
  }
}

/// Takes the room from every gang that holds some and is not the collector.
void GangTable::settle(TimePoint now, std::vector<GangEffect>& out) {
  const std::optional<GangId> first = collector(now);
  const std::vector<GangId> holders(holders_.begin(), holders_.end());
  for (const GangId id : holders) {
    if (first != id) return_all(id, gangs_.at(id), out);
  }
}

void GangTable::return_all(GangId id, Gang& gang, std::vector<GangEffect>& out) {
  if (gang.held == 0) return;
  for (auto& [pod, node] : gang.members) {
    if (!node.valid()) continue;
    out.push_back(ReturnRoom{id, pod, node});
    node = {};
  }
  gang.held = 0;
  holders_.erase(id);
}

void GangTable::start(GangId id, Gang& gang, std::vector<GangEffect>& out) {
  StartPods effect{id, {}};
  for (const auto& [pod, node] : gang.members) {
    if (node.valid()) effect.pods.push_back(pod);
  }
  queue_.erase(rank(id, gang));
  holders_.erase(id);
  gang.started = true;
  gang.held = 0;
  out.push_back(std::move(effect));
}

void GangTable::back_off(TimePoint now, Gang& gang) {
  Duration wait = config_.backoff_initial;
  for (std::uint32_t i = 0; i < gang.timeouts && wait < config_.backoff_max; ++i) wait = wait * 2;
  gang.timeouts = std::min(gang.timeouts + 1, 32U);
  gang.not_before = now + std::min(wait, config_.backoff_max);
}

}  // namespace arcas::scheduler
