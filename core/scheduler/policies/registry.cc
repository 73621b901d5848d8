#include "core/scheduler/policies/registry.h"

#include <array>
#include <utility>

#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

constexpr std::int64_t kMostAmount = std::int64_t{1} << 31U;

constexpr std::array<PolicyInfo, 11> kPolicies{{
    {"alpha-evolve", "balances the shares of free cpu and memory that the pod takes",
     "Novikov et al., AlphaEvolve, 2025 (score found for Borg)", make_alpha_evolve},
    {"arcas", "the node whose free devices lose the least worth for pods still to come",
     "docs/policies.md", make_arcas},
    {"best-fit", "the node left with the least cpu and devices, on one scale for all nodes",
     "Weng et al., USENIX ATC 2023", make_best_fit},
    {"clustering", "pods of one class (sharing, 1, 2, 4, 8 devices) together",
     "Xiao et al., OSDI 2018 (Gandiva); Weng et al. 2023", make_clustering},
    {"dot-product", "the smallest product of free amounts and request",
     "Grandl et al., SIGCOMM 2014 (Tetris); Weng et al. 2023", make_dot_product},
    {"fgd", "fragmentation gradient descent: the least growth of fragmentation",
     "Weng et al., USENIX ATC 2023", make_fgd},
    {"first-fit", "the first node that fits, in the caller's order", "folklore", make_first_fit},
    {"least-waste", "the node left with the least, as shares of its own capacity",
     "after Kubernetes's cluster autoscaler, expander least-waste", make_least_waste},
    {"packing", "shared devices first, then used nodes, then unused ones",
     "Weng et al., NSDI 2022; Weng et al. 2023", make_packing},
    {"random", "uniform among the nodes and devices that fit", "folklore", make_random},
    {"worst-fit", "the node left with the most cpu and devices", "folklore", make_worst_fit},
}};

bool in_range(std::int64_t value) { return value >= 1 && value <= kMostAmount; }

bool valid(const PodView& pod) {
  const auto amount = [](std::int64_t value) { return value == 0 || in_range(value); };
  const bool sized = pod.devices == 0 ? pod.device_milli == 0
                                      : pod.device_milli >= 1 && pod.device_milli <= kWholeDevice;
  return amount(pod.cpu_milli) && amount(pod.memory_mib) && sized && pod.devices >= 0 &&
         pod.devices <= static_cast<std::int32_t>(kMostDevices);
}

}  // namespace

std::span<const PolicyInfo> all_policies() { return kPolicies; }

Expected<PolicyInfo> find_policy(std::string_view name) {
  std::string names;
  for (const PolicyInfo& info : kPolicies) {
    if (info.name == name) return info;
    if (!names.empty()) names += ", ";
    names += info.name;
  }
  std::string message = "\"";
  message += name.substr(0, 80);
  message += "\" is not a placement policy; allowed: ";
  message += names;
  return Status::invalid(std::move(message));
}

Expected<std::unique_ptr<PlacementPolicy>> make_policy(std::string_view name,
                                                       const PolicySetup& setup) {
  const auto info = find_policy(name);
  if (!info) return info.error();
  if (!in_range(setup.cpu_scale_milli) || !in_range(setup.device_scale_milli)) {
    return Status::invalid("scales of a placement policy; allowed: from 1 to 2147483648");
  }
  for (const TypicalPod& kind : setup.typical) {
    if (!in_range(kind.weight) || !valid(kind.pod)) {
      return Status::invalid(
          "typical pods of a placement policy; allowed: weights from 1 to 2147483648, cpu and "
          "memory from 0 to that, up to 16 devices, 1 to 1000 thousandths of each");
    }
  }
  for (const NodeShape& shape : setup.shapes) {
    if (!in_range(shape.count) || shape.node.device_count > kMostDevices ||
        shape.node.model >= kMostModels) {
      return Status::invalid(
          "node shapes of a placement policy; allowed: counts from 1 to 2147483648, up to 16 "
          "devices, models below 64");
    }
  }
  return info->make(setup);
}

}  // namespace arcas::policies
