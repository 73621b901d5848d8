// The scheduler's part in starting gangs whole. Their members are not in the queue until the gang
// has started; GangTable says whose turn it is, and what becomes of the room that they take.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

#include "core/base/check.h"
#include "core/scheduler/gang_preemption.h"
#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {

/// True when the pod waits with its gang, so that the queue must not have it.
bool Scheduler::join_gang(TimePoint now, Uid uid, PodEntry& entry, TimePoint created_at) {
  now_ = std::max(now_, now);
  const GangMembership::Declared declared = membership_.of(entry.name_space, entry.labels);
  if (!declared.member) return false;
  if (!declared.valid) {
    entry.state = PodState::gated;
    return true;
  }
  if (declared.gang.index < gangs_past_.size() && gangs_past_[declared.gang.index]) return false;
  if (!gangs_.knows(declared.gang)) {
    gangs_.upsert(now_, declared.gang,
                  {declared.minimum, priority_of(entry.spec), created_at, config_.gang_timeout},
                  gang_effects_);
  }
  gangs_.arrive(now_, declared.gang, uid, gang_effects_);
  if (!gangs_.has_started(declared.gang)) {
    entry.state = PodState::in_gang;
    gangs_to_try_ = true;
  }
  carry_gang_effects();
  return !gangs_.has_started(declared.gang);
}

void Scheduler::leave_gang(Uid uid, const PodEntry& entry) {
  if (!membership_.any() || entry.state == PodState::foreign) return;
  const auto declared = membership_.of(entry.name_space, entry.labels);
  if (!declared.member || !declared.valid) return;
  gangs_.leave(now_, declared.gang, uid, gang_effects_);
  if (gangs_.size(declared.gang) == 0) gangs_.remove(now_, declared.gang, gang_effects_);
  gang_claims_.gone(now_, uid, gang_outcome_);
  carry_gang_effects();
  settle_gang_claims(now_);
}

void Scheduler::succeeded(Uid uid, NamespaceId name_space, LabelSetId labels, NodeId node) {
  const auto declared = membership_.of(name_space, labels);
  if (!declared.member || !declared.valid) return;
  if (declared.gang.index >= gangs_past_.size()) gangs_past_.resize(declared.gang.index + 1, false);
  gangs_past_[declared.gang.index] = true;
  if (!gangs_.knows(declared.gang) || gangs_.has_started(declared.gang)) return;
  gangs_.bound(declared.gang, uid, node, gang_effects_);  // members that wait wait no more
  gangs_.leave(now_, declared.gang, uid, gang_effects_);
  carry_gang_effects();
}

void Scheduler::gang_member_bound(Uid uid, const PodEntry& entry, NodeId node) {
  const auto declared = membership_.of(entry.name_space, entry.labels);
  if (!declared.member || !declared.valid) return;
  if (!gangs_.knows(declared.gang)) {
    gangs_.upsert(now_, declared.gang,
                  {declared.minimum, priority_of(entry.spec), now_, config_.gang_timeout},
                  gang_effects_);
  }
  gangs_.bound(declared.gang, uid, node, gang_effects_);
  carry_gang_effects();
}

/// Tries the gangs that have a turn and at least that priority, first come first, each at most once
/// in a cycle and only after something has changed that may help.
void Scheduler::try_gangs(TimePoint now, std::optional<std::int32_t> at_least) {
  if (!membership_.any()) return;
  if (gangs_to_try_ || (gang_wakeup_ && *gang_wakeup_ <= now)) {
    end_gang_cycle(now);  // time-outs first: their room is free again
    gangs_to_try_ = false;
    ready_gangs_ = gangs_.ready_gangs(now);
    std::reverse(ready_gangs_.begin(), ready_gangs_.end());
  }
  while (!ready_gangs_.empty()) {
    const GangId gang = ready_gangs_.back();
    if (at_least && gangs_.priority(gang) < *at_least) return;
    ready_gangs_.pop_back();
    try_gang(now, gang);
  }
}

void Scheduler::try_gang(TimePoint now, GangId gang) {
  SpecId refused;
  for (const Uid uid : gangs_.waiting(gang)) {
    const GangTable::Turn turn = gangs_.turn(now, gang);
    if (turn == GangTable::Turn::not_now || turn == GangTable::Turn::started) return;
    PodEntry& entry = *cluster_.pods().find(uid);
    if (entry.spec == refused) continue;
    const Selection selection = select(uid, entry);
    if (!selection.node.valid()) {
      refused = entry.spec;
      gangs_.failed(now, gang, uid, gang_effects_);
      carry_gang_effects();
      if (turn == GangTable::Turn::trial) return;
      continue;
    }
    withdraw(uid, entry);
    cluster_.place(uid, entry, selection.node, PodState::assumed,
                   devices_for(uid, entry, selection.node));
    if (fair_ != nullptr) fair_->charge(uid, entry.spec, entry.name_space);
    gangs_.placed(now, gang, uid, selection.node, gang_effects_);
    carry_gang_effects();
  }
  if (refused.valid()) preempt_for_gang(now, gang);
}

/// Pods of lower priority leave for what the first gang lacks, if it can be had whole in this way.
/// Its members are nominated, and try again as room becomes free.
void Scheduler::preempt_for_gang(TimePoint now, GangId gang) {
  const auto& plugins = config_.profile.post_filters;
  const auto lowest = cluster_.lowest_priority();
  if (gangs_.turn(now, gang) != GangTable::Turn::collector || cluster_.placement() != nullptr ||
      std::find(plugins.begin(), plugins.end(), PluginId::default_preemption) == plugins.end() ||
      !lowest || *lowest >= gangs_.priority(gang)) {
    return;
  }
  if (config_.budgets_are_told && !budgets_known_) {
    wants_budgets_ = true;
    return;
  }
  std::vector<Uid> members = gangs_.waiting(gang);
  members.resize(std::min<std::size_t>(members.size(), gangs_.missing(gang)));
  for (const Uid uid : members) {
    const PodEntry& entry = *cluster_.pods().find(uid);
    const Cycle cycle{cluster_, config_.profile, entry, uid};
    if (!entry.nominated.valid()) continue;
    // Those who were to leave for it have not left yet.
    if (refuses_to_preempt(cycle, Evaluation(cycle), preemption_.nominations())) return;
  }
  for (const Uid uid : members) withdraw(uid, *cluster_.pods().find(uid));
  const auto places =
      room_for_gang(cluster_, config_.profile, preemption_, members,
                    [this](Uid uid, const PodEntry& entry) { return select(uid, entry); });
  if (!places) return;
  for (const GangPlace& place : *places) {
    for (const Uid other : place.cleared) withdraw(other, *cluster_.pods().find(other));
    PodEntry& entry = *cluster_.pods().find(place.pod);
    nominate(place.pod, entry, place.node);
    if (!place.victims.empty()) take_victims(place.victims);
    gang_evictions_.push_back({place.pod, entry.spec, {}, place.node, place.victims});
  }
}

void Scheduler::end_gang_cycle(TimePoint now) {
  if (!membership_.any()) return;
  gangs_.end_cycle(now, gang_effects_);
  std::vector<GangId> out_of_time;
  for (const GangEffect& effect : gang_effects_) {
    if (const auto* back = std::get_if<ReturnRoom>(&effect)) out_of_time.push_back(back->gang);
  }
  if (!gang_effects_.empty()) {
    ++stats_.gang_timeouts;
    gangs_to_try_ = true;  // what a time-out gave back may be what the next gang needs
  }
  carry_gang_effects();
  for (const GangId gang : out_of_time) {  // nor is room kept for them any more
    for (const Uid uid : gangs_.waiting(gang)) withdraw(uid, *cluster_.pods().find(uid));
  }
  gang_wakeup_ = gangs_.next_wakeup(now);
}

/// Takes room back and lets members of started gangs into the queue.
void Scheduler::carry_gang_effects() {
  for (std::size_t i = 0; i < gang_effects_.size(); ++i) {  // pods' leaving may add to them
    if (const auto* back = std::get_if<ReturnRoom>(&gang_effects_[i])) {
      PodEntry& entry = *cluster_.pods().find(back->pod);
      if (entry.state == PodState::assumed) lift(back->pod, entry);
      entry.state = PodState::in_gang;
      queue_.cluster_changed();
    } else if (const auto* start = std::get_if<StartPods>(&gang_effects_[i])) {
      gang_starts_.push_back(*start);
      for (const Uid uid : gangs_.waiting(start->gang)) {
        PodEntry* entry = cluster_.pods().find(uid);
        if (entry == nullptr || entry->state != PodState::in_gang) continue;
        queue_.push_active(uid, *entry, priority_of(entry->spec));
      }
    }
  }
  gang_effects_.clear();
}

/// Tells the decisions on members of gangs that have started; their claims go out together. And
/// who is to leave for a gang that waits.
void Scheduler::give_gangs_way(std::vector<Decision>& out) {
  std::move(gang_evictions_.begin(), gang_evictions_.end(), std::back_inserter(out));
  gang_evictions_.clear();
  for (const StartPods& start : gang_starts_) {
    std::vector<Uid> claiming;
    for (const Uid uid : start.pods) {
      const PodEntry* entry = cluster_.pods().find(uid);
      if (entry == nullptr || entry->state != PodState::assumed) continue;
      Decision& decision = out.emplace_back();
      decision.uid = uid;
      decision.spec = entry->spec;
      decision.node = entry->node;
      claiming.push_back(uid);
    }
    if (!claiming.empty())
      gang_claims_.open(now_, start.gang, gangs_.minimum(start.gang), claiming);
  }
  gang_starts_.clear();
}

bool Scheduler::grant(TimePoint now, Uid uid) {
  if (!membership_.any()) return true;
  const PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || entry->state != PodState::assumed) return true;
  if (!gang_claims_.awaits(uid)) {
    const auto declared = membership_.of(entry->name_space, entry->labels);
    if (!declared.member || !gang_claims_.is_open(declared.gang)) return true;
    gang_claims_.join(declared.gang, uid);  // came after the others, and shares their fate
  }
  gang_claims_.granted(now, {uid, entry->spec, entry->node}, gang_outcome_);
  settle_gang_claims(now);
  return false;
}

GangClaims::Outcome Scheduler::take_gang_claims() { return std::exchange(gang_outcome_, {}); }

/// Gangs that did not get their claims wait again, whole.
void Scheduler::settle_gang_claims(TimePoint now) {
  stats_.gangs_started += gang_outcome_.whole.size();
  gang_outcome_.whole.clear();
  for (const GangId gang : std::exchange(gang_outcome_.failed, {})) {
    ++stats_.gang_conflicts;
    gangs_.restart(now, gang, gang_effects_);
    carry_gang_effects();
    for (const Uid uid : gangs_.waiting(gang)) {
      PodEntry* entry = cluster_.pods().find(uid);
      if (entry == nullptr) continue;
      if (entry->state != PodState::in_gang) ++entry->attempt_mark;  // void in the queue
      entry->state = PodState::in_gang;
    }
    gang_wakeup_ = gangs_.next_wakeup(now);
  }
}

std::optional<TimePoint> Scheduler::next_wakeup(TimePoint now) const {
  std::optional<TimePoint> next = queue_.next_wakeup(now);
  if (!membership_.any()) return next;
  if (!gang_starts_.empty() || !gang_outcome_.empty() ||
      (gangs_to_try_ && !gangs_.ready_gangs(now).empty()))
    return now;
  if (gang_wakeup_ && (!next || *gang_wakeup_ < *next)) next = std::max(*gang_wakeup_, now);
  return next;
}

std::string Scheduler::gang_reason(Uid uid, const PodEntry& entry) {
  const auto declared = membership_.of(entry.name_space, entry.labels);
  if (!declared.member) return {};
  const std::string name(membership_.name(declared.gang));
  if (!declared.valid) {
    return "label " + std::string(kPodGroupMinimum) + " must be a number from 1 to " +
           std::to_string(kLargestGang);
  }
  if (gangs_.has_started(declared.gang)) return {};
  const std::size_t size = gangs_.size(declared.gang);
  const std::uint32_t minimum = gangs_.minimum(declared.gang);
  std::string text = "pod group " + name + " starts with " + std::to_string(minimum) + " pods: ";
  if (size < minimum) return text + std::to_string(size) + " have arrived";
  const PodEntry* known = cluster_.pods().find(uid);
  const bool holds = known != nullptr && known->node.valid();
  text += std::to_string(gangs_.holding(declared.gang)) + " have room";
  if (holds) return text + ", this one too";
  return text;
}

}  // namespace arcas::scheduler
