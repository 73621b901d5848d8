#include "tests/exhaustive/small_world.h"

#include <algorithm>

#include "core/base/hash.h"
#include "core/roles/api_server.h"
#include "core/roles/controller_manager.h"
#include "core/roles/node_manager.h"
#include "core/roles/scheduler_role.h"

namespace arcas::tests {
namespace {

// What an input is, besides messages, in a member's history.
enum Input : std::uint64_t { kTimer = 1, kStopped, kCrash, kAnswer, kChanges, kRuntime, kKilled };

constexpr std::uint32_t kNodePartition = 9;

}  // namespace

// ---- stores ----

class SmallWorld::SmallStore final : public ports::Store {
 public:
  SmallStore(SmallWorld& world, std::uint32_t index) : world_(world), index_(index) {}
  void commit(ActorId self, std::uint64_t token, ports::Transaction transaction) override {
    world_.commit(static_cast<std::uint8_t>(self.index), index_, token, std::move(transaction));
  }
  [[nodiscard]] const state::Tables& view(ActorId) const override {
    return *world_.tables_[index_];
  }
  void watch(ActorId self) override {
    world_.store_watchers_[index_].insert(static_cast<std::uint8_t>(self.index));
  }

 private:
  SmallWorld& world_;
  std::uint32_t index_;
};

void SmallWorld::commit(std::uint8_t member, std::uint32_t store, std::uint64_t token,
                        ports::Transaction transaction) {
  store_history_[store] = hash_combine(store_history_[store], output_id(member));
  const model::Lease* lease = tables_[store]->leases.find(
      model::ObjectKey{model::Kind::lease, {}, {}, {transaction.fence.lease, 0}});
  const std::uint64_t epoch = lease == nullptr ? 0 : lease->epoch;
  auto changes = std::make_shared<ports::ChangeBatch>();
  ports::Transaction applied = transaction;
  if (planted_ == Planted::stores_without_fences) applied.fence = {};
  ports::TransactionResult result = tables_[store]->commit(applied, now_, *changes);
  truth_.committed(ActorId{member}, transaction, result, *changes, epoch);
  for (const std::uint8_t watcher : store_watchers_[store]) {
    if (!changes->pods.empty() || !changes->objects.empty()) {
      answers_.push_back({watcher, 0, {}, changes});
    }
  }
  answers_.push_back({member, token, std::move(result), nullptr});
}

// ---- building ----

std::uint8_t SmallWorld::add(Role role, std::uint32_t index, std::int32_t store) {
  Member& member = members_.emplace_back();
  member.role = role;
  member.index = index;
  member.store = store;
  member.history = hash_combine(members_.size(), 0);
  return static_cast<std::uint8_t>(members_.size() - 1);
}

SmallWorld::SmallWorld(const Shape& shape, Planted planted)
    : shape_(shape), planted_(planted), truth_(catalog) {
  for (std::uint32_t i = 0; i <= shape.tenant_partitions; ++i) {
    const bool nodes = i == shape.tenant_partitions;
    tables_.push_back(std::make_unique<state::Tables>(PartitionId{nodes ? kNodePartition : i + 1}));
    stores_.push_back(std::make_unique<SmallStore>(*this, i));
  }
  store_history_.resize(tables_.size());
  store_watchers_.resize(tables_.size());
  catalog.zones.intern("a");
  catalog.intern_namespace(TenantId{0}, "default");
  endpoints_.zone_count = 1;
  endpoints_.partition_of_node.assign(shape.nodes, 0);
  build_roles();
}

SmallWorld::~SmallWorld() = default;

roles::RoleContext SmallWorld::context(std::uint8_t member) {
  roles::RoleContext context;
  context.self = ActorId{member};
  context.zone = ZoneId{0};
  context.ports = {this, this, this, this};
  context.catalog = &catalog;
  context.profile = &shape_.profile;
  context.endpoints = &endpoints_;
  return context;
}

void SmallWorld::build_roles() {
  add(Role::user, 0, -1);
  const auto many = [&](Role role, std::uint32_t count, std::int32_t store) {
    std::vector<roles::Instance> instances;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t index = store < 0 ? i : static_cast<std::uint32_t>(store) * count + i;
      const bool at_store = role == Role::api_server || role == Role::node_manager;
      instances.push_back({ActorId{add(role, index, at_store ? store : -1)}, ZoneId{0}});
    }
    return instances;
  };
  for (std::uint32_t t = 0; t < shape_.tenant_partitions; ++t) {
    const auto store = static_cast<std::int32_t>(t);
    auto& partition = endpoints_.tenant_partitions.emplace_back();
    partition.id = PartitionId{t + 1};
    partition.api_servers = many(Role::api_server, 1, store);
    partition.schedulers = many(Role::scheduler, shape_.schedulers, store);
    partition.controller_managers =
        many(Role::controller_manager, shape_.controller_managers, store);
  }
  auto& nodes = endpoints_.resource_partitions.emplace_back();
  nodes.id = PartitionId{kNodePartition};
  nodes.zones = {ZoneId{0}};
  nodes.node_managers = many(Role::node_manager, shape_.node_managers,
                             static_cast<std::int32_t>(shape_.tenant_partitions));
  many(Role::node_agent, shape_.nodes, -1);
  agents_ = {{this, this, this, this}, this, &catalog, &shape_.profile, &endpoints_};
  for (std::uint8_t m = 0; m < members_.size(); ++m) {
    Member& member = members_[m];
    const auto partition = [&] { return PartitionId{member.store >= 0 ? member.store + 1U : 0U}; };
    const auto of_tenant = [&](std::uint32_t count) {
      return PartitionId{member.index / std::max(count, 1U) + 1};
    };
    switch (member.role) {
      case Role::user:
        break;
      case Role::api_server:
        member.actor = std::make_unique<roles::ApiServer>(
            context(m), partition(), *stores_[static_cast<std::size_t>(member.store)]);
        break;
      case Role::scheduler:
        member.actor =
            std::make_unique<roles::SchedulerRole>(context(m), of_tenant(shape_.schedulers));
        break;
      case Role::controller_manager:
        member.actor = std::make_unique<roles::ControllerManager>(
            context(m), of_tenant(shape_.controller_managers));
        break;
      case Role::node_manager:
        member.index -= shape_.tenant_partitions * shape_.node_managers;
        member.actor =
            std::make_unique<roles::NodeManager>(context(m), PartitionId{kNodePartition},
                                                 *stores_[static_cast<std::size_t>(member.store)]);
        break;
      case Role::node_agent: {
        model::Node machine;
        machine.id = catalog.nodes.intern("n" + std::to_string(member.index));
        machine.meta.name.base = catalog.intern("n" + std::to_string(member.index));
        machine.meta.labels = catalog.label_sets.intern({});
        machine.zone = ZoneId{0};
        machine.allocatable.set(model::kCpu, shape_.node_cpu_milli);
        machine.allocatable.set(model::kMemory, std::int64_t{1} << 40U);
        machine.allocatable.set(model::kPods, 110);
        machine.container_runtime_ready = model::ConditionStatus::yes;
        truth_.add_node(machine.id, machine.allocatable);
        member.actor = std::make_unique<roles::NodeAgent>(agents_, ActorId{m}, machine);
        break;
      }
    }
  }
}

std::uint32_t SmallWorld::find(Role role, std::uint32_t index) const {
  for (std::uint32_t m = 0; m < members_.size(); ++m) {
    if (members_[m].role == role && members_[m].index == index) return m;
  }
  return 0;
}

// ---- running without choices ----

void SmallWorld::start(TimePoint until) {
  for (std::uint8_t m = 0; m < members_.size(); ++m) {
    if (members_[m].actor == nullptr) continue;
    input(m, kCrash);
    members_[m].actor->on_start();
    drain();
  }
  run_until(until);
}

void SmallWorld::run_until(TimePoint until) {
  const auto settled_before = std::exchange(settled, nullptr);
  const Adversity adversity_before = std::exchange(adversity_, {});
  adversity_.horizon = TimePoint::max();
  for (;;) {
    const auto next = choices();
    if (next.empty()) break;
    if (next.front().kind == Choice::Kind::pass) {
      const auto timer = std::min_element(timers_.begin(), timers_.end(),
                                          [](const auto& x, const auto& y) { return x.at < y.at; });
      if (timer->at > until) break;
    }
    take(next.front());
  }
  settled = settled_before;
  adversity_ = adversity_before;
}

void SmallWorld::ask(std::uint32_t tenant_partition, ports::Transaction transaction) {
  ports::ApiRequest request;
  request.id = ++members_[0].history;
  request.caller = {ports::Identity::Type::user, TenantId{0}, NodeId{}, StringId{}};
  request.transaction = std::move(transaction);
  const auto to = static_cast<std::uint8_t>(find(Role::api_server, tenant_partition));
  push(0, to, {output_id(0), ports::Message{std::move(request)}});
}

void SmallWorld::kill_node(std::uint32_t node) {
  const auto m = static_cast<std::uint8_t>(find(Role::node_agent, node));
  Member& member = members_[m];
  stop_sending(ActorId{m});
  input(m, kKilled);
  member.dead = true;
  member.stopping.clear();
  truth_.node_died(NodeId{node});
  std::erase_if(timers_, [m](const Timer& timer) { return timer.member == m; });
}

// ---- what may happen ----

bool SmallWorld::is_choice(const Timer& timer) const {
  const Role role = members_[timer.member].role;
  if (shape_.cycles_at_once) return false;
  return role == Role::scheduler || role == Role::controller_manager;
}

bool SmallWorld::quiet() const {
  for (const auto& [key, channel] : channels_) {
    if (!channel.held && !channel.packets.empty()) return false;
  }
  for (const Timer& timer : timers_) {
    if (timer.at <= now_) return false;
  }
  return std::all_of(members_.begin(), members_.end(),
                     [](const Member& member) { return member.stopping.empty(); });
}

bool SmallWorld::may_pass() const {
  if (timers_.empty() || now_ >= adversity_.horizon) return false;
  const bool held = std::any_of(channels_.begin(), channels_.end(),
                                [](const auto& entry) { return entry.second.held; });
  return held || settled == nullptr || !settled(*this);
}

std::vector<Choice> SmallWorld::choices() const {
  std::vector<Choice> out;
  for (const auto& [key, channel] : channels_) {
    if (channel.held) continue;
    if (!channel.packets.empty()) out.push_back({Choice::Kind::deliver, key.first, key.second});
  }
  for (std::uint8_t m = 0; m < members_.size(); ++m) {
    const bool due = std::any_of(timers_.begin(), timers_.end(), [&](const Timer& timer) {
      return timer.member == m && timer.at <= now_;
    });
    if (due) out.push_back({Choice::Kind::timer, m, 0});
    for (std::uint8_t i = 0; i < members_[m].stopping.size(); ++i) {
      out.push_back({Choice::Kind::stopped, m, i});
    }
  }
  const bool nothing_under_way = out.empty();
  for (const auto& [key, channel] : channels_) {
    if (channel.held) out.push_back({Choice::Kind::release, key.first, key.second});
  }
  if (nothing_under_way && may_pass()) out.push_back({Choice::Kind::pass, 0, 0});
  if (crashed_ && adversity_.one_order_after_a_crash && out.size() > 1) out.resize(1);
  add_faults(out);
  return out;
}

void SmallWorld::add_faults(std::vector<Choice>& out) const {
  if (adversity_.crashes != 0) {
    for (std::uint8_t m = 0; m < members_.size(); ++m) {
      const Member& member = members_[m];
      const bool may = member.index == 0 && adversity_.may_crash.contains(member.role);
      if (member.dead || !may) continue;
      out.push_back({Choice::Kind::crash, m, 0});
      const bool sent = std::any_of(channels_.begin(), channels_.end(), [m](const auto& entry) {
        return entry.first.first == m && !entry.second.packets.empty();
      });
      if (sent) out.push_back({Choice::Kind::crash_with_loss, m, 0});
    }
  }
  if (adversity_.holds == 0) return;
  for (const auto& [key, channel] : channels_) {
    const std::pair roles{members_[key.first].role, members_[key.second].role};
    if (channel.held || channel.packets.empty() || !adversity_.may_hold.contains(roles)) continue;
    out.push_back({Choice::Kind::hold, key.first, key.second});
  }
}

void SmallWorld::take(const Choice& choice) {
  const bool local = choice.kind == Choice::Kind::deliver || choice.kind == Choice::Kind::timer ||
                     choice.kind == Choice::Kind::stopped;
  touched_ = local ? 0 : ~std::uint32_t{0};
  Channel& channel = channels_[{choice.a, choice.b}];
  const auto earliest = [this](auto... member) {
    auto best = timers_.end();
    for (auto it = timers_.begin(); it != timers_.end(); ++it) {
      if (((it->member != member) || ...)) continue;
      if (best == timers_.end() || std::pair(it->at, it->order) < std::pair(best->at, best->order))
        best = it;
    }
    return best;
  };
  switch (choice.kind) {
    case Choice::Kind::deliver: {
      Packet packet = std::move(channel.packets.front());
      channel.packets.pop_front();
      arrive(choice.a, choice.b, std::move(packet));
      break;
    }
    case Choice::Kind::timer:
      fire(earliest(choice.a));
      break;
    case Choice::Kind::pass: {
      const auto timer = earliest();
      now_ = std::max(now_, timer->at);
      fire(timer);
      break;
    }
    case Choice::Kind::stopped: {
      Member& member = members_[choice.a];
      const Uid pod = member.stopping[choice.b];
      member.stopping.erase(member.stopping.begin() + choice.b);
      input(choice.a, hash_combine(kStopped, pod.value));
      truth_.pod_stopped(NodeId{member.index}, pod);
      member.actor->on_runtime({ports::RuntimeEvent::Type::stopped, pod});
      break;
    }
    case Choice::Kind::crash:
    case Choice::Kind::crash_with_loss:
      --adversity_.crashes;
      crashed_ = true;
      crash(choice.a, choice.kind == Choice::Kind::crash_with_loss);
      break;
    case Choice::Kind::hold:
      --adversity_.holds;
      channel.held = true;
      break;
    case Choice::Kind::release:
      channel.held = false;
      break;
  }
  drain();
}

// ---- inputs ----

void SmallWorld::input(std::uint8_t member, std::uint64_t id) {
  Member& m = members_[member];
  m.history = hash_combine(hash_combine(m.history, id), static_cast<std::uint64_t>(now_.ns));
  if (m.store >= 0) {
    m.history = hash_combine(m.history, store_history_[static_cast<std::size_t>(m.store)]);
  }
  m.outputs = 0;
  touched_ |= std::uint32_t{1} << member;
}

std::uint64_t SmallWorld::output_id(std::uint8_t member) {
  Member& m = members_[member];
  return hash_combine(m.history, ++m.outputs);
}

void SmallWorld::fire(std::vector<Timer>::iterator timer) {
  const Timer fired = *timer;
  timers_.erase(timer);
  if (members_[fired.member].actor == nullptr) return finish_plan();
  input(fired.member, hash_combine(kTimer, fired.tag));
  members_[fired.member].actor->on_timer(fired.tag);
}

void SmallWorld::arrive(std::uint8_t from, std::uint8_t to, Packet packet) {
  Member& member = members_[to];
  if (member.dead) return;
  input(to, packet.id);
  if (auto* message = std::get_if<ports::Message>(&packet.what)) {
    if (const auto* bind = std::get_if<ports::BindRequest>(message)) {
      binding_[{from, bind->id}] = *bind;
    }
    plan_on_arrival(to, *message);
    if (member.actor != nullptr) member.actor->on_message(ActorId{from}, *message);
  } else if (const auto* began = std::get_if<StreamBegan>(&packet.what)) {
    member.actor->on_heartbeats_steady(began->heartbeat, began->first, began->period);
  } else if (const auto* ended = std::get_if<StreamEnded>(&packet.what)) {
    member.actor->on_heartbeats_stopped(ended->heartbeat, ended->last);
  } else {
    member.actor->on_peer_lost(ActorId{from});
  }
}

void SmallWorld::crash(std::uint8_t m, bool with_loss) {
  Member& member = members_[m];
  input(m, kCrash);
  for (auto& [key, channel] : channels_) {
    if (key.second == m || (with_loss && key.first == m)) channel.packets.clear();
  }
  std::erase_if(timers_, [m](const Timer& timer) { return timer.member == m; });
  std::erase_if(answers_, [m](const StoreAnswer& answer) { return answer.member == m; });
  for (auto& watchers : store_watchers_) watchers.erase(m);
  for (Member& other : members_) other.monitored_by.erase(m);
  if (member.role == Role::node_agent) {
    stop_sending(ActorId{m});
    truth_.node_died(NodeId{member.index});
    member.stopping.clear();
  }
  for (const std::uint8_t other : std::exchange(member.monitored_by, {})) {
    push(m, other, {output_id(m), PeerLost{}});
  }
  member.actor->on_stop();
  member.actor->on_start();
}

/// Everything that is no choice, until only choices are left.
void SmallWorld::drain() {
  while (drain_one()) {
  }
}

bool SmallWorld::drain_one() {
  if (crash_due_ && answers_.empty()) {
    crash_due_ = false;
    silenced_ = false;
    crash(planned_, false);
    return true;
  }
  if (!answers_.empty()) {
    const StoreAnswer answer = std::move(answers_.front());
    answers_.pop_front();
    ports::Actor& actor = *members_[answer.member].actor;
    if (answer.changes != nullptr) {
      if (!actor.wants(*answer.changes)) return true;
      input(answer.member, kChanges);
      actor.on_changes(*answer.changes);
    } else {
      input(answer.member, hash_combine(kAnswer, answer.token));
      actor.on_commit(answer.token, answer.result);
    }
    return true;
  }
  if (!runtime_.empty()) {
    const auto [member, event] = runtime_.front();
    runtime_.pop_front();
    input(member, hash_combine(kRuntime, event.pod.value));
    members_[member].actor->on_runtime(event);
    return true;
  }
  if (!eager_.empty()) {
    const Key key = eager_.front();
    eager_.pop_front();
    Channel& channel = channels_[key];
    if (channel.packets.empty() || channel.held) return true;
    Packet packet = std::move(channel.packets.front());
    channel.packets.pop_front();
    arrive(key.first, key.second, std::move(packet));
    return true;
  }
  for (auto it = timers_.begin(); it != timers_.end(); ++it) {
    if (it->at > now_ || is_choice(*it)) continue;
    fire(it);
    return true;
  }
  return false;
}

// ---- ports ----

void SmallWorld::arm(ActorId self, TimePoint at, std::uint64_t tag) {
  timers_.push_back({at, ++armed_, static_cast<std::uint8_t>(self.index), tag});
}

/// A renewal, its answer and the news of it change nothing for anybody but the holder's own
/// deadline: they arrive at once, or each would multiply the interleavings.
bool SmallWorld::background(const ports::Message& message) const {
  const auto renewal = [this](const model::Lease& lease) {
    return std::any_of(tables_.begin(), tables_.end(), [&](const auto& tables) {
      const model::Lease* stored =
          tables->leases.find(model::key_of(model::Kind::lease, lease.meta));
      return stored != nullptr && stored->holder == lease.holder && stored->epoch == lease.epoch &&
             stored->meta.resource_version > 1 && lease.meta.created_at < lease.renewed_at;
    });
  };
  if (const auto* request = std::get_if<ports::ApiRequest>(&message)) {
    const auto& objects = request->transaction.objects;
    const model::Lease* lease =
        objects.size() == 1 ? std::get_if<model::Lease>(&objects.front().object) : nullptr;
    return lease != nullptr && objects.front().verb == ports::Verb::update && renewal(*lease);
  }
  if (const auto* reply = std::get_if<ports::ApiReply>(&message)) {
    return (reply->id >> 63U) != 0;
  }
  if (const auto* events = std::get_if<ports::WatchEvents>(&message)) {
    return events->scope == ports::WatchScope::leases && !events->first;
  }
  return false;
}

void SmallWorld::push(std::uint8_t from, std::uint8_t to, Packet packet) {
  Channel& channel = channels_[{from, to}];
  if (!channel.broken) channel.packets.push_back(std::move(packet));
}

void SmallWorld::spoil(std::uint8_t from, ports::Message& message) const {
  auto* list = std::get_if<ports::WatchEvents>(&message);
  if (planned_ != 0 && planted_ == Planted::orphans_unseen && list != nullptr && list->first) {
    const state::Tables& tables = *tables_[static_cast<std::size_t>(members_[from].store)];
    std::erase_if(list->changes.pods, [&](const ports::PodChange& change) {
      const model::OwnerReference owner = change.pod.meta.owner;
      return owner.kind == model::Kind::replica_set &&
             tables.replica_sets.find(owner.uid) == nullptr;
    });
  }
  if (planted_ != Planted::claims_always_granted) return;
  if (members_[from].role != Role::node_manager) return;
  if (auto* reply = std::get_if<ports::ClaimReply>(&message)) {
    for (std::uint8_t& granted : reply->granted) granted = 1;
  }
}

void SmallWorld::send(ActorId self, ActorId to, ports::Message message, TimePoint) {
  const auto from = static_cast<std::uint8_t>(self.index);
  const auto target = static_cast<std::uint8_t>(to.index);
  spoil(from, message);
  if (!plan_on_send(from, target, message)) return;
  if (members_[from].role == Role::api_server) {
    const state::Tables& tables = *tables_[static_cast<std::size_t>(members_[from].store)];
    if (const auto* reply = std::get_if<ports::ApiReply>(&message)) {
      truth_.acknowledged(*reply, tables);
    } else if (const auto* bound = std::get_if<ports::BindReply>(&message)) {
      truth_.acknowledged(binding_[{target, bound->id}], *bound, tables);
    }
  }
  const bool never_waits = shape_.at_once.contains(message.index()) || target == 0;
  const bool at_once =
      (never_waits || background(message)) && channels_[{from, target}].packets.empty();
  push(from, target, {output_id(from), std::move(message)});
  if (at_once) eager_.push_back({from, target});
}

void SmallWorld::keep_sending(ActorId self, ActorId to, ports::NodeHeartbeat heartbeat,
                              Duration period) {
  const auto from = static_cast<std::uint8_t>(self.index);
  Member& member = members_[from];
  const auto target = static_cast<std::uint8_t>(to.index);
  if (member.stream && member.stream_to != target) stop_sending(self);
  member.stream = StreamBegan{heartbeat, now_, period};
  member.stream_to = target;
  if (channels_[{from, target}].packets.empty()) eager_.push_back({from, target});
  push(from, target, {output_id(from), *member.stream});
}

void SmallWorld::stop_sending(ActorId self) {
  const auto from = static_cast<std::uint8_t>(self.index);
  Member& member = members_[from];
  if (!member.stream) return;
  const StreamBegan stream = *std::exchange(member.stream, std::nullopt);
  if (channels_[{from, member.stream_to}].packets.empty()) {
    eager_.push_back({from, member.stream_to});
  }
  const std::int64_t beats = (now_ - stream.first).ns / stream.period.ns;
  push(from, member.stream_to,
       {output_id(from), StreamEnded{stream.heartbeat, stream.first + stream.period * beats}});
}

void SmallWorld::monitor(ActorId self, ActorId peer) {
  if (!peer.valid()) return;
  members_[peer.index].monitored_by.insert(static_cast<std::uint8_t>(self.index));
}

void SmallWorld::start(ActorId self, Uid pod, SpecId spec) {
  const auto member = static_cast<std::uint8_t>(self.index);
  truth_.pod_started(NodeId{members_[member].index}, pod, spec);
  runtime_.push_back({member, {ports::RuntimeEvent::Type::started, pod}});
  if (catalog.spec(spec).run_seconds < 0) return;
  truth_.pod_stopped(NodeId{members_[member].index}, pod);
  runtime_.push_back({member, {ports::RuntimeEvent::Type::succeeded, pod}});
}

void SmallWorld::stop(ActorId self, Uid pod, Duration) {
  members_[self.index].stopping.push_back(pod);
}

// ---- telling states apart ----

std::uint64_t SmallWorld::digest() const {
  std::uint64_t digest = hash_combine(static_cast<std::uint64_t>(now_.ns), adversity_.crashes);
  digest = hash_combine(digest, adversity_.holds);
  for (const Member& member : members_) digest = hash_combine(digest, member.history);
  for (const std::uint64_t history : store_history_) digest = hash_combine(digest, history);
  for (const auto& [key, channel] : channels_) {
    if (channel.packets.empty() && !channel.held) continue;
    digest = hash_combine(digest, std::uint64_t{key.first} << 8U | key.second);
    digest = hash_combine(digest, channel.held ? 1 : 0);
    for (const Packet& packet : channel.packets) digest = hash_combine(digest, packet.id);
  }
  return digest;
}

std::string SmallWorld::name(std::uint8_t member) const {
  static constexpr const char* kNames[] = {"user",        "api-server",   "scheduler",
                                           "controllers", "node-manager", "agent"};
  return std::string(kNames[static_cast<std::size_t>(members_[member].role)]) + "-" +
         std::to_string(members_[member].index);
}

std::string SmallWorld::describe(const Choice& choice) const {
  static constexpr const char* kMessages[] = {
      "ApiRequest",   "ApiReply",         "BindRequest",   "BindReply",       "PreemptRequest",
      "WatchRequest", "WatchEvents",      "PodOrder",      "PodOrdersSynced", "PodReport",
      "RegisterNode", "NodeRegistered",   "NodeHeartbeat", "ClaimRequest",    "ClaimReply",
      "ClaimRelease", "NodeWatchRequest", "NodeEvents",    "ZoneProbe",       "ZoneProbeReply",
      "ZoneReport"};
  static_assert(std::size(kMessages) == std::variant_size_v<ports::Message>);
  const std::string pair = name(choice.a) + " -> " + name(choice.b);
  switch (choice.kind) {
    case Choice::Kind::deliver: {
      const auto& what = channels_.at({choice.a, choice.b}).packets.front().what;
      if (const auto* message = std::get_if<ports::Message>(&what)) {
        return pair + ": " + kMessages[message->index()];
      }
      return pair + (std::holds_alternative<PeerLost>(what) ? ": peer lost" : ": heartbeats");
    }
    case Choice::Kind::timer:
      return name(choice.a) + ": timer";
    case Choice::Kind::stopped:
      return name(choice.a) + ": a pod has stopped";
    case Choice::Kind::crash:
      return name(choice.a) + " crashes";
    case Choice::Kind::crash_with_loss:
      return name(choice.a) + " crashes, what it sent is lost";
    case Choice::Kind::hold:
      return pair + ": held";
    case Choice::Kind::release:
      return pair + ": goes on";
    case Choice::Kind::pass:
      return "time passes";
  }
  return {};
}

}  // namespace arcas::tests
