#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/catalog.h"
#include "core/roles/context.h"
#include "core/roles/node_agent.h"
#include "core/roles/scheduler_role.h"
#include "sim/check/check_suite.h"
#include "sim/check/outcome_tracker.h"
#include "sim/engine/engine.h"
#include "sim/faults/fault_plan.h"
#include "sim/run/core_health.h"
#include "sim/run/region_plan.h"
#include "sim/run/run_sampler.h"
#include "sim/run/store_host.h"
#include "sim/run/story.h"
#include "sim/run/user_client.h"
#include "sim/world/region.h"
#include "sim/world/sim_runtime.h"
#include "sim/world/world.h"

namespace arcas::sim {

/// Notes of the roles, counted by name, and the ones worth a line in the report.
struct RunNote {
  TimePoint at;
  std::string what;
  std::uint64_t subject = 0;
  std::int64_t amount = 0;
};

struct RegionState;

/// A region put together from a plan, and its run: owns the world, the control plane, the checkers.
/// Drives one event after another; decides nothing.
class RegionRun final : public RuntimeObserver,
                        public RegionListener,
                        public ports::NodeRuntime,
                        public World::NoteSink,
                        public StoreHost::Listener,
                        private FaultTarget {
 public:
  RegionRun(const RegionPlan& plan, model::Catalog& catalog, CheckOptions checks);
  ~RegionRun() override;

  /// The users' operations. Call before `start`.
  void set_users(UserClient::Source source);
  /// The faults, before `start` or later; times are since the beginning. With `keep` false they
  /// are only checked.
  Status set_faults(const std::vector<FaultSpec>& faults, bool keep);
  void start();

  /// Puts objects into the store of a tenant's partition, as if they had long been there. After
  /// `start` and before the first step. Bound pods are started by their agents.
  ports::TransactionResult load(TenantId tenant, const ports::Transaction& objects);
  /// A user asks for this now. Needs `set_users`.
  void ask(UserOperation operation) { client_->ask(std::move(operation)); }

  /// Handles one event. False when nothing is left to happen.
  bool step();
  [[nodiscard]] TimePoint now() const { return engine_.now(); }
  Engine& engine() { return engine_; }
  [[nodiscard]] const Region& region() const { return region_; }

  struct Counts {
    std::uint64_t pods_running = 0;
    std::uint64_t pods = 0;  ///< objects, all tenant partitions
    std::uint64_t pods_bound = 0;
    std::uint64_t nodes_up = 0;
    std::uint64_t decisions = 0;
    std::uint64_t unschedulable = 0;
    std::uint64_t claims_granted = 0;
    std::uint64_t claims_rejected = 0;
    std::uint64_t gangs_started = 0;
    std::uint64_t gang_timeouts = 0;
    std::uint64_t gang_conflicts = 0;
    std::uint64_t by_flow = 0;
    std::uint64_t flow_batches = 0;
    std::uint64_t flow_fallbacks = 0;
    std::uint64_t flow_gap = 0;
    std::uint64_t messages = 0;
    std::uint64_t messages_lost = 0;
    std::uint64_t commits = 0;
  };
  [[nodiscard]] Counts counts() const;
  [[nodiscard]] const OutcomeTracker& outcome() const { return outcome_; }
  void keep_displacements() { outcome_.keep_displacements(); }
  /// From now on it is recorded how the run goes; call before `start`.
  void record_series();
  /// What was recorded up to now; empty unless asked for.
  [[nodiscard]] RunSeries series();
  [[nodiscard]] const CheckSuite& checks() const { return *checks_; }
  [[nodiscard]] const std::vector<RunNote>& notes() const { return notes_; }
  [[nodiscard]] bool users_done() const { return client_->done(); }
  /// Some operation of theirs is not answered yet.
  [[nodiscard]] bool users_waiting() const { return client_->under_way() != 0; }
  [[nodiscard]] std::int64_t users_under_way() const { return client_->under_way(); }
  [[nodiscard]] std::uint64_t users_acknowledged() const { return client_->acknowledged(); }
  [[nodiscard]] std::uint64_t users_refused() const { return client_->refused(); }
  /// Pods that are to run now: replicas of Deployments and of ReplicaSets without one, and those of
  /// DaemonSets as their status counts them. Jobs ask for work, not for pods: see `jobs`.
  [[nodiscard]] std::int64_t pods_wanted() const;
  /// Pods that run, in ground truth, without those of Jobs.
  [[nodiscard]] std::int64_t pods_serving() const {
    return static_cast<std::int64_t>(runtime_.running_count()) - checks_->facts().job_pods_running;
  }
  struct JobCounts {
    std::int64_t wanted = 0;  ///< Job objects
    std::int64_t complete = 0;
    std::int64_t failed = 0;
  };
  [[nodiscard]] JobCounts jobs() const;
  struct DaemonCounts {
    std::int64_t wanted = 0;  ///< nodes that are to run one, over all DaemonSets
    std::int64_t ready = 0;
  };
  [[nodiscard]] DaemonCounts daemons() const;
  /// Pods that an agent had no room for.
  [[nodiscard]] std::int64_t pods_rejected() const { return pods_rejected_; }
  [[nodiscard]] bool faults_begun() const { return fault_struck_; }
  /// Actions that broke something.
  [[nodiscard]] std::uint64_t faults_struck() const { return faults_struck_; }
  /// No fault is in force and none is to come.
  [[nodiscard]] bool faults_over() const { return !faults_ || !faults_->next_time(); }
  [[nodiscard]] TimePoint first_fault() const { return first_fault_; }
  /// When something broke or was restored last.
  [[nodiscard]] TimePoint last_fault_action() const { return last_fault_action_; }
  /// A hash over every commit of every partition: the same for two runs that decided the same at
  /// the same times, however many events carried them.
  [[nodiscard]] const HashChain& decisions_hash() const { return decision_hash_; }
  [[nodiscard]] const model::Catalog& catalog() const { return catalog_; }
  [[nodiscard]] std::int64_t pods_on(NodeId node) const { return runtime_.pods_on(node); }
  /// What a machine offers.
  [[nodiscard]] const model::ResourceList& allocatable_of(NodeId node) const {
    const std::uint32_t from = node_shapes_[node.index];
    return plan_.machines.empty() ? plan_.nodes[from].allocatable
                                  : plan_.machines[from].allocatable;
  }
  /// All pod objects of all tenant partitions; of a tenant that moves, those of its home.
  template <class Visit>
  void for_each_pod(Visit visit) const {
    for (std::size_t i = 0; i < endpoints_.tenant_partitions.size(); ++i) {
      const state::Tables& tables = stores_[i]->tables();
      tables.pods.for_each([&](const model::Pod& pod) {
        if (!tables.moves().left(pod.meta.tenant)) visit(pod);
      });
    }
  }
  /// Tells it what happens from now on. Not owned.
  void tell(Story* story) { story_ = story; }
  /// Called with every pod that a commit changes, after the checkers.
  using PodWatch = std::function<void(TimePoint, const ports::PodChange&)>;
  void watch_pods(PodWatch watch) { pod_watch_ = std::move(watch); }
  /// The leading scheduler of a pod's tenant partition, to ask it why; null while none leads.
  [[nodiscard]] scheduler::Scheduler* decider_of(Uid pod);
  /// Fills in what a look at the whole shows; see region_state.h.
  void fill(RegionState& state) const;
  /// From now on these parameters. Roles read most of them when they act; those that a role copies
  /// when it begins to lead hold from then on.
  void set_profile(const roles::Profile& profile) { plan_.profile = profile; }
  /// From now on these faults; what they would have done until now is left out.
  Status replace_faults(const std::vector<FaultSpec>& faults);
  /// What happened last, for people: "message to scheduler of tenant partition 2 in zone-b".
  [[nodiscard]] std::string last_event() const;
  /// Lets the checkers compare what the stores hold with what they saw.
  void take_inventory();
  /// Where a tenant lives, by what the stores hold.
  [[nodiscard]] const StoreHost& home_of(TenantId tenant) const;
  /// Moves of tenants that were decided.
  [[nodiscard]] std::int64_t tenants_moved() const { return tenants_moved_; }
  /// Tells the checkers that everything wanted is there; and, later, that it has stayed so.
  void tell_quiet() { checks_->on_quiet(now()); }
  void tell_quiescent() { checks_->on_quiescent(now()); }

 private:
  void build_hosts(const RegionPlan& plan);
  void build_tenant_partition(const RegionPlan& plan, std::uint32_t index);
  void build_resource_partition(const RegionPlan& plan, std::uint32_t index);
  void build_agents(const RegionPlan& plan);
  [[nodiscard]] model::Node machine_of(const NodeShapePlan& shape, NodeId id, ZoneId zone) const;
  HostId control_host(ZoneId zone, ControlDuty duty);
  ActorId place(ZoneId zone, ControlDuty duty);
  roles::RoleContext context(ActorId id, ZoneId zone);
  template <class Role, class... Arguments>
  Role& add_role(ActorId id, Arguments&&... arguments);

  [[nodiscard]] std::string actor_name(ActorId actor) const;
  void strike();
  void judge_cores();
  void judge_zone(ZoneId zone);
  void look_at_lost_disks();
  [[nodiscard]] const StoreHost& store_of(PartitionId partition) const;
  void carry(NodeId node, const RuntimeOutcome& outcome);

  // ports::NodeRuntime, for all agents
  void start(ActorId self, Uid pod, SpecId spec) override;
  void stop(ActorId self, Uid pod, Duration grace) override;
  // FaultTarget
  void set_paused(HostId host, bool paused) override;
  void set_disk_write(HostId host, Duration takes) override;
  void wipe_disk(HostId host) override;
  void set_trouble(const LinkTrouble& trouble, bool begins) override;
  void set_clock(HostId host, Duration ahead) override { world_.set_clock(host, ahead); }
  [[nodiscard]] HostId store_leader(PartitionId partition) const override;
  void set_registry_back(TimePoint at) override { runtime_.set_registry_back(at); }
  void set_start_failures(std::uint32_t per_million) override {
    runtime_.set_start_failures(per_million);
  }
  // observers
  void on_running(Uid pod, NodeId node, TimePoint now) override;
  void on_stopped(Uid pod, NodeId node, StopCause cause, TimePoint now) override;
  void on_region_changed(const RegionChanges& changes, TimePoint now) override;
  void on_note(TimePoint now, ActorId actor, std::string_view what, std::uint64_t subject,
               std::int64_t amount) override;
  void on_store_commit(PartitionId partition, const ports::ChangeBatch& changes) override;

  RegionPlan plan_;
  model::Catalog& catalog_;
  RandomStream random_;
  Engine engine_;
  Region region_;
  CoreHealth cores_;
  std::multiset<ZoneId> too_slow_;        // zones whose links take longer than the keep-alive
  std::vector<HostId> lost_disks_;        // of store members that are not up to date again
  std::vector<std::uint8_t> core_whole_;  // by position of the tenant partition; 2: not told yet
  World world_;
  SimRuntime runtime_;
  roles::Endpoints endpoints_;
  roles::NodeAgentContext agent_context_;
  std::vector<std::unique_ptr<StoreHost>> stores_;  // tenant partitions, then resource partitions
  std::vector<std::unique_ptr<ports::Actor>> roles_;
  std::vector<roles::SchedulerRole*> schedulers_;
  std::vector<std::uint32_t> node_shapes_;          // by NodeId: which shape or machine of the plan
  std::vector<std::vector<HostId>> control_hosts_;  // by zone: not in use yet
  std::vector<roles::NodeAgent> agents_;            // by NodeId; reserved once, never moved
  std::uint32_t first_agent_ = 0;                   // ActorId of the first
  std::unique_ptr<UserClient> client_;
  std::optional<FaultPlan> faults_;
  bool fault_struck_ = false;
  std::uint64_t faults_struck_ = 0;
  TimePoint first_fault_{-1};
  TimePoint last_fault_action_{-1};
  std::unique_ptr<CheckSuite> checks_;
  OutcomeTracker outcome_;
  std::vector<RunNote> notes_;
  std::uint64_t commits_ = 0;
  std::int64_t pods_rejected_ = 0;
  std::int64_t tenants_moved_ = 0;
  std::uint64_t nodes_up_ = 0;
  HashChain decision_hash_;
  PodWatch pod_watch_;
  Event last_event_{};
  Story* story_ = nullptr;
  std::unique_ptr<RunSampler> sampler_;  // when the series is recorded
};

}  // namespace arcas::sim
