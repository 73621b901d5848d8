// The read side of the api server: lists, watches and the orders to node agents.
#include <utility>

#include "core/access/authorize.h"
#include "core/roles/api_server.h"
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

bool concerns_capacity(const ports::PodChange& change) {
  return change.pod.node.valid() && (newly_bound(change) || ends(change));
}

bool is_lease(const ports::ObjectChange& change) {
  return std::holds_alternative<model::Lease>(change.object);
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
  std::erase_if(watchers_, [&](const Watcher& watcher) {
    return watcher.actor == from && watcher.scope == request.scope;
  });
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
  const auto wants_pod = [&](const model::Pod& pod) {
    if (watcher.scope == WatchScope::everything) return true;
    if (watcher.scope == WatchScope::scheduling) return !pod.terminal();
    return watcher.scope == WatchScope::capacity && pod.holds_capacity() &&
           partition_of_node[pod.node.index] == watcher.resource_partition;
  };
  view.pods.for_each([&](const model::Pod& pod) {
    if (!wants_pod(pod)) return;
    events.changes.pods.push_back({ChangeType::added, pod});
    if (events.changes.pods.size() >= kListChunk) flush(false);
  });
  view.for_each_object([&](const model::Object& object) {
    ports::ObjectChange change{ChangeType::added, object};
    const bool wanted = watcher.scope == WatchScope::everything ||
                        (watcher.scope == WatchScope::leases && is_lease(change));
    if (!wanted) return;
    events.changes.objects.push_back(std::move(change));
    if (events.changes.objects.size() >= kListChunk) flush(false);
  });
  flush(true);
}

void ApiServer::list_for_node(NodeId node, const NodeWatcher& watcher) {
  const state::Tables& view = store_.view(context_.self);
  view.pods.for_each_on_node(node, [&](const model::Pod& pod) {
    if (pod.terminal() && !pod.meta.terminating()) return;
    order_for_node({ChangeType::added, pod});
  });
  context_.send(watcher.actor, ports::PodOrdersSynced{partition_, watcher.session});
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

void ApiServer::fan_out(const ports::ChangeBatch& changes, const Watcher& watcher) {
  ports::WatchEvents events;
  const auto copy_pods = [&](auto&& wanted) {
    for (const ports::PodChange& change : changes.pods) {
      if (wanted(change)) events.changes.pods.push_back(change);
    }
  };
  switch (watcher.scope) {
    case WatchScope::everything:
      events.changes = changes;
      break;
    case WatchScope::scheduling:
      copy_pods(concerns_scheduling);
      break;
    case WatchScope::capacity: {
      const auto& partition_of_node = context_.endpoints->partition_of_node;
      copy_pods([&](const ports::PodChange& change) {
        return concerns_capacity(change) &&
               partition_of_node[change.pod.node.index] == watcher.resource_partition;
      });
      break;
    }
    case WatchScope::leases:
      for (const ports::ObjectChange& change : changes.objects) {
        if (is_lease(change)) events.changes.objects.push_back(change);
      }
      break;
    case WatchScope::node:
      return;
  }
  if (events.changes.pods.empty() && events.changes.objects.empty()) return;
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
  if (change.type == ChangeType::removed) {
    order.action = ports::PodOrder::Action::forget;
  } else if (pod.meta.terminating()) {
    order.action = ports::PodOrder::Action::stop;
    order.grace_seconds = context_.catalog->spec(pod.spec).termination_grace_seconds;
  } else if (change.type == ChangeType::added || newly_bound(change)) {
    order.action = ports::PodOrder::Action::run;
  } else {
    return;
  }
  context_.send(watcher.actor, order);
}

}  // namespace arcas::roles
