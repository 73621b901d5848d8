#include "core/scheduler/preemption.h"

#include <algorithm>
#include <map>

#include "core/base/check.h"
#include "core/scheduler/preemption_dry_run.h"

namespace arcas::scheduler {
namespace {

constexpr const char* kNoVictims = "No preemption victims found for incoming pod";
constexpr const char* kNotHelpful = "Preemption is not helpful for scheduling";
constexpr const char* kNever = "not eligible due to preemptionPolicy=Never.";
constexpr const char* kTerminating = "not eligible due to a terminating pod on the nominated node.";

/// Whether PreFilter left the node over.
bool in_question(const Evaluation& evaluation, NodeId node) {
  const auto& only = evaluation.only();
  return !only.has_value() || std::binary_search(only->begin(), only->end(), node);
}

/// One search for a node. Holds what all dry runs share.
class Search {
 public:
  Search(const Cycle& cycle, const Nominations& nominations, const Evaluation& evaluation)
      : cycle_(cycle),
        nominations_(nominations),
        profile_(without_skipped(cycle, evaluation)),
        budgets_(cycle.cluster) {
    std::vector<std::uint32_t> changed;
    budgets_.refresh(changed);
  }

  /// Nodes that refuse the pod for what may change when pods leave, ascending.
  std::vector<NodeId> nodes_to_try(const Evaluation& evaluation) {
    const NodeTable& nodes = cycle_.cluster.nodes();
    const Code whole = evaluation.pre_filter().code;
    if (!evaluation.pre_filter().ok() && whole != Code::unschedulable) return {};
    std::vector<NodeId> plain;
    std::vector<NodeId> contested;
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      const NodeId node{i};
      if (!nodes.known(node) || !in_question(evaluation, node)) continue;
      if (whole == Code::unschedulable) {
        plain.push_back(node);
      } else if (!rivals_on(cycle_, nominations_, node).empty()) {
        contested.push_back(node);
      } else if (evaluation.passes(node) == Code::unschedulable) {
        plain.push_back(node);
      }
    }
    // The evaluation may not be asked any more once pods move.
    for (const NodeId node : contested) {
      NodeDryRun run(cycle_, profile_, nominations_, node);
      if (run.filter().code == Code::unschedulable) plain.push_back(node);
    }
    std::sort(plain.begin(), plain.end());
    return plain;
  }

  /// The victims on one node, or why there are none.
  PluginStatus try_node(NodeId node, Eviction& eviction) {
    std::vector<Victim> victims;
    collect_victims(cycle_.cluster, node, cycle_.spec().priority, victims);
    if (victims.empty()) return {Code::unresolvable, PluginId::none, {kNoVictims}};
    NodeDryRun run(cycle_, profile_, nominations_, node);
    for (const Victim& victim : victims) run.take(victim);
    PluginStatus status = run.filter();
    if (!status.ok()) return status;
    std::stable_sort(victims.begin(), victims.end(), more_important);
    std::vector<Victim> violating;
    std::vector<Victim> others;
    budgets_.split(victims, violating, others);
    eviction = spare(run, violating, others);
    if (!eviction.victims.empty()) return {};
    return {Code::error, PluginId::none, {"expected at least one victim pod"}};
  }

 private:
  const Cycle& cycle_;
  const Nominations& nominations_;
  SchedulerProfile profile_;
  BudgetView budgets_;
};

/// How many candidates are enough. Source: kube-scheduler 1.32, calculateNumCandidates.
std::size_t candidates_enough(const DefaultPreemptionArguments& arguments, std::size_t nodes) {
  const auto percentage = static_cast<std::size_t>(arguments.min_candidate_nodes_percentage);
  const auto absolute = static_cast<std::size_t>(arguments.min_candidate_nodes_absolute);
  return std::min(nodes, std::max(nodes * percentage / 100, absolute));
}

void dry_run(const Cycle& cycle, Search& search, const std::vector<NodeId>& nodes,
             const PreemptionOptions& options, PreemptionDetails& details) {
  const std::size_t enough =
      options.sample ? candidates_enough(cycle.profile.preemption, nodes.size()) : nodes.size();
  const std::size_t start = options.sample && !nodes.empty() ? options.offset % nodes.size() : 0;
  bool without_violation = false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const NodeId node = nodes[(start + i) % nodes.size()];
    Eviction eviction;
    PluginStatus status = search.try_node(node, eviction);
    if (!status.ok()) {
      details.refused.emplace_back(node, std::move(status));
      continue;
    }
    std::vector<Uid> victims;
    for (const Victim& victim : eviction.victims) victims.push_back(victim.uid);
    details.candidates.push_back({node, std::move(victims), eviction.cost()});
    without_violation = without_violation || eviction.violations == 0;
    if (without_violation && details.candidates.size() >= enough) return;
  }
}

const PreemptionDetails::Candidate& choose(PreemptionDetails& details) {
  const auto* best = &details.candidates.front();
  for (const auto& candidate : details.candidates) {
    if (candidate.cost < best->cost) best = &candidate;
  }
  for (const auto& candidate : details.candidates) {
    if (candidate.cost == best->cost) details.best.push_back(candidate.node);
  }
  std::sort(details.best.begin(), details.best.end());
  return *std::find_if(details.candidates.begin(), details.candidates.end(),
                       [&](const auto& c) { return c.node == details.best.front(); });
}

/// "0/4 nodes are available: 1 Insufficient cpu, 3 Preemption is not helpful for scheduling."
std::string no_node_message(std::uint32_t nodes, const PreemptionDetails& details) {
  std::map<std::string, std::uint32_t> counts;
  for (const auto& [node, status] : details.refused) {
    for (const std::string& reason : status.reasons) ++counts[reason];
  }
  const auto untried = nodes - static_cast<std::uint32_t>(details.refused.size());
  if (untried != 0) counts[kNotHelpful] += untried;
  std::vector<std::string> parts;
  for (const auto& [reason, count] : counts) {
    parts.push_back(std::to_string(count) + " " + reason);
  }
  std::sort(parts.begin(), parts.end());
  std::string message = "0/" + std::to_string(nodes) + " nodes are available:";
  for (std::size_t i = 0; i < parts.size(); ++i) message += (i == 0 ? " " : ", ") + parts[i];
  return parts.empty() ? message : message + ".";
}

}  // namespace

PluginStatus filter_beside_nominated(const Cycle& cycle, const Evaluation& evaluation,
                                     const Nominations& nominations, NodeId node) {
  if (!evaluation.pre_filter().ok() || rivals_on(cycle, nominations, node).empty()) {
    return evaluation.filter(node);
  }
  const SchedulerProfile profile = without_skipped(cycle, evaluation);
  return NodeDryRun(cycle, profile, nominations, node).filter();
}

std::optional<std::string> refuses_to_preempt(const Cycle& cycle, const Evaluation& evaluation,
                                              const Nominations& nominations) {
  if (cycle.spec().preemption == model::PreemptionPolicy::never) return kNever;
  Cluster& cluster = cycle.cluster;
  const NodeId node = cycle.pod.nominated;
  if (!cluster.nodes().known(node)) return std::nullopt;
  std::vector<Victim> victims;
  collect_victims(cluster, node, cycle.spec().priority, victims);
  const bool leaving = std::any_of(victims.begin(), victims.end(), [](const Victim& victim) {
    return victim.entry->terminating && victim.entry->preempted;
  });
  if (!leaving) return std::nullopt;
  // A nominated node that nothing can help is no reason to wait.
  if (!in_question(evaluation, node)) return std::nullopt;
  const Code code = filter_beside_nominated(cycle, evaluation, nominations, node).code;
  if (code == Code::unresolvable) return std::nullopt;
  return kTerminating;
}

std::vector<Uid> outranked_on(const Cycle& cycle, const Nominations& nominations, NodeId node) {
  std::vector<Uid> outranked;
  for (const Uid uid : nominations.on(node)) {
    const PodEntry* entry = cycle.cluster.pods().find(uid);
    ARCAS_CHECK(entry != nullptr);
    const auto& catalog = cycle.cluster.catalog();
    if (catalog.spec(entry->spec).priority < cycle.spec().priority) outranked.push_back(uid);
  }
  return outranked;
}

PreemptionResult preempt(const Cycle& cycle, const Nominations& nominations,
                         const PreemptionOptions& options, PreemptionDetails* details) {
  PreemptionDetails own;
  PreemptionDetails& found = details != nullptr ? *details : own;
  found = {};
  PreemptionResult result;
  const auto refuse = [&](PreemptionResult::Outcome outcome, Code code, const std::string& why) {
    result.outcome = outcome;
    result.code = code;
    result.message = "preemption: " + why;
    return result;
  };
  const std::uint32_t nodes = cycle.cluster.nodes().known_count();
  const Evaluation evaluation(cycle);
  if (const auto why = refuses_to_preempt(cycle, evaluation, nominations)) {
    return refuse(PreemptionResult::Outcome::unchanged, Code::unschedulable, *why);
  }
  if (nodes == 0) {
    return refuse(PreemptionResult::Outcome::unchanged, Code::error, "no nodes available");
  }
  // The evaluation above may have been overtaken by a dry run: a new one reads the same cluster.
  const Evaluation fresh(cycle);
  Search search(cycle, nominations, fresh);
  dry_run(cycle, search, search.nodes_to_try(fresh), options, found);
  if (found.candidates.empty()) {
    return refuse(PreemptionResult::Outcome::clear, Code::unschedulable,
                  no_node_message(nodes, found));
  }
  const auto& best = choose(found);
  result.outcome = PreemptionResult::Outcome::nominate;
  result.code = Code::success;
  result.node = best.node;
  result.victims = best.victims;
  result.cleared = outranked_on(cycle, nominations, best.node);
  return result;
}

}  // namespace arcas::scheduler
