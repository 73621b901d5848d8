#include "core/scheduler/pending_reason.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "core/scheduler/node_changes.h"
#include "core/scheduler/pod_changes.h"
#include "core/scheduler/preemption.h"
#include "core/scheduler/preemption_dry_run.h"

namespace arcas::scheduler {
namespace {

/// What is said of nodes that PreFilter left out.
/// Source: kube-scheduler 1.32, findNodesThatFitPod (the status of absent nodes).
PluginStatus left_out(const Evaluation& evaluation) {
  std::vector<std::string_view> names;
  for (const PluginId plugin : evaluation.narrowed_by()) names.push_back(name(plugin));
  std::sort(names.begin(), names.end());
  std::string list;
  for (const std::string_view each : names) {
    if (!list.empty()) list += ' ';
    list += each;
  }
  PluginStatus status;
  status.code = Code::unresolvable;
  if (!evaluation.narrowed_by().empty()) status.plugin = evaluation.narrowed_by().front();
  status.reasons.emplace_back("node(s) didn't satisfy plugin(s) [").append(list).append("]");
  return status;
}

/// What every known node says, ascending; nodes that take the pod are left out.
std::vector<NodeRefusal> ask_all(const Cycle& cycle, const Nominations& nominations,
                                 const Evaluation& evaluation) {
  std::vector<NodeRefusal> refusals;
  std::vector<NodeId> contested;
  const NodeTable& nodes = cycle.cluster.nodes();
  const auto& only = evaluation.only();
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const NodeId node{i};
    if (!nodes.known(node)) continue;
    if (cycle.pod.target.valid() && cycle.pod.target != node) {
      refusals.push_back({node,
                          {Code::unresolvable,
                           PluginId::node_name,
                           {"node(s) didn't match the requested node name"}}});
    } else if (only && !std::binary_search(only->begin(), only->end(), node)) {
      refusals.push_back({node, left_out(evaluation)});
    } else if (!rivals_on(cycle, nominations, node).empty()) {
      contested.push_back(node);
    } else if (PluginStatus status = evaluation.filter(node); !status.ok()) {
      refusals.push_back({node, std::move(status)});
    }
  }
  // Trying pods on nodes moves the counters, so the plugins are made anew for each.
  for (const NodeId node : contested) {
    PluginStatus status = filter_beside_nominated(cycle, Evaluation(cycle), nominations, node);
    if (!status.ok()) refusals.push_back({node, std::move(status)});
  }
  return refusals;
}

std::vector<RefusedNodes> counted(const std::vector<NodeRefusal>& refusals) {
  std::map<std::pair<PluginId, std::string>, std::uint32_t> counts;
  for (const NodeRefusal& refusal : refusals) {
    for (const std::string& reason : refusal.status.reasons) {
      ++counts[{refusal.status.plugin, reason}];
    }
  }
  std::vector<RefusedNodes> refused;
  for (const auto& [key, count] : counts) refused.push_back({key.first, key.second, count});
  std::stable_sort(refused.begin(), refused.end(),
                   [](const auto& a, const auto& b) { return a.nodes > b.nodes; });
  return refused;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text.append(text.empty() ? "" : ", ").append(part);
  return text;
}

bool preempts(const SchedulerProfile& profile) {
  const auto& plugins = profile.post_filters;
  return std::find(plugins.begin(), plugins.end(), PluginId::default_preemption) != plugins.end();
}

void find_changes(const Cycle& cycle, const Nominations& nominations,
                  const std::vector<NodeRefusal>& refusals, PendingReason& reason) {
  const WhatIf what_if(cycle, nominations);
  changes_of_pod(what_if, refusals, reason.changes);
  if (reason.whole != PluginId::scheduling_gates) {  // no node can help what is not in the queue
    changes_of_nodes(what_if, refusals, reason.changes);
    changes_of_neighbours(cycle, nominations, reason.changes);
  }
  std::stable_sort(reason.changes.begin(), reason.changes.end(),
                   [](const auto& a, const auto& b) { return a.kind < b.kind; });
}

}  // namespace

std::string PendingReason::message() const {
  std::string text = gang.empty() ? "" : gang + "; ";
  text += std::to_string(feasible) + "/" + std::to_string(nodes) + " nodes are available";
  if (feasible != 0) return text + ".";
  if (whole == PluginId::scheduling_gates) return whole_reason;
  text += ":";
  if (whole != PluginId::none) {
    text.append(" ").append(whole_reason).append(".");
  } else {
    std::map<std::string, std::uint32_t> counts;
    for (const RefusedNodes& entry : refused) counts[entry.reason] += entry.nodes;
    std::vector<std::string> parts;
    for (const auto& [why, count] : counts) parts.push_back(std::to_string(count) + " " + why);
    std::sort(parts.begin(), parts.end());
    if (!parts.empty()) text.append(" ").append(joined(parts)).append(".");
  }
  if (!preemption.empty()) text.append(" ").append(preemption);
  return text;
}

PendingReason pending_reason(const Cycle& cycle, const Nominations& nominations) {
  PendingReason reason;
  reason.nodes = cycle.cluster.nodes().known_count();
  std::vector<NodeRefusal> refusals;
  {
    const Evaluation evaluation(cycle);
    const PluginStatus gate = evaluation.pre_enqueue();
    const PluginStatus& whole = gate.ok() ? evaluation.pre_filter() : gate;
    if (!whole.ok()) {
      reason.whole = gate.ok() ? whole.plugin : PluginId::scheduling_gates;
      reason.whole_reason = joined(whole.reasons);
    } else {
      refusals = ask_all(cycle, nominations, evaluation);
      reason.refused = counted(refusals);
      reason.feasible = reason.nodes - static_cast<std::uint32_t>(refusals.size());
    }
  }
  if (reason.feasible != 0) return reason;
  if (reason.whole != PluginId::scheduling_gates && preempts(cycle.profile)) {
    reason.preemption = preempt(cycle, nominations).message;
  }
  find_changes(cycle, nominations, refusals, reason);
  return reason;
}

std::string quantity_text(ResourceId kind, std::int64_t amount) {
  if (kind == model::kCpu) {
    return amount % 1000 == 0 ? std::to_string(amount / 1000) : std::to_string(amount) + "m";
  }
  if (kind != model::kMemory && kind != model::kEphemeralStorage) return std::to_string(amount);
  static constexpr std::array<std::string_view, 5> kUnits{"", "Ki", "Mi", "Gi", "Ti"};
  std::size_t unit = 0;
  while (amount != 0 && amount % 1024 == 0 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  return std::to_string(amount) + std::string(kUnits[unit]);
}

}  // namespace arcas::scheduler
