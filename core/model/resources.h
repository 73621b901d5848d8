#pragma once

#include <cstdint>
#include <vector>

#include "core/base/id.h"

namespace arcas::model {

/// Resource kinds every catalog knows, in this order. Others (GPUs, huge pages…) follow by name.
inline constexpr ResourceId kCpu{0};               ///< milli-cpu
inline constexpr ResourceId kMemory{1};            ///< bytes
inline constexpr ResourceId kEphemeralStorage{2};  ///< bytes
inline constexpr ResourceId kPods{3};              ///< count

/// Amounts by resource kind, sorted by kind, no zero entries dropped silently: an absent kind is 0.
/// Units: milli-cpu, bytes, or whole items, rounded up. Amounts are never negative.
///
/// Kubernetes rounds a pod's sum, not what each container asks for: two containers of 500u cpu are
/// 1 milli-cpu together. So an item also knows by how much it is rounded, and sums stay exact.
class ResourceList {
 public:
  struct Item {
    ResourceId kind;
    std::uint32_t excess = 0;  ///< what rounding up added, in billionths of a unit; below a unit
    std::int64_t amount = 0;
    constexpr auto operator<=>(const Item&) const = default;
  };
  static constexpr std::uint32_t kBillion = 1'000'000'000;

  /// Amount of a kind; 0 when absent. Cost: linear in the few kinds present.
  [[nodiscard]] std::int64_t get(ResourceId kind) const;
  /// Whether the kind is named, be it with 0.
  [[nodiscard]] bool has(ResourceId kind) const;
  /// `excess` is that of Item.
  void set(ResourceId kind, std::int64_t amount, std::uint32_t excess = 0);
  /// Adds; saturates at the largest int64 instead of overflowing.
  void add(ResourceId kind, std::int64_t amount, std::uint32_t excess = 0);
  void add(const ResourceList& other);
  /// Takes the larger amount, kind by kind.
  void max_with(const ResourceList& other);

  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  bool operator==(const ResourceList&) const = default;

 private:
  /// The item of a kind, made if there is none.
  Item& at(ResourceId kind);

  std::vector<Item> items_;
};

std::uint64_t hash_value(const ResourceList& list);

}  // namespace arcas::model
