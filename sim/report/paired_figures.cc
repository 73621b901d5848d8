#include "sim/report/paired_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

namespace arcas::sim {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Neumaier's sum: the error does not grow with the number of values.
double sum_of(const std::vector<double>& values) {
  double sum = 0;
  double lost = 0;
  for (const double value : values) {
    const double next = sum + value;
    lost += std::abs(sum) >= std::abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  return sum + lost;
}

std::vector<double> known(std::span<const double> values) {
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept),
               [](double value) { return !std::isnan(value); });
  return kept;
}

/// Metrics of which less, or more, is better whatever the scenario. Of others nobody can say.
constexpr auto kLessIsBetter = std::to_array<std::string_view>(
    {"violations", "pods_displaced", "pods_lost", "pods_not_running", "pods_run_twice",
     "pods_rejected", "recovery_seconds.p50", "recovery_seconds.p90", "recovery_seconds.p99",
     "recovery_seconds.max", "detection_seconds", "claims.rejected", "jobs.failed", "flow.gap",
     "gangs.timeouts", "gangs.conflicts", "wall_seconds", "peak_rss_bytes"});
constexpr auto kMoreIsBetter = std::to_array<std::string_view>(
    {"pods_running", "pods_recovered", "jobs.complete", "daemon_pods.ready", "events_per_second",
     "decisions_per_second"});

std::string_view judgement(std::string_view metric, bool higher) {
  const auto among = [&](const auto& names) {
    return std::find(names.begin(), names.end(), metric) != names.end();
  };
  if (among(kLessIsBetter)) return higher ? ": a is better" : ": b is better";
  if (among(kMoreIsBetter)) return higher ? ": b is better" : ": a is better";
  return "";
}

std::string verdict_of(const PairedFigure& figure, double confidence) {
  if (figure.pairs == 0) return "no run has it in both";
  if (std::isnan(figure.interval)) return "one pair only: nothing can be said";
  if (figure.difference == 0 && figure.interval == 0) return "the same in every pair";
  const std::string at = fmt::format(" at {:g}% confidence", confidence * 100);
  if (std::abs(figure.difference) <= figure.interval) return "no difference" + at;
  const bool higher = figure.difference > 0;
  return fmt::format("{} in b{}{}", higher ? "higher" : "lower", at,
                     judgement(figure.metric, higher));
}

}  // namespace

MeanInterval mean_with_interval(std::span<const double> values, double confidence) {
  const std::vector<double> kept = known(values);
  if (kept.empty()) return {kNone, kNone};
  const auto count = static_cast<double>(kept.size());
  const double mean = sum_of(kept) / count;
  if (kept.size() < 2) return {mean, kNone};
  std::vector<double> squares;
  for (const double value : kept) squares.push_back((value - mean) * (value - mean));
  const double variance = sum_of(squares) / (count - 1);
  const boost::math::students_t distribution(count - 1);
  const double t = boost::math::quantile(distribution, 0.5 + confidence / 2);
  return {mean, t * std::sqrt(variance / count)};
}

PairedFigure compare_pairs(std::string_view metric, std::span<const double> a,
                           std::span<const double> b, double confidence) {
  PairedFigure figure;
  figure.metric = metric;
  figure.mean_a = mean_with_interval(a, confidence).mean;
  figure.mean_b = mean_with_interval(b, confidence).mean;
  std::vector<double> differences;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const double difference = b[i] - a[i];
    if (!std::isnan(difference)) differences.push_back(difference);
  }
  figure.pairs = differences.size();
  const MeanInterval mean = mean_with_interval(differences, confidence);
  figure.difference = mean.mean;
  figure.interval = mean.half_width;
  figure.verdict = verdict_of(figure, confidence);
  return figure;
}

std::vector<std::string> headline_metrics() {
  return {"pods_running",         "pods_displaced",    "pods_lost", "recovery_seconds.p50",
          "recovery_seconds.p99", "detection_seconds", "evictions", "virtual_seconds"};
}

}  // namespace arcas::sim
