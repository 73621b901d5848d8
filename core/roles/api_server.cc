#include "core/roles/api_server.h"

#include <algorithm>
#include <utility>

#include "core/access/authorize.h"
#include "core/access/quota.h"
#include "core/base/check.h"
#include "core/base/mutant.h"
#include "core/state/tables.h"

namespace arcas::roles {
namespace {

constexpr std::uint64_t kFlushReports = 1;

}  // namespace

ApiServer::ApiServer(RoleContext context, PartitionId partition, ports::Store& store)
    : context_(std::move(context)), partition_(partition), store_(store) {}

void ApiServer::on_start() {
  watchers_.clear();
  node_watchers_.assign(context_.endpoints->partition_of_node.size(), {});
  pending_.clear();
  newest_.clear();
  reports_.clear();
  flush_armed_ = false;
  store_.watch(context_.self);
}

void ApiServer::on_message(ActorId from, ports::Message& message) {
  if (auto* report = std::get_if<ports::PodReport>(&message)) return handle(from, *report);
  if (auto* request = std::get_if<ports::ApiRequest>(&message)) return handle(from, *request);
  if (auto* request = std::get_if<ports::BindRequest>(&message)) return handle(from, *request);
  if (auto* request = std::get_if<ports::PreemptRequest>(&message)) return handle(*request);
  if (auto* request = std::get_if<ports::WatchRequest>(&message)) return handle(from, *request);
}

void ApiServer::on_timer(std::uint64_t tag) {
  if (tag != kFlushReports) return;
  flush_armed_ = false;
  flush_reports();
}

void ApiServer::on_peer_lost(ActorId peer) {
  std::erase_if(watchers_, [peer](const Watcher& watcher) { return watcher.actor == peer; });
  newest_.erase(peer);  // another process may begin to count anew
}

// ---- requests ----

bool ApiServer::answered_before(ActorId client, std::uint64_t request) {
  Newest& newest = newest_[client];
  if (newest.id != request) {
    newest = {request, {}};
    return false;
  }
  if (newest.answer) context_.send(client, ports::ApiReply{request, *newest.answer});
  return true;
}

void ApiServer::handle(ActorId from, ports::ApiRequest& request) {
  const ActorId reply_to = request.reply_to.valid() ? request.reply_to : from;
  if (answered_before(reply_to, request.id)) return;
  const Status admitted = admit(request.caller, request.transaction);
  if (!admitted.ok()) {
    ports::ApiReply reply{request.id, {}};
    reply.result.code = admitted.code;
    newest_.erase(reply_to);
    context_.send(reply_to, std::move(reply));
    return;
  }
  Pending pending;
  pending.id = request.id;
  pending.reply_to = reply_to;
  commit(std::move(pending), std::move(request.transaction));
}

Status ApiServer::admit(const ports::Identity& caller, ports::Transaction& transaction) const {
  const state::Tables& view = store_.view(context_.self);
  const Status allowed = access::authorize_transaction(caller, view, transaction);
  if (!allowed.ok()) return allowed;
  for (const ports::MoveOperation& operation : transaction.moves) {
    if (operation.step == ports::MoveOperation::Step::begin && !is_partition(operation.other)) {
      return Status::invalid("a tenant moves to one of the other tenant partitions");
    }
  }
  if (caller.type == ports::Identity::Type::user) {
    for (ports::PodOperation& operation : transaction.pods) make_graceful(view, operation);
    for (ports::ObjectOperation& operation : transaction.objects) make_graceful(view, operation);
  }
  // Deleting a pod that no node has seen needs nobody's confirmation.
  for (ports::PodOperation& operation : transaction.pods) {
    if (operation.verb == ports::Verb::update && operation.pod.meta.terminating() &&
        !operation.pod.node.valid()) {
      operation.verb = ports::Verb::remove;
    }
  }
  return access::charge_quota(view, *context_.catalog, transaction);
}

bool ApiServer::is_partition(PartitionId id) const {
  const auto& partitions = context_.endpoints->tenant_partitions;
  return id != partition_ && std::any_of(partitions.begin(), partitions.end(),
                                         [id](const auto& known) { return known.id == id; });
}

/// A user's deletion of what others must take down first becomes a mark: a bound pod goes when its
/// agent says so, a tenant or namespace when its controller has emptied it.
void ApiServer::make_graceful(const state::Tables& view, ports::PodOperation& operation) const {
  if (operation.verb != ports::Verb::remove) return;
  const model::Pod* pod = view.pods.find(operation.pod.meta.uid);
  if (pod == nullptr || !pod->node.valid() || pod->terminal()) return;
  operation.verb = ports::Verb::update;
  operation.expected = pod->meta.resource_version;
  operation.pod = *pod;
  if (!pod->meta.terminating()) operation.pod.meta.deleted_at = context_.now();
}

void ApiServer::make_graceful(const state::Tables& view, ports::ObjectOperation& operation) const {
  if (operation.verb != ports::Verb::remove) return;
  const auto mark = [&](const auto* stored) {
    if (stored == nullptr) return;
    auto next = *stored;
    if (!next.meta.terminating()) next.meta.deleted_at = context_.now();
    operation.verb = ports::Verb::update;
    operation.expected = stored->meta.resource_version;
    operation.object = next;
  };
  const Uid uid = model::metadata_of(operation.object).uid;
  if (std::holds_alternative<model::Tenant>(operation.object)) {
    mark(view.tenants.find(uid));
  } else if (std::holds_alternative<model::Namespace>(operation.object)) {
    mark(view.namespaces.find(uid));
  }
}

void ApiServer::handle(ActorId from, const ports::BindRequest& request) {
  const state::Tables& view = store_.view(context_.self);
  Pending pending;
  pending.type = Pending::Type::bind;
  pending.id = request.id;
  pending.reply_to = from;
  pending.bind_results.assign(request.items.size(), StatusCode::ok);
  ports::Transaction transaction;
  transaction.mode = ports::Transaction::Mode::each;
  transaction.fence = request.fence;
  transaction.pods.reserve(request.items.size());
  for (std::uint32_t i = 0; i < request.items.size(); ++i) {
    const model::Pod* pod = view.pods.find(request.items[i].pod);
    if (pod == nullptr || pod->meta.terminating() || pod->node.valid() || pod->terminal()) {
      pending.bind_results[i] = pod == nullptr ? StatusCode::not_found : StatusCode::conflict;
      continue;
    }
    ports::PodOperation& operation = transaction.pods.emplace_back();
    operation.verb = ports::Verb::update;
    operation.expected = pod->meta.resource_version;
    operation.pod = *pod;
    operation.pod.node = request.items[i].node;
    if (ARCAS_MUTANT("bindings-shifted") && i > 0) operation.pod.node = request.items[i - 1].node;
    if (ARCAS_MUTANT("bindings-crowded")) operation.pod.node = request.items.front().node;
    pending.bind_items.push_back(i);
  }
  commit(std::move(pending), std::move(transaction));
}

void ApiServer::handle(const ports::PreemptRequest& request) {
  const state::Tables& view = store_.view(context_.self);
  const model::Pod* preemptor = view.pods.find(request.pod);
  if (preemptor == nullptr || preemptor->meta.terminating() || preemptor->node.valid()) return;
  ports::Transaction transaction;
  transaction.mode = ports::Transaction::Mode::each;
  transaction.fence = request.fence;
  const auto update = [&](const model::Pod& pod) -> model::Pod& {
    ports::PodOperation& operation = transaction.pods.emplace_back();
    operation.verb = ports::Verb::update;
    operation.expected = pod.meta.resource_version;
    operation.pod = pod;
    return operation.pod;
  };
  const bool nominates = !ARCAS_MUTANT("nomination-forgotten");
  if (preemptor->nominated != request.node && nominates) {
    update(*preemptor).nominated = request.node;
  }
  for (const Uid uid : request.victims) {
    const model::Pod* victim = view.pods.find(uid);
    if (victim == nullptr || victim->meta.terminating() || victim->node != request.node) continue;
    model::Pod& next = update(*victim);
    next.meta.deleted_at = context_.now();
    next.reason = context_.catalog->intern("Preempted");
  }
  Pending pending;
  pending.type = Pending::Type::preempt;
  if (!transaction.pods.empty()) commit(std::move(pending), std::move(transaction));
}

void ApiServer::commit(Pending pending, ports::Transaction transaction) {
  const std::uint64_t token = next_token_++;
  pending_.emplace(token, std::move(pending));
  store_.commit(context_.self, token, std::move(transaction));
}

/// What did nothing, or has an unknown outcome, may be asked for again under the same number.
void ApiServer::settle(const Pending& pending, const ports::TransactionResult& result) {
  const auto newest = newest_.find(pending.reply_to);
  if (newest == newest_.end() || newest->second.id != pending.id) return;
  const auto ok = [](const auto& item) { return item.code == StatusCode::ok; };
  // Of what was to be done whole, parts may have been fine and none was done.
  const bool done = result.code == StatusCode::ok &&
                    (std::any_of(result.pods.begin(), result.pods.end(), ok) ||
                     std::any_of(result.objects.begin(), result.objects.end(), ok));
  if (done) {
    newest->second.answer = result;
  } else {
    newest_.erase(newest);
  }
}

void ApiServer::on_commit(std::uint64_t token, const ports::TransactionResult& result) {
  const auto it = pending_.find(token);
  if (it == pending_.end()) return;  // asked before a restart
  Pending pending = std::move(it->second);
  pending_.erase(it);
  switch (pending.type) {
    case Pending::Type::request:
      settle(pending, result);
      context_.send(pending.reply_to, ports::ApiReply{pending.id, result});
      return;
    case Pending::Type::preempt:
      return;
    case Pending::Type::bind: {
      ports::BindReply reply{pending.id, result.code, std::move(pending.bind_results)};
      const bool answered = result.pods.size() == pending.bind_items.size();
      if (answered) reply.code = StatusCode::ok;
      for (std::size_t i = 0; answered && i < pending.bind_items.size(); ++i) {
        reply.results[pending.bind_items[i]] = result.pods[i].code;
      }
      context_.send(pending.reply_to, std::move(reply));
      return;
    }
    case Pending::Type::reports:
      for (std::size_t i = 0; i < pending.reports.size(); ++i) {
        const bool retry = i >= result.pods.size() || result.pods[i].code == StatusCode::conflict ||
                           result.pods[i].code == StatusCode::unavailable;
        if (retry) handle(ActorId{}, pending.reports[i]);
      }
      return;
  }
}

// ---- status from the nodes ----

void ApiServer::handle(ActorId, const ports::PodReport& report) {
  reports_.push_back(report);
  if (flush_armed_) return;
  flush_armed_ = true;
  context_.arm(context_.now() + context_.profile->status_batch_window, kFlushReports);
}

void ApiServer::flush_reports() {
  if (reports_.empty()) return;
  Pending pending;
  pending.type = Pending::Type::reports;
  ports::Transaction transaction;
  transaction.mode = ports::Transaction::Mode::each;
  for (const ports::PodReport& report : reports_) {
    ports::PodOperation operation;
    if (!apply_report(report, operation)) continue;
    transaction.pods.push_back(std::move(operation));
    pending.reports.push_back(report);
  }
  reports_.clear();
  if (!transaction.pods.empty()) commit(std::move(pending), std::move(transaction));
}

bool ApiServer::apply_report(const ports::PodReport& report, ports::PodOperation& operation) const {
  using State = ports::PodReport::State;
  const state::Tables& view = store_.view(context_.self);
  const model::Pod* pod = view.pods.find(report.pod);
  if (pod == nullptr || pod->node != report.node) return false;
  if (view.moves().left(pod->meta.tenant)) return false;  // its agent will tell the new partition
  // How a pod finished stays (I06); a stop that is confirmed for one that is to go removes it.
  const bool goes = report.state == State::stopped && pod->meta.terminating();
  if (pod->terminal() && !goes) return false;
  operation.verb = ports::Verb::update;
  operation.expected = pod->meta.resource_version;
  operation.pod = *pod;
  model::Pod& next = operation.pod;
  switch (report.state) {
    case State::running:
      if (pod->phase == model::PodPhase::running && pod->ready) return false;
      next.phase = model::PodPhase::running;
      next.ready = true;
      next.ready_since = context_.now();
      next.started_at = context_.now();
      return true;
    case State::succeeded:
      next.phase = model::PodPhase::succeeded;
      if (ARCAS_MUTANT("finished-pod-unbound")) next.node = NodeId{};
      break;
    case State::failed:
    case State::rejected:
      next.phase = model::PodPhase::failed;
      next.reason =
          context_.catalog->intern(report.state == State::failed ? "Error" : "OutOfResources");
      break;
    case State::stopped:
      if (ARCAS_MUTANT("deletion-taken-back")) next.meta.deleted_at = model::Metadata{}.deleted_at;
      if (next.meta.terminating()) {
        operation.verb = ports::Verb::remove;
        return true;
      }
      next.phase = model::PodPhase::failed;
      next.reason = context_.catalog->intern("Stopped");
      break;
  }
  next.ready = false;
  return true;
}

}  // namespace arcas::roles
