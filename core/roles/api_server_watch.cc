// The read side of the api server: lists, watches and the orders to node agents.
#include <algorithm>
#include <optional>
#include <utility>

#include "core/access/authorize.h"
#include "core/base/mutant.h"
#include "core/roles/api_server.h"
#include "core/scheduler/gang_membership.h"
#include "core/state/tables.h"

namespace arcas::roles {
namespace {

using ports::ChangeType;
using ports::WatchScope;

constexpr std::size_t kListChunk = 4096;

/// Whether a change says that the pod was bound just now. A pod's first report changes its phase,
/// so "bound and pending" is seen once.
bool newly_bound(const ports::PodChange& change) {
  return change.type == ChangeType::modified && change.pod.node.valid() &&
         change.pod.phase == model::PodPhase::pending && !change.pod.meta.terminating();
}

bool ends(const ports::PodChange& change) {
  return change.type == ChangeType::removed || change.pod.terminal();
}

bool concerns_scheduling(const ports::PodChange& change) {
  return change.type == ChangeType::added || newly_bound(change) || ends(change) ||
         change.pod.meta.terminating();
}

bool takes_capacity(const ports::PodChange& change) {
  return newly_bound(change) || (change.type == ChangeType::added && change.pod.holds_capacity());
}

/// Controllers have no use for leases: every renewal would wake them. A ReplicaSet's selector never
/// changes, so its coming and going is all that schedulers need.
bool concerns_scope(WatchScope scope, const ports::ObjectChange& change) {
  switch (scope) {
    case WatchScope::everything:
      return !std::holds_alternative<model::Lease>(change.object);
    case WatchScope::leases:
      return std::holds_alternative<model::Lease>(change.object);
    case WatchScope::owners:
      return std::holds_alternative<model::ReplicaSet>(change.object) &&
             change.type != ChangeType::modified;
    case WatchScope::budgets:
      return std::holds_alternative<model::PodDisruptionBudget>(change.object);
    case WatchScope::scheduling:
    case WatchScope::capacity:
    case WatchScope::node:
    case WatchScope::moves:
      return false;
  }
  return false;
}

/// Who has to know where tenants are: all that tell pods of one partition from another's.
bool concerns_moves(WatchScope scope) {
  switch (scope) {
    case WatchScope::everything:
    case WatchScope::capacity:
    case WatchScope::moves:
      return true;
    case WatchScope::scheduling:
    case WatchScope::leases:
    case WatchScope::owners:
    case WatchScope::budgets:
    case WatchScope::node:
      return false;
  }
  return false;
}

/// Who has to forget the objects of a tenant that has left. Whoever counts capacity or runs pods
/// goes on: nothing stopped.
bool forgets_left(WatchScope scope) {
  return scope == WatchScope::everything || scope == WatchScope::scheduling ||
         scope == WatchScope::owners || scope == WatchScope::budgets;
}

/// What a node is told about a change of one of its pods; none: nothing.
std::optional<ports::PodOrder::Action> order_of(const ports::PodChange& change) {
  if (change.type == ChangeType::removed) return ports::PodOrder::Action::forget;
  if (change.pod.meta.terminating()) return ports::PodOrder::Action::stop;
  if (change.pod.terminal()) return std::nullopt;
  if (change.type == ChangeType::added || newly_bound(change)) return ports::PodOrder::Action::run;
  return std::nullopt;
}

}  // namespace

void ApiServer::handle(ActorId from, const ports::WatchRequest& request) {
  if (!access::authorize_watch(request.caller, request).ok()) return;
  if (request.scope == WatchScope::node) {
    // Not monitored: orders to an agent that is gone are lost, and it asks anew when it is back.
    NodeWatcher& watcher = node_watchers_[request.node.index];
    watcher = {from, request.session, store_.view(context_.self).revision()};
    list_for_node(request.node, watcher);
    return;
  }
  context_.ports.network->monitor(context_.self, from);
  const auto same = [&](const Watcher& watcher) {
    return watcher.actor == from && watcher.scope == request.scope;
  };
  // A request that was repeated on its way has been answered. A second list would leave out what
  // was removed since the first and is still to be told.
  if (std::any_of(watchers_.begin(), watchers_.end(), [&](const Watcher& watcher) {
        return same(watcher) && watcher.session == request.session;
      })) {
    return;
  }
  std::erase_if(watchers_, same);
  Watcher watcher{from, request.scope, request.session, 0, store_.view(context_.self).revision()};
  if (request.scope == WatchScope::capacity) {
    watcher.resource_partition = context_.endpoints->resource_partition(request.resource_partition);
  }
  watchers_.push_back(watcher);
  list_for(watcher);
}

void ApiServer::list_for(const Watcher& watcher) {
  const state::Tables& view = store_.view(context_.self);
  ports::WatchEvents events;
  events.partition = partition_;
  events.scope = watcher.scope;
  events.session = watcher.session;
  events.first = true;
  const auto flush = [&](bool synced) {
    events.synced = synced;
    events.changes.revision = view.revision();
    context_.send(watcher.actor, std::move(events));
    events = {};
    events.partition = partition_;
    events.scope = watcher.scope;
    events.session = watcher.session;
  };
  const auto& partition_of_node = context_.endpoints->partition_of_node;
  // Of a gang that has worked a scheduler has to know, although the pod itself is over.
  const StringId group = context_.catalog->strings.find(scheduler::kPodGroupName);
  const auto of_gang = [&](const model::Pod& pod) {
    return group.valid() && pod.meta.labels.valid() &&
           context_.catalog->label_sets[pod.meta.labels].get(group).valid();
  };
  if (concerns_moves(watcher.scope)) {
    view.moves().for_each(
        [&](const model::TenantMove& move) { events.changes.moves.push_back(move); });
  }
  const auto wants_pod = [&](const model::Pod& pod) {
    if (view.moves().left(pod.meta.tenant)) return false;
    if (watcher.scope == WatchScope::everything) return true;
    if (watcher.scope == WatchScope::scheduling) return !pod.terminal() || of_gang(pod);
    return watcher.scope == WatchScope::capacity && pod.holds_capacity() &&
           partition_of_node[pod.node.index] == watcher.resource_partition;
  };
  view.pods.for_each([&](const model::Pod& pod) {
    if (!wants_pod(pod)) return;
    if (events.changes.pods.empty()) events.changes.pods.reserve(kListChunk);
    events.changes.pods.push_back({ChangeType::added, pod});
    if (events.changes.pods.size() >= kListChunk) flush(false);
  });
  view.for_each_object([&](const model::Object& object) {
    ports::ObjectChange change{ChangeType::added, object};
    if (!concerns_scope(watcher.scope, change) || view.moves().left(model::tenant_of(object)))
      return;
    events.changes.objects.push_back(std::move(change));
    if (events.changes.objects.size() >= kListChunk) flush(false);
  });
  flush(true);
}

void ApiServer::list_for_node(NodeId node, const NodeWatcher& watcher) {
  const state::Tables& view = store_.view(context_.self);
  view.pods.for_each_on_node(node, [&](const model::Pod& pod) {
    if (pod.terminal() && !pod.meta.terminating()) return;
    if (view.moves().left(pod.meta.tenant)) return;
    order_for_node({ChangeType::added, pod});
  });
  ports::PodOrdersSynced synced{partition_, watcher.session, {}};
  view.moves().for_each([&](const model::TenantMove& move) { synced.moves.push_back(move); });
  context_.send(watcher.actor, std::move(synced));
}

/// A watcher that comes later lists a state that has these changes, and one that went needs none:
/// so the answer holds until the batch arrives.
bool ApiServer::wants(const ports::ChangeBatch& changes) const {
  for (const ports::PodChange& change : changes.pods) {
    if (!change.pod.node.valid()) continue;
    const NodeWatcher& watcher = node_watchers_[change.pod.node.index];
    if (watcher.actor.valid() && watcher.after < changes.revision && order_of(change)) return true;
  }
  return std::any_of(watchers_.begin(), watchers_.end(), [&](const Watcher& watcher) {
    if (watcher.after >= changes.revision) return false;
    if (!changes.moves.empty() || !changes.left.empty()) return true;
    return std::any_of(changes.pods.begin(), changes.pods.end(),
                       [&](const auto& change) { return concerns(watcher, change); }) ||
           std::any_of(changes.objects.begin(), changes.objects.end(),
                       [&](const auto& change) { return concerns_scope(watcher.scope, change); });
  });
}

void ApiServer::on_changes(const ports::ChangeBatch& changes) {
  for (const ports::PodChange& change : changes.pods) {
    if (!change.pod.node.valid()) continue;
    if (node_watchers_[change.pod.node.index].after < changes.revision) order_for_node(change);
  }
  for (const Watcher& watcher : watchers_) {
    if (watcher.after < changes.revision) fan_out(changes, watcher);
  }
}

bool ApiServer::concerns(const Watcher& watcher, const ports::PodChange& change) const {
  switch (watcher.scope) {
    case WatchScope::everything:
      return true;
    case WatchScope::scheduling:
      return concerns_scheduling(change);
    case WatchScope::capacity:
      // A binding of the time before its tenant left: whoever has it now tells.
      if (!change.pod.node.valid()) return false;
      if (!ends(change) && (!takes_capacity(change) ||
                            store_.view(context_.self).moves().left(change.pod.meta.tenant))) {
        return false;
      }
      return context_.endpoints->partition_of_node[change.pod.node.index] ==
             watcher.resource_partition;
    case WatchScope::leases:
    case WatchScope::owners:
    case WatchScope::budgets:
    case WatchScope::node:
    case WatchScope::moves:
      return false;
  }
  return false;
}

void ApiServer::fan_out(const ports::ChangeBatch& changes, const Watcher& watcher) {
  ports::WatchEvents events;
  events.changes.pods.reserve(static_cast<std::size_t>(
      std::count_if(changes.pods.begin(), changes.pods.end(),
                    [&](const auto& change) { return concerns(watcher, change); })));
  for (const ports::PodChange& change : changes.pods) {
    if (concerns(watcher, change)) events.changes.pods.push_back(change);
  }
  for (const ports::ObjectChange& change : changes.objects) {
    if (concerns_scope(watcher.scope, change)) events.changes.objects.push_back(change);
  }
  if (concerns_moves(watcher.scope)) events.changes.moves = changes.moves;
  if (forgets_left(watcher.scope)) events.changes.left = changes.left;
  if (events.changes.empty()) return;
  events.partition = partition_;
  events.scope = watcher.scope;
  events.session = watcher.session;
  events.changes.revision = changes.revision;
  context_.send(watcher.actor, std::move(events));
}

void ApiServer::order_for_node(const ports::PodChange& change) {
  const model::Pod& pod = change.pod;
  const NodeWatcher& watcher = node_watchers_[pod.node.index];
  if (!watcher.actor.valid()) return;
  ports::PodOrder order;
  order.partition = partition_;
  order.pod = pod.meta.uid;
  order.spec = pod.spec;
  order.tenant = pod.meta.tenant;
  const state::TenantMoves& moves = store_.view(context_.self).moves();
  if (!moves.empty()) {
    const model::TenantMove* move = moves.find(pod.meta.tenant);
    if (move != nullptr) order.epoch = move->home_epoch();
    // What still comes of the time before it left: whoever has it now orders.
    if (move != nullptr && move->left()) return;
  }
  const auto action = order_of(change);
  if (!action) return;
  order.action = *action;
  if (order.action == ports::PodOrder::Action::stop) {
    order.grace_seconds = context_.catalog->spec(pod.spec).termination_grace_seconds;
  }
  context_.send(watcher.actor, order);
  if (ARCAS_MUTANT("order-sent-twice")) {
    const NodeWatcher& neighbour = node_watchers_[pod.node.index == 0 ? 1 : pod.node.index - 1];
    if (neighbour.actor.valid()) context_.send(neighbour.actor, order);
  }
}

}  // namespace arcas::roles
