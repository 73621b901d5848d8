#include "sim/cli/explain_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace arcas::sim {
namespace {

constexpr std::size_t kRivals = 3;

std::string time_text(TimePoint at) { return to_string(at - TimePoint{}); }

std::string_view name_of(scheduler::SingleChange::Kind kind) {
  static constexpr std::array<std::string_view, 13> kNames{
      "scheduling-gates", "resources",  "toleration", "spread",    "node-selection",
      "pod-affinity",     "host-port",  "volume",     "node-name", "node-repaired",
      "node-labelled",    "pods-leave", "node-added"};
  return kNames[static_cast<std::size_t>(kind)];
}

/// Where the pod's node stands among those that would have taken it.
std::string scores_text(const Explanation& e) {
  const auto own = std::find_if(e.scores.begin(), e.scores.end(),
                                [&](const auto& entry) { return entry.first == e.node; });
  if (own == e.scores.end()) return "";
  std::string text = fmt::format("  score {}; {} node{} would have taken it then\n", own->second,
                                 e.scores.size(), e.scores.size() == 1 ? "" : "s");
  std::size_t shown = 0;
  for (const auto& [node, score] : e.scores) {
    if (node == e.node || shown == kRivals) continue;
    text += fmt::format("{}{} {}", shown == 0 ? "  nearest rivals: " : ", ", node, score);
    ++shown;
  }
  return shown == 0 ? text : text + "\n";
}

std::string reason_text(const scheduler::PendingReason& reason) {
  std::string text = "  " + reason.message() + "\n";
  if (reason.feasible != 0) return text + "  It waits for its turn in the queue.\n";
  if (!reason.refused.empty()) text += "\n  refused by\n";
  for (const auto& entry : reason.refused) {
    text += fmt::format("    {:<20} {:>7} node{}  {}\n", scheduler::name(entry.plugin), entry.nodes,
                        entry.nodes == 1 ? " " : "s", entry.reason);
  }
  text += reason.changes.empty() ? "\n  No single change would place it.\n"
                                 : "\n  It would be placed (each was tried)\n";
  for (const auto& change : reason.changes) {
    text += fmt::format("    {}{}\n", change.text,
                        change.spec.valid() ? fmt::format(" on {} node{}", change.nodes,
                                                          change.nodes == 1 ? "" : "s")
                                            : "");
  }
  return text;
}

boost::json::object json_of(const scheduler::PendingReason& reason) {
  boost::json::object object;
  object["message"] = reason.message();
  object["nodes"] = reason.nodes;
  object["feasible"] = reason.feasible;
  boost::json::array refused;
  for (const auto& entry : reason.refused) {
    refused.push_back({{"plugin", scheduler::name(entry.plugin)},
                       {"reason", entry.reason},
                       {"nodes", entry.nodes}});
  }
  object["refused"] = std::move(refused);
  boost::json::array changes;
  for (const auto& change : reason.changes) {
    changes.push_back(
        {{"kind", name_of(change.kind)}, {"text", change.text}, {"nodes", change.nodes}});
  }
  object["changes"] = std::move(changes);
  return object;
}

}  // namespace

std::string to_text(const Explanation& e) {
  std::string text = fmt::format("{}: {} at {}\n", e.pod, e.state, time_text(e.at));
  text += fmt::format("  created at {}\n", time_text(e.created_at));
  if (e.bound_at.ns >= 0) {
    text += fmt::format("  bound to {} at {} by {}\n", e.node, time_text(e.bound_at), e.scheduler);
    text += scores_text(e);
  } else if (!e.node.empty()) {
    text += fmt::format("  placed on {} by {}; the binding is under way\n", e.node, e.scheduler);
  }
  if (!e.nominated.empty()) {
    text += fmt::format("  nominated to {}: pods of lower priority leave it\n", e.nominated);
  }
  if (e.reason) text += reason_text(*e.reason);
  return text;
}

std::string to_json(const Explanation& e) {
  boost::json::object object;
  object["pod"] = e.pod;
  object["state"] = e.state;
  object["at_seconds"] = (e.at - TimePoint{}).seconds();
  object["created_seconds"] = (e.created_at - TimePoint{}).seconds();
  if (e.bound_at.ns >= 0) object["bound_seconds"] = (e.bound_at - TimePoint{}).seconds();
  if (!e.node.empty()) object["node"] = e.node;
  if (!e.nominated.empty()) object["nominated"] = e.nominated;
  object["scheduler"] = e.scheduler;
  boost::json::array scores;
  for (std::size_t i = 0; i < e.scores.size(); ++i) {
    if (i > kRivals && e.scores[i].first != e.node) continue;
    scores.push_back({{"node", e.scores[i].first}, {"score", e.scores[i].second}});
  }
  if (!scores.empty()) object["scores"] = std::move(scores);
  if (e.reason) object["pending"] = json_of(*e.reason);
  return boost::json::serialize(object) + "\n";
}

}  // namespace arcas::sim
