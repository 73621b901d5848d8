#pragma once

#include <compare>
#include <cstdint>

namespace arcas {

/// A dense 32-bit index, handed out in order and usable as a vector index. The tag keeps ids of
/// different things apart. The largest value means "none".
template <class Tag>
struct Id {
  static constexpr std::uint32_t kNone = 0xffffffffU;
  std::uint32_t index = kNone;

  constexpr auto operator<=>(const Id&) const = default;
  [[nodiscard]] constexpr bool valid() const { return index != kNone; }
  constexpr explicit operator bool() const { return valid(); }
};

using NodeId = Id<struct NodeTag>;            ///< a machine; see model::Catalog::nodes
using ZoneId = Id<struct ZoneTag>;            ///< an availability zone
using RackId = Id<struct RackTag>;            ///< a rack (power and top-of-rack switch)
using TenantId = Id<struct TenantTag>;        ///< a tenant; tenant 0 is `system`
using NamespaceId = Id<struct NamespaceTag>;  ///< a namespace of one tenant (the pair is interned)
using StringId = Id<struct StringTag>;        ///< an interned string
using ResourceId = Id<struct ResourceTag>;    ///< a resource kind: cpu, memory, example.com/gpu…
using LabelSetId = Id<struct LabelSetTag>;    ///< an interned, sorted set of labels
using SelectorId = Id<struct SelectorTag>;    ///< an interned label selector
using SpecId = Id<struct SpecTag>;            ///< an interned PodSpec: the equivalence class
using ActorId = Id<struct ActorTag>;          ///< a role instance
using PartitionId = Id<struct PartitionTag>;  ///< a tenant or resource partition

/// Identity of an object, never reused: partition in the upper 16 bits, a sequence number that the
/// partition's store hands out in the lower 48. 0 means "none".
struct Uid {
  std::uint64_t value = 0;

  constexpr auto operator<=>(const Uid&) const = default;
  [[nodiscard]] constexpr bool valid() const { return value != 0; }
  [[nodiscard]] constexpr std::uint32_t partition() const {
    return static_cast<std::uint32_t>(value >> 48U);
  }
  [[nodiscard]] constexpr std::uint64_t sequence() const { return value & 0xffffffffffffULL; }
  static constexpr Uid make(std::uint32_t partition, std::uint64_t sequence) {
    return {(static_cast<std::uint64_t>(partition) << 48U) | sequence};
  }
};

/// Revision of one partition's store: one per commit, strictly increasing. 0 means "none".
using Revision = std::uint64_t;

}  // namespace arcas
