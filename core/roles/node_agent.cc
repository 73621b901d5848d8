#include "core/roles/node_agent.h"

#include <algorithm>
#include <utility>

#include "core/base/mutant.h"

namespace arcas::roles {
namespace {

using State = ports::PodReport::State;

// Timer tags: the kind in the low bits, what it is about above.
enum Tag : std::uint64_t { kRegister = 0, kSession = 1, kTagKinds = 2 };
constexpr std::uint64_t kPartitions = std::uint64_t{1} << 16U;  // more than there can be

}  // namespace

NodeAgent::NodeAgent(const NodeAgentContext& shared, ActorId self, model::Node machine)
    : shared_(shared), self_(self), machine_(std::move(machine)) {}

void NodeAgent::on_start() {
  // A restart of the machine leaves nothing behind; what should run here is asked anew.
  pods_.clear();
  used_ = {};
  holders_ = 0;
  sessions_.assign(shared_.endpoints->tenant_partitions.size(), {});
  homes_.clear();
  epoch_ = 0;
  register_node();
}

void NodeAgent::register_node() {
  const auto partition = shared_.endpoints->partition_of_node[machine_.id.index];
  const auto& managers = shared_.endpoints->resource_partitions[partition].node_managers;
  node_manager_ = choose_instance(managers, machine_.zone, manager_attempt_);
  shared_.ports.network->monitor(self_, node_manager_);
  shared_.ports.network->send(self_, node_manager_, ports::RegisterNode{machine_});
  ++registration_;
  shared_.ports.timers->arm(self_,
                            shared_.ports.clock->now() + shared_.profile->registration_timeout,
                            kRegister + kTagKinds * registration_);
}

void NodeAgent::on_timer(std::uint64_t tag) {
  const std::uint64_t subject = tag / kTagKinds;
  if (tag % kTagKinds == kRegister) {
    if (epoch_ != 0 || subject != registration_) return;
    ++manager_attempt_;
    return register_node();
  }
  const auto index = static_cast<std::uint32_t>(subject % kPartitions);
  Session& session = sessions_[index];
  if (session.synced || subject / kPartitions != session.number) return;
  ++session.attempt;
  open_session(index);
}

void NodeAgent::on_peer_lost(ActorId peer) {
  if (peer == node_manager_) {
    shared_.ports.network->stop_sending(self_);
    epoch_ = 0;
    ++manager_attempt_;
    register_node();
  }
  for (std::uint32_t i = 0; i < sessions_.size(); ++i) {
    if (sessions_[i].api_server != peer) continue;
    ++sessions_[i].attempt;
    open_session(i);
  }
}

void NodeAgent::on_message(ActorId from, ports::Message& message) {
  if (const auto* order = std::get_if<ports::PodOrder>(&message)) return handle(from, *order);
  if (const auto* synced = std::get_if<ports::PodOrdersSynced>(&message)) {
    return handle(from, *synced);
  }
  if (const auto* registered = std::get_if<ports::NodeRegistered>(&message)) {
    if (from == node_manager_) handle(*registered);
  }
}

void NodeAgent::handle(const ports::NodeRegistered& registered) {
  if (!registered.accepted) {  // not the leader, or no more: ask the next instance, soon
    if (epoch_ != 0) shared_.ports.network->stop_sending(self_);
    epoch_ = 0;
    shared_.ports.timers->arm(self_, shared_.ports.clock->now() + shared_.profile->reconnect_period,
                              kRegister + kTagKinds * registration_);
    return;
  }
  const bool was_registered = epoch_ != 0;
  epoch_ = registered.epoch;
  shared_.ports.network->keep_sending(self_, node_manager_, {machine_.id, epoch_},
                                      shared_.profile->heartbeat_period);
  if (was_registered) return;
  for (std::uint32_t i = 0; i < sessions_.size(); ++i) {
    if (!sessions_[i].api_server.valid()) open_session(i);
  }
}

void NodeAgent::open_session(std::uint32_t tenant_partition) {
  Session& session = sessions_[tenant_partition];
  const auto& partition = shared_.endpoints->tenant_partitions[tenant_partition];
  session.api_server = choose_instance(partition.api_servers, machine_.zone, session.attempt);
  ++session.number;
  session.synced = false;
  ports::WatchRequest request;
  request.scope = ports::WatchScope::node;
  request.session = session.number;
  request.node = machine_.id;
  request.caller = {ports::Identity::Type::node, TenantId{}, machine_.id, StringId{}};
  shared_.ports.network->monitor(self_, session.api_server);
  shared_.ports.network->send(self_, session.api_server, request);
  shared_.ports.timers->arm(
      self_, shared_.ports.clock->now() + shared_.profile->registration_timeout,
      kSession + kTagKinds * (tenant_partition + kPartitions * session.number));
}

// ---- orders ----

void NodeAgent::handle(ActorId from, const ports::PodOrder& order) {
  const auto index = shared_.endpoints->tenant_partition(order.partition);
  if (sessions_[index].api_server != from) return;  // a server we left
  const Home* home = find_home(order.tenant);
  if (home != nullptr && order.epoch < home->epoch) return;  // of the time before a move
  if (order.epoch != 0) learn_home(order.tenant, index, order.epoch, true);
  switch (order.action) {
    case ports::PodOrder::Action::run:
      return run(order);
    case ports::PodOrder::Action::stop: {
      LocalPod* pod = find(order.pod);
      if (pod == nullptr) return report(order.pod, index, State::stopped);
      pod->named_in = session_key(index);
      if (pod->state == PodState::stopping) return;
      pod->state = PodState::stopping;
      return shared_.runtime->stop(self_, order.pod, seconds(order.grace_seconds));
    }
    case ports::PodOrder::Action::forget: {
      LocalPod* pod = find(order.pod);
      if (pod == nullptr || pod->state == PodState::stopping) return;
      pod->state = PodState::stopping;
      return shared_.runtime->stop(self_, order.pod, Duration{0});
    }
  }
}

void NodeAgent::run(const ports::PodOrder& order) {
  const auto index = shared_.endpoints->tenant_partition(order.partition);
  if (LocalPod* known = find(order.pod)) {
    known->named_in = session_key(index);
    return report(*known);  // a new session: say again what the old server may not have heard
  }
  if (!has_room(order.spec)) {
    shared_.ports.journal->note(self_, "pod-rejected", machine_.id.index, 1);
    return report(order.pod, index, State::rejected);
  }
  pods_.push_back(
      {order.pod, order.spec, PodState::starting, true, order.tenant, session_key(index)});
  occupy(order.spec);
  shared_.runtime->start(self_, order.pod, order.spec);
}

bool NodeAgent::has_room(SpecId spec) const {
  if (ARCAS_MUTANT("room-not-checked")) return true;
  if (holders_ >= machine_.allocatable.get(model::kPods)) return false;
  for (const auto& item : shared_.catalog->spec(spec).requests.items()) {
    if (item.amount == 0) continue;
    if (item.amount > machine_.allocatable.get(item.kind) - used_.get(item.kind)) return false;
  }
  return true;
}

/// What was let in fits, so the sums stay below the machine's own amounts.
void NodeAgent::occupy(SpecId spec) {
  ++holders_;
  used_.add(shared_.catalog->spec(spec).requests);
}

void NodeAgent::vacate(LocalPod& pod) {
  if (!pod.holds_room) return;
  pod.holds_room = false;
  --holders_;
  for (const auto& item : shared_.catalog->spec(pod.spec).requests.items()) {
    used_.set(item.kind, used_.get(item.kind) - item.amount);
  }
}

void NodeAgent::handle(ActorId from, const ports::PodOrdersSynced& synced) {
  const auto index = shared_.endpoints->tenant_partition(synced.partition);
  Session& session = sessions_[index];
  if (session.api_server != from || session.number != synced.session) return;
  session.synced = true;
  learn_homes(index, synced.moves);
  bool asked = false;
  for (LocalPod& pod : pods_) {
    if (pod.named_in == session_key(index) || home_of(pod) != index) continue;
    if (pod.state == PodState::stopping) continue;
    const Home* home = find_home(pod.tenant);
    if (home != nullptr && !home->confirmed) {  // it has not got the tenant's pods yet
      asked = true;
      continue;
    }
    pod.state = PodState::stopping;  // the object is gone: so is the right to run
    shared_.runtime->stop(self_, pod.uid, Duration{0});
  }
  if (asked) ask_again(index);
}

// ---- tenants that move ----

const NodeAgent::Home* NodeAgent::find_home(TenantId tenant) const {
  for (const Home& home : homes_) {
    if (home.tenant == tenant) return &home;
  }
  return nullptr;
}

std::uint32_t NodeAgent::home_of(const LocalPod& pod) const {
  const Home* home = homes_.empty() ? nullptr : find_home(pod.tenant);
  return home != nullptr ? home->tenant_partition
                         : shared_.endpoints->tenant_partition(PartitionId{pod.uid.partition()});
}

void NodeAgent::learn_home(TenantId tenant, std::uint32_t tenant_partition, std::uint64_t epoch,
                           bool confirmed) {
  for (Home& home : homes_) {
    if (home.tenant != tenant) continue;
    if (epoch < home.epoch) return;
    const bool known = home.confirmed && tenant_partition == home.tenant_partition;
    home = {tenant, tenant_partition, epoch, confirmed || known};
    return;
  }
  homes_.push_back({tenant, tenant_partition, epoch, confirmed});
}

/// What a partition says of the tenants that came to it and left it. Of pods that it may have
/// forgotten when they left, those who have them now are asked which of them there still are.
void NodeAgent::learn_homes(std::uint32_t from, const std::vector<model::TenantMove>& moves) {
  if (moves.empty()) return;
  for (const model::TenantMove& move : moves) {
    if (move.phase == model::TenantMove::Phase::receiving || move.home_epoch() == 0) continue;
    const std::uint32_t home =
        move.lives_here() ? from : shared_.endpoints->tenant_partition(move.other);
    learn_home(move.tenant, home, move.home_epoch(), move.lives_here());
  }
  std::vector<std::uint32_t> to_ask;
  for (const LocalPod& pod : pods_) {
    const std::uint32_t home = home_of(pod);
    const bool named = pod.named_in == session_key(home);
    if (home != from && !named && find_home(pod.tenant) != nullptr) to_ask.push_back(home);
  }
  std::sort(to_ask.begin(), to_ask.end());
  to_ask.erase(std::unique(to_ask.begin(), to_ask.end()), to_ask.end());
  for (const std::uint32_t index : to_ask) open_session(index);
}

/// The partition did not know of a tenant whose pods run here: later it will.
void NodeAgent::ask_again(std::uint32_t tenant_partition) {
  Session& session = sessions_[tenant_partition];
  session.synced = false;
  shared_.ports.timers->arm(
      self_, shared_.ports.clock->now() + shared_.profile->reconnect_period,
      kSession + kTagKinds * (tenant_partition + kPartitions * session.number));
}

// ---- what the runtime says ----

void NodeAgent::on_runtime(const ports::RuntimeEvent& event) {
  LocalPod* pod = find(event.pod);
  if (pod == nullptr) return;
  switch (event.type) {
    case ports::RuntimeEvent::Type::started:
      if (pod->state == PodState::starting) pod->state = PodState::running;
      break;
    case ports::RuntimeEvent::Type::succeeded:
      finish(*pod, PodState::finished_well);
      break;
    case ports::RuntimeEvent::Type::failed:
      finish(*pod, PodState::finished_badly);
      break;
    case ports::RuntimeEvent::Type::stopped:
      if (!ARCAS_MUTANT("stop-not-reported")) report(pod->uid, home_of(*pod), State::stopped);
      return erase(event.pod);
  }
  report(*pod);
}

/// A finished pod holds no room, as its api server counts it; one that is stopped before that holds
/// it until it is gone.
void NodeAgent::finish(LocalPod& pod, PodState state) {
  if (pod.state == PodState::stopping) return;
  pod.state = state;
  vacate(pod);
}

void NodeAgent::report(const LocalPod& pod) {
  switch (pod.state) {
    case PodState::starting:
    case PodState::stopping:
      return;  // nothing to say yet
    case PodState::running:
      return report(pod.uid, home_of(pod), State::running);
    case PodState::finished_well:
      return report(pod.uid, home_of(pod), State::succeeded);
    case PodState::finished_badly:
      return report(pod.uid, home_of(pod), State::failed);
  }
}

void NodeAgent::report(Uid pod, std::uint32_t tenant_partition, State state) {
  shared_.ports.network->send(self_, sessions_[tenant_partition].api_server,
                              ports::PodReport{state, pod, machine_.id, epoch_});
}

NodeAgent::LocalPod* NodeAgent::find(Uid uid) {
  for (LocalPod& pod : pods_) {
    if (pod.uid == uid) return &pod;
  }
  return nullptr;
}

void NodeAgent::erase(Uid uid) {
  for (LocalPod& pod : pods_) {
    if (pod.uid != uid) continue;
    vacate(pod);
    pod = pods_.back();
    pods_.pop_back();
    return;
  }
}

}  // namespace arcas::roles
