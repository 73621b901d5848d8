#include "core/scheduler/policies/node_worth.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "core/scheduler/policies/fluid_packing.h"

namespace arcas::policies {
namespace {

constexpr std::int64_t kServedUnit = std::int64_t{1} << 30U;
constexpr std::int64_t kPerCpuUnit = std::int64_t{1} << 20U;
/// The least price that counts for cpu: kinds that cost next to nothing say nothing about a device.
constexpr std::int64_t kLeastPrice = NodeWorth::kDevice / 50;
/// One part in ten of a node's worth hangs on cpu.
constexpr std::int64_t kCpuParts = 1;
constexpr std::int64_t kAllParts = 10;

std::int64_t size_of(const PodView& pod) {
  return pod.total_milli() * (NodeWorth::kDevice / kWholeDevice);
}

bool runs_on(const PodView& pod, std::size_t model) { return ((pod.models >> model) & 1U) != 0; }

}  // namespace

std::vector<std::int64_t> price_typical_pods(const PolicySetup& setup) {
  double devices = 0;
  for (const NodeShape& shape : setup.shapes) {
    devices += static_cast<double>(shape.count) * shape.node.device_count;
  }
  double asked = 0;
  for (const TypicalPod& kind : setup.typical) {
    asked += static_cast<double>(kind.weight) * static_cast<double>(kind.pod.total_milli());
  }
  std::vector<std::int64_t> prices;
  for (const TypicalPod& kind : setup.typical) prices.push_back(size_of(kind.pod));
  if (devices == 0 || asked == 0) return prices;
  std::vector<FluidSupply> supply;
  for (const TypicalPod& kind : setup.typical) {
    supply.push_back({kind.pod, static_cast<double>(kind.weight) * devices * kWholeDevice / asked});
  }
  const FluidPacking packing = solve_fluid_packing(supply, setup.shapes, FluidLimits::devices);
  if (packing.device_worth <= 0) return prices;
  for (std::size_t k = 0; k < prices.size(); ++k) {
    if (setup.typical[k].pod.devices == 0) continue;
    const double own = static_cast<double>(prices[k]) / NodeWorth::kDevice;
    const double rent = std::max(0.0, own - packing.gain[k]) / packing.device_worth;
    const double price = 0.7 * rent + 0.3 * own;
    prices[k] = static_cast<std::int64_t>(std::floor(price * NodeWorth::kDevice + 0.5));
  }
  return prices;
}

void NodeWorth::price_parts(const std::vector<TypicalPod>& typical, const Prices& prices,
                            std::size_t number, Model& model) {
  std::array<std::int64_t, kWholeDevice + 1> dearest{};  // of the kinds of one size
  std::vector<std::size_t> sizes;
  for (std::size_t k = 0; k < typical.size(); ++k) {
    const PodView& pod = typical[k].pod;
    if (pod.devices != 1 || !runs_on(pod, number)) continue;
    const auto size = static_cast<std::size_t>(pod.device_milli);
    sizes.push_back(size);
    dearest[size] = std::max(dearest[size], prices[k]);
  }
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  for (std::size_t free = 1; free < model.part.size(); ++free) {
    model.part[free] = model.part[free - 1];
    for (const std::size_t size : sizes) {
      if (size > free) break;
      model.part[free] = std::max(model.part[free], model.part[free - size] + dearest[size]);
    }
  }
}

void NodeWorth::price_whole_devices(const std::vector<TypicalPod>& typical, const Prices& prices,
                                    std::size_t number, Model& model) {
  for (std::size_t count = 1; count < model.whole.size(); ++count) {
    model.whole[count] = model.whole[count - 1] + model.part[kWholeDevice];
    for (std::size_t k = 0; k < typical.size(); ++k) {
      const auto wanted = static_cast<std::size_t>(typical[k].pod.devices);
      if (wanted < 2 || wanted > count || !runs_on(typical[k].pod, number)) continue;
      model.whole[count] = std::max(model.whole[count], model.whole[count - wanted] + prices[k]);
    }
  }
}

void NodeWorth::list_cpu_demands(const std::vector<TypicalPod>& typical, const Prices& prices,
                                 std::size_t number, Model& model) {
  struct Demand {
    std::int64_t cpu, price;
    double weighted_cpu, weighted_price;
  };
  std::vector<Demand> demands;
  double all_cpu = 0;
  double rest_price = 0;
  for (std::size_t k = 0; k < typical.size(); ++k) {
    const PodView& pod = typical[k].pod;
    if (prices[k] < kLeastPrice || !runs_on(pod, number)) continue;
    const auto weight = static_cast<double>(typical[k].weight);
    demands.push_back({pod.cpu_milli, prices[k], weight * static_cast<double>(pod.cpu_milli),
                       weight * static_cast<double>(prices[k])});
    all_cpu += demands.back().weighted_cpu;
    rest_price += demands.back().weighted_price;
  }
  if (all_cpu == 0) return;
  std::stable_sort(demands.begin(), demands.end(), [](const Demand& a, const Demand& b) {
    return a.cpu * b.price < b.cpu * a.price;
  });
  double cpu = 0;
  const auto add = [&](std::int64_t last_cpu, std::int64_t last_price) {
    model.cpu.push_back({last_cpu, last_price,
                         static_cast<std::int64_t>(cpu / all_cpu * kServedUnit),
                         static_cast<std::int64_t>(rest_price / all_cpu * kPerCpuUnit)});
  };
  add(0, 1);
  for (const Demand& demand : demands) {
    cpu += demand.weighted_cpu;
    rest_price = std::max(0.0, rest_price - demand.weighted_price);
    add(demand.cpu, demand.price);
  }
}

NodeWorth::NodeWorth(const PolicySetup& setup) {
  const std::vector<std::int64_t> prices = price_typical_pods(setup);
  std::size_t models = 1;
  for (const NodeShape& shape : setup.shapes) {
    models = std::max<std::size_t>(models, std::size_t{shape.node.model} + 1);
  }
  for (const TypicalPod& kind : setup.typical) {
    if (kind.pod.models != kAnyModel) {
      models =
          std::max<std::size_t>(models, static_cast<std::size_t>(std::bit_width(kind.pod.models)));
    }
  }
  for (std::size_t model = 0; model < models; ++model) {
    Model& made = models_.emplace_back();
    price_parts(setup.typical, prices, model, made);
    price_whole_devices(setup.typical, prices, model, made);
    list_cpu_demands(setup.typical, prices, model, made);
  }
}

/// worth times the served fraction: the sum over kinds of min(its cpu × worth, its price ×
/// cpu_free), over all cpu. Kinds whose cpu per price the node's share covers are served in full.
std::int64_t NodeWorth::served(const Model& model, std::int64_t worth, std::int64_t cpu_free) {
  const auto behind = std::partition_point(
      model.cpu.begin() + 1, model.cpu.end(),
      [&](const CpuStep& step) { return step.cpu * worth <= cpu_free * step.price; });
  const CpuStep& step = *(behind - 1);
  return worth * step.served / kServedUnit + cpu_free * step.rest_per_cpu / kPerCpuUnit;
}

std::int64_t NodeWorth::of(const NodeView& node) const {
  if (node.device_count == 0) return 0;
  const Model& model = models_[std::min<std::size_t>(node.model, models_.size() - 1)];
  std::int64_t worth = 0;
  std::size_t whole = 0;
  for (std::size_t i = 0; i < node.device_count; ++i) {
    if (node.free[i] == kWholeDevice) {
      ++whole;
    } else {
      worth += model.part[static_cast<std::size_t>(node.free[i])];
    }
  }
  worth += model.whole[whole];
  if (worth == 0 || model.cpu.empty()) return worth;
  const std::int64_t with_cpu = served(model, worth, node.cpu_free);
  return ((kAllParts - kCpuParts) * worth + kCpuParts * with_cpu) / kAllParts;
}

}  // namespace arcas::policies
