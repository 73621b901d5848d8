#include "core/roles/gateway.h"

#include <utility>

namespace arcas::roles {
namespace {

/// The tenant that a transaction is about: that of its first object. Requests over several tenants
/// are refused by the api server's walls, not here.
TenantId tenant_of(const ports::Transaction& transaction) {
  if (!transaction.objects.empty()) {
    return model::tenant_of(transaction.objects.front().object);
  }
  if (!transaction.moves.empty()) return transaction.moves.front().tenant;
  if (!transaction.pods.empty()) return transaction.pods.front().pod.meta.tenant;
  return {};
}

/// The node that a transaction is about, if its first object is one.
const model::Node* node_of(const ports::Transaction& transaction) {
  if (transaction.objects.empty()) return nullptr;
  return std::get_if<model::Node>(&transaction.objects.front().object);
}

}  // namespace

void Gateway::on_start() {
  attempts_.assign(context_.endpoints->tenant_partitions.size(), 0);
  node_attempts_.assign(context_.endpoints->resource_partitions.size(), 0);
  for (const auto& partition : context_.endpoints->tenant_partitions) {
    for (const Instance& server : partition.api_servers) {
      context_.ports.network->monitor(context_.self, server.actor);
    }
  }
  homes_.clear();
  feeds_.assign(context_.endpoints->tenant_partitions.size(), {});
  for (std::uint32_t i = 0; context_.endpoints->tenants_move && i < feeds_.size(); ++i) {
    open_feed(i);
  }
}

// ---- where tenants are ----

void Gateway::open_feed(std::uint32_t partition) {
  MoveFeed& feed = feeds_[partition];
  feed.api_server = choose_instance(context_.endpoints->tenant_partitions[partition].api_servers,
                                    context_.zone, feed.attempt);
  ++feed.session;
  feed.synced = false;
  ports::WatchRequest request;
  request.scope = ports::WatchScope::moves;
  request.session = feed.session;
  request.caller.type = ports::Identity::Type::component;
  context_.ports.network->monitor(context_.self, feed.api_server);
  context_.send(feed.api_server, request);
  context_.arm(context_.now() + context_.profile->reconnect_period,
               (std::uint64_t{feed.session} << 32U) | partition);
}

/// A watch that has not begun by now is asked for elsewhere.
void Gateway::on_timer(std::uint64_t tag) {
  const auto partition = static_cast<std::uint32_t>(tag);
  MoveFeed& feed = feeds_[partition];
  if (feed.synced || feed.session != tag >> 32U) return;
  ++feed.attempt;
  open_feed(partition);
}

void Gateway::handle(ActorId from, const ports::WatchEvents& events) {
  const std::uint32_t partition = context_.endpoints->tenant_partition(events.partition);
  MoveFeed& feed = feeds_[partition];
  if (from != feed.api_server || events.session != feed.session) return;
  for (const model::TenantMove& record : events.changes.moves) learn(partition, record);
  feed.synced = feed.synced || events.synced;
}

void Gateway::learn(std::uint32_t partition, const model::TenantMove& record) {
  if (record.phase == model::TenantMove::Phase::receiving) return;
  const auto [it, is_new] = homes_.try_emplace(record.tenant);
  if (!is_new && record.home_epoch() < it->second.epoch) return;
  it->second.epoch = record.home_epoch();
  it->second.partition =
      record.lives_here() ? partition : context_.endpoints->tenant_partition(record.other);
}

void Gateway::on_message(ActorId from, ports::Message& message) {
  if (const auto* events = std::get_if<ports::WatchEvents>(&message)) return handle(from, *events);
  auto* request = std::get_if<ports::ApiRequest>(&message);
  if (request == nullptr) return;
  if (!request->reply_to.valid()) request->reply_to = from;
  if (const model::Node* node = node_of(request->transaction)) {
    return to_node_manager(*node, std::move(*request));
  }
  const TenantId tenant = tenant_of(request->transaction);
  const auto& partitions = context_.endpoints->partition_of_tenant;
  if (!tenant.valid() || tenant.index >= partitions.size()) {
    ports::ApiReply reply{request->id, {}};
    reply.result.code = StatusCode::not_found;
    context_.send(request->reply_to, std::move(reply));
    return;
  }
  const auto home = homes_.find(tenant);
  const std::uint32_t index =
      home == homes_.end() ? partitions[tenant.index] : home->second.partition;
  const auto& servers = context_.endpoints->tenant_partitions[index].api_servers;
  context_.send(choose_instance(servers, context_.zone, attempts_[index]), std::move(*request));
}

/// Nodes belong to resource partitions. Which instance leads is not known here: the client's next
/// try goes to the next one.
void Gateway::to_node_manager(const model::Node& node, ports::ApiRequest request) {
  const auto& partitions = context_.endpoints->partition_of_node;
  if (node.id.index >= partitions.size()) {
    ports::ApiReply reply{request.id, {}};
    reply.result.code = StatusCode::not_found;
    return context_.send(request.reply_to, std::move(reply));
  }
  const std::uint32_t index = partitions[node.id.index];
  const auto& managers = context_.endpoints->resource_partitions[index].node_managers;
  // Counted for each partition: with one count, two clients in step would each ask the same
  // instance for ever.
  context_.send(choose_instance(managers, context_.zone, node_attempts_[index]++),
                std::move(request));
}

void Gateway::on_peer_lost(ActorId peer) {
  const auto& partitions = context_.endpoints->tenant_partitions;
  for (std::uint32_t i = 0; i < partitions.size(); ++i) {
    const auto& servers = partitions[i].api_servers;
    if (choose_instance(servers, context_.zone, attempts_[i]) == peer) ++attempts_[i];
    if (feeds_[i].api_server != peer) continue;
    ++feeds_[i].attempt;
    open_feed(i);
  }
}

}  // namespace arcas::roles
