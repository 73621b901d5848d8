#include "sim/run/user_client.h"

#include <algorithm>
#include <utility>

namespace arcas::sim {
namespace {

constexpr std::uint32_t kMostReadings = 20;  // about two minutes, until a target is given up
constexpr Duration kAskAgain = seconds(5);   // when a budget refuses, as kubectl drain does
constexpr std::uint64_t kPump = 0;           // other tags are ids of operations to send again

std::uint64_t key_hash(const UserOperation& operation) {
  const model::ObjectKey key = operation.pod ? model::key_of(model::Kind::pod, operation.a_pod.meta)
                                             : model::key_of(operation.object);
  std::uint64_t hash = static_cast<std::uint64_t>(key.kind);
  hash = hash_combine(hash, key.tenant.index);
  hash = hash_combine(hash, key.name_space.index);
  return hash_combine(hash, (std::uint64_t{key.name.base.index} << 32U) | key.name.suffix);
}

}  // namespace

UserClient::UserClient(roles::RoleContext context, Source next, StoredObjects stored)
    : context_(context), next_(std::move(next)), stored_(std::move(stored)) {}

void UserClient::on_start() {
  // Users outlive the machine they sit at, and remember what they have asked for.
  std::vector<std::uint64_t> waiting;
  for (const auto& [id, pending] : pending_) waiting.push_back(id);
  std::sort(waiting.begin(), waiting.end());
  for (const std::uint64_t id : waiting) submit(id);
  pump();
}

void UserClient::pump() {
  const TimePoint now = context_.now();
  while (true) {
    if (!held_) held_ = next_();
    if (!held_) {
      exhausted_ = true;
      return;
    }
    if (held_->at > now) return context_.arm(held_->at, kPump);
    add(*std::exchange(held_, std::nullopt));
  }
}

void UserClient::add(UserOperation operation) {
  const std::uint64_t id = next_id_++;
  pending_[id].operation = std::move(operation);
  submit(id);
}

bool UserClient::prepare(std::uint64_t id, ports::ApiRequest& request) {
  Pending& pending = pending_.at(id);
  const UserChange change = *pending.operation.change;
  if (change.verb == UserChange::Verb::delete_pods) {
    finish(id);
    delete_pods(change);
    return false;
  }
  const ChangeTarget target = write_change(change, stored_, *context_.catalog, request.transaction);
  if (target == ChangeTarget::found) {
    if (change.verb == UserChange::Verb::evict) stored_.deleting(change.pod);
    return true;
  }
  if (target == ChangeTarget::gone) {
    finish(id);
    return false;
  }
  if (target == ChangeTarget::refused) {
    retry_at(id, context_.now() + kAskAgain);
    return false;
  }
  // Its creation may be under way; a deletion may have been carried out at an earlier try.
  if (change.verb == UserChange::Verb::remove && pending.attempt > 0) {
    finish(id);
  } else if (pending.attempt >= kMostReadings) {
    ++refused_;
    finish(id);
  } else {
    retry_later(id);
  }
  return false;
}

void UserClient::delete_pods(const UserChange& change) {
  for (model::Pod& pod : pods_to_delete(change, stored_)) {
    stored_.deleting(pod.meta.uid);
    UserOperation operation;
    operation.remove = true;
    operation.pod = true;
    operation.a_pod = std::move(pod);
    add(std::move(operation));
  }
}

void UserClient::finish(std::uint64_t id) { pending_.erase(id); }

void UserClient::submit(std::uint64_t id) {
  Pending& pending = pending_.at(id);
  pending.asked = true;
  const UserOperation& operation = pending.operation;
  ports::ApiRequest request;
  request.id = id;
  request.caller.type = ports::Identity::Type::user;
  request.caller.tenant = TenantId{0};
  const auto verb = operation.remove ? ports::Verb::remove : ports::Verb::create;
  Uid uid = operation.pod ? operation.a_pod.meta.uid : Uid{};
  if (operation.remove && !uid.valid() && !operation.change) {
    const auto it = uids_.find(key_hash(operation));
    if (it != uids_.end()) uid = it->second;
  }
  if (operation.change) {
    if (!prepare(id, request)) return;
  } else if (operation.pod) {
    ports::PodOperation& op = request.transaction.pods.emplace_back();
    op.verb = verb;
    op.pod = operation.a_pod;
    if (operation.remove) op.pod.meta.uid = uid;
  } else {
    ports::ObjectOperation& op = request.transaction.objects.emplace_back();
    op.verb = verb;
    op.object = operation.object;
    if (operation.remove) model::metadata_of(op.object).uid = uid;
  }
  const auto& gateways = context_.endpoints->gateways;
  context_.send(gateways[gateway_ % gateways.size()].actor, std::move(request));
  // An answer that never comes is asked for again.
  pending_.at(id).due = context_.now() + seconds(10);
  context_.arm(context_.now() + seconds(10), id);
}

void UserClient::retry_later(std::uint64_t id) {
  Pending& pending = pending_.at(id);
  const std::int64_t factor = std::int64_t{1} << std::min(pending.attempt, 5U);
  ++pending.attempt;
  retry_at(id, context_.now() + milliseconds(200) * factor);
}

void UserClient::retry_at(std::uint64_t id, TimePoint at) {
  Pending& pending = pending_.at(id);
  pending.asked = false;
  pending.due = at;
  context_.arm(at, id);
}

void UserClient::on_message(ActorId, ports::Message& message) {
  const auto* reply = std::get_if<ports::ApiReply>(&message);
  if (reply == nullptr) return;
  const auto it = pending_.find(reply->id);
  if (it == pending_.end()) return;
  const auto& result = reply->result;
  StatusCode code = result.code;
  Uid uid;
  const auto& change = it->second.operation.change;
  const bool whole = change && change->verb == UserChange::Verb::evict;  // all of it or nothing
  if (!whole && (code == StatusCode::ok || code == StatusCode::conflict)) {
    const auto& answers = !result.moves.empty()      ? result.moves
                          : it->second.operation.pod ? result.pods
                                                     : result.objects;
    if (!answers.empty()) {
      code = answers.front().code;
      uid = answers.front().uid;
    }
  }
  switch (code) {
    case StatusCode::ok:
      ++acknowledged_;
      if (uid.valid()) stored_.acknowledged(uid);
      if (change) {
        const UserChange made = *change;
        finish(reply->id);
        if (made.verb == UserChange::Verb::drain) delete_pods(made);
        return;
      }
      if (!it->second.operation.remove) uids_[key_hash(it->second.operation)] = uid;
      break;
    case StatusCode::already_exists:  // an earlier try of ours got through
      ++acknowledged_;
      break;
    case StatusCode::not_found:
      if (it->second.operation.remove) break;
      [[fallthrough]];
    case StatusCode::unavailable:
    case StatusCode::conflict:
      return retry_later(reply->id);
    default:
      ++refused_;
  }
  pending_.erase(it);
}

void UserClient::on_timer(std::uint64_t tag) {
  if (tag == kPump) return pump();
  const auto it = pending_.find(tag);
  if (it == pending_.end() || context_.now() < it->second.due) return;
  if (it->second.asked) ++gateway_;  // no answer: another one may be reachable
  submit(tag);
}

void UserClient::on_peer_lost(ActorId) { ++gateway_; }

}  // namespace arcas::sim
