// The capacity side of the node manager: claims, the pods that hold room, and who is told.
#include <algorithm>
#include <utility>

#include "core/roles/node_manager.h"
#include "core/state/tables.h"

namespace arcas::roles {
namespace {

enum Tag : std::uint64_t { kFeeds = 4, kProbes = 5, kClaims = 6 };

constexpr std::size_t kListChunk = 4096;
constexpr std::uint32_t kNobody = 0xffffffffU;  // position of no tenant partition

/// The ledger's number for who claims.
std::uint32_t claimant_of(std::uint32_t tenant_partition, std::uint32_t share) {
  return tenant_partition | (share << 16U);
}

}  // namespace

void NodeManager::handle(ActorId from, const ports::ClaimRequest& request) {
  const auto tenant = context_.endpoints->tenant_partition(request.tenant_partition);
  ports::ClaimReply reply;
  reply.resource_partition = partition_;
  reply.cycle = request.cycle;
  reply.granted.resize(request.items.size());
  std::vector<ports::UsageChange> usage;
  const TimePoint now = context_.now();
  const std::uint32_t claimant = claimant_of(tenant, request.share);
  for (std::size_t i = 0; i < request.items.size(); ++i) {
    const ports::ClaimItem& item = request.items[i];
    const auto outcome = ledger_->claim(now, claimant, request.fence_epoch, item.pod, item.spec,
                                        item.node, request.tenant_partition);
    if (outcome == partition::ClaimOutcome::fenced) {
      reply.fenced = true;
      break;
    }
    if (outcome != partition::ClaimOutcome::granted) continue;
    reply.granted[i] = 1;
    usage.push_back({item.pod, item.spec, item.node});
  }
  context_.send(from, std::move(reply));
  tell_usage(tenant, usage);
  expire_claims();
}

void NodeManager::handle(const ports::ClaimRelease& release) {
  const auto tenant = context_.endpoints->tenant_partition(release.tenant_partition);
  std::vector<ports::UsageChange> usage;
  for (const Uid pod : release.pods) {
    if (ledger_->give_up(claimant_of(tenant, release.share), release.fence_epoch, pod,
                         release.tenant_partition)) {
      usage.push_back({pod, SpecId{}, NodeId{}});
    }
  }
  tell_usage(tenant, usage);
}

void NodeManager::expire_claims() {
  std::vector<partition::ClaimLedger::Expired> expired;
  ledger_->expire(context_.now(), expired);
  for (const auto& [pod, partition] : expired) {
    const auto tenant = context_.endpoints->tenant_partition(PartitionId{partition});
    tell_usage(tenant, {{pod, SpecId{}, NodeId{}}});
  }
  const TimePoint next = ledger_->next_expiry();
  if (next >= claims_armed_) return;
  claims_armed_ = next;
  context_.arm(next, kClaims);
}

/// Tells the schedulers of all other tenant partitions.
void NodeManager::tell_usage(std::uint32_t except, const std::vector<ports::UsageChange>& usage) {
  if (usage.empty() || !context_.profile->usage_shared) return;
  for (const NodeWatcher& watcher : watchers_) {
    if (!watcher.usage || watcher.tenant_partition == except) continue;
    ports::NodeEvents events;
    events.resource_partition = partition_;
    events.session = watcher.session;
    events.usage = usage;
    context_.send(watcher.actor, std::move(events));
  }
}

// ---- the tenant partitions' pods ----

void NodeManager::open_pod_watch(std::uint32_t tenant_partition) {
  PodFeed& feed = feeds_[tenant_partition];
  const auto& servers = context_.endpoints->tenant_partitions[tenant_partition].api_servers;
  feed.api_server = choose_instance(servers, context_.zone, feed.attempt);
  feed.session = ++session_;
  feed.synced = false;
  feed.asked_at = context_.now();
  ports::WatchRequest request;
  request.scope = ports::WatchScope::capacity;
  request.session = feed.session;
  request.resource_partition = partition_;
  request.caller.type = ports::Identity::Type::component;
  context_.ports.network->monitor(context_.self, feed.api_server);
  context_.send(feed.api_server, request);
  arm_feeds();
}

/// A feed that is not synced is looked after; when all are there is nothing to see.
void NodeManager::arm_feeds() {
  const bool all_synced =
      std::all_of(feeds_.begin(), feeds_.end(), [](const PodFeed& feed) { return feed.synced; });
  if (all_synced && !context_.every_look) return;
  if (const auto at = feed_looks_.arm(context_.now())) context_.arm(*at, kFeeds);
}

void NodeManager::retry_pod_watches() {
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    PodFeed& feed = feeds_[i];
    const bool waiting = context_.now() - feed.asked_at < context_.profile->reconnect_period;
    if (feed.synced || waiting) continue;
    ++feed.attempt;
    open_pod_watch(i);
  }
  arm_feeds();
}

void NodeManager::handle(ActorId from, const ports::WatchEvents& events) {
  const auto index = context_.endpoints->tenant_partition(events.partition);
  PodFeed& feed = feeds_[index];
  if (from != feed.api_server || events.session != feed.session) return;
  std::vector<ports::UsageChange> usage;
  if (events.first) {
    ledger_->begin_sync(events.partition.index);
    feed.moves.clear();
  }
  const bool late = take_moves(index, events);
  for (const ports::PodChange& change : events.changes.pods) {
    const model::Pod& pod = change.pod;
    const Uid uid = pod.meta.uid;
    if (change.type == ports::ChangeType::removed || !pod.holds_capacity()) {
      if (ledger_->release(uid)) usage.push_back({uid, SpecId{}, NodeId{}});
    } else {
      const bool speaks = ledger_->spokesman(uid) == events.partition.index;
      const bool is_new = ledger_->bound(uid, pod.spec, pod.node, events.partition);
      if (is_new || !speaks) usage.push_back({uid, pod.spec, pod.node});
    }
  }
  if (events.synced) {
    feed.synced = true;
    std::vector<Uid> lost;  // pods that went while nobody told us
    const std::size_t doubts = ledger_->in_doubt();
    ledger_->end_sync(events.partition.index, lost, has_left(feed));
    for (const Uid uid : lost) usage.push_back({uid, SpecId{}, NodeId{}});
    if (ledger_->in_doubt() > doubts) ask_targets(feed);
  }
  tell_usage(index, usage);
  if (events.synced || !events.changes.moves.empty()) settle_moves();
  if (late) open_pod_watch(index);
}

// ---- tenants that move ----

bool NodeManager::has_left(const PodFeed& feed) {
  return std::any_of(feed.moves.begin(), feed.moves.end(),
                     [](const auto& entry) { return entry.second.left(); });
}

/// True when a partition says only now that a tenant has left it, whose new partition has told of
/// it before: what the old one said in between may have undone what the new one said.
bool NodeManager::take_moves(std::uint32_t feed, const ports::WatchEvents& events) {
  bool late = false;
  for (const model::TenantMove& record : events.changes.moves) {
    feeds_[feed].moves[record.tenant] = record;
    const bool live = feeds_[feed].synced && !events.first;
    if (live && record.phase == model::TenantMove::Phase::committed) late = late || told(record);
  }
  return late;
}

/// Whether the partition that a tenant has left for has told of it, with its pods.
bool NodeManager::told(const model::TenantMove& left) const {
  const PodFeed& target = feeds_[context_.endpoints->tenant_partition(left.other)];
  const auto it = target.moves.find(left.tenant);
  if (it == target.moves.end() || it->second.epoch < left.epoch) return false;
  return it->second.lives_here() || it->second.left();
}

/// Pods that a partition no longer names may be of tenants that left it: those who have them now
/// are asked anew.
void NodeManager::ask_targets(const PodFeed& feed) {
  std::vector<std::uint32_t> targets;
  for (const auto& [tenant, record] : feed.moves) {
    if (record.left()) targets.push_back(context_.endpoints->tenant_partition(record.other));
  }
  std::sort(targets.begin(), targets.end());
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  for (const std::uint32_t target : targets) open_pod_watch(target);
}

/// A partition is heard when also those have spoken to whom its tenants went. When all are, pods
/// that nobody named are gone.
void NodeManager::settle_moves() {
  bool all = true;
  for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
    const bool heard =
        feeds_[i].synced &&
        std::all_of(feeds_[i].moves.begin(), feeds_[i].moves.end(), [this](const auto& entry) {
          return !entry.second.left() || told(entry.second);
        });
    if (heard) ledger_->heard(i);
    all = all && heard;
  }
  if (!all || ledger_->in_doubt() == 0) return;
  std::vector<Uid> lost;
  ledger_->settle_doubts(lost);
  for (const Uid uid : lost) tell_usage(kNobody, {{uid, SpecId{}, NodeId{}}});
}

// ---- who watches the nodes ----

void NodeManager::handle(ActorId from, const ports::NodeWatchRequest& request) {
  context_.ports.network->monitor(context_.self, from);
  const auto tenant = context_.endpoints->tenant_partition(request.tenant_partition);
  const bool repeated = std::any_of(watchers_.begin(), watchers_.end(), [&](const NodeWatcher& w) {
    return w.actor == from && w.session == request.session;
  });
  if (repeated) return;  // on its way; it has been answered
  std::erase_if(watchers_, [from](const NodeWatcher& w) { return w.actor == from; });
  watchers_.push_back({from, request.session, tenant, request.usage});
  ports::NodeEvents events;
  events.first = true;
  const auto flush = [&](bool synced) {
    events.resource_partition = partition_;
    events.session = request.session;
    events.synced = synced;
    context_.send(from, std::exchange(events, {}));
  };
  store_.view(context_.self).nodes.for_each([&](const model::Node& node) {
    events.nodes.push_back({ports::ChangeType::added, node});
    if (events.nodes.size() >= kListChunk) flush(false);
  });
  if (request.usage && context_.profile->usage_shared) {
    const auto own = request.tenant_partition.index;
    ledger_->for_each([&](Uid pod, SpecId spec, NodeId node) {
      if (ledger_->spokesman(pod) == own) return;
      events.usage.push_back({pod, spec, node});
      if (events.usage.size() >= kListChunk) flush(false);
    });
  }
  flush(true);
}

/// A leader to come lists the nodes when it leads, so what this one says now is enough.
bool NodeManager::wants(const ports::ChangeBatch& changes) const {
  return std::any_of(changes.objects.begin(), changes.objects.end(), [](const auto& change) {
    return std::holds_alternative<model::Node>(change.object);
  });
}

void NodeManager::on_changes(const ports::ChangeBatch& changes) {
  if (!leading_) return;
  std::vector<ports::ObjectChange> nodes;
  for (const ports::ObjectChange& change : changes.objects) {
    const auto* node = std::get_if<model::Node>(&change.object);
    if (node == nullptr) continue;
    if (change.type == ports::ChangeType::removed) {
      forget(node->id);
    } else if (NodeRecord& r = record(node->id);
               r.known && !r.in_flight &&
               node->meta.resource_version > r.desired.meta.resource_version) {
      adopt(r, *node);
    }
    nodes.push_back(change);
  }
  if (nodes.empty()) return;
  for (const NodeWatcher& watcher : watchers_) {
    ports::NodeEvents events;
    events.resource_partition = partition_;
    events.session = watcher.session;
    events.nodes = nodes;
    context_.send(watcher.actor, std::move(events));
  }
}

// ---- evidence about zones ----

void NodeManager::probe_zones() {
  const TimePoint now = context_.now();
  for (std::uint32_t i = 0; i < peers_.size(); ++i) {
    if (i == index_) continue;
    peers_[i].silent = now - peers_[i].last_answer > context_.profile->probe_silence;
    for (const Instance& peer : context_.endpoints->resource_partitions[i].node_managers) {
      context_.send(peer.actor, ports::ZoneProbe{++peers_[i].sequence_sent, context_.zone});
    }
  }
  report_zone();
  if (const auto at = probe_looks_.arm(now)) context_.arm(*at, kProbes);
}

void NodeManager::report_zone() {
  ports::ZoneReport report;
  report.resource_partition = partition_;
  report.zone = context_.zone;
  report.sequence = ++report_sequence_;
  report.nodes = lifecycle_->node_count(context_.zone);
  report.nodes_ready = lifecycle_->ready_count(context_.zone);
  report.free_cpu_milli = ledger_->free_cpu_milli();
  report.free_memory_bytes = ledger_->free_memory_bytes();
  for (std::uint32_t i = 0; i < peers_.size(); ++i) {
    if (i == index_ || !peers_[i].silent) continue;
    const auto& zones = context_.endpoints->resource_partitions[i].zones;
    report.silent_zones.insert(report.silent_zones.end(), zones.begin(), zones.end());
  }
  for (const auto& partition : context_.endpoints->tenant_partitions) {
    for (const Instance& manager : partition.controller_managers) {
      context_.send(manager.actor, report);
    }
  }
}

}  // namespace arcas::roles
