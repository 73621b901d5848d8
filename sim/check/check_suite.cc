#include "sim/check/check_suite.h"

#include <algorithm>
#include <utility>

#include "sim/check/outcome_tracker.h"

namespace arcas::sim {
namespace {

/// Notes what both kinds of changes share. `entry` is in use afterwards.
void note_metadata(ObjectFacts& entry, model::Kind kind, const model::Metadata& meta) {
  entry.kind = static_cast<unsigned>(kind) & 0xfU;
  entry.revision = static_cast<std::uint32_t>(meta.resource_version);
  entry.tenant = meta.tenant.index & 0xfffffU;
  entry.name_space = meta.name_space.index;
  entry.labels = meta.labels.index;
  entry.terminating = meta.terminating() ? 1 : 0;
}

}  // namespace

CheckSuite::CheckSuite(const model::Catalog& catalog, const CheckOptions& options)
    : facts_(catalog), replica_lag_(options.replica_lag) {
  std::vector<std::unique_ptr<Checker>> all;
  all.push_back(make_revision_order(facts_));
  all.push_back(make_no_lost_update(facts_));
  all.push_back(make_uid_once(facts_));
  all.push_back(make_fencing(facts_));
  all.push_back(make_bound_once(facts_));
  all.push_back(make_commit_capacity(facts_));
  all.push_back(make_ground_truth_capacity(facts_));
  all.push_back(make_hard_predicates(facts_, options));
  all.push_back(make_gang_whole(facts_, options));
  all.push_back(make_runs_once(facts_));
  all.push_back(make_replica_bound(facts_, options));
  all.push_back(make_daemon_once(facts_));
  all.push_back(make_deletion_final(facts_));
  all.push_back(make_all_zones_dark(facts_, options));
  all.push_back(make_blast_radius(facts_, options));
  all.push_back(make_tenant_walls(facts_));
  all.push_back(make_nothing_lost(facts_));
  all.push_back(make_tenant_home(facts_));
  all.push_back(make_preemption_lower(facts_, options));
  all.push_back(make_job_counted(facts_));
  all.push_back(make_owner_gone(facts_));
  all.push_back(make_taint_tolerated(facts_, options));
  all.push_back(make_removed_when_stopped(facts_));
  all.push_back(make_majority_commits(facts_));
  all.push_back(make_nothing_written(facts_));
  all.push_back(make_leader_back(facts_, options));
  all.push_back(make_deletions_end(facts_));
  all.push_back(make_no_orphans(facts_));
  all.push_back(make_nodes_back(facts_));
  for (auto& checker : all) {
    const auto& off = options.disabled;
    if (std::find(off.begin(), off.end(), checker->name()) == off.end()) add(std::move(checker));
  }
}

CheckSuite::~CheckSuite() = default;

void CheckSuite::attach(OutcomeTracker* tracker) {
  tracker_ = tracker;
  if (tracker != nullptr) tracker->attach(facts_);
}

void CheckSuite::add(std::unique_ptr<Checker> checker) {
  const Interests wants = checker->interests();
  const bool flags[kFeeds] = {wants.batches,      wants.objects, wants.all_pods,    wants.created,
                              wants.bound,        wants.room,    wants.deactivated, wants.removed,
                              wants.ground_truth, wants.hosts};
  for (std::size_t feed = 0; feed < kFeeds; ++feed) {
    if (flags[feed]) feeds_[feed].push_back(checker.get());
  }
  checkers_.push_back(std::move(checker));
}

void CheckSuite::collect(Checker& checker) {
  if (checker.violated() && !violation_) violation_ = checker.take_violation();
}

// ---- commits ----

void CheckSuite::on_commit(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now) {
  if (violation_) return;
  for (Checker* checker : feeds_[batches]) {
    checker->on_batch(partition, batch, now);
    collect(*checker);
  }
  if (!batch.moves.empty()) return take_arrivals(partition, batch);
  // Objects first: a pod's owner may be created by the commit that creates the pod.
  for (const ports::ObjectChange& change : batch.objects) {
    object_change(partition, batch.revision, change, now);
  }
  for (const ports::PodChange& change : batch.pods) {
    if (violation_) return;
    pod_change(partition, batch.revision, change, now);
  }
}

/// What comes with its tenant from another partition is what it was; only its version is new.
void CheckSuite::take_arrivals(PartitionId partition, const ports::ChangeBatch& batch) {
  const std::uint32_t from = batch.moves.front().other.index;
  if (std::max(partition.index, from) >= facts_.active_in.size()) {
    facts_.active_in.resize(std::size_t{std::max(partition.index, from)} + 1, 0);
  }
  for (const ports::PodChange& change : batch.pods) {
    ObjectFacts* entry = facts_.objects.find(change.pod.meta.uid);
    if (entry == nullptr || !entry->exists()) continue;
    entry->revision = static_cast<std::uint32_t>(change.pod.meta.resource_version);
    if (!entry->active()) continue;
    facts_.active_in[from] -= 1;
    facts_.active_in[partition.index] += 1;
  }
  for (const ports::ObjectChange& change : batch.objects) {
    const model::Metadata& meta = model::metadata_of(change.object);
    ObjectFacts* entry = facts_.objects.find(meta.uid);
    if (entry == nullptr || !entry->exists()) continue;
    entry->revision = static_cast<std::uint32_t>(meta.resource_version);
  }
}

void CheckSuite::pod_change(PartitionId partition, Revision revision,
                            const ports::PodChange& change, TimePoint now) {
  PodStep step;
  step.partition = partition;
  step.revision = revision;
  step.now = now;
  step.type = change.type;
  step.pod = &change.pod;
  take_pod(step);
  deliver(step);
  const Uid uid = change.pod.meta.uid;
  if (step.removed) forget_if_gone(uid, *facts_.objects.find(uid));
}

void CheckSuite::take_pod(PodStep& step) {
  const model::Pod& pod = *step.pod;
  const Uid uid = pod.meta.uid;
  ObjectFacts& entry = facts_.objects.at(uid);
  const ObjectFacts before = entry;
  step.before = before;
  if (!before.exists() && before.running_on == ObjectFacts::kNone) facts_.objects.acquire(uid);
  if (!before.exists()) facts_.note_created(uid);

  note_metadata(entry, model::Kind::pod, pod.meta);
  entry.phase = static_cast<unsigned>(pod.phase) & 7U;
  entry.node = pod.node.index;
  entry.spec = pod.spec.index;
  if (!before.exists() && pod.meta.owner.uid.valid()) {
    entry.owner = facts_.owner_row(pod.meta.owner);
  }
  step.removed = step.type == ports::ChangeType::removed;
  if (step.removed) entry.kind = 0;
  step.owner = entry.owner;

  step.created = !before.exists() && entry.exists();
  step.bound = entry.exists() && entry.bound() && (!before.exists() || !before.bound());
  step.took_room = entry.holds_capacity() && !before.holds_capacity();
  step.gave_room = !entry.holds_capacity() && before.holds_capacity();
  const std::int32_t active = (entry.active() ? 1 : 0) - (before.active() ? 1 : 0);
  step.deactivated = active < 0;
  facts_.pods += (entry.exists() ? 1 : 0) - (before.exists() ? 1 : 0);
  facts_.pods_active += active;
  if (step.partition.index >= facts_.active_in.size()) {
    facts_.active_in.resize(std::size_t{step.partition.index} + 1, 0);
  }
  facts_.active_in[step.partition.index] += active;
  if (entry.owner != ObjectFacts::kNone) facts_.owners[entry.owner].active += active;
  step.evicted = step.deactivated && before.bound() && is_eviction(step);
}

bool CheckSuite::is_eviction(const PodStep& step) const {
  const bool told_to_go = step.removed || step.pod->meta.terminating();
  if (!told_to_go || step.pod->terminal()) return false;
  if (user_deleted_.contains(step.pod->meta.uid)) return false;
  if (step.owner != ObjectFacts::kNone) {
    const OwnerFacts& owner = facts_.owners[step.owner];
    const std::int32_t wanted = owner.job_wants >= 0 ? owner.job_wants : owner.replicas;
    return owner.exists && (wanted < 0 || owner.active < wanted);
  }
  return facts_.suspect(step.before.node);
}

void CheckSuite::deliver(Feed feed, const PodStep& step) {
  for (Checker* checker : feeds_[feed]) {
    checker->on_pod(step);
    collect(*checker);
  }
}

void CheckSuite::deliver(const PodStep& step) {
  deliver(all_pods, step);
  if (step.created) deliver(created, step);
  if (step.bound) deliver(bound, step);
  if (step.took_room || step.gave_room) deliver(room, step);
  if (step.deactivated) deliver(deactivated, step);
  if (step.removed) deliver(removed, step);
  if (tracker_ != nullptr && step.evicted) tracker_->on_pod(step);
}

void CheckSuite::forget_if_gone(Uid uid, const ObjectFacts& entry) {
  if (!entry.exists() && entry.running_on == ObjectFacts::kNone) facts_.objects.release(uid);
}

void CheckSuite::object_change(PartitionId partition, Revision revision,
                               const ports::ObjectChange& change, TimePoint now) {
  if (violation_) return;
  const model::Metadata& meta = model::metadata_of(change.object);
  ObjectFacts& entry = facts_.objects.at(meta.uid);
  ObjectStep step{partition, revision, now, change.type, &change.object, entry};
  if (!entry.exists()) {
    facts_.objects.acquire(meta.uid);
    facts_.note_created(meta.uid);
  }
  note_metadata(entry, model::kind_of(change.object), meta);
  entry.spec = meta.generation;
  if (change.type == ports::ChangeType::removed) entry.kind = 0;
  take_node(step);
  take_owner(step);
  take_lease(step);
  for (Checker* checker : feeds_[objects]) {
    checker->on_object(step);
    collect(*checker);
  }
  if (change.type == ports::ChangeType::removed) forget_if_gone(meta.uid, entry);
}

void CheckSuite::take_lease(const ObjectStep& step) {
  const auto* lease = std::get_if<model::Lease>(step.object);
  const bool of_tenants = lease != nullptr && tenant_partitions_.contains(step.partition);
  if (of_tenants && tracker_ != nullptr) {
    tracker_->on_lease(step.partition, lease->meta.name.base, step.now);
  }
}

void CheckSuite::take_owner(const ObjectStep& step) {
  const model::Metadata& meta = model::metadata_of(*step.object);
  const model::Kind kind = model::kind_of(*step.object);
  const bool owns_pods = kind == model::Kind::replica_set || kind == model::Kind::daemon_set ||
                         kind == model::Kind::job || kind == model::Kind::deployment;
  if (!owns_pods) return;
  const std::uint32_t row = facts_.owner_row({meta.uid, kind});
  OwnerFacts& owner = facts_.owners[row];
  owner.tenant = meta.tenant;
  owner.exists = step.type != ports::ChangeType::removed && !meta.terminating();
  const auto* job = std::get_if<model::Job>(step.object);
  if (job != nullptr) {
    const std::int32_t left =
        std::clamp(job->completions - job->status_succeeded, 0, std::max(job->parallelism, 0));
    owner.job_wants = job->complete || job->failed ? 0 : left;
  }
  if (job != nullptr && !owner.finished && (job->complete || job->failed)) {
    owner.finished = true;
    if (tracker_ != nullptr) tracker_->on_finished(row, step.now);
  }
  const auto* set = std::get_if<model::ReplicaSet>(step.object);
  if (set == nullptr || set->replicas == owner.replicas) return;
  if (set->replicas < owner.replicas) {
    const bool recent = owner.decreased_at.ns >= 0 && step.now - owner.decreased_at <= replica_lag_;
    owner.previous_replicas = std::max(recent ? owner.previous_replicas : 0, owner.replicas);
    owner.decreased_at = step.now;
  }
  owner.replicas = set->replicas;
}

void CheckSuite::take_node(const ObjectStep& step) {
  const auto* node = std::get_if<model::Node>(step.object);
  if (node == nullptr || !node->id.valid()) return;
  NodeFacts& facts = facts_.node_at(node->id);
  const bool exists = step.type != ports::ChangeType::removed;
  const NodeFacts::View view{node->meta.labels, node->meta.name.base,
                             facts_.taint_row(node->taints), node->unschedulable};
  if (!facts.known || !(view == facts.view)) {
    facts.previous = facts.known ? facts.view : view;
    facts.previous_changed_at = facts.known ? facts.changed_at : step.now;
    facts.view = view;
    facts.changed_at = step.now;
  }
  mark_struck(facts.zone, step.now);
  const bool was_ready = facts.exists && facts.ready == model::ConditionStatus::yes;
  const bool is_ready = exists && node->ready == model::ConditionStatus::yes;
  if (facts.exists) update_zone(facts.zone, -1, was_ready ? -1 : 0);
  if (!facts.known && !facts.host_up && node->zone.valid()) {
    facts_.zone_at(node->zone).hosts_down += 1;
  }
  facts.known = true;
  facts.exists = exists;
  facts.ready = node->ready;
  facts.zone = node->zone;
  facts.agent_epoch = node->agent_epoch;
  if (exists) update_zone(node->zone, 1, is_ready ? 1 : 0);
  note_darkness(step.now);
  if (was_ready && !is_ready && tracker_ != nullptr) tracker_->on_node_not_ready(step.now);
}

void CheckSuite::update_zone(ZoneId zone, std::int64_t nodes, std::int64_t ready) {
  if (!zone.valid()) return;
  ZoneFacts& facts = facts_.zone_at(zone);
  facts.nodes += nodes;
  facts.ready += ready;
}

void CheckSuite::mark_struck(ZoneId zone, TimePoint now) {
  if (zone.index >= facts_.zones.size()) return;
  ZoneFacts& facts = facts_.zones[zone.index];
  if (facts.struck()) facts.struck_until = now;
}

void CheckSuite::note_darkness(TimePoint now) {
  bool any = false;
  bool all = true;
  for (ZoneFacts& zone : facts_.zones) {
    if (zone.nodes == 0) continue;
    any = true;
    all = all && zone.dark();
    if (zone.dark() == (zone.dark_since.ns >= 0)) continue;
    zone.dark_since = zone.dark() ? now : TimePoint{-1};
  }
  const bool dark = any && all;
  if (dark == (facts_.all_dark_since.ns >= 0)) return;
  if (!dark) facts_.all_dark_until = now;
  facts_.all_dark_since = dark ? now : TimePoint{-1};
}

// ---- ground truth ----

void CheckSuite::on_running(Uid pod, NodeId node, TimePoint now) {
  if (violation_) return;
  ObjectFacts& entry = facts_.objects.at(pod);
  const std::uint32_t before = entry.running_on;
  if (!entry.exists() && before == ObjectFacts::kNone) facts_.objects.acquire(pod);
  entry.running_on = node.index;
  facts_.pods_running += 1;
  count_running(entry, 1);
  if (tracker_ != nullptr) tracker_->on_running(pod, before != ObjectFacts::kNone, now);
  for (Checker* checker : feeds_[ground_truth]) {
    checker->on_running(pod, node, before, now);
    collect(*checker);
  }
}

void CheckSuite::count_running(const ObjectFacts& entry, std::int32_t change) {
  if (entry.owner == ObjectFacts::kNone) return;
  OwnerFacts& owner = facts_.owners[entry.owner];
  owner.running += change;
  if (owner.kind == model::Kind::job) facts_.job_pods_running += change;
}

void CheckSuite::on_stopped(Uid pod, NodeId node, bool with_host, TimePoint now) {
  if (violation_) return;
  for (Checker* checker : feeds_[ground_truth]) {
    checker->on_stopped(pod, node, now);
    collect(*checker);
  }
  facts_.pods_running -= 1;
  ObjectFacts* entry = facts_.objects.find(pod);
  if (entry == nullptr) return;
  count_running(*entry, -1);
  if (with_host && tracker_ != nullptr) tracker_->on_died_with_host(pod, now);
  if (entry->running_on != node.index) return;
  entry->running_on = ObjectFacts::kNone;
  forget_if_gone(pod, *entry);
}

void CheckSuite::on_host(NodeId node, bool up, TimePoint now) {
  if (violation_) return;
  NodeFacts& facts = facts_.node_at(node);
  mark_struck(facts.zone, now);
  if (facts.host_up != up && facts.known && facts.zone.valid()) {
    facts_.zone_at(facts.zone).hosts_down += up ? -1 : 1;
  }
  facts.host_up = up;
  for (Checker* checker : feeds_[hosts]) {
    checker->on_host(node, up, now);
    collect(*checker);
  }
}

void CheckSuite::on_zone_cut_off(ZoneId zone, bool cut_off, TimePoint now) {
  if (violation_ || !zone.valid()) return;
  mark_struck(zone, now);
  facts_.zone_at(zone).cut_off = cut_off;
}

template <class Tell>
void CheckSuite::tell_all(Tell tell) {
  for (auto& checker : checkers_) {
    if (violation_) return;
    tell(*checker);
    collect(*checker);
  }
}

void CheckSuite::on_quiet(TimePoint now) {
  tell_all([&](Checker& checker) { checker.on_quiet(now); });
}

void CheckSuite::on_quiescent(TimePoint now) {
  tell_all([&](Checker& checker) { checker.on_quiescent(now); });
}

void CheckSuite::on_core(PartitionId partition, bool whole, TimePoint now) {
  tenant_partitions_.insert(partition);
  tell_all([&](Checker& checker) { checker.on_core(partition, whole, now); });
}

void CheckSuite::on_committed_by(PartitionId partition, std::uint32_t reached,
                                 std::uint32_t members, TimePoint now) {
  tell_all([&](Checker& checker) { checker.on_committed_by(partition, reached, members, now); });
}

void CheckSuite::on_acknowledged(Uid object, TimePoint now) {
  tell_all([&](Checker& checker) { checker.on_acknowledged(object, now); });
}

void CheckSuite::on_inventory(PartitionId partition, std::span<const Uid> pods, TimePoint now) {
  tell_all([&](Checker& checker) { checker.on_inventory(partition, pods, now); });
}

std::vector<CheckSuite::Evaluations> CheckSuite::evaluations() const {
  std::vector<Evaluations> list;
  for (const auto& checker : checkers_) list.push_back({checker->name(), checker->evaluations()});
  return list;
}

}  // namespace arcas::sim
