#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <vector>

#include "core/base/rng.h"
#include "tests/support/linearizability.h"
#include "tests/support/store_world.h"

namespace arcas::sim {
namespace {

using ports::Verb;
using tests::LinearizabilityCheck;
using tests::Recorded;
using tests::StoreWorld;

/// One key of a store: an object that is made, changed at a version, removed and read.
struct KeyModel {
  enum class Kind : std::uint8_t { read, create, update, remove };
  struct Operation {
    Kind kind = Kind::read;
    Revision expected = 0;
    std::uint64_t value = 0;  // written; unique to the operation
    StatusCode code = StatusCode::ok;
    Revision version = 0;  // answered
    bool there = false;    // read
    std::uint64_t seen = 0;
  };
  struct State {
    bool there = false;
    Revision version = 0;  // 0: written with an outcome nobody was told, so not known
    std::uint64_t value = 0;
    auto operator<=>(const State&) const = default;
  };

  static bool may_be(const State& state, Revision version) {
    return state.there && (state.version == version || state.version == 0);
  }
  static bool may_differ(const State& state, Revision version) {
    return !state.there || state.version != version;
  }
  static std::vector<State> step(const State& state, const Operation& op, bool unknown) {
    const State written{op.kind != Kind::remove, unknown ? 0 : op.version,
                        op.kind == Kind::remove ? 0 : op.value};
    const bool can = op.kind == Kind::create ? !state.there : may_be(state, op.expected);
    const bool cannot = op.kind == Kind::create ? state.there : may_differ(state, op.expected);
    if (op.kind == Kind::read) {
      if (op.there != state.there) return {};
      if (!op.there) return {state};
      if (op.seen != state.value || !may_be(state, op.version)) return {};
      return {State{true, op.version, op.seen}};
    }
    if (unknown) {
      std::vector<State> next;
      if (can) next.push_back(written);
      if (cannot) next.push_back(state);
      return next;
    }
    if (op.code == StatusCode::ok) {
      const bool grows = state.version < op.version;
      return can && grows ? std::vector<State>{written} : std::vector<State>{};
    }
    return cannot ? std::vector<State>{state} : std::vector<State>{};
  }
};
using Operation = KeyModel::Operation;
using History = std::vector<Recorded<Operation>>;

TimePoint at(std::int64_t ms) { return TimePoint{} + milliseconds(ms); }

Operation create(std::uint64_t value, Revision version) {
  return {KeyModel::Kind::create, 0, value, StatusCode::ok, version, false, 0};
}
Operation update(Revision expected, std::uint64_t value, StatusCode code, Revision version) {
  return {KeyModel::Kind::update, expected, value, code, version, false, 0};
}
Operation read(Revision version, std::uint64_t value) {
  return {KeyModel::Kind::read, 0, 0, StatusCode::ok, version, true, value};
}
bool linearizable(History history) {
  return LinearizabilityCheck<KeyModel>(std::move(history)).holds();
}

TEST(LinearizabilityTest, TakesWhatAnOrderExplains) {
  EXPECT_TRUE(linearizable({{create(1, 5), at(0), at(10)}, {read(5, 1), at(10), at(11)}}));
  // Two updates of one version overlap: one wins.
  EXPECT_TRUE(linearizable({{create(1, 5), at(0), at(1)},
                            {update(5, 2, StatusCode::conflict, 0), at(2), at(20)},
                            {update(5, 3, StatusCode::ok, 6), at(3), at(19)}}));
  // An outcome that nobody was told shows later, or never.
  EXPECT_TRUE(linearizable({{create(1, 5), at(0), at(1)},
                            {update(5, 2, StatusCode::ok, 0), at(2)},
                            {read(5, 1), at(3), at(4)},
                            {read(9, 2), at(5), at(6)}}));
  EXPECT_TRUE(linearizable({{create(1, 5), at(0), at(1)},
                            {update(5, 2, StatusCode::ok, 0), at(2)},
                            {update(5, 3, StatusCode::ok, 7), at(3), at(4)}}));
}

TEST(LinearizabilityTest, RefusesStaleReadsLostUpdatesAndVersionsThatFall) {
  EXPECT_FALSE(linearizable({{create(1, 5), at(0), at(1)},
                             {update(5, 2, StatusCode::ok, 6), at(2), at(3)},
                             {read(5, 1), at(4), at(5)}}))
      << "stale";
  EXPECT_FALSE(linearizable({{create(1, 5), at(0), at(1)},
                             {update(5, 2, StatusCode::ok, 6), at(2), at(9)},
                             {update(5, 3, StatusCode::ok, 7), at(3), at(8)}}))
      << "both updates of one version";
  EXPECT_FALSE(
      linearizable({{create(1, 5), at(0), at(1)}, {update(5, 2, StatusCode::ok, 4), at(2), at(3)}}))
      << "an older version";
  EXPECT_FALSE(linearizable({{create(1, 5), at(0), at(1)},
                             {update(5, 2, StatusCode::ok, 0), at(2)},
                             {read(9, 2), at(3), at(4)},
                             {read(5, 1), at(5), at(6)}}))
      << "an effect that was seen is undone";
  EXPECT_FALSE(linearizable(
      {{create(1, 5), at(0), at(1)}, {update(5, 2, StatusCode::conflict, 0), at(2), at(3)}}))
      << "refused without a reason";
}

/// Clients that each do one thing after the other, while members die, links are cut, disks hang
/// and get lost.
class Clients {
 public:
  explicit Clients(std::uint64_t seed) : world_(3, seed), random_(seed) {}

  void run() {
    world_.run_for(seconds(3));
    for (int i = 0; i < 3000; ++i) {
      world_.run_for(milliseconds(random_.between(1, 12)));
      take_answers();
      if (random_.chance(1, 60)) strike();
      const std::size_t who = random_.below(kClients);
      if (!waiting_[who] && asked_ < 400) ask(who);
    }
  }
  [[nodiscard]] const std::map<std::uint32_t, History>& histories() const { return histories_; }
  [[nodiscard]] std::uint64_t elections() const { return world_.elections; }
  std::size_t acknowledged = 0;
  std::size_t refused = 0;
  std::size_t unknown = 0;

 private:
  static constexpr std::size_t kClients = 5;
  static constexpr std::uint32_t kKeys = 3;
  struct Waiting {
    std::uint64_t token = 0;
    std::uint32_t key = 0;
    std::size_t index = 0;
  };

  void ask(std::size_t who) {
    ++asked_;
    const auto key = static_cast<std::uint32_t>(random_.below(kKeys));
    const model::ObjectKey name{model::Kind::lease, {}, {}, {StringId{key}, 0}};
    const model::Lease* stored = world_.store->tables().leases.find(name);
    Operation op;
    op.there = stored != nullptr;
    op.version = op.there ? stored->meta.resource_version : 0;
    op.seen = op.there ? stored->epoch : 0;
    History& history = histories_[key];
    history.push_back({op, world_.now(), world_.now()});
    // What was read may be old by the time it is written back.
    const auto old = held_.find(key);
    if (old != held_.end() && random_.chance(1, 3)) {
      write(who, key, old->second);
    } else {
      write(who, key, stored == nullptr ? std::nullopt : std::optional(*stored));
    }
    if (stored != nullptr && random_.chance(1, 2)) held_[key] = *stored;
  }

  void write(std::size_t who, std::uint32_t key, std::optional<model::Lease> known) {
    Operation op;
    op.value = ++values_;
    model::Lease next = known.value_or(model::Lease{});
    next.meta.name = {StringId{key}, 0};
    next.epoch = op.value;
    ports::Transaction transaction;
    op.kind = KeyModel::Kind::create;
    Verb verb = Verb::create;
    if (known) {
      const bool remove = random_.chance(1, 6);
      op.kind = remove ? KeyModel::Kind::remove : KeyModel::Kind::update;
      verb = remove ? Verb::remove : Verb::update;
      op.expected = known->meta.resource_version;
    }
    transaction.objects.push_back({verb, op.expected, next});
    History& history = histories_[key];
    history.push_back({op, world_.now()});
    const std::uint64_t token = ++tokens_;
    waiting_[who] = Waiting{token, key, history.size() - 1};
    const HostId host{static_cast<std::uint32_t>(random_.below(4))};  // 3: beside the members
    world_.submit(token, std::move(transaction), world_.alive(host) ? host : HostId{3});
  }

  void take_answers() {
    for (auto& waiting : waiting_) {
      if (!waiting) continue;
      const auto* answer = world_.answer(waiting->token);
      if (answer == nullptr || answer->at > world_.now()) continue;
      Recorded<Operation>& record = histories_[waiting->key][waiting->index];
      const auto& result = answer->result;
      waiting.reset();
      if (result.code == StatusCode::unavailable) {
        ++unknown;
        continue;
      }
      record.returned = answer->at;
      record.operation.code = result.objects.front().code;
      record.operation.version = result.revision;
      ++(record.operation.code == StatusCode::ok ? acknowledged : refused);
    }
  }

  void strike() {
    const HostId host{static_cast<std::uint32_t>(random_.below(3))};
    switch (random_.below(6)) {
      case 0:
        world_.kill(host);
        break;
      case 1:
        world_.cut(host.index, (host.index + 1) % 3);
        if (random_.chance(1, 2)) world_.cut(host.index, (host.index + 2) % 3);
        break;
      case 2:
        world_.store->set_fsync(host.index, milliseconds(random_.between(1, 4000)));
        break;
      case 3:
        if (!world_.alive(host)) world_.store->lose_disk(host.index);
        [[fallthrough]];
      default:
        world_.heal();
        for (std::uint32_t i = 0; i < 3; ++i) {
          world_.store->set_fsync(i, milliseconds(1));
          if (!world_.alive(HostId{i})) world_.revive(HostId{i});
        }
    }
  }

  StoreWorld world_;
  RandomStream random_;
  std::optional<Waiting> waiting_[kClients];
  std::map<std::uint32_t, History> histories_;
  std::map<std::uint32_t, model::Lease> held_;
  std::uint64_t tokens_ = 0;
  std::uint64_t values_ = 0;
  int asked_ = 0;
};

/// The last reading of an object shows what nobody wrote.
bool falsify(History& history) {
  for (std::size_t i = history.size(); i-- > 0;) {
    Operation& op = history[i].operation;
    if (op.kind != KeyModel::Kind::read || !op.there) continue;
    op.seen += 1'000'000;
    return true;
  }
  return false;
}

TEST(StoreLinearizableTest, ARunThatIsTamperedWithIsNot) {
  Clients clients(1);
  clients.run();
  int falsified = 0;
  for (const auto& [key, kept] : clients.histories()) {
    History history = kept;
    if (!falsify(history)) continue;
    ++falsified;
    EXPECT_FALSE(linearizable(history));
  }
  EXPECT_GT(falsified, 0);
}

TEST(StoreLinearizableTest, EveryKeysHistoryIsUnderFaults) {
  std::size_t acknowledged = 0;
  std::size_t refused = 0;
  std::size_t unknown = 0;
  std::uint64_t elections = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(::testing::Message() << "rerun with seed " << seed);
    Clients clients(seed);
    clients.run();
    for (const auto& [key, history] : clients.histories()) {
      ASSERT_TRUE(linearizable(history))
          << "key " << key << ", " << history.size() << " operations";
    }
    acknowledged += clients.acknowledged;
    refused += clients.refused;
    unknown += clients.unknown;
    elections += clients.elections();
  }
  // The runs had what they are about.
  EXPECT_GT(acknowledged, 3000U);
  EXPECT_GT(refused, 500U);
  EXPECT_GT(unknown, 100U);
  EXPECT_GT(elections, 100U);
}

}  // namespace
}  // namespace arcas::sim
