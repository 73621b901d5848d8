#include "core/roles/gateway.h"

#include <utility>

namespace arcas::roles {
namespace {

/// The tenant that a transaction is about: that of its first object. Requests over several tenants
/// are refused by the api server's walls, not here.
TenantId tenant_of(const ports::Transaction& transaction) {
  if (!transaction.objects.empty()) {
    const model::Object& object = transaction.objects.front().object;
    if (const auto* tenant = std::get_if<model::Tenant>(&object)) return tenant->id;
    return model::metadata_of(object).tenant;
  }
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
}

void Gateway::on_message(ActorId from, ports::Message& message) {
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
  const std::uint32_t index = partitions[tenant.index];
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
  }
}

}  // namespace arcas::roles
