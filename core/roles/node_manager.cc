#include "core/roles/node_manager.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/mutant.h"
#include "core/roles/configs.h"
#include "core/state/tables.h"

namespace arcas::roles {
namespace {

enum Tag : std::uint64_t {
  kElection = 1,
  kFlush,
  kLifecycle,
  kFeeds,
  kProbes,
  kClaims,
};

}  // namespace

NodeManager::NodeManager(RoleContext context, PartitionId partition, ports::Store& store)
    : context_(context),
      partition_(partition),
      index_(context_.endpoints->resource_partition(partition)),
      store_(store),
      lease_name_(context_.catalog->intern("node-manager")),
      election_(election_config(*context_.profile), context_.self, lease_name_),
      pressure_(*context_.catalog) {}

void NodeManager::on_start() {
  stop_leading();
  election_ =
      partition::LeaderElection(election_config(*context_.profile), context_.self, lease_name_);
  election_token_ = 0;
  election_armed_ = TimePoint::max();
  store_.watch(context_.self);
  elect();
}

void NodeManager::on_message(ActorId from, ports::Message& message) {
  if (auto* probe = std::get_if<ports::ZoneProbe>(&message)) {
    context_.send(from, ports::ZoneProbeReply{probe->sequence, context_.zone});
    return;
  }
  // A process that overslept its lease learns it here, before it grants or registers anything.
  if (leading_ && !election_.leading(context_.now())) resign();
  if (!leading_) {
    const bool from_agent = std::holds_alternative<ports::RegisterNode>(message) ||
                            std::holds_alternative<ports::NodeHeartbeat>(message);
    if (from_agent) context_.send(from, ports::NodeRegistered{NodeId{}, 0, false});
    if (auto* request = std::get_if<ports::ApiRequest>(&message)) {
      ports::ApiReply reply{request->id, {}};
      reply.result.code = StatusCode::unavailable;  // another instance leads
      context_.send(request->reply_to.valid() ? request->reply_to : from, std::move(reply));
    }
    return;
  }
  if (auto* request = std::get_if<ports::ApiRequest>(&message)) return handle(from, *request);
  if (auto* request = std::get_if<ports::ClaimRequest>(&message)) return handle(from, *request);
  if (auto* events = std::get_if<ports::WatchEvents>(&message)) return handle(from, *events);
  if (auto* release = std::get_if<ports::ClaimRelease>(&message)) return handle(*release);
  if (auto* heartbeat = std::get_if<ports::NodeHeartbeat>(&message)) {
    lifecycle_->heartbeat(context_.now(), heartbeat->node, heartbeat->epoch);
    return run_lifecycle();
  }
  if (auto* request = std::get_if<ports::RegisterNode>(&message)) return handle(from, *request);
  if (auto* request = std::get_if<ports::NodeWatchRequest>(&message)) {
    return handle(from, *request);
  }
  if (auto* reply = std::get_if<ports::ZoneProbeReply>(&message)) {
    for (std::uint32_t i = 0; i < peers_.size(); ++i) {
      const auto& managers = context_.endpoints->resource_partitions[i].node_managers;
      const bool from_here = std::any_of(managers.begin(), managers.end(),
                                         [&](const Instance& m) { return m.actor == from; });
      if (from_here) peers_[i].last_answer = context_.now();
    }
    static_cast<void>(reply);
  }
}

void NodeManager::on_timer(std::uint64_t tag) {
  if (tag == kElection) {
    if (context_.now() < election_armed_) return;
    election_armed_ = TimePoint::max();
    return elect();
  }
  if (!leading_) return;
  switch (tag) {
    case kFlush:
      flush_armed_ = false;
      return flush_nodes();
    case kLifecycle:
      if (context_.now() < lifecycle_armed_) return;
      lifecycle_armed_ = TimePoint::max();
      return run_lifecycle();
    case kFeeds:
      return feed_looks_.fired(context_.now()) ? retry_pod_watches() : void();
    case kProbes:
      return probe_looks_.fired(context_.now()) ? probe_zones() : void();
    case kClaims:
      claims_armed_ = TimePoint::max();
      return expire_claims();
    default:
      return;
  }
}

void NodeManager::on_peer_lost(ActorId peer) {
  std::erase_if(watchers_, [peer](const NodeWatcher& watcher) { return watcher.actor == peer; });
  if (!leading_) return;
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    if (feeds_[i].api_server != peer) continue;
    ++feeds_[i].attempt;
    open_pod_watch(i);
  }
}

// ---- leadership ----

void NodeManager::elect() {
  if (leading_ && !election_.leading(context_.now())) resign();
  const model::Lease* lease =
      store_.view(context_.self)
          .leases.find(model::ObjectKey{model::Kind::lease, {}, {}, {lease_name_, 0}});
  const auto step = election_.step(context_.now(), lease);
  if (step.transaction && election_token_ == 0) {
    election_token_ = ++token_;
    store_.commit(context_.self, election_token_, *step.transaction);
  }
  const bool leads = election_.leading(context_.now());
  if (leads && !leading_) lead();
  if (step.again_at >= election_armed_) return;
  election_armed_ = step.again_at;
  context_.arm(step.again_at, kElection);
}

void NodeManager::lead() {
  leading_ = true;
  context_.note("node-manager-leads", partition_.index, 0);
  const TimePoint now = context_.now();
  lifecycle_ = std::make_unique<controllers::NodeLifecycle>(lifecycle_config(*context_.profile),
                                                            *context_.catalog);
  ledger_ =
      std::make_unique<partition::ClaimLedger>(claim_config(*context_.profile), *context_.catalog);
  lifecycle_armed_ = TimePoint::max();
  claims_armed_ = TimePoint::max();
  nodes_.clear();
  store_.view(context_.self).nodes.for_each([&](const model::Node& node) {
    NodeRecord& r = record(node.id);
    r.desired = node;
    r.said =
        node.ready == model::ConditionStatus::unknown ? model::PressureConditions{} : node.pressure;
    r.known = true;
    lifecycle_->restored(now, node, counts(node));
    ledger_->set_node(node.id, node.allocatable);
  });
  feeds_.assign(context_.endpoints->tenant_partitions.size(), {});
  feed_looks_.start(now, context_.profile->reconnect_period);
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    ledger_->expect(i);
    open_pod_watch(i);
  }
  peers_.assign(context_.endpoints->resource_partitions.size(), {});
  for (PeerZone& peer : peers_) peer.last_answer = now;
  probe_looks_.start(now, context_.profile->probe_period);
  if (context_.profile->zone_evidence) probe_zones();
  run_lifecycle();
}

/// Agents and watchers must find the new leader: nobody else tells them while this process lives.
/// What it has written and not been answered must not land in a later term of its own.
void NodeManager::resign() {
  election_.begin_anew();
  election_token_ = 0;
  for (const NodeWatcher& watcher : watchers_) {
    ports::NodeEvents events;
    events.resource_partition = partition_;
    events.session = watcher.session;
    events.closed = true;
    context_.send(watcher.actor, std::move(events));
  }
  for (const NodeRecord& r : nodes_) {
    if (r.agent.valid()) context_.send(r.agent, ports::NodeRegistered{r.desired.id, 0, false});
  }
  stop_leading();
}

void NodeManager::stop_leading() {
  leading_ = false;
  lifecycle_.reset();
  ledger_.reset();
  nodes_.clear();
  dirty_.clear();
  flush_armed_ = false;
  writing_.clear();
  watchers_.clear();
  feeds_.clear();
  feed_looks_.stop();
  probe_looks_.stop();
}

void NodeManager::on_stop() {
  stop_leading();
  nodes_ = {};
}

// ---- nodes ----

NodeManager::NodeRecord& NodeManager::record(NodeId node) {
  if (node.index >= nodes_.size()) nodes_.resize(node.index + 1);
  return nodes_[node.index];
}

bool NodeManager::counts(const model::Node& node) const {
  return !controllers::is_master(context_.catalog->name_text(node.meta.name));
}

void NodeManager::handle(ActorId from, const ports::RegisterNode& request) {
  const TimePoint now = context_.now();
  NodeRecord& r = record(request.node.id);
  model::Node next = request.node;
  next.resource_partition = partition_;
  r.agent = from;
  if (r.known) {
    // Taints of its absence stay until it has shown life; an administrator's stay for good.
    next.meta = r.desired.meta;
    next.taints = r.desired.taints;
    next.unschedulable = r.desired.unschedulable;
    next.ready = r.desired.ready;
    next.ready_changed_at = r.desired.ready_changed_at;
    next.agent_epoch = r.desired.agent_epoch + 1;
  } else {
    next.ready_changed_at = now;
    next.agent_epoch = 1;
  }
  r.said = request.node.pressure;
  if (next.ready == model::ConditionStatus::unknown) {
    pressure_.unheard(now, next);  // until its first heartbeat
  } else {
    pressure_.said(r.said, now, next);
  }
  r.desired = std::move(next);
  r.known = true;
  r.reply_to = from;
  lifecycle_->registered(now, r.desired.id, r.desired.zone, counts(r.desired));
  ledger_->set_node(r.desired.id, r.desired.allocatable);
  mark_dirty(r.desired.id);
  run_lifecycle();
}

void NodeManager::mark_dirty(NodeId node) {
  NodeRecord& r = record(node);
  if (!r.dirty) {
    r.dirty = true;
    dirty_.push_back(node);
  }
  if (flush_armed_) return;
  flush_armed_ = true;
  context_.arm(context_.now() + context_.profile->status_batch_window, kFlush);
}

void NodeManager::flush_nodes() {
  ports::Transaction transaction;
  transaction.mode = ports::Transaction::Mode::each;
  transaction.fence = {lease_name_, election_.epoch()};
  std::vector<NodeId> written;
  std::vector<NodeId> waiting;
  for (const NodeId node : dirty_) {
    NodeRecord& r = record(node);
    if (!r.known) continue;  // deleted since
    if (r.in_flight) {
      waiting.push_back(node);  // one write at a time; its answer brings us back
      continue;
    }
    r.dirty = false;
    r.in_flight = true;
    r.answers_in_flight.insert(r.answers_in_flight.end(), r.to_answer.begin(), r.to_answer.end());
    r.to_answer.clear();
    ports::ObjectOperation operation;
    operation.verb = r.desired.meta.uid.valid() ? ports::Verb::update : ports::Verb::create;
    operation.expected = r.desired.meta.resource_version;
    operation.object = r.desired;
    transaction.objects.push_back(std::move(operation));
    written.push_back(node);
  }
  dirty_ = std::move(waiting);
  if (written.empty()) return;
  const std::uint64_t token = ++token_;
  writing_.emplace(token, std::move(written));
  store_.commit(context_.self, token, std::move(transaction));
}

/// Somebody else has written the node's object: what is an administrator's to say (labels, whether
/// it takes pods, taints that no condition explains) is as stored; the rest stays as it is here.
void NodeManager::adopt(NodeRecord& record, const model::Node& stored) {
  record.desired.meta = stored.meta;
  if (record.to_answer.empty()) record.desired.unschedulable = stored.unschedulable;
  const auto ours = [this](const model::Taint& taint) {
    return controllers::is_condition_taint(context_.catalog->text(taint.key));
  };
  std::vector<model::Taint>& taints = record.desired.taints;
  std::erase_if(taints, [&](const model::Taint& taint) { return !ours(taint); });
  std::copy_if(stored.taints.begin(), stored.taints.end(), std::back_inserter(taints),
               [&](const model::Taint& taint) { return !ours(taint); });
  ledger_->set_usable(record.desired.id, record.desired.ready == model::ConditionStatus::yes &&
                                             !record.desired.unschedulable);
}

/// Its object was deleted: nothing is written or granted there until it registers anew.
void NodeManager::forget(NodeId node) {
  lifecycle_->removed(context_.now(), node);
  ledger_->remove_node(node);
  record(node) = {};
}

void NodeManager::on_commit(std::uint64_t token, const ports::TransactionResult& result) {
  if (token == election_token_) {
    election_token_ = 0;
    election_.answered(context_.now(), result);
    return elect();
  }
  const auto it = writing_.find(token);
  if (it == writing_.end() || !leading_) return;
  const std::vector<NodeId> written = std::move(it->second);
  writing_.erase(it);
  const state::Tables& view = store_.view(context_.self);
  for (std::size_t i = 0; i < written.size(); ++i) {
    NodeRecord& r = record(written[i]);
    if (!r.known) continue;  // deleted since
    r.in_flight = false;
    const bool ok = i < result.objects.size() && result.objects[i].code == StatusCode::ok;
    const model::Node* stored = view.nodes.find(model::key_of(model::Kind::node, r.desired.meta));
    if (stored != nullptr) r.desired.meta = stored->meta;
    if (!ok) {
      if (stored != nullptr) adopt(r, *stored);
      mark_dirty(written[i]);
      continue;
    }
    ledger_->set_usable(written[i],
                        r.desired.ready == model::ConditionStatus::yes && !r.desired.unschedulable);
    answer_users(r);
    if (!r.reply_to.valid()) continue;
    context_.send(std::exchange(r.reply_to, ActorId{}),
                  ports::NodeRegistered{written[i], r.desired.agent_epoch, true});
  }
  if (!dirty_.empty() && !flush_armed_) {
    flush_armed_ = true;
    context_.arm(context_.now(), kFlush);
  }
}

void NodeManager::on_heartbeats_steady(const ports::NodeHeartbeat& heartbeat, TimePoint first,
                                       Duration period) {
  if (!leading_) return;
  lifecycle_->steady(context_.now(), heartbeat.node, heartbeat.epoch, first, period);
  run_lifecycle();
}

void NodeManager::on_heartbeats_stopped(const ports::NodeHeartbeat& heartbeat, TimePoint last) {
  if (!leading_) return;
  lifecycle_->stopped(context_.now(), heartbeat.node, heartbeat.epoch, last);
  run_lifecycle();
}

void NodeManager::run_lifecycle() {
  std::vector<controllers::NodeEffect> effects;
  const TimePoint next = lifecycle_->tick(context_.now(), effects);
  for (const auto& effect : effects) carry_out(effect);
  if (next >= lifecycle_armed_) return;
  lifecycle_armed_ = next;
  context_.arm(next, kLifecycle);
}

void NodeManager::carry_out(const controllers::NodeEffect& effect) {
  if (const auto* set = std::get_if<controllers::SetNodeCondition>(&effect)) {
    NodeRecord& r = record(set->node);
    r.desired.ready = set->ready;
    r.desired.ready_changed_at = context_.now();
    const model::ConditionStatus status = set->ready;
    if (status == model::ConditionStatus::unknown) {
      pressure_.unheard(context_.now(), r.desired);
    } else {
      pressure_.said(r.said, context_.now(), r.desired);
    }
    if (r.desired.container_runtime_ready != model::ConditionStatus::no) {
      r.desired.container_runtime_ready = status;
    }
    if (r.desired.vm_runtime_ready != model::ConditionStatus::no) {
      r.desired.vm_runtime_ready = status;
    }
    return mark_dirty(set->node);
  }
  if (const auto* add = std::get_if<controllers::AddTaint>(&effect)) {
    record(add->node).desired.taints.push_back(add->taint);
    if (add->taint.effect == model::TaintEffect::no_execute) {
      context_.note("node-tainted", add->node.index, 1);
    }
    return mark_dirty(add->node);
  }
  if (const auto* remove = std::get_if<controllers::RemoveTaint>(&effect)) {
    if (ARCAS_MUTANT("taint-left")) return;
    std::erase_if(record(remove->node).desired.taints, [&](const model::Taint& taint) {
      return taint.key == remove->taint.key && taint.effect == remove->taint.effect;
    });
    return mark_dirty(remove->node);
  }
  if (const auto* zone = std::get_if<controllers::ZoneStateChanged>(&effect)) {
    context_.note("zone-state", zone->zone.index, static_cast<std::int64_t>(zone->to));
  }
}

}  // namespace arcas::roles
