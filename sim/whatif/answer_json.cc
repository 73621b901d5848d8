// Answers for programs.
#include <boost/json.hpp>

#include "sim/whatif/answer.h"

namespace arcas::sim {
namespace {

namespace json = boost::json;

class Writer {
 public:
  Writer(const Answer& answer, const LoadedSnapshot& cluster)
      : a_(answer), p_(answer.prediction), cluster_(cluster), catalog_(*cluster.catalog) {}

  json::object root() const {
    json::object root{
        {"apiVersion", "arcas/v1"},
        {"kind", "WhatIf"},
        {"question", a_.question},
        {"profile", a_.profile},
        {"feasible", p_.feasible},
        {"snapshot", snapshot()},
        {"nodes", json::object{{"before", p_.nodes_before}, {"afterwards", p_.nodes_after}}},
        {"pods", pods()},
        {"unplaced", groups(p_.unplaced)},
        {"pending", groups(p_.pending)},
        {"budgets", budgets()},
        {"spread", spread()},
        {"recovery", recovery()},
        {"would_fix", options()},
        {"could_go", spare()}};
    if (!p_.batches.empty()) root["batches"] = batches();
    if (p_.has_comparison) {
      root["placed_anew"] = json::object{{"present", anew(p_.present)}, {"other", anew(p_.other)}};
    }
    return root;
  }

 private:
  json::value workload(std::uint32_t place) const {
    if (place == model::SnapshotWorkload::kNone) return nullptr;
    const model::SnapshotWorkload& w = cluster_.snapshot.workloads[place];
    return json::object{
        {"kind", catalog_.text(w.kind)},
        {"namespace",
         w.name_space.valid() ? json::value(catalog_.namespace_name(w.name_space)) : json::value()},
        {"name", catalog_.text(w.name)}};
  }
  json::object snapshot() const {
    const auto counts = [](const std::map<std::string, std::uint64_t>& kinds) {
      json::object object;
      for (const auto& [kind, count] : kinds) object[kind] = count;
      return object;
    };
    return {{"taken", counts(cluster_.report.taken)},
            {"passed_over", counts(cluster_.report.passed_over)},
            {"left_out", cluster_.report.problem_count},
            {"problems", json::value_from(cluster_.report.problems)},
            {"notes", json::value_from(cluster_.report.notes)}};
  }
  json::object pods() const {
    return {{"on_nodes", p_.pods_bound},
            {"waiting", p_.pods_pending},
            {"need_a_place", p_.displaced},
            {"placed", p_.placed},
            {"left", p_.left},
            {"preempted", p_.preempted},
            {"gone_for_good", p_.gone_for_good},
            {"gone_with_node", p_.gone_with_node},
            {"left_behind", p_.left_behind},
            {"waiting_placed", p_.pending_placed}};
  }
  json::array groups(const std::vector<whatif::UnplacedGroup>& groups) const {
    json::array list;
    for (const whatif::UnplacedGroup& group : groups) {
      json::object object{{"workload", workload(group.workload)}, {"pods", group.pods}};
      if (group.explained) {
        object["message"] = group.message;
        object["would_fit"] = json::value_from(group.changes);
      }
      list.push_back(std::move(object));
    }
    return list;
  }
  json::array budgets() const {
    json::array list;
    for (const whatif::BudgetEffect& effect : p_.budgets) {
      const auto& budget = cluster_.snapshot.budgets[effect.budget];
      list.push_back(json::object{{"namespace", catalog_.namespace_name(budget.meta.name_space)},
                                  {"name", catalog_.name_text(budget.meta.name)},
                                  {"healthy", effect.healthy},
                                  {"desired", effect.desired},
                                  {"lost_at_once", effect.lost_at_once},
                                  {"without_place", effect.without_place},
                                  {"broken", effect.broken},
                                  {"blocked", effect.blocked}});
    }
    return list;
  }
  json::array spread() const {
    json::array list;
    for (const whatif::SpreadEffect& effect : p_.spread) {
      list.push_back(json::object{{"workload", workload(effect.workload)},
                                  {"topology_key", catalog_.text(effect.key)},
                                  {"hard", effect.hard},
                                  {"max_skew", effect.max_skew},
                                  {"before", effect.before},
                                  {"afterwards", effect.after}});
    }
    return list;
  }
  json::object recovery() const {
    const Recovery& r = a_.recovery;
    if (!r.why_not.empty()) return {{"simulated", false}, {"why_not", r.why_not}};
    const auto seconds_of = [](Duration d) {
      return d.ns < 0 ? json::value() : json::value(d.seconds());
    };
    return {{"simulated", true},
            {"displaced", r.displaced},
            {"recovered", r.recovered},
            {"waiting", r.waiting},
            {"refused_evictions", r.refused},
            {"left_behind", r.left_behind},
            {"seconds", json::object{{"p50", seconds_of(r.p50)},
                                     {"p90", seconds_of(r.p90)},
                                     {"p99", seconds_of(r.p99)},
                                     {"max", seconds_of(r.max)}}},
            {"first_after_seconds", seconds_of(r.first)},
            {"over_after_seconds", seconds_of(r.over)},
            {"simulated_seconds", r.simulated.seconds()},
            {"notes", json::value_from(r.notes)}};
  }
  json::array options() const {
    json::array list;
    for (const whatif::ShapeOption& option : p_.options) {
      list.push_back(json::object{{"shape", option.shape},
                                  {"nodes", option.nodes},
                                  {"places", option.places},
                                  {"left", option.left}});
    }
    return list;
  }
  json::object spare() const {
    json::array nodes;
    for (const NodeId node : p_.spare) nodes.emplace_back(catalog_.nodes.text(node));
    return {{"nodes", nodes}, {"complete", p_.spare_complete}};
  }
  json::array batches() const {
    json::array list;
    for (const whatif::UpgradeBatch& batch : p_.batches) {
      list.push_back(
          json::object{{"nodes", batch.nodes}, {"moved", batch.moved}, {"left", batch.left}});
    }
    return list;
  }
  static json::object anew(const whatif::PlacedAnew& anew) {
    return {{"placed", anew.placed},
            {"left", anew.left},
            {"nodes_used", anew.nodes_used},
            {"mean_cpu_share", anew.mean_used_cpu_share},
            {"most_cpu_share", anew.most_used_cpu_share}};
  }

  const Answer& a_;
  const whatif::Prediction& p_;
  const LoadedSnapshot& cluster_;
  const model::Catalog& catalog_;
};

}  // namespace

std::string to_json(const Answer& answer, const LoadedSnapshot& cluster) {
  return json::serialize(Writer(answer, cluster).root()) + "\n";
}

}  // namespace arcas::sim
