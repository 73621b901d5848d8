#include "sim/run/simulation.h"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

#include "sim/run/plan_of_scenario.h"
#include "sim/scenario/scheduler_file.h"
#include "sim/workload/changes.h"
#include "sim/workload/daemons_and_jobs.h"
#include "sim/workload/generated.h"
#include "sim/workload/openb.h"

namespace arcas::sim {
namespace {

constexpr Duration kLookEvery = seconds(1);

/// Rules that a profile gives up on purpose: without claims two schedulers may over-commit a node
/// (the agent refuses then), and evictions have no cap.
CheckOptions checks_for(const Scenario& scenario) {
  const roles::Profile& profile = scenario.profile;
  CheckOptions options;
  // Over a link in trouble what a role sees is late by up to the keep-alive, and so is what it says
  // to an api server, and that to the store.
  const bool in_trouble =
      std::any_of(scenario.faults.begin(), scenario.faults.end(),
                  [](const FaultLine& fault) { return fault.kind.starts_with("link_"); });
  if (in_trouble) {
    options.view_lag = options.view_lag + scenario.keep_alive * 3;
    options.eviction_lag = options.eviction_lag + scenario.keep_alive * 3;
  }
  options.default_toleration_seconds = profile.default_toleration_seconds;
  // A store's election, a lease that runs out, and two api servers that turn out to be gone.
  options.leader_bound =
      std::max(seconds(20), seconds(2) + profile.leader_lease + profile.leader_retry * 2 +
                                (seconds(3) + profile.reconnect_period) * 2);
  if (!profile.claims) options.disabled.emplace_back("I26 commit-capacity");
  if (profile.eviction_cap_percent == 0) options.disabled.emplace_back("I50 blast-radius");
  return options;
}

std::string text_of(const RunNote& note, const std::vector<std::string>& zones) {
  const auto zone = [&] {
    return note.subject < zones.size() ? zones[note.subject] : std::to_string(note.subject);
  };
  if (note.what == "zone-lost") {
    return "zone " + zone() + " judged lost by tenant partition " + std::to_string(note.amount);
  }
  if (note.what == "zone-back") {
    return "zone " + zone() + " judged back by tenant partition " + std::to_string(note.amount);
  }
  if (note.what == "zone-state") {
    static constexpr const char* kStates[] = {"initial", "normal", "partly disrupted",
                                              "fully disrupted"};
    return "zone " + zone() + " is " + kStates[note.amount & 3];
  }
  if (note.what == "scheduler-leads" || note.what == "controller-manager-leads") {
    return note.what + ": tenant partition " + std::to_string(note.subject);
  }
  if (note.what == "node-manager-leads") {
    return note.what + ": resource partition " + std::to_string(note.subject - 0x100);
  }
  if (note.what.rfind("tenant-", 0) == 0) {
    return note.what + ": tenant " + std::to_string(note.subject) + ", attempt " +
           std::to_string(note.amount);
  }
  return note.what;
}

}  // namespace

Simulation::Simulation(const Scenario& scenario, const SimulationOptions& options)
    : scenario_(scenario), options_(options), catalog_(std::make_unique<model::Catalog>()) {}

Simulation::~Simulation() = default;

std::string_view Simulation::name_of(Phase phase) {
  switch (phase) {
    case Phase::building:
      return "building";
    case Phase::running:
      return "running";
    case Phase::faulty:
      return "faults";
    case Phase::recovering:
      return "recovering";
    case Phase::settling:
      return "settling";
    case Phase::over:
      return "over";
  }
  return "";
}

Expected<std::unique_ptr<Simulation>> Simulation::make(const Scenario& scenario,
                                                       const SimulationOptions& options) {
  std::unique_ptr<Simulation> simulation(new Simulation(scenario, options));
  if (Status status = simulation->build(); !status.ok()) return status;
  return simulation;
}

Status Simulation::build() {
  if (!scenario_.scheduler_config.empty()) {
    const bool samples = scenario_.profile.percentage_of_nodes_to_score != 100;
    auto profile = read_scheduler_file(scenario_.scheduler_config, samples, *catalog_);
    if (!profile) return profile.error();
    scenario_.profile.scheduler_profile = std::move(*profile);
  }
  std::vector<NodeShapeSpec> nodes = scenario_.nodes;
  OperationSource operations;
  if (scenario_.trace.kind.empty()) {
    operations = generated_workload(scenario_, *catalog_);
  } else {
    auto trace = read_openb(scenario_.trace, options_.trace_folder, *catalog_);
    if (!trace) return trace.error();
    nodes.insert(nodes.end(), trace->nodes.begin(), trace->nodes.end());
    operations = std::move(trace->operations);
  }
  run_ = std::make_unique<RegionRun>(plan_of(scenario_, nodes, *catalog_), *catalog_,
                                     checks_for(scenario_));
  if (options_.keep_displacements) run_->keep_displacements();
  if (options_.record_series) run_->record_series();
  if (!scenario_.workload.changes.empty()) {
    auto changes = workload_changes(scenario_, *catalog_);
    if (!changes) return changes.error();
    operations = merge(std::move(operations), std::move(*changes));
  }
  run_->set_users(std::move(operations));
  faults_wait_ = std::any_of(scenario_.faults.begin(), scenario_.faults.end(),
                             [](const FaultLine& line) { return line.after_settled.ns >= 0; });
  if (!scenario_.faults.empty()) {
    // Also tried when they wait, so that a contradiction is found before anything runs.
    const TimePoint assumed = TimePoint{} + scenario_.workload.start + minutes(1);
    Status status = run_->set_faults(fault_specs(assumed), !faults_wait_);
    if (!status.ok()) {
      std::string where = scenario_.file;
      for (const FaultLine& line : scenario_.faults) {
        if (status.message.rfind(line.path + ".", 0) == 0) where = line.where;
      }
      status.message = where + ": " + status.message;
      return status;
    }
  }
  run_->start();
  return Status::success();
}

std::vector<FaultSpec> Simulation::fault_specs(TimePoint settled) const {
  std::vector<FaultSpec> specs;
  for (const FaultLine& line : scenario_.faults) {
    specs.push_back(fault_of(scenario_, line, settled));
  }
  return specs;
}

bool Simulation::all_running() const {
  // Cheap first: what is wanted takes a walk over all workloads.
  const std::int64_t running = run_->pods_serving();
  // Users who change their minds want what the stores say, no more and no less.
  if (!scenario_.workload.changes.empty()) return running == run_->pods_wanted();
  return running >= scenario_.workload.total_pods && running >= run_->pods_wanted();
}

/// Every displaced pod runs again, as far as its owner still wants it.
bool Simulation::made_good() const {
  const auto figures = run_->outcome().figures();
  const bool wishes_change = !scenario_.workload.changes.empty();
  return (wishes_change ? figures.pods_lost : figures.displaced_outstanding) == 0;
}

bool Simulation::jobs_over() const {
  const RegionRun::JobCounts jobs = run_->jobs();
  return jobs.complete + jobs.failed >= jobs.wanted;
}

bool Simulation::reached(TimePoint time) {
  return phase_ == Phase::over || run_->engine().empty() || run_->engine().next_time() > time;
}

Status Simulation::change_course(const Scenario& scenario) {
  const Scenario before = std::exchange(scenario_, scenario);
  scenario_.profile.scheduler_profile = before.profile.scheduler_profile;
  if (!faults_wait_) {
    const TimePoint settled = settled_at_.ns >= 0 ? settled_at_ : run_->now();
    const Status status = run_->replace_faults(fault_specs(settled));
    if (!status.ok()) {
      scenario_ = before;
      return status;
    }
  }
  run_->set_profile(plan_of(scenario_, {}, *catalog_).profile);
  return Status::success();
}

bool Simulation::advance(std::uint64_t events, TimePoint until) {
  for (std::uint64_t i = 0; i < events && phase_ != Phase::over; ++i) {
    if (run_->checks().violation() != nullptr || interrupted_) {
      phase_ = Phase::over;
      break;
    }
    if (!run_->engine().empty() && run_->engine().next_time() > until) return true;
    while (phase_ != Phase::over && !run_->engine().empty() &&
           run_->engine().next_time() > next_look_) {
      look(next_look_);
    }
    if (phase_ != Phase::over && !run_->step()) phase_ = Phase::over;  // nothing is left to happen
  }
  return phase_ != Phase::over;
}

/// Looks at the whole once in a while, between events. The times are a grid of their own, so that
/// what is seen, and when the run ends, does not depend on which events there happen to be.
void Simulation::look(TimePoint now) {
  looked_at_ = now;
  if (now >= next_sample_) sample(now);
  // While idle time flies by, looking at every second would cost more than the events.
  next_look_ = now + (settled_ ? std::max(kLookEvery, scenario_.sample_every) : kLookEvery);
  next_look_ = std::min(next_look_, end_of_run());
  if (now >= end_of_run()) {
    enter(Phase::over);
    return;
  }
  const bool wishes_change = !scenario_.workload.changes.empty();
  if (wishes_change && !ran_in_full_) ran_in_full_ = run_->pods_wanted() > 0 && all_running();
  if (!settled_ && run_->users_done() && all_running()) {
    ran_in_full_ = true;
    settled_ = true;
    settled_at_ = now;
    enter(Phase::running);
    if (faults_wait_) {
      faults_wait_ = false;
      status_ = run_->set_faults(fault_specs(now), true);
      if (!status_.ok()) enter(Phase::over);
    }
  }
  if (run_->faults_begun() && run_->faults_over()) look_at_goodput(now);
  const bool calm = scenario_.until_recovered && settled_ && !faults_wait_ && run_->faults_over() &&
                    made_good() && all_running() && jobs_over();
  if (!calm) {
    calm_since_ = TimePoint{-1};
    if (run_->faults_begun()) enter(run_->faults_over() ? Phase::recovering : Phase::faulty);
    return;
  }
  if (calm_since_.ns < 0) calm_since_ = now;
  enter(Phase::settling);
  if (now - calm_since_ >= scenario_.settle) converge(now);
}

void Simulation::enter(Phase phase) {
  if (phases_.empty()) phases_.push_back({0, std::string(name_of(Phase::building))});
  if (phase != phase_) {
    phases_.push_back({(looked_at_ - TimePoint{}).seconds(), std::string(name_of(phase))});
  }
  phase_ = phase;
}

RunSeries Simulation::series() {
  RunSeries series = run_->series();
  series.phases = phases_;
  return series;
}

/// The run is over, or goes on for as long as it has to stay quiet.
void Simulation::converge(TimePoint now) {
  converged_ = true;
  if (scenario_.quiet.ns > 0 && quiet_since_.ns < 0) {
    quiet_since_ = now;
    next_look_ = std::min(next_look_, end_of_run());
    return run_->tell_quiet();
  }
  if (now - quiet_since_ < scenario_.quiet && scenario_.quiet.ns > 0) return;
  if (scenario_.quiet.ns > 0) run_->tell_quiescent();
  enter(Phase::over);
}

/// What is left for the quiet time is not there for converging.
TimePoint Simulation::end_of_run() const {
  const Duration kept = quiet_since_.ns < 0 ? scenario_.quiet : Duration{};
  return TimePoint{} + scenario_.limit - kept;
}

/// Goodput is back when 95 % of the pods that are wanted run and no user waits for an answer.
void Simulation::look_at_goodput(TimePoint now) {
  if (goodput_after_.ns >= 0 || run_->users_waiting()) return;
  if (run_->pods_serving() * 100 < run_->pods_wanted() * 95) return;
  goodput_after_ = now - run_->last_fault_action();
}

void Simulation::sample(TimePoint now) {
  next_sample_ = now + scenario_.sample_every;
  const RegionRun::Counts counts = run_->counts();
  const auto figures = run_->outcome().figures();
  Sample sample;
  sample.at_seconds = (now - TimePoint{}).seconds();
  sample.pods = static_cast<std::int64_t>(counts.pods);
  sample.pods_running = static_cast<std::int64_t>(counts.pods_running);
  sample.nodes_up = static_cast<std::int64_t>(counts.nodes_up);
  sample.events = static_cast<std::int64_t>(run_->engine().dispatched());
  sample.decisions = static_cast<std::int64_t>(counts.decisions);
  sample.evictions = figures.evictions;
  sample.recovered = figures.pods_recovered;
  sample.messages = static_cast<std::int64_t>(counts.messages);
  samples_.push_back(sample);
}

Summary Simulation::summary(double wall_seconds) {
  if (phase_ == Phase::over && run_->checks().violation() == nullptr) run_->take_inventory();
  const RegionRun::Counts counts = run_->counts();
  const auto figures = run_->outcome().figures();
  const auto recovery = run_->outcome().recovery();
  const auto seconds_of = [](Duration d) { return d.ns < 0 ? -1.0 : d.seconds(); };
  Summary s;
  s.scenario = scenario_.name;
  s.seed = scenario_.seed;
  s.profile = scenario_.profile.name;
  s.nodes = run_->region().node_count();
  s.pods = run_->pods_wanted();
  s.pods_running = run_->pods_serving();
  s.virtual_seconds = (std::max(run_->now(), looked_at_) - TimePoint{}).seconds();
  s.wall_seconds = wall_seconds;
  s.events = static_cast<std::int64_t>(run_->engine().dispatched());
  s.events_per_second = wall_seconds > 0 ? static_cast<double>(s.events) / wall_seconds : 0;
  s.trace_hash = run_->engine().trace().hex();
  s.decisions_hash = run_->decisions_hash().hex();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  s.peak_rss_bytes = usage.ru_maxrss * 1024;
  if (const Violation* v = run_->checks().violation()) {
    s.violations.push_back({(v->at - TimePoint{}).seconds(), std::string(v->checker), v->text});
  }
  s.pods_running_before_fault = figures.pods_running_before_fault;
  s.pods_displaced = figures.pods_displaced;
  s.pods_recovered = figures.pods_recovered;
  s.pods_lost = figures.pods_lost;
  s.pods_run_twice = figures.pods_run_twice;
  s.recovery_p50 = seconds_of(recovery.p50);
  s.recovery_p90 = seconds_of(recovery.p90);
  s.recovery_p99 = seconds_of(recovery.p99);
  s.recovery_max = seconds_of(recovery.max);
  s.detection_seconds = seconds_of(figures.detection);
  s.leaderless_seconds = figures.leaderless.seconds();
  s.goodput_seconds = seconds_of(goodput_after_);
  s.evictions = figures.evictions;
  s.tenants_moved = run_->tenants_moved();
  s.claims_granted = static_cast<std::int64_t>(counts.claims_granted);
  s.claims_rejected = static_cast<std::int64_t>(counts.claims_rejected);
  s.decisions = static_cast<std::int64_t>(counts.decisions);
  s.decisions_per_second = wall_seconds > 0 ? static_cast<double>(s.decisions) / wall_seconds : 0;
  s.gangs_started = static_cast<std::int64_t>(counts.gangs_started);
  s.gang_timeouts = static_cast<std::int64_t>(counts.gang_timeouts);
  s.gang_conflicts = static_cast<std::int64_t>(counts.gang_conflicts);
  s.decisions_by_flow = static_cast<std::int64_t>(counts.by_flow);
  s.flow_batches = static_cast<std::int64_t>(counts.flow_batches);
  s.flow_fallbacks = static_cast<std::int64_t>(counts.flow_fallbacks);
  s.flow_gap = static_cast<std::int64_t>(counts.flow_gap);
  s.messages = static_cast<std::int64_t>(counts.messages);
  s.commits = static_cast<std::int64_t>(counts.commits);
  s.refused_operations = static_cast<std::int64_t>(run_->users_refused());
  for (const auto& e : run_->checks().evaluations()) {
    s.invariants_checked += static_cast<std::int64_t>(e.count);
  }
  const RegionRun::JobCounts jobs = run_->jobs();
  s.jobs = jobs.wanted;
  s.jobs_complete = jobs.complete;
  s.jobs_failed = jobs.failed;
  const RegionRun::DaemonCounts daemons = run_->daemons();
  s.daemon_pods = daemons.wanted;
  s.daemon_pods_ready = daemons.ready;
  s.pods_rejected = run_->pods_rejected();
  s.settled = settled_;
  s.converged = converged_;
  s.interrupted = interrupted_;
  for (const RunNote& note : run_->notes()) {
    if (note.what.rfind("zone-evictions", 0) == 0) continue;  // one a batch: in the samples
    s.notes.push_back({(note.at - TimePoint{}).seconds(), text_of(note, scenario_.zones)});
  }
  s.samples = samples_;
  for (const Engine::Checkpoint& checkpoint : run_->engine().checkpoints()) {
    s.checkpoints.push_back(checkpoint.hash.hex());
  }
  return s;
}

std::string story_of(const Scenario& scenario, const SimulationOptions& options,
                     const std::string& about) {
  constexpr std::size_t kLines = 25;
  auto made = Simulation::make(scenario, options);
  if (!made) return {};
  RegionRun& run = (*made)->run();
  Story story(run.catalog());
  run.tell(&story);
  while ((*made)->advance(1'000'000)) {
  }
  return story.tell(about, kLines);
}

}  // namespace arcas::sim
