// Answers for people.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/whatif/answer.h"

namespace arcas::sim {
namespace {

constexpr std::size_t kMostLines = 12;

std::string counted(std::int64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string pods(std::int64_t count) { return counted(count, "pod"); }

/// Lines of one kind, the first ones of many.
template <class Items, class Line>
void list(std::string& out, const Items& items, Line line) {
  std::size_t count = 0;
  for (const auto& item : items) {
    if (count++ == kMostLines) break;
    out += "  " + line(item) + "\n";
  }
  if (items.size() > kMostLines) out += fmt::format("  … and {} more\n", items.size() - kMostLines);
}

class Writer {
 public:
  Writer(const Answer& answer, const LoadedSnapshot& cluster)
      : a_(answer), p_(answer.prediction), cluster_(cluster), catalog_(*cluster.catalog) {}

  std::string text() {
    out_ = fmt::format("{}, by the scheduler of profile {}\n", a_.question, a_.profile);
    out_ += fmt::format("{} nodes that take pods, {} afterwards; {} on nodes, {} waiting\n\n",
                        p_.nodes_before, p_.nodes_after, pods(p_.pods_bound), p_.pods_pending);
    if (p_.has_comparison) {
      comparison();
    } else {
      moves();
    }
    recovery();
    groups("no place", p_.unplaced);
    budgets();
    spread();
    capacity();
    groups("waiting before and afterwards", p_.pending);
    out_ += fmt::format("\n{}\n", p_.feasible ? "feasible" : "NOT FEASIBLE");
    return out_;
  }

 private:
  std::string workload(std::uint32_t place) const {
    if (place == model::SnapshotWorkload::kNone) return "pods without a controller";
    return whatif::workload_text(cluster_.snapshot.workloads[place], catalog_);
  }

  void moves() {
    out_ += fmt::format("{} need a place: {} find one, {} do not\n", pods(p_.displaced), p_.placed,
                        p_.left);
    const auto also = [this](const char* what, std::uint32_t count) {
      if (count > 0) out_ += fmt::format("{}: {}\n", what, count);
    };
    also("pods of lower priority that are pushed out", p_.preempted);
    also("pods gone for good, since no controller makes them again", p_.gone_for_good);
    also("pods left on dead nodes, which they tolerate for ever, so that nothing replaces them",
         p_.left_behind);
    also("pods of DaemonSets and of nodes that go with their nodes", p_.gone_with_node);
    also("pods that waited and find a place", p_.pending_placed);
    if (!p_.batches.empty()) {
      const auto worst =
          std::max_element(p_.batches.begin(), p_.batches.end(),
                           [](const auto& a, const auto& b) { return a.left < b.left; });
      out_ += fmt::format("{} batches; ", p_.batches.size());
      out_ += worst->left == 0 ? "in every one all pods find places\n"
                               : fmt::format("in the worst, number {}, {} find none\n",
                                             worst - p_.batches.begin() + 1, pods(worst->left));
    }
  }

  void recovery() {
    const Recovery& r = a_.recovery;
    if (!r.why_not.empty() || r.displaced + r.refused + r.left_behind == 0) return;
    out_ += fmt::format("\nhow long it takes, simulated: {} of {} run again\n", r.recovered,
                        counted(r.displaced, "displaced pod"));
    if (r.recovered > 0) {
      out_ +=
          fmt::format("  half within {}, 90 % within {}, 99 % within {}, the slowest after {}\n",
                      to_string(r.p50), to_string(r.p90), to_string(r.p99), to_string(r.max));
      out_ += fmt::format("  the last one runs {} after the beginning\n", to_string(r.over));
    }
    if (r.waiting > 0) {
      out_ += fmt::format("  {} wait still after {}\n", pods(r.waiting), to_string(r.simulated));
    }
    if (r.refused > 0) {
      out_ += fmt::format("  budgets still refuse {}\n", counted(r.refused, "eviction"));
    }
    list(out_, r.notes, [](const std::string& note) { return "note: " + note; });
  }

  void comparison() {
    const auto line = [this](const char* name, const whatif::PlacedAnew& anew) {
      out_ += fmt::format("{:<8} {:>10} {:>10} {:>10} {:>11.1f} % {:>11.1f} %\n", name, anew.placed,
                          anew.left, anew.nodes_used, 100 * anew.mean_used_cpu_share,
                          100 * anew.most_used_cpu_share);
    };
    out_ += "every pod of a controller placed anew:\n";
    out_ += fmt::format("{:<8} {:>10} {:>10} {:>10} {:>13} {:>13}\n", "", "placed", "no place",
                        "nodes", "mean cpu", "most cpu");
    line("present", p_.present);
    line("other", p_.other);
  }

  void groups(const char* title, const std::vector<whatif::UnplacedGroup>& groups) {
    if (groups.empty()) return;
    out_ += fmt::format("\n{}:\n", title);
    list(out_, groups, [this](const whatif::UnplacedGroup& group) {
      std::string line = fmt::format("{} of {}", pods(group.pods), workload(group.workload));
      if (!group.explained) return line;
      line += "\n      " + group.message;
      for (const std::string& change : group.changes) line += "\n      would fit " + change;
      return line;
    });
  }

  void budgets() {
    if (p_.budgets.empty()) return;
    out_ += "\ndisruption budgets:\n";
    list(out_, p_.budgets, [this](const whatif::BudgetEffect& effect) {
      const auto& budget = cluster_.snapshot.budgets[effect.budget];
      std::string line = fmt::format("{}/{}: {} healthy, {} wanted, {} go",
                                     catalog_.namespace_name(budget.meta.name_space),
                                     catalog_.name_text(budget.meta.name), effect.healthy,
                                     effect.desired, effect.lost_at_once);
      if (effect.blocked) {
        return line + (effect.without_place > 0
                           ? fmt::format("; BLOCKED: {} find no place, so evictions never end",
                                         pods(effect.without_place))
                           : std::string("; BLOCKED: it allows no eviction"));
      }
      if (effect.broken) line += "; BROKEN if all go at once";
      return line;
    });
  }

  void spread() {
    if (p_.spread.empty()) return;
    out_ += "\nspread constraints:\n";
    list(out_, p_.spread, [this](const whatif::SpreadEffect& effect) {
      return fmt::format("{}: over {} {} of {} where {} is allowed{}", workload(effect.workload),
                         catalog_.text(effect.key), "a skew", effect.after, effect.max_skew,
                         effect.hard ? " (DoNotSchedule)" : " (ScheduleAnyway)");
    });
  }

  void capacity() {
    if (!p_.options.empty()) {
      out_ += p_.left > 0 ? "\nwhat would place them:\n" : "\nwhat would place those that wait:\n";
      list(out_, p_.options, [](const whatif::ShapeOption& option) {
        std::string line = fmt::format("{} more of {}", option.nodes, option.shape);
        return option.left == 0 ? line : line + fmt::format(" for all but {}", pods(option.left));
      });
    } else if (p_.left > 0) {
      out_ += "\nno machine like those that are there would place one of them\n";
    }
    if (p_.spare.empty()) return;
    std::vector<std::string> names;
    for (const NodeId node : p_.spare) names.push_back(catalog_.nodes.text(node));
    const std::size_t total = names.size();
    if (total > kMostLines) names.resize(kMostLines);
    out_ += fmt::format("\n{} nodes could go, all their pods find other places: {}{}{}\n", total,
                        fmt::join(names, ", "), total > kMostLines ? ", …" : "",
                        p_.spare_complete ? "" : " (the search stopped after 32 that could not)");
  }

  const Answer& a_;
  const whatif::Prediction& p_;
  const LoadedSnapshot& cluster_;
  const model::Catalog& catalog_;
  std::string out_;
};

}  // namespace

std::string to_text(const Answer& answer, const LoadedSnapshot& cluster) {
  return Writer(answer, cluster).text();
}

std::string to_text(const manifest::SnapshotReport& report) {
  std::vector<std::string> taken;
  for (const auto& [kind, count] : report.taken) taken.push_back(fmt::format("{} {}", count, kind));
  std::string text = fmt::format("read: {}\n", fmt::join(taken, ", "));
  std::vector<std::string> passed;
  for (const auto& [kind, count] : report.passed_over) {
    passed.push_back(fmt::format("{} {}", count, kind));
  }
  if (!passed.empty()) text += fmt::format("of no concern: {}\n", fmt::join(passed, ", "));
  for (const std::string& note : report.notes) text += "note: " + note + "\n";
  if (report.problem_count > 0) {
    text += fmt::format("{} objects or references are left out:\n", report.problem_count);
    list(text, report.problems, [](const std::string& problem) { return problem; });
    if (report.problem_count > report.problems.size()) {
      text += fmt::format("  … and {} more\n", report.problem_count - report.problems.size());
    }
  }
  return text;
}

}  // namespace arcas::sim
