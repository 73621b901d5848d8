#include "core/roles/scheduler_role.h"

#include <algorithm>
#include <utility>

#include "core/roles/configs.h"

namespace arcas::roles {
namespace {

enum Tag : std::uint64_t { kElection = 1, kCycle = 2, kFeeds = 3, kReturned = 4 };

std::uint64_t claim_key(std::uint64_t cycle, std::uint32_t resource_partition) {
  return (cycle << 16U) | resource_partition;
}

}  // namespace

SchedulerRole::SchedulerRole(RoleContext context, PartitionId partition, SchedulerShare share)
    : context_(context),
      partition_(partition),
      share_(std::move(share)),
      leadership_(context_, context_.catalog->intern(share_.lease_name()), partition) {}

void SchedulerRole::on_start() {
  stop_leading();
  limiter_ = RateLimiter(context_.profile->scheduler_qps, context_.profile->scheduler_burst);
  leadership_.start(kElection);
}

void SchedulerRole::on_message(ActorId from, ports::Message& message) {
  if (leadership_.on_message(from, message)) return;
  if (scheduler_ == nullptr) return;
  if (const auto* events = std::get_if<ports::WatchEvents>(&message)) return handle(from, *events);
  if (const auto* reply = std::get_if<ports::ClaimReply>(&message)) return handle(*reply);
  if (const auto* reply = std::get_if<ports::BindReply>(&message)) return handle(*reply);
  if (const auto* events = std::get_if<ports::NodeEvents>(&message)) return handle(from, *events);
}

void SchedulerRole::on_timer(std::uint64_t tag) {
  if (tag == kElection || tag == (kElection | Leadership::kAtOnce)) {
    switch (tag == kElection ? leadership_.on_timer() : leadership_.on_news()) {
      case Leadership::Event::gained:
        return lead();
      case Leadership::Event::lost:
        return stop_leading();
      case Leadership::Event::none:
        return;
    }
  }
  if (scheduler_ == nullptr) return;
  if (tag == kFeeds) return retry_node_watches();
  if (tag == kReturned) return use_returned_feeds();
  if (tag == kCycle && context_.now() >= next_cycle_) {
    next_cycle_ = TimePoint::max();
    run_cycle();
  }
}

void SchedulerRole::on_peer_lost(ActorId peer) {
  const bool api_server_lost = peer == leadership_.api_server();
  leadership_.on_peer_lost(peer);
  if (scheduler_ == nullptr) return;
  if (api_server_lost) return begin_anew();  // what is under way is unknown
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    if (feeds_[i].node_manager == peer) lose_feed(i);
  }
}

/// What was claimed there and not answered is refused, in the order of the cycles, not of the
/// table.
void SchedulerRole::lose_feed(std::uint32_t resource_partition) {
  NodeFeed& lost = feeds_[resource_partition];
  if (lost.synced && lost.usable_at == TimePoint::max()) lost.away_since = context_.now();
  lost.usable_at = TimePoint::max();
  mark_feed(resource_partition, false);
  std::vector<std::uint64_t> keys;
  for (const auto& [key, claim] : claims_) {
    if (claim.resource_partition == resource_partition) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  for (const std::uint64_t key : keys) {
    for (const ports::ClaimItem& item : claims_.at(key).items) refuse(item);
    claims_.erase(key);
  }
  ++feeds_[resource_partition].attempt;
  open_node_watch(resource_partition);
}

// ---- leading ----

void SchedulerRole::lead() {
  context_.note("scheduler-leads", partition_.index, static_cast<std::int64_t>(session_));
  scheduler_ = std::make_unique<scheduler::Scheduler>(*context_.catalog,
                                                      scheduler_config(*context_.profile));
  counted_ = {};
  budget_session_ = 0;
  claims_.clear();
  bindings_.clear();
  next_cycle_ = TimePoint::max();
  busy_until_ = context_.now();
  open_watches();
  feeds_.assign(context_.endpoints->resource_partitions.size(), {});
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    feeds_[i].away_since = context_.now();
    open_node_watch(i);
  }
  context_.arm(context_.now() + context_.profile->reconnect_period, kFeeds);
}

/// Bindings that are under way may be committed yet: under a new epoch they cannot be.
void SchedulerRole::begin_anew() {
  stop_leading();
  leadership_.begin_anew();
}

void SchedulerRole::stop_leading() {
  scheduler_.reset();
  claims_.clear();
  bindings_.clear();
  feeds_.clear();
  pods_synced_ = false;
  next_cycle_ = TimePoint::max();
}

/// Owners first: they are listed, and as a rule told of, before their pods.
void SchedulerRole::open_watches() {
  pods_synced_ = false;
  context_.ports.network->monitor(context_.self, leadership_.api_server());
  if (follows_owners(*context_.profile)) owner_session_ = open_watch(ports::WatchScope::owners);
  pod_session_ = open_watch(ports::WatchScope::scheduling);
}

std::uint32_t SchedulerRole::open_watch(ports::WatchScope scope) {
  ports::WatchRequest request;
  request.scope = scope;
  request.session = ++session_;
  request.caller.type = ports::Identity::Type::component;
  context_.send(leadership_.api_server(), request);
  return request.session;
}

/// Only a scheduler that preempts needs the budgets, and most never do: it asks when a pod first
/// would have evicted others. That pod waits for the answer.
void SchedulerRole::ask_for_budgets() {
  if (budget_session_ == 0 && scheduler_->wants_budgets()) {
    budget_session_ = open_watch(ports::WatchScope::budgets);
  }
}

void SchedulerRole::open_node_watch(std::uint32_t resource_partition) {
  NodeFeed& feed = feeds_[resource_partition];
  const auto& managers = context_.endpoints->resource_partitions[resource_partition].node_managers;
  feed.node_manager = choose_instance(managers, context_.zone, feed.attempt);
  feed.session = ++session_;
  feed.synced = false;
  feed.asked_at = context_.now();
  context_.ports.network->monitor(context_.self, feed.node_manager);
  context_.send(feed.node_manager, ports::NodeWatchRequest{partition_, feed.session, true});
}

void SchedulerRole::retry_node_watches() {
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    NodeFeed& feed = feeds_[i];
    if (feed.synced || context_.now() - feed.asked_at < context_.profile->reconnect_period) {
      continue;
    }
    ++feed.attempt;
    open_node_watch(i);
  }
  context_.arm(context_.now() + context_.profile->reconnect_period, kFeeds);
}

bool SchedulerRole::ready() const {
  return pods_synced_ && std::any_of(feeds_.begin(), feeds_.end(),
                                     [](const NodeFeed& feed) { return feed.synced; });
}

void SchedulerRole::mark_feed(std::uint32_t resource_partition, bool usable) {
  feeds_[resource_partition].synced = usable;
  if (!context_.profile->claims) return;
  for (const ZoneId zone : context_.endpoints->resource_partitions[resource_partition].zones) {
    scheduler_->set_zone_lost(zone, !usable);
  }
}

/// A zone whose partition was silent for long enough to be judged lost is not placed on before the
/// controllers can have judged it back: until then they would evict what is placed there. They go
/// by the same answers, `zone_hold` long, seen at their probes.
void SchedulerRole::feed_synced(std::uint32_t resource_partition) {
  const Profile& profile = *context_.profile;
  NodeFeed& feed = feeds_[resource_partition];
  const bool of_one_zone =
      context_.endpoints->resource_partitions[resource_partition].zones.size() == 1;
  const bool judged = profile.claims && profile.zone_evidence && of_one_zone;
  if (!judged || context_.now() - feed.away_since < profile.zone_silence + profile.probe_silence) {
    return mark_feed(resource_partition, true);
  }
  mark_feed(resource_partition, false);
  feed.synced = true;
  feed.usable_at = context_.now() + profile.zone_hold + profile.probe_period * 2;
  context_.arm(feed.usable_at, kReturned);
}

void SchedulerRole::use_returned_feeds() {
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    if (!feeds_[i].synced || context_.now() < feeds_[i].usable_at) continue;
    feeds_[i].usable_at = TimePoint::max();
    mark_feed(i, true);
  }
  wake(context_.now());
}

// ---- what it sees ----

void SchedulerRole::handle(ActorId, const ports::WatchEvents& events) {
  if (events.scope == ports::WatchScope::owners && events.session == owner_session_) {
    for (const ports::ObjectChange& change : events.changes.objects) apply_owner(change);
    for (const model::Object& left : events.changes.left.objects) {
      apply_owner({ports::ChangeType::removed, left});
    }
  }
  if (events.scope == ports::WatchScope::budgets && events.session == budget_session_) {
    if (events.first) scheduler_->forget_budgets();
    for (const ports::ObjectChange& change : events.changes.objects) apply_budget(change);
    for (const model::Object& left : events.changes.left.objects) {
      apply_budget({ports::ChangeType::removed, left});
    }
    if (events.synced) scheduler_->budgets_known();
    return wake(context_.now());
  }
  if (events.scope != ports::WatchScope::scheduling || events.session != pod_session_) return;
  for (const ports::PodChange& change : events.changes.pods) apply(change);
  for (const model::Pod& left : events.changes.left.pods) disown(left);
  if (events.synced) pods_synced_ = true;
  wake(context_.now());
}

void SchedulerRole::apply(const ports::PodChange& change) {
  const model::Pod& pod = change.pod;
  const Uid uid = pod.meta.uid;
  if (change.type == ports::ChangeType::removed || pod.terminal()) {
    scheduler_->forget(uid);
    scheduler_->remove_usage(uid);
    if (pod.phase == model::PodPhase::succeeded) {
      scheduler_->succeeded(uid, pod.meta.name_space, pod.meta.labels, pod.node);
    }
    return;
  }
  if (pod.node.valid()) {
    scheduler_->add_usage(uid, pod.spec, pod.meta.labels, pod.meta.name_space, pod.node, true);
    // Its agent takes a pod on as soon as it is bound, which is when this is told.
    scheduler_->started(uid, pod.started_at.ns >= 0 ? pod.started_at : context_.now());
    scheduler_->confirm(uid);
    if (pod.meta.terminating()) {
      const StringId preempted = context_.catalog->strings.find("Preempted");
      scheduler_->mark_terminating(uid, preempted.valid() && pod.reason == preempted);
    }
    return;
  }
  if (pod.meta.terminating()) {
    scheduler_->forget(uid);
    return;
  }
  if (share_.owns(pod, *context_.catalog)) scheduler_->enqueue(context_.now(), pending_of(pod));
}

/// It went with its tenant to another tenant partition; where it runs it still holds room, if the
/// others' usage is known here at all.
void SchedulerRole::disown(const model::Pod& pod) {
  if (context_.profile->usage_shared) return scheduler_->disown(pod.meta.uid);
  scheduler_->forget(pod.meta.uid);
  scheduler_->remove_usage(pod.meta.uid);
}

void SchedulerRole::apply_owner(const ports::ObjectChange& change) {
  const auto* set = std::get_if<model::ReplicaSet>(&change.object);
  if (set == nullptr) return;
  if (change.type == ports::ChangeType::removed) return scheduler_->remove_owner(set->meta.uid);
  model::WorkloadSelector owner;
  owner.kind = model::WorkloadSelector::Kind::replica_set;
  owner.name_space = set->meta.name_space;
  owner.name = set->meta.name.base;
  owner.selector = set->selector;
  scheduler_->set_owner(set->meta.uid, owner);
}

void SchedulerRole::apply_budget(const ports::ObjectChange& change) {
  const auto* budget = std::get_if<model::PodDisruptionBudget>(&change.object);
  if (budget == nullptr) return;
  if (change.type == ports::ChangeType::removed) {
    return scheduler_->remove_budget(budget->meta.uid);
  }
  scheduler_->set_budget(
      budget->meta.uid,
      {budget->meta.name_space, budget->selector, budget->status_disruptions_allowed, {}});
}

scheduler::PendingPod SchedulerRole::pending_of(const model::Pod& pod) {
  scheduler::PendingPod pending;
  pending.uid = pod.meta.uid;
  pending.spec = pod.spec;
  pending.target = pod.target;
  pending.labels = pod.meta.labels;
  pending.name_space = pod.meta.name_space;
  pending.tenant = pod.meta.tenant;
  pending.created_at = pod.meta.created_at;
  pending.nominated = pod.nominated;
  if (pod.meta.owner.kind == model::Kind::replica_set) pending.owner = pod.meta.owner.uid;
  return pending;
}

void SchedulerRole::handle(ActorId from, const ports::NodeEvents& events) {
  const std::uint32_t index = context_.endpoints->resource_partition(events.resource_partition);
  NodeFeed& feed = feeds_[index];
  if (from != feed.node_manager || events.session != feed.session) return;
  if (events.closed) return lose_feed(index);
  for (const ports::ObjectChange& change : events.nodes) {
    const auto* node = std::get_if<model::Node>(&change.object);
    if (node == nullptr) continue;
    if (change.type == ports::ChangeType::removed) {
      scheduler_->remove_node(node->id);
    } else {
      scheduler_->upsert_node(*node);
    }
  }
  for (const ports::UsageChange& change : events.usage) {
    if (change.node.valid()) {
      scheduler_->add_usage(change.pod, change.spec, LabelSetId{}, NamespaceId{}, change.node,
                            false);
    } else {
      scheduler_->remove_foreign(change.pod);
    }
  }
  if (events.synced) feed_synced(index);
  wake(context_.now());
}

// ---- the cycle ----

void SchedulerRole::wake(TimePoint at) {
  if (!ready()) return;
  if (at < busy_until_) at = busy_until_;
  if (at >= next_cycle_) return;
  next_cycle_ = at;
  context_.arm(at, kCycle);
}

void SchedulerRole::run_cycle() {
  if (!ready() || !leadership_.leading()) return;
  const Profile& profile = *context_.profile;
  const TimePoint now = context_.now();
  const auto wanted = static_cast<std::int64_t>(
      scheduler_->cycle_size(static_cast<std::size_t>(profile.scheduler_batch)));
  const bool limited = now.ns >= profile.client_limits_start.ns;
  const std::int64_t batch = limited ? limiter_.take(now, wanted) : wanted;
  if (batch == 0) return wake(limiter_.next(now));

  settle_gangs();
  decisions_.clear();
  scheduler_->schedule(now, static_cast<std::size_t>(batch), decisions_);
  ask_for_budgets();
  count_stats();
  if (limited) limiter_.give_back(batch - static_cast<std::int64_t>(decisions_.size()));
  if (decisions_.empty()) {
    if (const auto next = scheduler_->next_wakeup(context_.now())) wake(*next);
    return;
  }
  counters_.decisions += decisions_.size();
  busy_until_ = now + profile.decision_cost * static_cast<std::int64_t>(decisions_.size());
  dispatch(decisions_, busy_until_);
  wake(limited ? std::max(busy_until_, limiter_.next(now)) : busy_until_);
}

void SchedulerRole::dispatch(std::vector<scheduler::Scheduler::Decision>& decisions,
                             TimePoint done) {
  std::vector<std::vector<ports::ClaimItem>> by_partition(feeds_.size());
  for (const auto& decision : decisions) {
    if (!decision.node.valid()) {
      ++counters_.unschedulable;
      if (decision.nominated.valid()) {
        context_.send(leadership_.api_server(),
                      ports::PreemptRequest{leadership_.fence(), decision.uid, decision.nominated,
                                            decision.victims},
                      done);
      }
      continue;
    }
    by_partition[context_.endpoints->partition_of_node[decision.node.index]].push_back(
        {decision.uid, decision.spec, decision.node});
  }
  ++cycle_;
  for (std::uint32_t i = 0; i < by_partition.size(); ++i) {
    if (by_partition[i].empty()) continue;
    if (!context_.profile->claims) {
      std::erase_if(by_partition[i], [&](const ports::ClaimItem& item) {
        return !scheduler_->grant(context_.now(), item.pod);  // goes with its gang, below
      });
      if (!by_partition[i].empty()) bind(std::move(by_partition[i]), done);
      continue;
    }
    ports::ClaimRequest request{partition_, leadership_.fence().epoch, cycle_, by_partition[i],
                                share_.index()};
    claims_.emplace(claim_key(cycle_, i), Claim{i, done, std::move(by_partition[i])});
    context_.send(feeds_[i].node_manager, std::move(request), done);
  }
  if (!context_.profile->claims) settle_gangs();
}

void SchedulerRole::handle(const ports::ClaimReply& reply) {
  const std::uint32_t index = context_.endpoints->resource_partition(reply.resource_partition);
  const auto it = claims_.find(claim_key(reply.cycle, index));
  if (it == claims_.end()) return;  // given up already
  Claim claim = std::move(it->second);
  claims_.erase(it);
  const bool late = context_.now() - claim.asked_at >= grant_age(*context_.profile);
  std::vector<std::vector<Uid>> given_back(feeds_.size());
  std::vector<ports::ClaimItem> granted;
  granted.reserve(claim.items.size());
  for (std::size_t i = 0; i < claim.items.size(); ++i) {
    const bool ok = !reply.fenced && i < reply.granted.size() && reply.granted[i] != 0;
    if (ok && late) given_back[index].push_back(claim.items[i].pod);
    if (ok && !late) {
      if (scheduler_->grant(context_.now(), claim.items[i].pod)) granted.push_back(claim.items[i]);
      ++counters_.claims_granted;
    } else {
      ++counters_.claims_rejected;
      refuse(claim.items[i]);
    }
  }
  if (!granted.empty()) bind(std::move(granted), {});
  if (late) release(std::move(given_back));
  settle_gangs();
}

/// Binds gangs that have their claims, each whole in one request, and gives back what others got in
/// vain.
void SchedulerRole::settle_gangs() {
  const scheduler::GangClaims::Outcome outcome = scheduler_->take_gang_claims();
  if (outcome.empty()) return;
  count_stats();
  std::vector<ports::ClaimItem> items;
  for (const auto& place : outcome.bind) items.push_back({place.pod, place.spec, place.node});
  if (!items.empty()) bind(std::move(items), {});
  std::vector<std::vector<Uid>> released(feeds_.size());
  for (const auto& place : outcome.release) {
    released[context_.endpoints->partition_of_node[place.node.index]].push_back(place.pod);
  }
  release(std::move(released));
  if (const auto next = scheduler_->next_wakeup(context_.now())) wake(*next);
}

void SchedulerRole::bind(std::vector<ports::ClaimItem> items, TimePoint not_before) {
  ports::BindRequest request;
  request.id = next_binding_++;
  request.fence = leadership_.fence();
  request.items.reserve(items.size());
  for (const ports::ClaimItem& item : items) request.items.push_back({item.pod, item.node});
  bindings_.emplace(request.id, Binding{std::move(items)});
  context_.send(leadership_.api_server(), std::move(request), not_before);
}

void SchedulerRole::handle(const ports::BindReply& reply) {
  const auto it = bindings_.find(reply.id);
  if (it == bindings_.end()) return;
  const Binding binding = std::move(it->second);
  bindings_.erase(it);
  if (reply.code == StatusCode::unavailable) return begin_anew();  // outcome unknown
  std::vector<std::vector<Uid>> released(feeds_.size());
  for (std::size_t i = 0; i < binding.items.size(); ++i) {
    const StatusCode code = reply.code != StatusCode::ok ? reply.code : reply.results[i];
    if (code == StatusCode::ok) {
      ++counters_.bound;
      scheduler_->confirm(binding.items[i].pod);
      continue;
    }
    const auto partition = context_.endpoints->partition_of_node[binding.items[i].node.index];
    released[partition].push_back(binding.items[i].pod);
    refuse(binding.items[i]);
    if (code == StatusCode::not_found) scheduler_->forget(binding.items[i].pod);
  }
  release(std::move(released));
}

void SchedulerRole::count_stats() {
  const scheduler::Scheduler::Stats stats = scheduler_->stats();
  counters_.gangs_started += stats.gangs_started - counted_.gangs_started;
  counters_.gang_timeouts += stats.gang_timeouts - counted_.gang_timeouts;
  counters_.gang_conflicts += stats.gang_conflicts - counted_.gang_conflicts;
  counters_.by_flow += stats.by_flow - counted_.by_flow;
  counters_.flow_batches += stats.flow_batches - counted_.flow_batches;
  counters_.flow_fallbacks += stats.flow_fallbacks - counted_.flow_fallbacks;
  counters_.flow_gap += stats.flow_gap - counted_.flow_gap;
  counted_ = stats;
}

void SchedulerRole::release(std::vector<std::vector<Uid>> by_partition) {
  if (!context_.profile->claims) return;
  for (std::uint32_t i = 0; i < by_partition.size(); ++i) {
    if (by_partition[i].empty()) continue;
    context_.send(feeds_[i].node_manager,
                  ports::ClaimRelease{partition_, leadership_.fence().epoch,
                                      std::move(by_partition[i]), share_.index()});
  }
}

void SchedulerRole::refuse(const ports::ClaimItem& item) {
  scheduler_->reject(context_.now(), item.pod);
  if (const auto next = scheduler_->next_wakeup(context_.now())) wake(*next);
}

}  // namespace arcas::roles
