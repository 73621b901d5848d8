#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/scheduler/policies/policy.h"

namespace arcas::policies {

/// What a node's free devices are good for: how many devices' worth of the pods that usually arrive
/// they could still serve, in millionths of a device. Integers throughout.
///
/// 1. Every typical kind has a price, the devices that serving one such pod costs for good: 1 for a
///    pod of 810 thousandths if hardly any pod fits beside it, 1/2 if two of them make a pair, next
///    to 0 for one so small that it fits what others leave (`price_typical_pods`).
/// 2. A device with f thousandths free is worth the dearest multiset of typical pods that fits f;
///    whole devices also by pods that want several.
/// 3. A device serves a pod only as far as cpu lasts. With worth x and free cpu c, each device's
///    share is c / x, and a fraction of E[min(cpu of a pod, c / x)] / E[cpu of a pod] is served,
///    the cpu of a pod being per device of price. That fraction counts for a tenth of the worth.
///
/// Cost of `of`: O(devices + log kinds), about 30 ns for 8 devices. Memory: 8 KB for each model.
class NodeWorth {
 public:
  static constexpr std::int64_t kDevice = 1'000'000;

  explicit NodeWorth(const PolicySetup& setup);

  /// Worth of what is free on the node.
  [[nodiscard]] std::int64_t of(const NodeView& node) const;

 private:
  /// The cpu that typical pods of one model want per device, as steps of a concave function.
  struct CpuStep {
    std::int64_t cpu = 0;  ///< of a pod that costs `price`
    std::int64_t price = 1;
    std::int64_t served = 0;        ///< share of all cpu that kinds up to here want, in 2^-30
    std::int64_t rest_per_cpu = 0;  ///< price of the kinds behind, per cpu of all kinds, in 2^-20
  };
  struct Model {
    std::array<std::int64_t, kWholeDevice + 1> part{};   ///< by free thousandths of a device
    std::array<std::int64_t, kMostDevices + 1> whole{};  ///< by number of whole devices
    std::vector<CpuStep> cpu;  ///< by rising cpu per price; the first serves nothing
  };

  using Prices = std::vector<std::int64_t>;
  static void price_parts(const std::vector<TypicalPod>& typical, const Prices& prices,
                          std::size_t number, Model& model);
  static void price_whole_devices(const std::vector<TypicalPod>& typical, const Prices& prices,
                                  std::size_t number, Model& model);
  static void list_cpu_demands(const std::vector<TypicalPod>& typical, const Prices& prices,
                               std::size_t number, Model& model);
  [[nodiscard]] static std::int64_t served(const Model& model, std::int64_t worth,
                                           std::int64_t cpu_free);

  std::vector<Model> models_;  ///< by number; a model behind the last is treated like the last
};

/// Price of each typical kind in millionths of a device: 7 parts in 10 what the fluid packing of an
/// amount of typical pods that would just fill the cluster's devices says, 3 parts its own size.
/// The second part tells apart kinds that the packing thinks equal, so that the larger gets the
/// hole that both would fill. Without shapes of nodes: its size.
std::vector<std::int64_t> price_typical_pods(const PolicySetup& setup);

}  // namespace arcas::policies
