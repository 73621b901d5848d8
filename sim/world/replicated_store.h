#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/id.h"
#include "core/base/rng.h"
#include "core/base/time.h"
#include "core/ports/transaction.h"
#include "core/state/tables.h"
#include "sim/world/region.h"

namespace arcas::sim {

/// What a simulated store needs of the world. One environment serves one store, so that wakes come
/// back to the right one.
class StoreEnvironment {
 public:
  virtual ~StoreEnvironment() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  /// Calls ReplicatedStore::on_wake(token) at `at`. There is no cancel.
  virtual void wake_at(TimePoint at, std::uint64_t token) = 0;
  [[nodiscard]] virtual bool alive(HostId host) const = 0;
  /// Whether a message sent now would get there, as far as links are concerned.
  [[nodiscard]] virtual bool reachable(HostId from, HostId to) const = 0;
  virtual Duration latency(HostId from, HostId to) = 0;
  /// The answer to a submit reaches the caller at `at` (not in the past). The environment drops it
  /// when the caller has died since.
  virtual void deliver_commit(ActorId caller, std::uint64_t token,
                              ports::TransactionResult&& result, TimePoint at) = 0;
  /// A revision was committed just now, before its caller is answered.
  virtual void deliver_changes(std::shared_ptr<const ports::ChangeBatch> changes) = 0;
  virtual void leader_changed(HostId /*leader*/, std::uint64_t /*term*/) {}
};

struct ReplicatedStoreConfig {
  std::vector<HostId> members;
  Duration election_min = seconds(1);  ///< silence of the leader before an election
  Duration election_max = seconds(2);
  Duration fsync = milliseconds(1);           ///< of a log write
  Duration fsync_jitter = microseconds(500);  ///< added, uniform
  Duration operation_cost = microseconds(2);  ///< of the leader, for each operation
  Duration timeout = seconds(5);              ///< a commit is answered by then
};

/// A partition's store, replicated over a few hosts by majority: a model of Raft without its
/// messages. Committed state exists once; what is modelled for each member is its log.
///
/// - Commits are taken in the order in which they arrive, and those that arrive while a log write
///   is under way share the next one. A batch is committed when a majority has it on disk.
/// - A leader that dies or loses its majority is replaced 1-2 s later by a member with a majority
///   of voters and the newest log. What the old leader had not committed survives if the new
///   leader has it, and is lost or comes back later otherwise; its callers hear `unavailable`.
/// - Without a majority nothing commits; callers hear `unavailable` after the timeout.
/// - A committed batch is in the log of every later leader (checked at each commit).
/// Deterministic: all draws are from `stream`. Cost: O(operations) and two events a batch.
/// Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014).
class ReplicatedStore {
 public:
  ReplicatedStore(ReplicatedStoreConfig config, PartitionId partition, RandomStream stream,
                  StoreEnvironment& environment);

  /// Elects the first leader at once: the store has been running before the simulation begins.
  void start();
  /// `token` comes back with the answer; `host` is where the caller runs.
  void submit(ActorId caller, HostId host, std::uint64_t token, ports::Transaction&& transaction);
  void on_wake(std::uint64_t token);
  /// Hosts or links changed. A host that restarts must be seen dead once. Cost: O(members^2).
  void on_topology_changed();
  /// From now on the member's log writes take so long (a slow or hanging disk).
  void set_fsync(std::size_t member, Duration fsync) { members_[member].fsync = fsync; }
  /// The disk of a member that is down is empty from now on. When it is back it takes no part in
  /// elections until a leader has sent it the whole log: it does not know what it has promised.
  void lose_disk(std::size_t member);
  /// It has not been brought up to date since it lost its disk.
  [[nodiscard]] bool lost_disk(std::size_t member) const { return members_[member].empty; }
  /// Puts objects in place before the run, at no cost. Only before the first submit.
  ports::TransactionResult load(const ports::Transaction& transaction, ports::ChangeBatch& changes);

  /// The leader's host while it has its majority, else none.
  [[nodiscard]] HostId leader() const;
  [[nodiscard]] bool has_quorum() const { return serving_; }
  [[nodiscard]] std::uint64_t term() const { return term_; }
  /// Everything committed.
  [[nodiscard]] const state::Tables& tables() const { return tables_; }
  /// Log writes that were committed, and the newest log index that a member has on disk.
  [[nodiscard]] std::uint64_t committed_index() const { return committed_.index; }
  [[nodiscard]] std::uint64_t durable_index(std::size_t member) const {
    return members_[member].head.index;
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  enum class Wake : std::uint8_t { start, done, election, deadline };

  struct Request {
    ActorId caller;
    HostId host;
    std::uint64_t token = 0;
    TimePoint deadline;
    TimePoint arrives;  // at the leader; never earlier than that of the request before it
    ports::Transaction transaction;
    bool answered = false;
  };
  /// The end of a log. Logs are chains of batches; two logs that end in the same batch are equal.
  struct Head {
    std::uint64_t batch = 0;
    std::uint64_t term = 0;
    std::uint64_t index = 0;
    [[nodiscard]] bool older_than(const Head& other) const {
      return term != other.term ? term < other.term : index < other.index;
    }
  };
  struct Member {
    HostId host;
    Head head;  // on its disk
    Duration fsync;
    bool empty = false;  // lost its disk, and has not been brought up to date since
  };
  struct Batch {
    Head head;
    std::uint64_t parent = 0;
    std::vector<Request> requests;
  };
  /// A log write under way to one member's disk.
  struct Replication {
    std::uint32_t leader = 0;
    std::uint32_t member = 0;
    Head head;
    TimePoint sent;
    TimePoint arrives;
    TimePoint durable;
    TimePoint acknowledged;  // known to the leader
  };

  [[nodiscard]] std::size_t majority() const { return members_.size() / 2 + 1; }
  [[nodiscard]] bool alive(std::uint32_t member) const;
  [[nodiscard]] bool connected(std::uint32_t a, std::uint32_t b) const;
  [[nodiscard]] bool has_majority(std::uint32_t member) const;
  void wake(TimePoint at, Wake kind);
  void answer(Request& request, ports::TransactionResult&& result, TimePoint at);
  void refuse(Request& request, TimePoint at);

  // batches
  void begin_batch();
  void begin_when_due();
  void replicate(std::uint32_t member, const Head& head, Duration delay);
  void schedule_commit();
  void commit_batch();
  void execute(Batch& batch);
  void settle();

  // leadership
  void drop_broken_writes();
  void suspend();
  void resume();
  void arm_election();
  void elect();
  [[nodiscard]] std::uint32_t choose_leader();
  void readdress_pending();
  void arm_deadline();
  void expire();

  ReplicatedStoreConfig config_;
  StoreEnvironment& environment_;
  RandomStream elections_;
  RandomStream disks_;
  state::Tables tables_;
  std::vector<Member> members_;
  std::deque<Request> pending_;             // not in any log yet
  std::map<std::uint64_t, Batch> batches_;  // in some log, not committed; by id
  std::vector<Replication> writes_;         // under way, or of the batch in flight
  std::optional<Head> in_flight_;           // the batch that the leader wants to commit
  Head log_end_;                            // of the leader, in memory
  Head committed_;
  std::uint64_t next_batch_ = 1;
  std::uint64_t term_ = 0;
  std::uint32_t leader_ = kNone;
  bool serving_ = false;  // the leader has its majority
  bool election_armed_ = false;
  bool start_armed_ = false;
  bool deadline_armed_ = false;
  std::uint64_t wake_generation_[4] = {};  // by kind; older wakes are ignored
};

}  // namespace arcas::sim
