#include "tests/support/verdicts.h"

#include <algorithm>
#include <map>
#include <set>

namespace arcas::tests {

namespace json = boost::json;
using scheduler::Code;
using scheduler::Cycle;
using scheduler::Evaluation;
using scheduler::PluginId;
using scheduler::PluginStatus;

namespace {

using Names = std::vector<std::string>;

std::string listed(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return "[" + text + "]";
}

Names sorted(Names names) {
  std::sort(names.begin(), names.end());
  return names;
}

/// A member that is a list of strings; empty when absent.
Names names_in(const json::object& object, std::string_view member) {
  Names names;
  if (const json::value* list = object.if_contains(member)) {
    for (const json::value& each : list->as_array()) names.emplace_back(each.as_string());
  }
  return names;
}

std::string text_in(const json::object& object, std::string_view member) {
  const json::value* text = object.if_contains(member);
  return text == nullptr ? std::string() : std::string(text->as_string());
}

std::vector<std::int64_t> integers_in(const json::value& list) {
  std::vector<std::int64_t> values;
  for (const json::value& each : list.as_array()) values.push_back(each.as_int64());
  return values;
}

std::string listed(const std::vector<std::int64_t>& values) {
  Names names;
  for (const std::int64_t value : values) names.push_back(std::to_string(value));
  return listed(names);
}

std::string described(std::string_view code, std::string_view plugin, const Names& reasons) {
  return std::string(code) + " " + std::string(plugin) + " " + listed(sorted(reasons));
}

/// As the recorded verdicts spell it.
std::string described(const PluginStatus& status) {
  if (status.ok()) return described(scheduler::name(Code::success), "", {});
  return described(scheduler::name(status.code), scheduler::name(status.plugin), status.reasons);
}

std::string described(const json::object& verdict) {
  return described(text_in(verdict, "code"), text_in(verdict, "plugin"),
                   names_in(verdict, "reasons"));
}

Names names_of(const std::vector<PluginId>& plugins) {
  Names names;
  for (const PluginId plugin : plugins) names.emplace_back(scheduler::name(plugin));
  return sorted(std::move(names));
}

class Comparison {
 public:
  explicit Comparison(VectorCase& loaded) : case_(loaded) {}

  void note(const std::string& what, const std::string& theirs, const std::string& ours) {
    if (theirs != ours) found_.push_back(what + ": recorded " + theirs + ", ours " + ours);
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(found_); }

  void cluster_case(const NodeFilter& filter) {
    const Cycle cycle = cycle_of(case_.pod);
    const Evaluation evaluation(cycle);
    if (const json::value* gates = case_.expect.if_contains("preEnqueue")) {
      note("plugins that keep the pod out", std::to_string(gates->as_array().size()), "1");
      note("preEnqueue", described(gates->as_array().front().as_object()),
           described(evaluation.pre_enqueue()));
      return;
    }
    note("preEnqueue", described(PluginStatus{}), described(evaluation.pre_enqueue()));
    pre_filter(evaluation);
    const json::value* verdicts = case_.expect.if_contains("filter");
    note("filters run", verdicts != nullptr ? "yes" : "no",
         evaluation.pre_filter().ok() ? "yes" : "no");
    if (verdicts == nullptr || !evaluation.pre_filter().ok()) return;
    const std::vector<NodeId> feasible = verdicts_on_nodes(verdicts->as_object(), [&](NodeId node) {
      return filter ? filter(evaluation, node) : evaluation.filter(node);
    });
    if (!filter) {
      note("feasible nodes by name and in one pass", listed(names_of_nodes(feasible)),
           listed(names_of_nodes(evaluation.feasible())));
    }
    note("feasible", listed(names_in(case_.expect, "feasible")), listed(names_of_nodes(feasible)));
    if (const json::value* scores = case_.expect.if_contains("scores")) {
      compare_scores(evaluation, feasible, scores->as_object());
    }
  }

  void trajectory() {
    const json::array& steps = case_.expect.at("steps").as_array();
    note("steps", std::to_string(case_.sequence.size()), std::to_string(steps.size()));
    for (std::size_t i = 0; i < steps.size() && i < case_.sequence.size(); ++i) {
      remove_before(i);
      step(i, steps[i].as_object());
    }
  }

 private:
  Cycle cycle_of(Uid uid) {
    return {*case_.cluster, case_.profile, *case_.cluster->pods().find(uid), uid};
  }

  Names names_of_nodes(const std::vector<NodeId>& nodes) const {
    Names names;
    for (const NodeId node : nodes) names.push_back(case_.node_name(node));
    return sorted(std::move(names));
  }

  void pre_filter(const Evaluation& evaluation) {
    const json::object& theirs = case_.expect.at("preFilter").as_object();
    note("preFilter", described(theirs), described(evaluation.pre_filter()));
    note("skipped filters", listed(sorted(names_in(theirs, "skippedPlugins"))),
         listed(names_of(evaluation.skipped_filters())));
    note("preFilter narrows", theirs.contains("nodes") ? "yes" : "no",
         evaluation.only() ? "yes" : "no");
    if (!evaluation.only()) return;
    // Kubernetes lists names that no node has, too; ours are ids of nodes.
    Names known;
    for (const std::string& name : names_in(theirs, "nodes")) {
      if (case_.cluster->nodes().known(case_.node_named(name))) known.push_back(name);
    }
    note("preFilter's nodes", listed(sorted(known)), listed(names_of_nodes(*evaluation.only())));
    only_ = evaluation.only();
  }

  /// The nodes that pass, ascending.
  std::vector<NodeId> verdicts_on_nodes(const json::object& theirs,
                                        const std::function<PluginStatus(NodeId)>& filter) {
    std::vector<NodeId> feasible;
    note("nodes with a verdict", std::to_string(theirs.size()), std::to_string(case_.nodes.size()));
    for (const auto& [name, verdict] : theirs) {
      const NodeId node = case_.node_named(std::string(name));
      const PluginStatus ours = filter(node);
      note("filter on " + std::string(name), described(verdict.as_object()), described(ours));
      const bool left_over =
          !only_ || std::find(only_->begin(), only_->end(), node) != only_->end();
      if (ours.ok() && left_over) feasible.push_back(node);
    }
    std::sort(feasible.begin(), feasible.end());
    return feasible;
  }

  void compare_scores(const Evaluation& evaluation, const std::vector<NodeId>& feasible,
                      const json::object& theirs) {
    const Evaluation::Scores ours = evaluation.score(feasible);
    std::vector<std::int64_t> weights;
    Names plugins;
    for (const scheduler::WeightedPlugin& each : ours.plugins) {
      plugins.emplace_back(scheduler::name(each.plugin));
      weights.push_back(each.weight);
    }
    note("scores run", listed(names_in(theirs, "plugins")), listed(plugins));
    note("weights", listed(integers_in(theirs.at("weights"))), listed(weights));
    note("skipped scores", listed(sorted(names_in(theirs, "skippedPlugins"))),
         listed(names_of(ours.skipped)));
    const json::object& nodes = theirs.at("nodes").as_object();
    for (std::size_t i = 0; i < feasible.size(); ++i) {
      const std::string& name = case_.node_name(feasible[i]);
      if (!nodes.contains(name)) continue;
      const json::object& scores = nodes.at(name).as_object();
      note("raw scores of " + name, listed(integers_in(scores.at("raw"))),
           listed(column(ours.raw, i)));
      note("normalised scores of " + name, listed(integers_in(scores.at("norm"))),
           listed(column(ours.normalized, i)));
      note("total of " + name, std::to_string(scores.at("total").as_int64()),
           std::to_string(ours.total[i]));
    }
    note("best", listed(names_in(case_.expect, "best")),
         listed(names_of_nodes(best_of(feasible, ours.total))));
  }

  static std::vector<std::int64_t> column(const std::vector<std::vector<std::int64_t>>& by_plugin,
                                          std::size_t node) {
    std::vector<std::int64_t> values;
    for (const auto& scores : by_plugin) values.push_back(scores[node]);
    return values;
  }

  static std::vector<NodeId> best_of(const std::vector<NodeId>& nodes,
                                     const std::vector<std::int64_t>& totals) {
    std::vector<NodeId> best;
    if (nodes.empty()) return best;
    const std::int64_t top = *std::max_element(totals.begin(), totals.end());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (totals[i] == top) best.push_back(nodes[i]);
    }
    return best;
  }

  void remove_before(std::size_t step) {
    const auto leaving = case_.removals.find(step);
    if (leaving == case_.removals.end()) return;
    for (const Uid uid : leaving->second) {
      scheduler::PodEntry* entry = case_.cluster->pods().find(uid);
      if (entry != nullptr && entry->node.valid()) case_.cluster->lift(uid, *entry);
    }
  }

  void step(std::size_t index, const json::object& theirs) {
    const Uid uid = case_.sequence[index];
    const std::string where = "step " + std::to_string(index) + " ";
    note(where + "pod", text_in(theirs, "pod"), case_.pod_name(uid));
    const Evaluation evaluation(cycle_of(uid));
    const std::vector<NodeId> feasible = evaluation.feasible();
    note(where + "feasible", std::to_string(theirs.at("feasibleCount").as_int64()),
         std::to_string(feasible.size()));
    if (const json::value* rejected = theirs.if_contains("rejectedBy")) {
      compare_rejections(where, evaluation, rejected->as_object());
    }
    if (!theirs.contains("chosen")) return;
    if (!feasible.empty()) {
      const Evaluation::Scores scores = evaluation.score(feasible);
      note(where + "best total", std::to_string(theirs.at("bestTotal").as_int64()),
           std::to_string(*std::max_element(scores.total.begin(), scores.total.end())));
      const std::vector<NodeId> best = best_of(feasible, scores.total);
      note(where + "best", listed(names_in(theirs, "best")), listed(names_of_nodes(best)));
      note(where + "chosen", text_in(theirs, "chosen"), case_.node_name(best.front()));
    }
    case_.cluster->place(uid, *case_.cluster->pods().find(uid),
                         case_.node_named(text_in(theirs, "chosen")), scheduler::PodState::assumed);
  }

  void compare_rejections(const std::string& where, const Evaluation& evaluation,
                          const json::object& theirs) {
    std::map<std::string, std::int64_t> expected;
    for (const auto& [plugin, count] : theirs) expected[std::string(plugin)] = count.as_int64();
    std::map<std::string, std::int64_t> counted;
    for (const NodeId node : case_.nodes) {
      const bool left_out = evaluation.only() &&
                            std::find(evaluation.only()->begin(), evaluation.only()->end(), node) ==
                                evaluation.only()->end();
      const PluginId plugin =
          left_out ? evaluation.narrowed_by().front() : evaluation.filter(node).plugin;
      ++counted[std::string(scheduler::name(plugin))];
    }
    const auto text = [](const std::map<std::string, std::int64_t>& counts) {
      Names names;
      for (const auto& [plugin, count] : counts)
        names.push_back(plugin + " " + std::to_string(count));
      return listed(names);
    };
    note(where + "rejected by", text(expected), text(counted));
  }

  VectorCase& case_;
  std::vector<std::string> found_;
  std::optional<std::vector<NodeId>> only_;
};

}  // namespace

std::vector<std::string> differences(VectorCase& loaded, const NodeFilter& filter) {
  Comparison comparison(loaded);
  comparison.cluster_case(filter);
  return comparison.take();
}

std::vector<std::string> trajectory_differences(VectorCase& loaded) {
  Comparison comparison(loaded);
  comparison.trajectory();
  return comparison.take();
}

}  // namespace arcas::tests
