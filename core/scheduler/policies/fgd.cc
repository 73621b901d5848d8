#include <algorithm>
#include <array>

#include "core/scheduler/policies/builtin.h"
#include "core/scheduler/policies/fragmentation.h"

namespace arcas::policies {
namespace {

/// ln(s / (100 - s)) in units of 10^-9, rounded up, for s = 51 .. 99.
constexpr std::array<std::int64_t, 49> kLogit{
    40'005'335,    80'042'708,    120'144'312,   160'342'651,   200'670'696,   241'162'057,
    281'851'153,   322'773'393,   363'965'378,   405'465'109,   447'312'219,   489'548'226,
    532'216'814,   575'364'145,   619'039'209,   663'294'218,   708'185'058,   753'771'803,
    800'119'301,   847'297'861,   895'384'048,   944'461'609,   994'622'576,   1'045'968'556,
    1'098'612'289, 1'152'679'510, 1'208'311'206, 1'265'666'374, 1'324'925'415, 1'386'294'362,
    1'450'010'176, 1'516'347'490, 1'585'627'264, 1'658'228'077, 1'734'601'056, 1'815'289'967,
    1'900'958'762, 1'992'430'165, 2'090'741'097, 2'197'224'578, 2'313'634'930, 2'442'347'036,
    2'586'689'345, 2'751'535'314, 2'944'438'980, 3'178'053'831, 3'476'098'690, 3'891'820'299,
    4'595'119'851};

/// trunc(100 / (1 + e^-x)) for x = numerator / denominator without floating point: the greatest
/// score whose logit is at most x. Exact but for x within 10^-9 of such a logit.
std::int64_t hundred_sigmoids(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0) return 50;
  const __int128 scaled = __int128{numerator} * 1'000'000'000;
  const auto reaches = [&](std::int64_t score) {
    if (score == 50) return numerator >= 0;
    const auto at = static_cast<std::size_t>(score > 50 ? score - 51 : 49 - score);
    const __int128 logit = score > 50 ? kLogit[at] : -kLogit[at];
    return scaled >= logit * denominator;
  };
  std::int64_t low = 0;  // reached
  std::int64_t high = 100;
  while (high - low > 1) {
    const std::int64_t middle = (low + high) / 2;
    (reaches(middle) ? low : high) = middle;
  }
  return low;
}

/// Fragmentation gradient descent: the node whose fragmentation grows least, on a scale of 101
/// steps. A sharing pod takes the device for which that is so. Source: Weng et al., "Beware of
/// Fragmentation", USENIX ATC 2023.
class Fgd final : public PlacementPolicy {
 public:
  explicit Fgd(const PolicySetup& setup) : fragmentation_(setup.typical) {}

  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    const std::int64_t before = fragmentation_.of(node);
    if (!pod.shares()) {
      const DeviceSet devices = tightest_devices(node, pod);
      return {rate(before - fragmentation_.after(node, pod, devices)), devices};
    }
    Placement best{-1, 0};
    std::uint32_t seen = 0;
    for (std::size_t i = 0; i < node.device_count; ++i) {
      if (node.free[i] < pod.device_milli || seen == static_cast<std::uint32_t>(node.free[i]))
        continue;
      seen = static_cast<std::uint32_t>(node.free[i]);
      const auto devices = static_cast<DeviceSet>(1U << i);
      const std::int64_t score = rate(before - fragmentation_.after(node, pod, devices));
      if (score > best.score) best = {score, devices};
    }
    return best;
  }

 private:
  [[nodiscard]] std::int64_t rate(std::int64_t gain) const {
    return hundred_sigmoids(gain, kWholeDevice * fragmentation_.total_weight());
  }
  Fragmentation fragmentation_;
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_fgd(const PolicySetup& setup) {
  return std::make_unique<Fgd>(setup);
}

}  // namespace arcas::policies
