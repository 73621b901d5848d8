#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/scheduler/policies/policy.h"

namespace arcas::policies {

/// A kind of pod and how many of it there are, not necessarily a whole number.
struct FluidSupply {
  PodView pod;
  double count = 0;
};

/// The most device capacity that pods could ever get, and what limits it.
struct FluidPacking {
  /// Devices allocated; no placement of at most that supply on those nodes gets more.
  double allocated = 0;
  /// For each kind, devices that one more pod of it would add.
  std::vector<double> gain;
  /// Devices that one more device of an average node would add.
  double device_worth = 0;
};

/// Whether cpu and memory limit the packing too, each pooled over the nodes of one shape.
enum class FluidLimits : std::uint8_t { devices, devices_cpu_memory };

/// Solves the fluid packing: how many devices of each node shape are filled in which way (a
/// multiset of sharing pods on one device, or a share of a pod that takes several), fractions
/// allowed, such that the most device capacity is allocated, no kind is used beyond its supply, and
/// every shape's devices (and cpu and memory) suffice. Since fractions are allowed and cpu is
/// pooled, the value is an upper bound for every placement, also for one that refuses pods at will.
///
/// A linear program by column generation: the ways to fill a device are found by a knapsack over
/// its thousandths. Computed in binary64 with + - * / and comparisons alone, in a fixed order, so
/// the result is the same on every machine. Cost: about 20 ms for 35 kinds, 100 ms for 150 kinds
/// and 15 shapes. Source: Gilmore and Gomory, Operations Research 9(6), 1961.
FluidPacking solve_fluid_packing(const std::vector<FluidSupply>& supply,
                                 const std::vector<NodeShape>& shapes, FluidLimits limits);

}  // namespace arcas::policies
