#include "sim/cli/explain.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <limits>
#include <optional>
#include <utility>

#include "sim/cli/cli.h"
#include "sim/cli/explain_batch.h"
#include "sim/cli/explain_report.h"
#include "sim/cli/pod_tracker.h"
#include "sim/cli/sim_run.h"
#include "sim/run/simulation.h"
#include "sim/scenario/units.h"

namespace arcas::sim {
namespace {

/// How long a pod is watched that has no node, unless a time is given: what refuses it at first
/// (nodes that have not reported yet) is often gone by then. As the scheduler's own flush.
constexpr Duration kPatience = seconds(60);
constexpr std::size_t kNearNames = 5;

int fail(ExitCode code, const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return code;
}

/// Runs a simulation up to the moment that is to be explained.
class Search {
 public:
  Search(Simulation& simulation, PodName name, std::optional<TimePoint> at)
      : simulation_(simulation),
        run_(simulation.run()),
        tracker_(run_.catalog(), std::move(name)),
        at_(at) {
    run_.watch_pods(
        [this](TimePoint now, const ports::PodChange& change) { tracker_.on_change(now, change); });
  }

  void run() {
    while (!over() && simulation_.advance(1)) {
      if (tracker_.pods().empty()) continue;
      const PodTracker::Pod& pod = tracker_.pods().front();
      if (pod.bound_at.ns >= 0 && rated_ != pod.object.meta.uid) rate(pod);
    }
  }
  [[nodiscard]] const PodTracker& tracker() const { return tracker_; }

  Explanation explain(const PodTracker::Pod& pod) {
    const model::Catalog& catalog = run_.catalog();
    Explanation e;
    e.pod = full_name(catalog, pod.object);
    e.at = at_.value_or(run_.now());
    e.created_at = pod.created_at;
    e.bound_at = pod.bound_at;
    e.scheduler =
        fmt::format("the scheduler of tenant partition {}", pod.object.meta.uid.partition());
    e.state = pod.bound_at.ns >= 0 ? "bound" : "pending";
    if (pod.object.node.valid()) e.node = catalog.nodes.text(pod.object.node);
    if (pod.deleted_at.ns >= 0) e.state = "deleted";
    for (const scheduler::Selection& node : rating_.nodes) {
      e.scores.emplace_back(catalog.nodes.text(node.node), node.score);
    }
    if (e.state == "pending") explain_pending(pod, e);
    return e;
  }

 private:
  [[nodiscard]] bool over() {
    if (at_) return run_.engine().empty() || run_.engine().next_time() > *at_;
    if (tracker_.pods().empty()) return false;
    const PodTracker::Pod& pod = tracker_.pods().front();
    if (pod.bound_at.ns >= 0 || pod.deleted_at.ns >= 0) return true;
    return run_.now() - pod.created_at >= kPatience;
  }

  void rate(const PodTracker::Pod& pod) {
    rated_ = pod.object.meta.uid;
    scheduler::Scheduler* decider = run_.decider_of(rated_);
    rating_ = decider == nullptr ? scheduler::Scheduler::Rating{} : decider->rate(rated_);
  }

  void explain_pending(const PodTracker::Pod& pod, Explanation& e) {
    const Uid uid = pod.object.meta.uid;
    const model::Catalog& catalog = run_.catalog();
    scheduler::Scheduler* decider = run_.decider_of(uid);
    if (decider == nullptr) {
      e.scheduler += ", which nobody leads now";
      return;
    }
    const scheduler::PodEntry* entry = decider->cluster().pods().find(uid);
    if (entry != nullptr && entry->node.valid()) {
      e.state = "placed";
      e.node = catalog.nodes.text(entry->node);
      return;
    }
    if (entry != nullptr && entry->nominated.valid()) {
      e.nominated = catalog.nodes.text(entry->nominated);
    }
    if (entry != nullptr && entry->state == scheduler::PodState::gated) e.state = "gated";
    if (entry != nullptr && entry->state == scheduler::PodState::in_gang) e.state = "in gang";
    e.reason = decider->why_pending(roles::SchedulerRole::pending_of(pod.object));
  }

  Simulation& simulation_;
  RegionRun& run_;
  PodTracker tracker_;
  std::optional<TimePoint> at_;
  Uid rated_;
  scheduler::Scheduler::Rating rating_;
};

/// What to say of a name that no pod has: the names most like it, and how many pods there are. Of
/// other tenants nothing is said where the name says whose pod it is.
std::string unknown(const RegionRun& run, const ExplainRequest& request, const PodName& name) {
  const model::Catalog& catalog = run.catalog();
  const auto alike = [&](const std::string& candidate) {
    const auto [end, unused] =
        std::mismatch(name.name.begin(), name.name.end(), candidate.begin(), candidate.end());
    return end - name.name.begin();
  };
  std::vector<std::pair<std::ptrdiff_t, std::string>> near;
  std::size_t count = 0;
  run.for_each_pod([&](const model::Pod& pod) {
    if (!name.tenant.empty() && catalog.tenants.text(pod.meta.tenant) != name.tenant) return;
    ++count;
    const std::ptrdiff_t common = alike(catalog.name_text(pod.meta.name));
    if (common < 3) return;
    if (near.size() == kNearNames && common <= near.back().first) return;
    if (near.size() == kNearNames) near.pop_back();
    near.emplace_back(common, full_name(catalog, pod));
    std::stable_sort(near.begin(), near.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
  });
  const std::string whose = name.tenant.empty() ? "there are" : "the tenant has";
  std::string text = fmt::format("--pod {}: no pod has that name at {}; {} {} pods then",
                                 request.pod, to_string(run.now() - TimePoint{}), whose, count);
  for (std::size_t i = 0; i < near.size(); ++i)
    text += (i == 0 ? "; near: " : ", ") + near[i].second;
  return text;
}

Expected<Scenario> load(const ExplainRequest& request) {
  LoadOptions options;
  options.overrides = request.overrides;
  options.profile = request.profile;
  options.scheduler_config = request.scheduler_config;
  auto scenario = load_scenario(find_scenario(request.scenario), options);
  if (scenario && request.seed >= 0) scenario->seed = static_cast<std::uint64_t>(request.seed);
  return scenario;
}

}  // namespace

void add_explain_command(CLI::App& app, ExplainRequest& request) {
  CLI::App* explain = app.add_subcommand(
      "explain", "Run a scenario up to a time and say where a pod is, or why it has no node");
  explain->add_option("--scenario", request.scenario, "Scenario file, or a name in scenarios/")
      ->required();
  explain->add_option(
      "--pod", request.pod,
      "NS/NAME, or TENANT/NS/NAME: a namespace belongs to a tenant, and several may "
      "use one name");
  explain->add_flag("--batch", request.batch,
                    "Explain all waiting pods at once: which resource or rule is the bottleneck, "
                    "where, and by how much");
  explain->add_option("--tenant", request.tenant,
                      "With --batch: as this tenant sees it; nobody else's pods are named");
  explain->add_option("--at", request.at,
                      "Time since the start, such as 90s (default: until the pod is bound, or has "
                      "waited for a minute, or the run ends; with --batch: the run's end)");
  explain->add_flag("--json", request.json, "One JSON object instead of text");
  explain->add_option("--set", request.overrides, "Change a value: path=value")
      ->allow_extra_args(false);
  explain->add_option("--seed", request.seed, "Seed of every random draw (default: the file's)")
      ->check(CLI::Range(0LL, std::numeric_limits<long long>::max()));
  explain->add_option("--profile", request.profile, "arcas, kubernetes or arktos");
  explain->add_option("--scheduler-config", request.scheduler_config,
                      "A KubeSchedulerConfiguration file (YAML or JSON) for the schedulers");
  explain->add_option("--trace", request.trace, "Folder with the trace that the scenario replays");
}

bool explain_command_given(const CLI::App& app) { return app.got_subcommand("explain"); }

int run_explain(const ExplainRequest& request) {
  if (request.batch != request.pod.empty()) {
    return fail(kUsage, "explain: what is to be explained; allowed: either --pod or --batch");
  }
  if (!request.tenant.empty() && !request.batch) {
    return fail(kUsage, "--tenant " + request.tenant +
                            ": is for --batch; allowed: a pod is named "
                            "TENANT/NS/NAME");
  }
  PodName name;
  if (!request.batch && !PodName::parse(request.pod, name)) {
    return fail(kUsage, "--pod " + request.pod +
                            ": is not the name of a pod; allowed: NS/NAME or TENANT/NS/NAME");
  }
  std::optional<TimePoint> at;
  if (!request.at.empty()) {
    const auto duration = parse_duration(request.at);
    if (!duration) {
      return fail(kUsage, "--at " + request.at +
                              ": is not a time since the start; allowed: a duration such as 90s");
    }
    at = TimePoint{} + *duration;
  }
  const auto scenario = load(request);
  if (!scenario) return fail(kUsage, scenario.error().message);
  if (at && *at > TimePoint{} + scenario->limit) {
    return fail(kUsage, "--at " + request.at + ": is after the end of the run; allowed: up to " +
                            to_string(scenario->limit) + " (run.limit)");
  }
  SimulationOptions options;
  options.trace_folder = request.trace;
  auto made = Simulation::make(*scenario, options);
  if (!made) return fail(kUsage, made.error().message);
  if (request.batch) return explain_batch(**made, at, request.tenant, request.json);
  Search search(**made, name, at);
  search.run();
  if (!(*made)->status().ok()) return fail(kUsage, (*made)->status().message);
  const auto& pods = search.tracker().pods();
  if (pods.empty()) return fail(kUsage, unknown((*made)->run(), request, name));
  if (pods.size() > 1) {
    const model::Catalog& catalog = (*made)->run().catalog();
    std::string names;
    for (const auto& pod : pods)
      names.append(names.empty() ? "" : ", ").append(full_name(catalog, pod.object));
    return fail(kUsage,
                "--pod " + request.pod + ": is the name of several pods; allowed: " + names);
  }
  const Explanation explanation = search.explain(pods.front());
  std::fputs((request.json ? to_json(explanation) : to_text(explanation)).c_str(), stdout);
  return kOk;
}

}  // namespace arcas::sim
