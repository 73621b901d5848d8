#include "sim/cli/policy_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <optional>

#include "sim/placement/paper.h"

namespace arcas::sim {
namespace {

/// The figures of one row, and how they compare with the published ones.
struct Row {
  Spread at_100;
  Spread at_130;
  Spread fragmented_80;
  std::optional<PublishedResult> published;
  bool within = true;
};

Row row_of(const StudyCell& cell) {
  Row row;
  row.at_100 = spread_of(cell.at(&PlacementResult::allocated, 100));
  row.at_130 = spread_of(cell.at(&PlacementResult::allocated, 130));
  row.fragmented_80 = spread_of(cell.at(&PlacementResult::fragmented_of_free, 80));
  row.published = published_result(cell.workload, cell.policy);
  if (!row.published) return row;
  const PublishedResult& paper = *row.published;
  row.within = std::abs(row.at_100.mean - paper.allocated_100) <= paper.allocation_tolerance &&
               std::abs(row.at_130.mean - paper.allocated_130) <= paper.allocation_tolerance &&
               std::abs(row.fragmented_80.mean -
                        paper.fragmented_of_free_80.value_or(row.fragmented_80.mean)) <=
                   paper.fragmentation_tolerance;
  return row;
}

std::string figure(const Spread& spread, std::optional<double> published) {
  std::string text = fmt::format("{:>6.2f} ±{:<4.2f}", spread.mean, spread.deviation);
  return text + (published
                     ? fmt::format(" {:>6.2f} {:>+5.2f}", *published, spread.mean - *published)
                     : fmt::format(" {:>6} {:>5}", "-", ""));
}

std::string line_of(const StudyCell& cell) {
  const Row row = row_of(cell);
  const auto& paper = row.published;
  const auto field = [&](double PublishedResult::*value) {
    return paper ? std::optional<double>((*paper).*value) : std::nullopt;
  };
  const char* verdict = !paper ? "" : row.within ? "inside" : "OUTSIDE";
  return fmt::format("{:<12} {:<13} {}  {}  {}  {:>5.3f}  {}\n", cell.workload, cell.policy,
                     figure(row.at_100, field(&PublishedResult::allocated_100)),
                     figure(row.at_130, field(&PublishedResult::allocated_130)),
                     figure(row.fragmented_80, paper ? paper->fragmented_of_free_80 : std::nullopt),
                     cell.cpu_s / static_cast<double>(cell.runs.size()), verdict);
}

const StudyCell* find(const std::vector<StudyCell>& cells, const std::string& workload,
                      const std::string& policy) {
  const auto found = std::find_if(cells.begin(), cells.end(), [&](const StudyCell& cell) {
    return cell.workload == workload && cell.policy == policy;
  });
  return found == cells.end() ? nullptr : &*found;
}

Spread difference(const StudyCell& one, const StudyCell& other, std::size_t percent) {
  std::vector<double> values = one.at(&PlacementResult::allocated, percent);
  const std::vector<double> others = other.at(&PlacementResult::allocated, percent);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= others[i];
  return spread_of(values);
}

/// arcas against FGD, seed by seed, where both were run.
std::string gains(const StudyRequest& request, const std::vector<StudyCell>& cells) {
  std::string text;
  for (const std::string& workload : request.workloads) {
    const StudyCell* ours = find(cells, workload, "arcas");
    const StudyCell* fgd = find(cells, workload, "fgd");
    if (ours == nullptr || fgd == nullptr) continue;
    const Spread at_100 = difference(*ours, *fgd, 100);
    const Spread at_130 = difference(*ours, *fgd, 130);
    if (text.empty()) {
      text =
          "\narcas less fgd, same seeds: points of allocation, mean ± sd (least)\n"
          "workload             at 100 %               at 130 %\n";
    }
    text += fmt::format("{:<14} {:>+6.2f} ±{:.2f} ({:>+5.2f})  {:>+6.2f} ±{:.2f} ({:>+5.2f})\n",
                        workload, at_100.mean, at_100.deviation, at_100.least, at_130.mean,
                        at_130.deviation, at_130.least);
  }
  return text;
}

/// The bound, and how far the best of the policies stays below it.
std::string bound_lines(const StudyRequest& request, const std::vector<StudyCell>& cells,
                        const std::vector<AllocationBound>& bounds) {
  if (bounds.empty()) return "";
  std::string text =
      "\nfluid bound (devices, cpu and memory; future known, pods refused at will), percent of "
      "GPUs; "
      "best\npolicy below it by\n"
      "workload           at 100 %         at 130 %\n";
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    double best_100 = 0;
    double best_130 = 0;
    for (const StudyCell& cell : cells) {
      if (cell.workload != request.workloads[i]) continue;
      best_100 = std::max(best_100, spread_of(cell.at(&PlacementResult::allocated, 100)).mean);
      best_130 = std::max(best_130, spread_of(cell.at(&PlacementResult::allocated, 130)).mean);
    }
    text += fmt::format("{:<16} {:>7.2f} {:>6.2f}   {:>7.2f} {:>6.2f}\n", request.workloads[i],
                        bounds[i].at_100, bounds[i].at_100 - best_100, bounds[i].at_130,
                        bounds[i].at_130 - best_130);
  }
  return text;
}

boost::json::object json_of(const Spread& spread, const std::vector<double>& values) {
  boost::json::array by_seed(values.begin(), values.end());
  return {{"mean", spread.mean},
          {"deviation", spread.deviation},
          {"least", spread.least},
          {"most", spread.most},
          {"by_seed", std::move(by_seed)}};
}

boost::json::array mean_series(const StudyCell& cell, PercentSeries PlacementResult::*series) {
  boost::json::array means;
  for (std::size_t percent = 0; percent <= kMostPercent; ++percent) {
    means.push_back(spread_of(cell.at(series, percent)).mean);
  }
  return means;
}

boost::json::object json_of(const StudyCell& cell) {
  const Row row = row_of(cell);
  boost::json::object out{{"workload", cell.workload}, {"policy", cell.policy}};
  out["allocated_100"] = json_of(row.at_100, cell.at(&PlacementResult::allocated, 100));
  out["allocated_130"] = json_of(row.at_130, cell.at(&PlacementResult::allocated, 130));
  out["fragmented_of_free_80"] =
      json_of(row.fragmented_80, cell.at(&PlacementResult::fragmented_of_free, 80));
  out["allocated"] = mean_series(cell, &PlacementResult::allocated);
  out["fragmented"] = mean_series(cell, &PlacementResult::fragmented);
  out["fragmented_of_free"] = mean_series(cell, &PlacementResult::fragmented_of_free);
  out["cpu_seconds_per_run"] = cell.cpu_s / static_cast<double>(cell.runs.size());
  if (!row.published) return out;
  boost::json::object paper{{"allocated_100", row.published->allocated_100},
                            {"allocated_130", row.published->allocated_130},
                            {"within_tolerance", row.within}};
  if (row.published->fragmented_of_free_80) {
    paper["fragmented_of_free_80"] = *row.published->fragmented_of_free_80;
  }
  out["published"] = std::move(paper);
  return out;
}

}  // namespace

std::string comparison_table(const StudyRequest& request, const std::vector<StudyCell>& cells,
                             const std::vector<AllocationBound>& bounds) {
  std::string text = fmt::format(
      "GPUs allocated, percent of all, when 100 % and 130 % of them have been asked for; percent "
      "of "
      "the\nfree GPUs that are fragmented at 80 %. Mean ± sd over {} seeds from {}; then the "
      "published mean and\nours less that. cpu s: computing time of one run.\n\n"
      "{:<12} {:<13} {:<25} {:<25} {:<25} {:>6}\n",
      request.seeds, request.first_seed, "workload", "policy", "at 100 %      paper  diff",
      " at 130 %      paper  diff", "  frag. at 80 % paper  diff", "cpu s");
  std::string last;
  std::size_t published = 0;
  for (const StudyCell& cell : cells) {
    if (!last.empty() && last != cell.workload) text += "\n";
    last = cell.workload;
    text += line_of(cell);
    published += published_result(cell.workload, cell.policy) ? 1 : 0;
  }
  text += gains(request, cells);
  text += bound_lines(request, cells, bounds);
  const std::size_t outside = rows_outside(cells);
  text += fmt::format("\n{} of {} rows with a published result are inside its tolerances\n",
                      published - outside, published);
  return text;
}

std::string comparison_json(const StudyRequest& request, const std::vector<StudyCell>& cells,
                            const std::vector<AllocationBound>& bounds) {
  boost::json::array rows;
  for (const StudyCell& cell : cells) rows.push_back(json_of(cell));
  boost::json::array limits;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    limits.push_back({{"workload", request.workloads[i]},
                      {"allocated_100", bounds[i].at_100},
                      {"allocated_130", bounds[i].at_130}});
  }
  const boost::json::object out{{"first_seed", request.first_seed},
                                {"seeds", request.seeds},
                                {"unit", "percent of GPUs; series by percent of GPUs asked for"},
                                {"bounds", std::move(limits)},
                                {"rows", std::move(rows)}};
  return boost::json::serialize(out);
}

std::size_t rows_outside(const std::vector<StudyCell>& cells) {
  return static_cast<std::size_t>(std::count_if(
      cells.begin(), cells.end(), [](const StudyCell& cell) { return !row_of(cell).within; }));
}

}  // namespace arcas::sim
