#include "core/roles/controller_manager.h"

#include <algorithm>
#include <utility>

#include "core/roles/configs.h"

namespace arcas::roles {
namespace {

enum Tag : std::uint64_t {
  kElection = 1,
  kSync = 2,
  kFeeds = 3,
  kProbes = 4,
  kWaiting = 5,
  kMoves = 6
};

constexpr std::size_t kOperationsPerRequest = 1000;

}  // namespace

ControllerManager::ControllerManager(RoleContext context, PartitionId partition)
    : context_(context),
      partition_(partition),
      leadership_(context_, context_.catalog->intern("controller-manager"), partition),
      movers_(context_, leadership_) {}

void ControllerManager::on_start() {
  stop_leading();
  leadership_.start(kElection);
}

void ControllerManager::on_message(ActorId from, ports::Message& message) {
  if (const auto* probe = std::get_if<ports::ZoneProbe>(&message)) {
    context_.send(from, ports::ZoneProbeReply{probe->sequence, context_.zone});
    return;
  }
  if (leadership_.on_message(from, message)) return;
  if (workloads_ == nullptr) return;
  if (const auto* events = std::get_if<ports::WatchEvents>(&message)) return handle(*events);
  if (const auto* reply = std::get_if<ports::ApiReply>(&message)) return handle(*reply);
  if (const auto* events = std::get_if<ports::NodeEvents>(&message)) return handle(from, *events);
  if (const auto* report = std::get_if<ports::ZoneReport>(&message)) return handle(*report);
  if (const auto* reply = std::get_if<ports::ZoneProbeReply>(&message)) return handle(*reply);
}

void ControllerManager::on_timer(std::uint64_t tag) {
  if (tag == kElection || tag == (kElection | Leadership::kAtOnce)) {
    if (evictor_ != nullptr) leadership_.leave(evictor_->spent(context_.now()));
    switch (tag == kElection ? leadership_.on_timer() : leadership_.on_news()) {
      case Leadership::Event::gained:
        return lead();
      case Leadership::Event::lost:
        return stop_leading();
      case Leadership::Event::none:
        return;
    }
  }
  if (workloads_ == nullptr) return;
  switch (tag) {
    case kSync:
      if (context_.now() < armed_) return;
      armed_ = TimePoint::max();
      return sync();
    case kFeeds:
      return feed_looks_.fired(context_.now()) ? retry_node_watches() : void();
    case kProbes:
      return probe_looks_.fired(context_.now()) ? probe_zones() : void();
    case kWaiting:
      waiting_armed_ = false;
      return send_waiting();
    case kMoves:
      if (context_.now() < moves_armed_) return;
      moves_armed_ = TimePoint::max();
      return run_moves();
    default:
      return;
  }
}

void ControllerManager::on_peer_lost(ActorId peer) {
  const bool api_server_lost = peer == leadership_.api_server();
  leadership_.on_peer_lost(peer);
  if (workloads_ == nullptr) return;
  if (api_server_lost) return begin_anew();  // what is under way is unknown
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    if (feeds_[i].node_manager != peer) continue;
    ++feeds_[i].attempt;
    open_node_watch(i);
  }
}

// ---- leading ----

void ControllerManager::lead() {
  const TimePoint now = context_.now();
  context_.note("controller-manager-leads", partition_.index, 0);
  workloads_ =
      std::make_unique<WorkloadControllers>(*context_.profile, *context_.catalog, partition_);
  controllers::EvictorConfig eviction = evictor_config(*context_.profile);
  // All tenant partitions move their pods at once, into the same free room.
  eviction.capacity_share_percent = static_cast<std::int32_t>(
      100 / static_cast<std::int64_t>(context_.endpoints->tenant_partitions.size()));
  evictor_ = std::make_unique<controllers::Evictor>(eviction, *context_.catalog);
  // What was spent counts on: by this instance, or by whoever led before it.
  evictor_->inherit(now, leadership_.inherited());
  pending_.clear();
  movers_.clear();
  moves_armed_ = TimePoint::max();
  clear_clients();
  nodes_heard_ = false;
  armed_ = TimePoint::max();
  std::vector<ZoneId> zones;
  for (std::uint32_t i = 0; i < context_.endpoints->zone_count; ++i) zones.push_back(ZoneId{i});
  evidence_ = std::make_unique<controllers::ZoneEvidence>(zone_evidence_config(*context_.profile),
                                                          zones, context_.zone, now);
  probed_.assign(zones.size(), now);
  // Where the nodes are is known from the directory, also of partitions that do not answer.
  const auto& partition_of_node = context_.endpoints->partition_of_node;
  for (std::uint32_t i = 0; i < partition_of_node.size(); ++i) {
    const auto& partition = context_.endpoints->resource_partitions[partition_of_node[i]];
    if (partition.zones.size() != 1) continue;
    model::Node node;
    node.id = NodeId{i};
    node.zone = partition.zones.front();
    evictor_->on_node(now, node, workloads_->tables().pods);
  }
  open_watch();
  feeds_.assign(context_.endpoints->resource_partitions.size(), {});
  feed_looks_.start(now, context_.profile->reconnect_period);
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) open_node_watch(i);
  probe_looks_.start(now, context_.profile->probe_period);
  if (context_.profile->zone_evidence) probe_zones();
}

/// What was asked for and not answered may be committed yet: under a new epoch it cannot be, so a
/// list that is read then shows all that ever will be.
void ControllerManager::begin_anew() {
  leadership_.leave(evictor_->spent(context_.now()));
  stop_leading();
  leadership_.begin_anew();
}

void ControllerManager::stop_leading() {
  workloads_.reset();
  evictor_.reset();
  evidence_.reset();
  feeds_.clear();
  feed_looks_.stop();
  probe_looks_.stop();
  pending_.clear();
  movers_.clear();
  moves_armed_ = TimePoint::max();
  clear_clients();
  waiting_armed_ = false;
  synced_ = false;
  armed_ = TimePoint::max();
}

void ControllerManager::open_watch() {
  synced_ = false;
  watch_session_ = ++session_;
  ports::WatchRequest request;
  request.scope = ports::WatchScope::everything;
  request.session = watch_session_;
  request.caller.type = ports::Identity::Type::component;
  context_.ports.network->monitor(context_.self, leadership_.api_server());
  context_.send(leadership_.api_server(), request);
}

void ControllerManager::open_node_watch(std::uint32_t resource_partition) {
  NodeFeed& feed = feeds_[resource_partition];
  const auto& managers = context_.endpoints->resource_partitions[resource_partition].node_managers;
  feed.node_manager = choose_instance(managers, context_.zone, feed.attempt);
  feed.session = ++session_;
  mark_feed(resource_partition, false);
  feed.asked_at = context_.now();
  context_.ports.network->monitor(context_.self, feed.node_manager);
  context_.send(feed.node_manager, ports::NodeWatchRequest{partition_, feed.session, false});
  arm_feeds();
}

void ControllerManager::mark_feed(std::uint32_t resource_partition, bool synced) {
  feeds_[resource_partition].synced = synced;
  if (!context_.profile->zone_evidence) return;
  for (const ZoneId zone : context_.endpoints->resource_partitions[resource_partition].zones) {
    evictor_->on_feed(zone, synced);
  }
}

/// A feed that is not synced is looked after; when all are there is nothing to see.
void ControllerManager::arm_feeds() {
  const bool all_synced =
      std::all_of(feeds_.begin(), feeds_.end(), [](const NodeFeed& feed) { return feed.synced; });
  if (all_synced && !context_.every_look) return;
  if (const auto at = feed_looks_.arm(context_.now())) context_.arm(*at, kFeeds);
}

void ControllerManager::retry_node_watches() {
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    const bool waiting = context_.now() - feeds_[i].asked_at < context_.profile->reconnect_period;
    if (feeds_[i].synced || waiting) continue;
    ++feeds_[i].attempt;
    open_node_watch(i);
  }
  arm_feeds();
}

// ---- what it sees ----

void ControllerManager::handle(const ports::WatchEvents& events) {
  if (events.scope != ports::WatchScope::everything || events.session != watch_session_) return;
  workloads_->absorb(context_.now(), events.changes,
                     [this](const model::Pod* before, const model::Pod* after) {
                       evictor_->on_pod(before, after);
                     });
  movers_.absorb(events, synced_);
  if (events.synced) {
    synced_ = true;
    nodes_heard();
  }
  run_moves();
  wake(context_.now() + context_.profile->controller_batch_window);
}

void ControllerManager::handle(ActorId from, const ports::NodeEvents& events) {
  const auto index = context_.endpoints->resource_partition(events.resource_partition);
  NodeFeed& feed = feeds_[index];
  if (from != feed.node_manager || events.session != feed.session) return;
  if (events.closed) {
    ++feed.attempt;
    return open_node_watch(index);
  }
  const TimePoint now = context_.now();
  for (const ports::ObjectChange& change : events.nodes) {
    const auto* node = std::get_if<model::Node>(&change.object);
    if (node == nullptr) continue;
    if (change.type == ports::ChangeType::removed) {
      evictor_->on_node_removed(node->id);
      workloads_->node_removed(now, node->id);
    } else {
      evictor_->on_node(now, *node, workloads_->tables().pods);
      workloads_->node_changed(now, *node);
    }
  }
  if (events.synced) {
    mark_feed(index, true);
    nodes_heard();
  }
  wake(now + context_.profile->controller_batch_window);
}

/// When every resource partition and the own one have told all they have, what is missing is gone.
void ControllerManager::nodes_heard() {
  const auto heard = [](const NodeFeed& feed) { return feed.synced; };
  if (nodes_heard_ || !synced_ || !std::all_of(feeds_.begin(), feeds_.end(), heard)) return;
  nodes_heard_ = true;
  workloads_->nodes_synced(context_.now());
}

void ControllerManager::handle(const ports::ZoneReport& report) {
  std::vector<controllers::ZoneVerdict> verdicts;
  evidence_->on_report(context_.now(), report, verdicts);
  judge(verdicts);
}

void ControllerManager::handle(const ports::ZoneProbeReply& reply) {
  if (reply.zone.index < probed_.size()) probed_[reply.zone.index] = context_.now();
}

void ControllerManager::probe_zones() {
  const TimePoint now = context_.now();
  std::vector<controllers::ZoneVerdict> verdicts;
  for (const auto& partition : context_.endpoints->resource_partitions) {
    for (const Instance& manager : partition.node_managers) {
      context_.send(manager.actor, ports::ZoneProbe{0, context_.zone});
    }
  }
  for (std::uint32_t i = 0; i < probed_.size(); ++i) {
    if (ZoneId{i} == context_.zone) continue;
    if (now - probed_[i] > context_.profile->probe_period) probe_others(ZoneId{i});
    const bool answered = now - probed_[i] <= context_.profile->probe_silence;
    evidence_->on_own_probe(now, ZoneId{i}, answered, verdicts);
  }
  // A leader whose renewals commit has the store's quorum on its side.
  evidence_->on_store(now, leadership_.leading(), verdicts);
  evidence_->tick(now, verdicts);
  judge(verdicts);
  evictor_->on_free_capacity(evidence_->free_capacity(now));
  if (evictor_->waiting() != 0) wake(now);
  if (const auto at = probe_looks_.arm(now)) context_.arm(*at, kProbes);
}

/// The node managers of a zone do not answer: others may, whose lives do not hang together with
/// theirs. A zone is back when its node managers are, so one that is lost is not asked.
void ControllerManager::probe_others(ZoneId zone) {
  if (evidence_->is_lost(zone)) return;
  for (const auto& partition : context_.endpoints->tenant_partitions) {
    for (const Instance& manager : partition.controller_managers) {
      if (manager.zone == zone) context_.send(manager.actor, ports::ZoneProbe{0, context_.zone});
    }
  }
}

void ControllerManager::judge(const std::vector<controllers::ZoneVerdict>& verdicts) {
  const TimePoint now = context_.now();
  for (const auto& verdict : verdicts) {
    if (const auto* lost = std::get_if<controllers::ZoneLost>(&verdict)) {
      context_.note("zone-lost", lost->zone.index, static_cast<std::int64_t>(partition_.index));
      controllers::Effects effects;
      evictor_->on_free_capacity(evidence_->free_capacity(now));
      evictor_->on_zone_lost(now, lost->zone, workloads_->tables().pods, effects);
      submit(effects, true);
    } else if (const auto* back = std::get_if<controllers::ZoneBack>(&verdict)) {
      context_.note("zone-back", back->zone.index, static_cast<std::int64_t>(partition_.index));
      evictor_->on_zone_back(back->zone);
    }
    wake(now);
  }
}

// ---- deciding and writing ----

void ControllerManager::run_moves() {
  if (!synced_) return;
  movers_.run(workloads_->tables());
  const TimePoint at = std::max(movers_.again_at(), context_.now());
  if (at >= moves_armed_) return;
  moves_armed_ = at;
  context_.arm(at, kMoves);
}

void ControllerManager::wake(TimePoint at) {
  if (!synced_ || at >= armed_) return;
  armed_ = at;
  context_.arm(at, kSync);
}

void ControllerManager::sync() {
  if (!synced_ || !leadership_.leading()) return;
  const TimePoint now = context_.now();
  controllers::Effects effects;
  evictor_->tick(now, workloads_->tables().pods, effects);
  submit(effects, true);
  effects.clear();
  // What was ordered and not yet sent is not ordered again: controllers wait for their client.
  if (clients_[kPodClient].size() != 0) return;
  workloads_->sync(now, effects);
  submit(effects, false);
  wake(std::min(evictor_->next_tick(now), workloads_->next_tick(now)));
  if (workloads_->dirty()) wake(now + context_.profile->controller_batch_window);
}

void ControllerManager::submit(controllers::Effects& effects, bool eviction) {
  for (const controllers::Note& note : effects.notes) {
    context_.note(note.what, note.subject, note.amount);
  }
  for (ports::Transaction& transaction : effects.atomic) {
    PendingRequest request;
    request.pods = std::move(transaction.pods);
    request.objects = std::move(transaction.objects);
    request.eviction = eviction;
    send_request(std::move(request), ports::Transaction::Mode::all_or_nothing);
  }
  if (eviction) {
    if (!effects.pods.empty()) {
      context_.note("pods-evicted", partition_.index,
                    static_cast<std::int64_t>(effects.pods.size()));
    }
    for (std::size_t i = 0; i < effects.pods.size(); i += kOperationsPerRequest) {
      PendingRequest request;
      request.eviction = true;
      const std::size_t end = std::min(i + kOperationsPerRequest, effects.pods.size());
      request.pods.assign(effects.pods.begin() + static_cast<std::ptrdiff_t>(i),
                          effects.pods.begin() + static_cast<std::ptrdiff_t>(end));
      send_request(std::move(request), ports::Transaction::Mode::each);
    }
    return;
  }
  const auto client_of = [](model::Kind kind) -> std::size_t {
    if (kind == model::Kind::replica_set) return 1;
    return kind == model::Kind::deployment ? 2 : 3;
  };
  auto& pods = clients_[kPodClient].pods;
  pods.insert(pods.end(), effects.pods.begin(), effects.pods.end());
  for (ports::ObjectOperation& operation : effects.objects) {
    clients_[client_of(model::kind_of(operation.object))].objects.push_back(std::move(operation));
  }
  send_waiting();
}

void ControllerManager::clear_clients() {
  for (Client& client : clients_) {
    client = {};
    client.limiter =
        RateLimiter(context_.profile->controller_qps, context_.profile->controller_burst);
  }
}

void ControllerManager::send_waiting() {
  const TimePoint now = context_.now();
  const bool limited = now.ns >= context_.profile->client_limits_start.ns;
  TimePoint next = TimePoint::max();
  const bool pods_waited = clients_[kPodClient].size() != 0;
  for (Client& client : clients_) {
    while (client.size() != 0) {
      auto count = static_cast<std::int64_t>(std::min(kOperationsPerRequest, client.size()));
      if (limited) count = client.limiter.take(now, count);
      if (count == 0) {
        next = std::min(next, client.limiter.next(now));
        break;
      }
      send_some(client, static_cast<std::size_t>(count));
    }
  }
  if (next != TimePoint::max() && !waiting_armed_) {
    waiting_armed_ = true;
    context_.arm(next, kWaiting);
  }
  // The last orders are on their way: look again when the view has had time to show them.
  if (limited && pods_waited && clients_[kPodClient].size() == 0) wake(now + seconds(1));
}

void ControllerManager::send_some(Client& client, std::size_t count) {
  PendingRequest request;
  for (; count != 0 && !client.objects.empty(); --count) {
    request.objects.push_back(std::move(client.objects.front()));
    client.objects.pop_front();
  }
  for (; count != 0; --count) {
    request.pods.push_back(client.pods.front());
    client.pods.pop_front();
  }
  send_request(std::move(request), ports::Transaction::Mode::each);
}

void ControllerManager::send_request(PendingRequest request, ports::Transaction::Mode mode) {
  ports::ApiRequest message;
  message.id = ++next_request_;
  message.caller.type = ports::Identity::Type::component;
  message.transaction.mode = mode;
  message.transaction.fence = leadership_.fence();
  message.transaction.pods = request.pods;
  message.transaction.objects = request.objects;
  pending_.emplace(message.id, std::move(request));
  context_.send(leadership_.api_server(), std::move(message));
}

void ControllerManager::handle(const ports::ApiReply& reply) {
  if ((reply.id & TenantMovers::kRequest) != 0) {
    movers_.answered(reply);
    return run_moves();
  }
  const auto it = pending_.find(reply.id);
  if (it == pending_.end()) return;
  const PendingRequest request = std::move(it->second);
  pending_.erase(it);
  const auto& result = reply.result;
  if (result.code == StatusCode::unavailable) return begin_anew();  // outcome unknown
  for (std::size_t i = 0; i < request.pods.size(); ++i) {
    const StatusCode code = i < result.pods.size() ? result.pods[i].code : result.code;
    if (code == StatusCode::ok) continue;
    if (request.eviction) {
      evictor_->on_refused(request.pods[i].pod.meta.uid, workloads_->tables().pods);
    } else {
      workloads_->refused(request.pods[i], code);
    }
  }
  for (std::size_t i = 0; i < request.objects.size(); ++i) {
    const StatusCode code = i < result.objects.size() ? result.objects[i].code : result.code;
    if (code != StatusCode::ok) workloads_->refused(request.objects[i]);
  }
  if (workloads_->dirty()) wake(context_.now() + context_.profile->controller_batch_window);
}

}  // namespace arcas::roles
