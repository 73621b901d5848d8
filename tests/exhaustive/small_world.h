#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/model/catalog.h"
#include "core/ports/actor.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"
#include "core/ports/network.h"
#include "core/ports/node_runtime.h"
#include "core/ports/store.h"
#include "core/ports/timers.h"
#include "core/roles/context.h"
#include "core/roles/node_agent.h"
#include "core/state/tables.h"
#include "tests/exhaustive/ground_truth.h"

namespace arcas::tests {

/// How many of each role a small world has. One zone, one resource partition.
struct Shape {
  std::uint32_t nodes = 2;
  std::uint32_t tenant_partitions = 1;
  std::uint32_t schedulers = 1;           ///< of each tenant partition
  std::uint32_t controller_managers = 0;  ///< of each tenant partition
  std::uint32_t node_managers = 1;
  std::int64_t node_cpu_milli = 1000;
  std::set<std::size_t> at_once;  ///< messages (by index in ports::Message) that never wait
  bool cycles_at_once = false;    ///< due timers of schedulers and controllers are no choice
  roles::Profile profile;
};

/// Which role a member of the world has.
enum class Role : std::uint8_t {
  user,
  api_server,
  scheduler,
  controller_manager,
  node_manager,
  node_agent,
};

/// A defect that the world adds to the roles, to show that the search finds it.
enum class Planted : std::uint8_t {
  none,
  claims_always_granted,  ///< a node manager that grants whatever it is asked
  stores_without_fences,  ///< stores that let every epoch pass
  orphans_unseen,         ///< controllers to whom a list does not show pods without their owner
};

/// What befalls the first controller manager, and at which of its writes or of the events it is
/// told. Source: Sieve (Sun et al., OSDI 2022).
struct Plan {
  enum class Point : std::uint8_t {
    none,
    before_send,   ///< it crashes; the write and what it would have sent with it are lost
    after_commit,  ///< the write is durable; it crashes before the answer comes
    after_reply,   ///< it crashes when it has heard the answer
    held_view,     ///< the event and all that follow come 3 s late: it acts on an old view
    hidden_event,  ///< the event is lost with the session; 2 s later it lists what there is then
  };
  Point point = Point::none;
  std::uint32_t nth = 0;  ///< counted from 1
};

/// One thing that may happen next. `a` and `b` are members; for a message, sender and receiver.
struct Choice {
  enum class Kind : std::uint8_t {
    deliver,          ///< the oldest message on its way from a to b arrives
    timer,            ///< the earliest due timer of a fires
    stopped,          ///< a pod that an agent was told to stop is gone; b: which of them
    crash,            ///< a's process ends and starts again; what it had sent still arrives
    crash_with_loss,  ///< the same; what it had sent is lost
    hold,             ///< the messages from a to b stay on their way until `release`
    release,
    pass,  ///< time goes on to the next timer, which fires
  };
  Kind kind = Kind::deliver;
  std::uint8_t a = 0;
  std::uint8_t b = 0;
  bool operator==(const Choice&) const = default;
};

/// What the explorer may do besides ordering: how often, to whom, and until when time may pass.
struct Adversity {
  std::uint32_t crashes = 0;
  std::uint32_t holds = 0;
  std::set<Role> may_crash;  ///< of each role the first: the others differ from it only in name
  std::set<std::pair<Role, Role>> may_hold;  ///< sender, receiver
  TimePoint horizon;                         ///< no time passes from then on
  /// After the first crash things go their way in one order; further crashes may still come
  /// anywhere.
  bool one_order_after_a_crash = false;
};

/// The real roles over ports whose every decision is a choice from outside: which message arrives
/// next, which timer fires, who crashes and when. Without choices nothing happens.
///
/// What is not a choice, on purpose: a store answers its caller before anything else happens there;
/// timers that are due fire at once, but for those of schedulers and controllers; time passes only
/// when nothing is on its way but what is held; mere renewals of a lease and what they cause arrive
/// at once. The module's documentation (docs/exhaustive.md) says the same.
class SmallWorld final : public ports::Clock,
                         public ports::Timers,
                         public ports::Network,
                         public ports::Journal,
                         public ports::NodeRuntime {
 public:
  explicit SmallWorld(const Shape& shape, Planted planted = Planted::none);
  ~SmallWorld() override;
  SmallWorld(const SmallWorld&) = delete;
  SmallWorld& operator=(const SmallWorld&) = delete;

  /// Starts all processes and lets things go their way, without choices, until the time given and
  /// until nothing is on its way.
  void start(TimePoint until);
  /// The same without starting anything.
  void run_until(TimePoint until);
  /// From now on the explorer may do this.
  void allow(const Adversity& adversity) { adversity_ = adversity; }
  /// A client asks the api server of a tenant partition.
  void ask(std::uint32_t tenant_partition, ports::Transaction transaction);
  /// A machine dies for good: its pods with it, and nobody is told but by silence.
  void kill_node(std::uint32_t node);

  /// A machine is taken out for good: dead, and its object deleted.
  void remove_node(std::uint32_t node);
  /// From now on counts what the first controller manager writes and is told; the plan happens.
  void follow(const Plan& plan);
  /// Writes it sent and events it was told since `follow`.
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> counted() const {
    return {writes_, events_};
  }
  /// Whether the plan's point was reached.
  [[nodiscard]] bool happened() const { return happened_; }

  /// What may happen now, in a fixed order; the first is what `run_until` does.
  [[nodiscard]] std::vector<Choice> choices() const;
  void take(const Choice& choice);
  /// The members that got an input by the last choice, as bits; all of them if it was more than a
  /// message, a timer or a stop. Choices whose members differ commute.
  [[nodiscard]] std::uint32_t touched() const { return touched_; }
  /// Tells apart states in which the roles may differ. Equal for interleavings that give every
  /// member the same inputs in the same order, since a role is a function of its inputs.
  [[nodiscard]] std::uint64_t digest() const;
  [[nodiscard]] std::string describe(const Choice& choice) const;

  [[nodiscard]] const GroundTruth& truth() const { return truth_; }
  [[nodiscard]] const state::Tables& tables(std::uint32_t tenant_partition) const {
    return *tables_[tenant_partition];
  }
  [[nodiscard]] const state::Tables& node_tables() const { return *tables_.back(); }
  [[nodiscard]] TimePoint now() const override { return now_; }
  [[nodiscard]] std::uint32_t find(Role role, std::uint32_t index) const;
  [[nodiscard]] bool quiet() const;

  model::Catalog catalog;
  /// No more time passes once this holds and nothing is held (none: until the horizon).
  bool (*settled)(const SmallWorld&) = nullptr;

  // ---- ports ----
  void arm(ActorId self, TimePoint at, std::uint64_t tag) override;
  void send(ActorId self, ActorId to, ports::Message message, TimePoint not_before) override;
  void keep_sending(ActorId self, ActorId to, ports::NodeHeartbeat heartbeat,
                    Duration period) override;
  void stop_sending(ActorId self) override;
  void monitor(ActorId self, ActorId peer) override;
  void note(ActorId, std::string_view, std::uint64_t, std::int64_t) override {}
  void start(ActorId self, Uid pod, SpecId spec) override;
  void stop(ActorId self, Uid pod, Duration grace) override;

 private:
  class SmallStore;
  struct PeerLost {};
  struct StreamBegan {
    ports::NodeHeartbeat heartbeat;
    TimePoint first;
    Duration period;
  };
  struct StreamEnded {
    ports::NodeHeartbeat heartbeat;
    TimePoint last;
  };
  struct Packet {
    std::uint64_t id = 0;  // what it is, by its sender's history
    std::variant<ports::Message, PeerLost, StreamBegan, StreamEnded> what;
  };
  struct Channel {
    std::deque<Packet> packets;
    bool held = false;
    bool broken = false;  // what is sent is lost
  };
  struct Timer {
    TimePoint at;
    std::uint64_t order = 0;
    std::uint8_t member = 0;
    std::uint64_t tag = 0;
  };
  struct Member {
    Role role = Role::user;
    std::uint32_t index = 0;    // among those of its role
    std::int32_t store = -1;    // position in tables_
    std::uint64_t history = 0;  // of all its inputs
    std::uint64_t outputs = 0;  // since the last input
    std::unique_ptr<ports::Actor> actor;
    std::set<std::uint8_t> monitored_by;
    std::optional<StreamBegan> stream;
    std::uint8_t stream_to = 0;
    std::vector<Uid> stopping;  // pods of an agent that take their time
    bool dead = false;
  };
  struct StoreAnswer {
    std::uint8_t member = 0;
    std::uint64_t token = 0;
    ports::TransactionResult result;
    std::shared_ptr<const ports::ChangeBatch> changes;
  };

  using Key = std::pair<std::uint8_t, std::uint8_t>;

  std::uint8_t add(Role role, std::uint32_t index, std::int32_t store);
  void build_roles();
  roles::RoleContext context(std::uint8_t member);
  void input(std::uint8_t member, std::uint64_t id);
  std::uint64_t output_id(std::uint8_t member);
  void push(std::uint8_t from, std::uint8_t to, Packet packet);
  void arrive(std::uint8_t from, std::uint8_t to, Packet packet);
  void fire(std::vector<Timer>::iterator timer);
  void crash(std::uint8_t member, bool with_loss);
  void finish_plan();
  bool plan_on_send(std::uint8_t from, std::uint8_t to, const ports::Message& message);
  void plan_on_arrival(std::uint8_t to, const ports::Message& message);
  void drain();
  bool drain_one();
  [[nodiscard]] bool background(const ports::Message& message) const;
  [[nodiscard]] bool is_choice(const Timer& timer) const;
  [[nodiscard]] bool may_pass() const;
  void add_faults(std::vector<Choice>& out) const;
  void commit(std::uint8_t member, std::uint32_t store, std::uint64_t token,
              ports::Transaction transaction);
  void spoil(std::uint8_t from, ports::Message& message) const;
  [[nodiscard]] std::string name(std::uint8_t member) const;

  Shape shape_;
  Planted planted_;
  Adversity adversity_;
  roles::Endpoints endpoints_;
  roles::NodeAgentContext agents_;
  std::vector<std::unique_ptr<state::Tables>> tables_;  // tenant partitions, then the nodes'
  std::vector<std::unique_ptr<SmallStore>> stores_;
  std::vector<std::uint64_t> store_history_;
  std::vector<std::set<std::uint8_t>> store_watchers_;
  std::vector<Member> members_;
  std::map<Key, Channel> channels_;
  std::vector<Timer> timers_;
  std::uint64_t armed_ = 0;
  std::uint32_t touched_ = 0;
  bool crashed_ = false;  // by choice
  std::optional<Plan> plan_;
  std::uint8_t planned_ = 0;  // the member it is for
  std::uint32_t writes_ = 0;
  std::uint32_t events_ = 0;
  std::uint64_t planned_request_ = 0;
  bool happened_ = false;
  bool silenced_ = false;   // it crashes before it can send this
  bool crash_due_ = false;  // as soon as the store's answers are out
  std::deque<StoreAnswer> answers_;
  std::deque<Key> eager_;  // channels whose oldest message arrives at once
  std::deque<std::pair<std::uint8_t, ports::RuntimeEvent>> runtime_;
  std::map<std::pair<std::uint8_t, std::uint64_t>, ports::BindRequest> binding_;  // not answered
  TimePoint now_{1'000'000'000};
  GroundTruth truth_;
};

}  // namespace arcas::tests
