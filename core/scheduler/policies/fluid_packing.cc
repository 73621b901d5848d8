#include "core/scheduler/policies/fluid_packing.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace arcas::policies {
namespace {

constexpr double kTolerance = 1e-7;
constexpr int kMostPivots = 20'000;
// Rows are scaled to similar sizes: cores by ten, memory by 40 GiB.
constexpr double kCpuUnit = 10'000;
constexpr double kMemoryUnit = 40'960;

/// A way to use devices of one shape: what it is worth, and what it takes of each row.
struct Column {
  double worth = 0;
  std::vector<std::pair<std::size_t, double>> takes;
};

/// The program max worth·x, takes·x <= limits, x >= 0, by the revised simplex method with an
/// explicit inverse of the basis. It begins with all rows slack, which is feasible.
class Simplex {
 public:
  explicit Simplex(std::vector<double> limits)
      : limits_(limits), solution_(std::move(limits)), prices_(limits_.size(), 0) {
    inverse_.resize(limits_.size() * limits_.size(), 0);
    for (std::size_t i = 0; i < limits_.size(); ++i) inverse_[i * limits_.size() + i] = 1;
  }

  [[nodiscard]] double price(std::size_t row) const { return prices_[row]; }
  [[nodiscard]] std::size_t rows() const { return limits_.size(); }
  [[nodiscard]] double value() const {
    double sum = 0;
    for (std::size_t i = 0; i < limits_.size(); ++i) sum += std::max(0.0, prices_[i]) * limits_[i];
    return sum;
  }

  /// Brings the column into the basis. False if no row limits it, which bad input alone can cause.
  bool enter(const Column& column) {
    const std::size_t n = limits_.size();
    std::vector<double> direction(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
      for (const auto& [row, amount] : column.takes) direction[i] += inverse_[i * n + row] * amount;
    }
    const std::size_t leaves = leaving_row(direction);
    if (leaves == n) return false;
    double gain = column.worth;
    for (const auto& [row, amount] : column.takes) gain -= prices_[row] * amount;
    pivot(direction, leaves, gain);
    return true;
  }

 private:
  [[nodiscard]] std::size_t leaving_row(const std::vector<double>& direction) const {
    std::size_t leaves = limits_.size();
    double least = 0;
    for (std::size_t i = 0; i < limits_.size(); ++i) {
      if (direction[i] <= 1e-9) continue;
      const double ratio = solution_[i] / direction[i];
      const bool first = leaves == limits_.size();
      // Among equal ratios the largest pivot, for the sake of accuracy.
      if (first || ratio < least - 1e-12 ||
          (ratio < least + 1e-12 && direction[i] > direction[leaves])) {
        least = ratio;
        leaves = i;
      }
    }
    return leaves;
  }

  void pivot(const std::vector<double>& direction, std::size_t leaves, double gain) {
    const std::size_t n = limits_.size();
    const double step = solution_[leaves] / direction[leaves];
    double* row = inverse_.data() + leaves * n;
    for (std::size_t k = 0; k < n; ++k) row[k] /= direction[leaves];
    for (std::size_t i = 0; i < n; ++i) {
      if (i == leaves || direction[i] == 0) continue;
      solution_[i] = std::max(0.0, solution_[i] - step * direction[i]);
      double* other = inverse_.data() + i * n;
      for (std::size_t k = 0; k < n; ++k) other[k] -= direction[i] * row[k];
    }
    solution_[leaves] = step;
    for (std::size_t k = 0; k < n; ++k) prices_[k] += gain * row[k];
  }

  std::vector<double> limits_;
  std::vector<double> solution_;
  std::vector<double> prices_;
  std::vector<double> inverse_;
};

/// Finds columns that would pay, for given prices of the rows. Row k is kind k; behind the kinds
/// come the devices of each shape, then cpu and memory of each.
class Columns {
 public:
  Columns(const std::vector<FluidSupply>& supply, const std::vector<NodeShape>& shapes,
          FluidLimits limits)
      : supply_(supply), shapes_(shapes), all_limits_(limits == FluidLimits::devices_cpu_memory) {
    std::int32_t unit = kWholeDevice;
    for (const FluidSupply& kind : supply_) {
      if (kind.pod.devices == 1) unit = std::gcd(unit, kind.pod.device_milli);
    }
    unit_ = unit;
    slots_ = static_cast<std::size_t>(kWholeDevice / unit);
  }

  [[nodiscard]] std::vector<double> limits() const {
    std::vector<double> out;
    for (const FluidSupply& kind : supply_) out.push_back(kind.count);
    for (const NodeShape& shape : shapes_) {
      out.push_back(static_cast<double>(shape.count) * shape.node.device_count);
    }
    if (!all_limits_) return out;
    for (const NodeShape& shape : shapes_) {
      out.push_back(static_cast<double>(shape.count * shape.node.cpu_capacity) / kCpuUnit);
    }
    for (const NodeShape& shape : shapes_) {
      out.push_back(static_cast<double>(shape.count) *
                    (static_cast<double>(shape.node.memory_capacity) / kMemoryUnit));
    }
    return out;
  }

  [[nodiscard]] std::size_t device_row(std::size_t shape) const { return supply_.size() + shape; }

  /// The column of that shape that pays most per device; `pays` is how much.
  Column best(std::size_t shape, const Simplex& program, double& pays) const {
    std::vector<double> worth(slots_ + 1, 0);
    std::vector<std::size_t> kind_of(slots_ + 1, supply_.size());
    std::size_t several = supply_.size();
    pays = 0;
    for (std::size_t k = 0; k < supply_.size(); ++k) {
      const PodView& pod = supply_[k].pod;
      if (!allowed(pod, shapes_[shape].node)) continue;
      const double net = net_worth(k, shape, program);
      if (pod.devices == 1) {
        const auto slots = static_cast<std::size_t>(pod.device_milli / unit_);
        if (net <= worth[slots]) continue;
        worth[slots] = net;
        kind_of[slots] = k;
      } else {
        const double used = devices_of(pod);
        const double each = net / used - program.price(device_row(shape));
        if (each <= pays) continue;
        pays = each;
        several = k;
      }
    }
    Column column = fill(shape, worth, kind_of, program, pays);
    if (!column.takes.empty() || several == supply_.size()) return column;
    column.worth = devices_of(supply_[several].pod);
    add(column, several, 1, shape);
    column.takes.emplace_back(device_row(shape), column.worth);
    return column;
  }

 private:
  static double devices_of(const PodView& pod) {
    return static_cast<double>(pod.total_milli()) / kWholeDevice;
  }
  [[nodiscard]] bool allowed(const PodView& pod, const NodeView& node) const {
    return pod.devices > 0 && pod.devices <= node.device_count &&
           ((pod.models >> node.model) & 1U) != 0 &&
           (!all_limits_ ||
            (pod.cpu_milli <= node.cpu_capacity && pod.memory_mib <= node.memory_capacity));
  }
  [[nodiscard]] double net_worth(std::size_t kind, std::size_t shape,
                                 const Simplex& program) const {
    const PodView& pod = supply_[kind].pod;
    double net = devices_of(pod) - program.price(kind);
    if (!all_limits_) return net;
    net -= program.price(cpu_row(shape)) * (static_cast<double>(pod.cpu_milli) / kCpuUnit);
    return net -
           program.price(memory_row(shape)) * (static_cast<double>(pod.memory_mib) / kMemoryUnit);
  }
  [[nodiscard]] std::size_t cpu_row(std::size_t shape) const {
    return supply_.size() + shapes_.size() + shape;
  }
  [[nodiscard]] std::size_t memory_row(std::size_t shape) const {
    return supply_.size() + 2 * shapes_.size() + shape;
  }

  /// Adds `count` pods of the kind to what the column takes of supply, cpu and memory.
  void add(Column& column, std::size_t kind, double count, std::size_t shape) const {
    column.takes.emplace_back(kind, count);
    if (!all_limits_) return;
    const PodView& pod = supply_[kind].pod;
    column.takes.emplace_back(cpu_row(shape),
                              count * (static_cast<double>(pod.cpu_milli) / kCpuUnit));
    column.takes.emplace_back(memory_row(shape),
                              count * (static_cast<double>(pod.memory_mib) / kMemoryUnit));
  }

  /// One device filled best by pods that want one device: an unbounded knapsack over its slots.
  /// Empty unless it pays more than `pays`.
  Column fill(std::size_t shape, const std::vector<double>& worth,
              const std::vector<std::size_t>& kind_of, const Simplex& program, double& pays) const {
    std::vector<double> best(slots_ + 1, 0);
    std::vector<std::size_t> last(slots_ + 1, 0);  // size put in last; 0 leaves a slot empty
    for (std::size_t room = 1; room <= slots_; ++room) {
      best[room] = best[room - 1];
      for (std::size_t size = 1; size <= room; ++size) {
        if (kind_of[size] == supply_.size()) continue;
        const double total = best[room - size] + worth[size];
        if (total <= best[room] + 1e-12) continue;
        best[room] = total;
        last[room] = size;
      }
    }
    Column column;
    const double net = best[slots_] - program.price(device_row(shape));
    if (net <= pays) return column;
    pays = net;
    for (std::size_t room = slots_; room > 0;) {
      if (last[room] == 0) {
        --room;
        continue;
      }
      const std::size_t kind = kind_of[last[room]];
      column.worth += devices_of(supply_[kind].pod);
      add(column, kind, 1, shape);
      room -= last[room];
    }
    column.takes.emplace_back(device_row(shape), 1.0);
    return column;
  }

  const std::vector<FluidSupply>& supply_;
  const std::vector<NodeShape>& shapes_;
  bool all_limits_;
  std::int32_t unit_ = 1;
  std::size_t slots_ = kWholeDevice;
};

/// The slack of the row whose price is furthest below 0, as a column; empty if none is.
Column slack_that_pays(const Simplex& program, double& pays) {
  Column column;
  for (std::size_t row = 0; row < program.rows(); ++row) {
    if (-program.price(row) <= pays) continue;
    pays = -program.price(row);
    column.takes.assign(1, {row, 1.0});
  }
  return column;
}

/// Pivots until no column pays. Asks shape after shape and takes the first few that pay.
void solve(Simplex& program, const Columns& columns, std::size_t shapes) {
  std::size_t turn = 0;
  for (int pivots = 0; pivots < kMostPivots; ++pivots) {
    double most = kTolerance;
    Column chosen = slack_that_pays(program, most);
    for (std::size_t asked = 0; asked < shapes; ++asked, ++turn) {
      double pays = 0;
      Column column = columns.best(turn % shapes, program, pays);
      if (pays > most) {
        most = pays;
        chosen = std::move(column);
      }
      if (asked >= 3 && most > kTolerance) break;
    }
    if (chosen.takes.empty() || !program.enter(chosen)) return;
  }
}

}  // namespace

FluidPacking solve_fluid_packing(const std::vector<FluidSupply>& supply,
                                 const std::vector<NodeShape>& shapes, FluidLimits limits) {
  FluidPacking packing;
  const Columns columns(supply, shapes, limits);
  Simplex program(columns.limits());
  if (!shapes.empty()) solve(program, columns, shapes.size());
  packing.allocated = program.value();
  for (std::size_t k = 0; k < supply.size(); ++k) {
    packing.gain.push_back(std::max(0.0, program.price(k)));
  }
  double devices = 0;
  double worth = 0;
  for (std::size_t shape = 0; shape < shapes.size(); ++shape) {
    // What still pays is added, so that the bound holds even if the pivots ran out.
    double pays = 0;
    (void)columns.best(shape, program, pays);
    const double count = static_cast<double>(shapes[shape].count) * shapes[shape].node.device_count;
    packing.allocated += count * std::max(0.0, pays);
    devices += count;
    worth += count * program.price(columns.device_row(shape));
  }
  packing.device_worth = devices > 0 ? worth / devices : 0;
  return packing;
}

}  // namespace arcas::policies
