// What users ask of a node: so far, whether it takes new pods.
#include <utility>

#include "core/access/authorize.h"
#include "core/roles/node_manager.h"
#include "core/state/tables.h"

namespace arcas::roles {
namespace {

ports::ApiReply answer(std::uint64_t id, StatusCode code) {
  ports::ApiReply reply{id, {}};
  reply.result.code = code;
  reply.result.objects.push_back({code, Uid{}});
  return reply;
}

}  // namespace

/// One update of one node. Of what differs, only `unschedulable` is a user's to change: the rest of
/// a Node is what its agent reports and what the lifecycle decides, and is left as it is. The
/// answer goes out when the change is durable; a leader that loses its lease before gives none, and
/// the client asks again.
void NodeManager::handle(ActorId from, const ports::ApiRequest& request) {
  const ActorId reply_to = request.reply_to.valid() ? request.reply_to : from;
  const ports::Transaction& asked = request.transaction;
  const Status allowed =
      access::authorize_transaction(request.caller, store_.view(context_.self), asked);
  if (!allowed.ok()) return context_.send(reply_to, answer(request.id, allowed.code));
  const model::Node* next = asked.objects.size() == 1 && asked.pods.empty()
                                ? std::get_if<model::Node>(&asked.objects.front().object)
                                : nullptr;
  if (next == nullptr || asked.objects.front().verb != ports::Verb::update) {
    return context_.send(reply_to, answer(request.id, StatusCode::invalid));
  }
  if (next->id.index >= nodes_.size() || !nodes_[next->id.index].known) {
    return context_.send(reply_to, answer(request.id, StatusCode::not_found));
  }
  NodeRecord& r = nodes_[next->id.index];
  if (asked.objects.front().expected != r.desired.meta.resource_version) {
    return context_.send(reply_to, answer(request.id, StatusCode::conflict));
  }
  r.desired.unschedulable = next->unschedulable;
  r.to_answer.push_back({reply_to, request.id});
  mark_dirty(next->id);
}

void NodeManager::answer_users(NodeRecord& record) {
  for (const NodeRecord::Asker& asker : std::exchange(record.answers_in_flight, {})) {
    context_.send(asker.actor, answer(asker.request, StatusCode::ok));
  }
}

}  // namespace arcas::roles
