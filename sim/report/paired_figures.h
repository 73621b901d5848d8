#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace arcas::sim {

// Statistics over runs. A figure that a run does not have is NaN everywhere here.

struct MeanInterval {
  double mean = 0;        ///< NaN: there are no values
  double half_width = 0;  ///< of its confidence interval; NaN for less than two values
};

/// Mean of independent values with its confidence interval by Student's t. NaN values are left out.
/// `confidence` lies between 0 and 1, both excluded.
MeanInterval mean_with_interval(std::span<const double> values, double confidence);

/// One metric of two scenarios that were run with the same seeds.
struct PairedFigure {
  std::string metric;
  double mean_a = 0;  ///< over all runs that have it
  double mean_b = 0;
  double difference = 0;  ///< mean of b - a over the pairs
  double interval = 0;    ///< half width of its confidence interval
  std::size_t pairs = 0;  ///< seeds at which both have it
  std::string verdict;    ///< in words, such as "lower in b at 95% confidence: b is better"
};

/// Common random numbers: `a[i]` and `b[i]` come from the same seed, so what both scenarios have in
/// common drops out of the differences, and those are what the interval is about.
/// Source: Law, "Simulation Modeling and Analysis", chapter on comparing two systems.
PairedFigure compare_pairs(std::string_view metric, std::span<const double> a,
                           std::span<const double> b, double confidence);

/// What comparisons and sweeps look at unless told otherwise.
std::vector<std::string> headline_metrics();

}  // namespace arcas::sim
