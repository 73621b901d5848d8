#include "sim/run/region_run.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace arcas::sim {
namespace {

Event event(EventKind kind, std::uint32_t target, std::uint64_t payload) {
  return {static_cast<std::uint32_t>(kind), target, payload};
}

std::uint64_t pack(RuntimeToken token) {
  return (std::uint64_t{token.generation} << 32U) | token.slot;
}

RuntimeToken unpack(std::uint64_t payload) {
  return {static_cast<std::uint32_t>(payload), static_cast<std::uint32_t>(payload >> 32U)};
}

}  // namespace

void RegionRun::start() {
  core_whole_.assign(endpoints_.tenant_partitions.size(), 2);
  judge_cores();
  nodes_up_ = region_.node_count();
  for (const auto& store : stores_) store->start();
  world_.start_all();
}

ports::TransactionResult RegionRun::load(TenantId tenant, const ports::Transaction& objects) {
  StoreHost& store = *stores_[endpoints_.partition_of_tenant[tenant.index]];
  ports::ChangeBatch changes;
  auto result = store.load(objects, changes);
  checks_->on_commit(store.partition(), changes, engine_.now());
  return result;
}

void RegionRun::set_users(UserClient::Source source) {
  const ActorId id = place(ZoneId{0}, {});
  StoredObjects stored;
  stored.of_tenant = [this](TenantId tenant) -> const state::Tables& {
    return home_of(tenant).tables();
  };
  stored.of_node = [this](NodeId node) -> const state::Tables& {
    const std::size_t first = endpoints_.tenant_partitions.size();
    return stores_[first + endpoints_.partition_of_node[node.index]]->tables();
  };
  stored.each_pod = [this](const auto& visit) { for_each_pod(visit); };
  stored.deleting = [this](Uid pod) { checks_->on_user_deletes(pod); };
  stored.acknowledged = [this](Uid object) { checks_->on_acknowledged(object, engine_.now()); };
  client_ =
      std::make_unique<UserClient>(context(id, ZoneId{0}), std::move(source), std::move(stored));
  world_.bind_actor(id, *client_);
}

Status RegionRun::set_faults(const std::vector<FaultSpec>& faults, bool keep) {
  auto plan = FaultPlan::make(faults, region_, random_.stream("faults"));
  if (!plan) return plan.error();
  if (!keep) return Status::success();
  faults_ = std::move(*plan);
  if (const auto next = faults_->next_time()) {
    engine_.schedule(*next, event(EventKind::fault, 0, 0));
  }
  return Status::success();
}

Status RegionRun::replace_faults(const std::vector<FaultSpec>& faults) {
  auto plan = FaultPlan::make(faults, region_, random_.stream("faults"));
  if (!plan) return plan.error();
  while (plan->next_time() && *plan->next_time() <= engine_.now()) plan->pop();
  faults_ = std::move(*plan);
  if (const auto next = faults_->next_time()) {
    engine_.schedule(*next, event(EventKind::fault, 0, 0));
  }
  return Status::success();
}

std::string RegionRun::last_event() const {
  static constexpr const char* kNames[] = {"start of",
                                           "message to",
                                           "timer of",
                                           "lost session of",
                                           "heartbeat of",
                                           "steady heartbeats of",
                                           "heartbeats stopped for",
                                           "store",
                                           "commit answered to",
                                           "changes to",
                                           "runtime of node",
                                           "fault",
                                           "workload",
                                           "sample",
                                           "late request to store"};
  const std::size_t kind = last_event_.kind;
  if (kind >= std::size(kNames)) return "event";
  std::string text = kNames[kind];
  switch (static_cast<EventKind>(last_event_.kind)) {
    case EventKind::fault:
    case EventKind::workload:
    case EventKind::sample:
      return text;
    case EventKind::heartbeat:
    case EventKind::heartbeats_steady:
    case EventKind::runtime:
      return text + " " + catalog_.nodes.text(NodeId{last_event_.target});
    case EventKind::store_wake:
    case EventKind::store_request:
      return text + " " + std::to_string(last_event_.target);
    default:
      return text + " " + actor_name(ActorId{last_event_.target});
  }
}

std::string RegionRun::actor_name(ActorId actor) const {
  const std::string zone = " in " + region_.zone_name(region_.zone_of(world_.host_of(actor)));
  const auto among = [actor](const std::vector<roles::Instance>& instances) {
    return std::any_of(instances.begin(), instances.end(),
                       [actor](const roles::Instance& i) { return i.actor == actor; });
  };
  if (actor.index >= first_agent_ && actor.index - first_agent_ < region_.node_count()) {
    return "agent of " + catalog_.nodes.text(NodeId{actor.index - first_agent_});
  }
  for (std::size_t i = 0; i < endpoints_.tenant_partitions.size(); ++i) {
    const auto& partition = endpoints_.tenant_partitions[i];
    const std::string of = " of tenant partition " + std::to_string(i + 1) + zone;
    if (among(partition.api_servers)) return "api server" + of;
    if (among(partition.schedulers)) return "scheduler" + of;
    if (among(partition.controller_managers)) return "controller manager" + of;
  }
  for (std::size_t i = 0; i < endpoints_.resource_partitions.size(); ++i) {
    if (among(endpoints_.resource_partitions[i].node_managers)) {
      return "node manager of resource partition " + std::to_string(i) + zone;
    }
  }
  return (among(endpoints_.gateways) ? "gateway" : "users") + zone;
}

void RegionRun::record_series() {
  sampler_ = std::make_unique<RunSampler>(RunSampler::Sources{
      region_, catalog_, checks_->facts(), outcome_, endpoints_,
      [this](NodeId node) -> const model::ResourceList& { return allocatable_of(node); },
      [this] {
        std::uint64_t decisions = 0;
        for (const roles::SchedulerRole* s : schedulers_) decisions += s->counters().decisions;
        return static_cast<std::int64_t>(decisions);
      }});
}

RunSeries RegionRun::series() {
  return sampler_ == nullptr ? RunSeries{} : sampler_->series(engine_.now());
}

bool RegionRun::step() {
  if (engine_.empty()) return false;
  const Event e = engine_.advance();
  last_event_ = e;
  if (sampler_ != nullptr && static_cast<EventKind>(e.kind) == EventKind::message) {
    sampler_->on_message(ActorId{e.target}, engine_.now());
  }
  if (world_.parks(e)) return true;
  if (world_.dispatch(e)) return true;
  switch (static_cast<EventKind>(e.kind)) {
    case EventKind::store_wake:
      stores_[e.target]->on_wake(e.payload);
      break;
    case EventKind::store_request:
      stores_[e.target]->on_late_request(e.payload);
      break;
    case EventKind::commit_result:
      stores_[e.payload >> 32U]->on_result(ActorId{e.target}, e.payload & 0xffffffffU);
      break;
    case EventKind::store_changes:
      stores_[e.payload >> 32U]->on_changes(ActorId{e.target}, e.payload & 0xffffffffU);
      break;
    case EventKind::runtime:
      carry(NodeId{e.target}, runtime_.complete(engine_.now(), unpack(e.payload)));
      break;
    case EventKind::fault:
      strike();
      break;
    default:
      ARCAS_CHECK(false);
  }
  return true;
}

void RegionRun::strike() {
  const TimePoint now = engine_.now();
  while (faults_->next_time() && *faults_->next_time() <= now) {
    const TimedFault fault = faults_->pop();
    engine_.add_to_trace(hash_value(fault.action));
    if (story_ != nullptr) story_->on_event(sim::describe(fault.action, region_), now);
    if (sampler_ != nullptr) sampler_->on_fault(fault.action, now);
    if (strikes(fault.action)) {
      if (!fault_struck_) first_fault_ = now;
      fault_struck_ = true;
      ++faults_struck_;
      outcome_.on_fault(now);
      notes_.push_back({now, describe(fault.action, region_), 0, 0});
    }
    apply(fault.action, region_, *this, now);
    last_fault_action_ = now;
  }
  if (const auto next = faults_->next_time()) {
    engine_.schedule(*next, event(EventKind::fault, 0, 0));
  }
}

void RegionRun::set_disk_write(HostId host, Duration takes) {
  for (const auto& store : stores_) store->set_disk_write(host, takes);
  cores_.set_hampered(host, takes.ns >= 0);
  judge_cores();
}

void RegionRun::wipe_disk(HostId host) {
  for (const auto& store : stores_) store->lose_disk(host);
  cores_.set_hampered(host, true);
  lost_disks_.push_back(host);
  judge_cores();
}

/// A member that is up to date again counts for its core.
void RegionRun::look_at_lost_disks() {
  const auto found = std::erase_if(lost_disks_, [this](HostId host) {
    const bool behind = std::any_of(stores_.begin(), stores_.end(),
                                    [host](const auto& store) { return store->behind(host); });
    if (!behind) cores_.set_hampered(host, false);
    return !behind;
  });
  if (found != 0) judge_cores();
}

void RegionRun::set_paused(HostId host, bool paused) {
  world_.set_paused(host, paused);
  cores_.set_hampered(host, paused);
  judge_cores();
}

void RegionRun::set_trouble(const LinkTrouble& trouble, bool begins) {
  begins ? world_.begin_trouble(trouble) : world_.end_trouble(trouble);
  const bool of_zone = trouble.from.kind == Domain::Kind::zone && !trouble.to.valid();
  if (of_zone && trouble.delay > plan_.keep_alive) {
    const ZoneId zone{trouble.from.index};
    begins ? void(too_slow_.insert(zone)) : void(too_slow_.erase(too_slow_.find(zone)));
    judge_zone(zone);
  }
  for (const HostId host : region_.hosts_of(trouble.from)) {
    if (!region_.is_node(host)) cores_.set_hampered(host, begins);
  }
  judge_cores();
}

/// A zone is as good as cut off when sessions over its links do not last: all the others may take
/// it for lost, as it is of no use to them.
void RegionRun::judge_zone(ZoneId zone) {
  const bool cut_off = region_.cut_off(zone) || too_slow_.contains(zone);
  checks_->on_zone_cut_off(zone, cut_off, engine_.now());
}

/// Tells the checkers of which tenant partitions' control planes the core is whole, where it
/// changed.
void RegionRun::judge_cores() {
  for (std::size_t i = 0; i < core_whole_.size(); ++i) {
    const PartitionId partition = endpoints_.tenant_partitions[i].id;
    const bool whole = cores_.whole(partition);
    if (core_whole_[i] == (whole ? 1 : 0)) continue;
    core_whole_[i] = whole ? 1 : 0;
    checks_->on_core(partition, whole, engine_.now());
  }
}

const StoreHost& RegionRun::store_of(PartitionId partition) const {
  const auto found = std::find_if(stores_.begin(), stores_.end(), [&](const auto& store) {
    return store->partition() == partition;
  });
  ARCAS_CHECK(found != stores_.end());
  return **found;
}

const StoreHost& RegionRun::home_of(TenantId tenant) const {
  const StoreHost* home = stores_[endpoints_.partition_of_tenant[tenant.index]].get();
  std::uint64_t epoch = 0;
  for (std::size_t i = 0; i < endpoints_.tenant_partitions.size(); ++i) {
    const model::TenantMove* record = stores_[i]->tables().moves().find(tenant);
    if (record == nullptr || record->phase == model::TenantMove::Phase::receiving) continue;
    if (record->home_epoch() < epoch) continue;
    epoch = record->home_epoch();
    home = record->lives_here() ? stores_[i].get() : &store_of(record->other);
  }
  return *home;
}

HostId RegionRun::store_leader(PartitionId partition) const {
  return store_of(partition).store().leader();
}

// ---- the machines ----

void RegionRun::start(ActorId self, Uid pod, SpecId spec) {
  const NodeId node{self.index - first_agent_};
  carry(node, runtime_.start(engine_.now(), node, pod, spec));
}

void RegionRun::stop(ActorId self, Uid pod, Duration grace) {
  const NodeId node{self.index - first_agent_};
  carry(node, runtime_.stop(engine_.now(), node, pod, grace));
}

void RegionRun::carry(NodeId node, const RuntimeOutcome& outcome) {
  if (outcome.has_timer) {
    engine_.schedule(outcome.at, event(EventKind::runtime, node.index, pack(outcome.token)));
  }
  if (!outcome.has_event) return;
  const ActorId agent{first_agent_ + node.index};
  engine_.add_to_trace(outcome.event.pod.value ^ static_cast<std::uint64_t>(outcome.event.type));
  if (world_.alive(agent)) world_.actor(agent).on_runtime(outcome.event);
}

void RegionRun::on_running(Uid pod, NodeId node, TimePoint now) {
  if (story_ != nullptr) story_->on_running(pod, node, now);
  if (sampler_ != nullptr) sampler_->on_running(pod, node, now);
  checks_->on_running(pod, node, now);
}

void RegionRun::on_stopped(Uid pod, NodeId node, StopCause cause, TimePoint now) {
  if (story_ != nullptr) story_->on_stopped(pod, node, now);
  if (sampler_ != nullptr) sampler_->on_stopped(pod, node, now);
  checks_->on_stopped(pod, node, cause == StopCause::host_crash, now);
}

void RegionRun::on_region_changed(const RegionChanges& changes, TimePoint now) {
  for (const HostId host : changes.went_down) {
    if (!region_.is_node(host)) continue;
    --nodes_up_;
    if (sampler_ != nullptr) sampler_->on_host(NodeId{host.index}, false, now);
    checks_->on_host(NodeId{host.index}, false, now);
    runtime_.crash(now, NodeId{host.index});
  }
  for (const HostId host : changes.came_up) {
    if (!region_.is_node(host)) continue;
    ++nodes_up_;
    if (sampler_ != nullptr) sampler_->on_host(NodeId{host.index}, true, now);
    checks_->on_host(NodeId{host.index}, true, now);
  }
  for (const auto& [from, to] : changes.zone_links) {
    judge_zone(from);
    judge_zone(to);
  }
  const auto is_control = [this](HostId host) { return !region_.is_node(host); };
  const bool stores_concerned =
      !changes.links_changed.empty() || !changes.zone_links.empty() ||
      std::any_of(changes.went_down.begin(), changes.went_down.end(), is_control) ||
      std::any_of(changes.came_up.begin(), changes.came_up.end(), is_control);
  if (!stores_concerned) return;
  judge_cores();
  for (const auto& store : stores_) store->on_topology_changed();
}

// ---- what is seen ----

void RegionRun::on_note(TimePoint now, ActorId actor, std::string_view what, std::uint64_t subject,
                        std::int64_t amount) {
  if (story_ != nullptr) story_->on_event(actor_name(actor) + ": " + std::string(what), now);
  if (what == "zone-lost") outcome_.on_verdict(now);
  if (what == "pod-rejected") ++pods_rejected_;
  for (const std::string_view many : {"pod-rejected", "node-tainted", "pods-evicted"}) {
    if (what == many) return;  // counted elsewhere
  }
  notes_.push_back({now, std::string(what), subject, amount});
}

void RegionRun::on_store_commit(PartitionId partition, const ports::ChangeBatch& changes) {
  const TimePoint now = engine_.now();
  ++commits_;
  engine_.add_to_trace(changes.revision);
  decision_hash_.add((std::uint64_t{partition.index} << 48U) ^ changes.revision);
  decision_hash_.add(static_cast<std::uint64_t>(now.ns));
  for (const model::TenantMove& move : changes.moves) {
    decision_hash_.add((std::uint64_t{move.tenant.index} << 8U) |
                       static_cast<std::uint64_t>(move.phase));
    if (move.phase == model::TenantMove::Phase::committed) ++tenants_moved_;
  }
  for (const ports::PodChange& change : changes.pods) {
    decision_hash_.add(change.pod.meta.uid.value);
    decision_hash_.add((std::uint64_t{change.pod.node.index} << 8U) |
                       static_cast<std::uint64_t>(change.pod.phase));
  }
  if (story_ != nullptr) story_->on_commit(partition, changes, now);
  if (sampler_ != nullptr) sampler_->on_commit(partition, changes, now);
  if (!lost_disks_.empty()) look_at_lost_disks();
  const StoreHost::Side side = store_of(partition).leaders_side();
  checks_->on_committed_by(partition, side.reached, side.members, now);
  checks_->on_commit(partition, changes, now);
  if (!pod_watch_) return;
  // Those that come with their tenant are what they were.
  if (!changes.moves.empty()) return;
  for (const ports::PodChange& change : changes.pods) pod_watch_(now, change);
}

scheduler::Scheduler* RegionRun::decider_of(Uid uid) {
  for (roles::SchedulerRole* role : schedulers_) {
    if (role->decider() == nullptr) continue;
    const model::Pod* pod = store_of(role->partition()).tables().pods.find(uid);
    if (pod == nullptr && role->partition().index != uid.partition()) continue;
    if (pod == nullptr || role->share().owns(*pod, catalog_)) return role->decider();
  }
  return nullptr;
}

void RegionRun::take_inventory() {
  // By the partition that gave the uid: a pod may have gone to another one with its tenant.
  std::vector<std::vector<Uid>> pods(endpoints_.tenant_partitions.size());
  for (std::uint32_t i = 0; i < pods.size(); ++i) {
    const state::Tables& tables = stores_[i]->tables();
    tables.pods.for_each([&](const model::Pod& pod) {
      // Copies of a tenant that has left count until it has arrived.
      const model::TenantMove* there =
          tables.moves().left(pod.meta.tenant)
              ? home_of(pod.meta.tenant).tables().moves().find(pod.meta.tenant)
              : nullptr;
      const bool shown = there == nullptr || !there->lives_here();
      const std::uint32_t given_by = pod.meta.uid.partition() - 1;
      if (shown && given_by < pods.size()) pods[given_by].push_back(pod.meta.uid);
    });
  }
  for (std::uint32_t i = 0; i < pods.size(); ++i) {
    std::sort(pods[i].begin(), pods[i].end());
    checks_->on_inventory(stores_[i]->partition(), pods[i], engine_.now());
  }
}

std::int64_t RegionRun::pods_wanted() const {
  std::int64_t wanted = 0;
  for (std::uint32_t i = 0; i < endpoints_.tenant_partitions.size(); ++i) {
    const state::TenantMoves& moves = stores_[i]->tables().moves();
    stores_[i]->tables().deployments.for_each([&](const model::Deployment& deployment) {
      if (!moves.left(deployment.meta.tenant)) wanted += deployment.replicas;
    });
    stores_[i]->tables().replica_sets.for_each([&](const model::ReplicaSet& set) {
      if (moves.left(set.meta.tenant)) return;
      if (set.meta.owner.kind == model::Kind::none) wanted += set.replicas;
    });
    // One that its controller has not looked at may ask for a pod on every node.
    stores_[i]->tables().daemon_sets.for_each([&](const model::DaemonSet& set) {
      const bool known = set.observed_generation != 0;
      wanted += known ? std::int64_t{set.status_desired} : std::int64_t{region_.node_count()};
    });
  }
  return wanted;
}

RegionRun::JobCounts RegionRun::jobs() const {
  JobCounts counts;
  for (std::uint32_t i = 0; i < endpoints_.tenant_partitions.size(); ++i) {
    const state::TenantMoves& moves = stores_[i]->tables().moves();
    stores_[i]->tables().jobs.for_each([&](const model::Job& job) {
      if (moves.left(job.meta.tenant)) return;
      ++counts.wanted;
      counts.complete += job.complete ? 1 : 0;
      counts.failed += job.failed ? 1 : 0;
    });
  }
  return counts;
}

RegionRun::DaemonCounts RegionRun::daemons() const {
  DaemonCounts counts;
  for (std::uint32_t i = 0; i < endpoints_.tenant_partitions.size(); ++i) {
    stores_[i]->tables().daemon_sets.for_each([&](const model::DaemonSet& set) {
      counts.wanted += set.status_desired;
      counts.ready += set.status_ready;
    });
  }
  return counts;
}

RegionRun::Counts RegionRun::counts() const {
  Counts counts;
  counts.pods_running = runtime_.running_count();
  counts.nodes_up = nodes_up_;
  counts.messages = world_.messages_sent();
  counts.messages_lost = world_.messages_lost();
  counts.commits = commits_;
  for (std::uint32_t i = 0; i < endpoints_.tenant_partitions.size(); ++i) {
    counts.pods += stores_[i]->tables().pods.size();
  }
  for (const roles::SchedulerRole* scheduler : schedulers_) {
    const auto& c = scheduler->counters();
    counts.decisions += c.decisions;
    counts.unschedulable += c.unschedulable;
    counts.gangs_started += c.gangs_started;
    counts.gang_timeouts += c.gang_timeouts;
    counts.gang_conflicts += c.gang_conflicts;
    counts.by_flow += c.by_flow;
    counts.flow_batches += c.flow_batches;
    counts.flow_fallbacks += c.flow_fallbacks;
    counts.flow_gap += c.flow_gap;
    counts.claims_granted += c.claims_granted;
    counts.claims_rejected += c.claims_rejected;
    counts.pods_bound += c.bound;
  }
  return counts;
}

}  // namespace arcas::sim
