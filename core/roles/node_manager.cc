#include "core/roles/node_manager.h"

#include <algorithm>
#include <utility>

#include "core/state/tables.h"

namespace arcas::roles {
namespace {

enum Tag : std::uint64_t {
  kElection = 1,
  kRegistrations,
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
      election_(election_config(*context_.profile), context_.self, lease_name_) {}

void NodeManager::on_start() {
  stop_leading();
  election_ = partition::LeaderElection(election_config(*context_.profile), context_.self,
                                        lease_name_);
  election_token_ = 0;
  store_.watch(context_.self);
  elect();
}

void NodeManager::on_message(ActorId from, ports::Message& message) {
  if (auto* probe = std::get_if<ports::ZoneProbe>(&message)) {
    context_.send(from, ports::ZoneProbeReply{probe->sequence, context_.zone});
    return;
  }
  if (!leading_) {
    if (std::holds_alternative<ports::RegisterNode>(message)) {
      context_.send(from, ports::NodeRegistered{NodeId{}, 0, false});
    }
    return;
  }
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
      const bool from_here = std::any_of(managers.begin(), managers.end(), [&](const Instance& m) {
        return m.actor == from;
      });
      if (from_here) peers_[i].last_answer = context_.now();
    }
    static_cast<void>(reply);
  }
}

void NodeManager::on_timer(std::uint64_t tag) {
  if (tag == kElection) return elect();
  if (!leading_) return;
  switch (tag) {
    case kRegistrations:
      registrations_armed_ = false;
      return flush_registrations();
    case kLifecycle:
      if (context_.now() >= lifecycle_armed_) lifecycle_armed_ = TimePoint::max();
      return run_lifecycle();
    case kFeeds:
      return retry_pod_watches();
    case kProbes:
      return probe_zones();
    case kClaims:
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
  const model::Lease* lease =
      store_.view(context_.self).leases.find(model::ObjectKey{model::Kind::lease, {}, {},
                                                              {lease_name_, 0}});
  const auto step = election_.step(context_.now(), lease);
  if (step.transaction && election_token_ == 0) {
    election_token_ = ++token_;
    store_.commit(context_.self, election_token_, *step.transaction);
  }
  const bool leads = election_.leading(context_.now());
  if (leads && !leading_) lead();
  if (!leads && leading_) stop_leading();
  context_.arm(step.again_at, kElection);
}

void NodeManager::lead() {
  leading_ = true;
  context_.note("node-manager-leads", partition_.index, 0);
  lifecycle_ = std::make_unique<controllers::NodeLifecycle>(lifecycle_config(*context_.profile));
  ledger_ = std::make_unique<partition::ClaimLedger>(claim_config(*context_.profile),
                                                     *context_.catalog);
  lifecycle_armed_ = TimePoint::max();
  const TimePoint now = context_.now();
  store_.view(context_.self).nodes.for_each([&](const model::Node& node) {
    lifecycle_->add_node(now, node);
    ledger_->set_node(node.id, node.allocatable);
  });
  feeds_.assign(context_.endpoints->tenant_partitions.size(), {});
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) open_pod_watch(i);
  peers_.assign(context_.endpoints->resource_partitions.size(), {});
  for (PeerZone& peer : peers_) peer.last_answer = now;
  context_.arm(now + context_.profile->reconnect_period, kFeeds);
  if (context_.profile->zone_evidence) probe_zones();
  run_lifecycle();
}

void NodeManager::stop_leading() {
  leading_ = false;
  lifecycle_.reset();
  ledger_.reset();
  registrations_.clear();
  registrations_armed_ = false;
  registering_.clear();
  watchers_.clear();
  feeds_.clear();
}

// ---- nodes ----

void NodeManager::handle(ActorId from, ports::RegisterNode& request) {
  registrations_.push_back({from, std::move(request.node)});
  if (registrations_armed_) return;
  registrations_armed_ = true;
  context_.arm(context_.now() + context_.profile->status_batch_window, kRegistrations);
}

void NodeManager::flush_registrations() {
  const state::Tables& view = store_.view(context_.self);
  ports::Transaction transaction;
  transaction.mode = ports::Transaction::Mode::each;
  transaction.fence = {lease_name_, election_.epoch()};
  for (Registration& registration : registrations_) {
    ports::ObjectOperation operation;
    model::Node node = registration.node;
    node.resource_partition = partition_;
    node.ready = model::ConditionStatus::yes;
    node.ready_changed_at = context_.now();
    const model::Node* known = view.nodes.find(model::key_of(model::Kind::node, node.meta));
    if (known == nullptr) {
      node.agent_epoch = 1;
    } else {
      operation.verb = ports::Verb::update;
      operation.expected = known->meta.resource_version;
      node.meta = known->meta;
      node.agent_epoch = known->agent_epoch + 1;
      // Taints of its absence stay until it has shown life; an administrator's stay for good.
      node.taints = known->taints;
      node.unschedulable = known->unschedulable;
      node.ready = known->ready;
      node.ready_changed_at = known->ready_changed_at;
    }
    registration.node = node;
    operation.object = std::move(node);
    transaction.objects.push_back(std::move(operation));
  }
  const std::uint64_t token = ++token_;
  registering_.emplace(token, std::move(registrations_));
  registrations_.clear();
  store_.commit(context_.self, token, std::move(transaction));
}

void NodeManager::on_commit(std::uint64_t token, const ports::TransactionResult& result) {
  if (token == election_token_) {
    election_token_ = 0;
    election_.answered(context_.now(), result);
    return elect();
  }
  const auto it = registering_.find(token);
  if (it == registering_.end() || !leading_) return;
  const std::vector<Registration> registered = std::move(it->second);
  registering_.erase(it);
  for (std::size_t i = 0; i < registered.size(); ++i) {
    const Registration& registration = registered[i];
    const bool ok = i < result.objects.size() && result.objects[i].code == StatusCode::ok;
    if (!ok) continue;  // the agent asks again
    lifecycle_->add_node(context_.now(), registration.node);
    ledger_->set_node(registration.node.id, registration.node.allocatable);
    context_.send(registration.agent, ports::NodeRegistered{registration.node.id,
                                                            registration.node.agent_epoch, true});
  }
  run_lifecycle();
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
  carry_out(effects);
  if (next < lifecycle_armed_) {
    lifecycle_armed_ = next;
    context_.arm(next, kLifecycle);
  }
}

}  // namespace arcas::roles
