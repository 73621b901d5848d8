#include "sim/placement/paper.h"

#include <algorithm>
#include <array>

namespace arcas::sim {
namespace {

constexpr double kNone = -1;

struct Tolerance {
  std::string_view policy;
  double allocation;
  double fragmentation;
};
/// In the order of the columns below.
constexpr std::array<Tolerance, 6> kColumns{{{"random", 0.8, 1.2},
                                             {"dot-product", 0.4, 1.7},
                                             {"clustering", 1.0, 4.0},
                                             {"packing", 1.0, 4.0},
                                             {"best-fit", 0.4, 1.2},
                                             {"fgd", 0.3, 0.5}}};

struct Row {
  std::string_view workload;
  std::array<double, 6> allocated_100;
  std::array<double, 6> allocated_130;
  std::array<double, 6> fragmented_of_free_80;
};
constexpr std::array<Row, 17> kRows{{
    {"default",
     {{86.30, 90.62, 91.65, 91.78, 92.86, 95.23}},
     {{87.47, 90.85, 91.88, 92.00, 93.08, 95.39}},
     {{74.64, 50.50, 46.86, 46.43, 41.49, 29.86}}},
    {"cpu050",
     {{89.02, 93.03, 93.52, 93.46, 93.56, 95.00}},
     {{91.24, 93.27, 93.79, 93.72, 93.79, 95.21}},
     {{58.10, 34.67, 32.14, 32.51, 32.37, 23.16}}},
    {"cpu100",
     {{87.44, 91.73, 92.42, 92.50, 93.26, 95.21}},
     {{89.11, 91.96, 92.64, 92.72, 93.44, 95.35}},
     {{67.10, 43.79, 40.94, 40.99, 37.37, 27.23}}},
    {"cpu200",
     {{83.03, 87.46, 89.67, 89.98, 92.15, 94.82}},
     {{83.77, 87.70, 89.92, 90.22, 92.40, 95.04}},
     {{kNone, kNone, kNone, kNone, kNone, kNone}}},
    {"cpu250",
     {{80.00, 83.57, 87.75, 88.05, 91.21, 93.20}},
     {{80.41, 83.80, 87.99, 88.28, 91.45, 93.41}},
     {{kNone, kNone, kNone, kNone, kNone, kNone}}},
    {"gpushare40",
     {{84.86, 89.30, 89.76, 89.77, 91.44, 93.96}},
     {{86.00, 89.56, 90.02, 90.03, 91.69, 94.15}},
     {{81.09, 56.20, 55.12, 55.22, 47.46, 34.82}}},
    {"gpushare60",
     {{82.81, 86.82, 86.90, 87.15, 89.06, 91.26}},
     {{83.65, 87.12, 87.20, 87.45, 89.36, 91.40}},
     {{92.61, 67.31, 67.03, 66.32, 57.47, 46.05}}},
    {"gpushare80",
     {{80.62, 84.14, 84.50, 84.65, 86.66, 89.08}},
     {{81.22, 84.49, 84.85, 85.00, 87.01, 89.30}},
     {{kNone, kNone, kNone, kNone, kNone, kNone}}},
    {"gpushare100",
     {{78.90, 81.98, 82.22, 82.13, 84.62, 86.64}},
     {{79.44, 82.42, 82.65, 82.57, 85.01, 86.90}},
     {{kNone, kNone, kNone, kNone, kNone, kNone}}},
    {"multigpu20",
     {{86.92, 91.85, 93.34, 93.50, 93.73, 95.53}},
     {{88.69, 92.06, 93.56, 93.71, 93.93, 95.65}},
     {{60.58, 44.96, 38.65, 38.46, 37.53, 28.48}}},
    {"multigpu30",
     {{86.63, 93.11, 94.55, 94.70, 94.57, 96.36}},
     {{89.27, 93.28, 94.72, 94.87, 94.72, 96.46}},
     {{kNone, kNone, kNone, kNone, kNone, kNone}}},
    {"multigpu40",
     {{85.38, 94.04, 95.35, 95.59, 95.10, 96.91}},
     {{90.09, 94.19, 95.50, 95.74, 95.24, 96.99}},
     {{45.92, 35.38, 29.23, 29.04, 31.24, 23.70}}},
    {"multigpu50",
     {{81.28, 94.73, 95.69, 96.06, 95.62, 97.09}},
     {{90.28, 94.85, 95.81, 96.18, 95.74, 97.18}},
     {{kNone, kNone, kNone, kNone, kNone, kNone}}},
    {"gpuspec10",
     {{86.26, 90.17, 91.96, 92.24, 93.10, 94.66}},
     {{87.43, 90.39, 92.18, 92.46, 93.30, 94.95}},
     {{71.41, 47.65, 43.12, 42.33, 38.66, 32.32}}},
    {"gpuspec20",
     {{85.90, 88.29, 89.11, 89.28, 88.46, 94.66}},
     {{87.24, 89.97, 92.24, 92.94, 93.30, 94.84}},
     {{kNone, kNone, kNone, kNone, kNone, kNone}}},
    {"gpuspec25",
     {{85.42, 85.44, 86.41, 86.77, 85.67, 93.91}},
     {{86.94, 89.63, 92.08, 92.98, 93.23, 94.74}},
     {{66.51, 49.22, 45.66, 43.97, 42.17, 40.75}}},
    {"gpuspec33",
     {{83.87, 79.82, 81.09, 82.22, 80.40, 87.84}},
     {{86.46, 89.14, 92.12, 93.22, 93.09, 94.55}},
     {{kNone, kNone, kNone, kNone, kNone, kNone}}},
}};

}  // namespace

std::optional<PublishedResult> published_result(std::string_view workload,
                                                std::string_view policy) {
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const Row& r) { return r.workload == workload; });
  const auto column = std::find_if(kColumns.begin(), kColumns.end(),
                                   [&](const Tolerance& t) { return t.policy == policy; });
  if (row == kRows.end() || column == kColumns.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(column - kColumns.begin());
  PublishedResult result;
  result.allocated_100 = row->allocated_100[at];
  result.allocated_130 = row->allocated_130[at];
  if (row->fragmented_of_free_80[at] != kNone) {
    result.fragmented_of_free_80 = row->fragmented_of_free_80[at];
  }
  result.allocation_tolerance = column->allocation;
  result.fragmentation_tolerance = column->fragmentation;
  return result;
}

}  // namespace arcas::sim
