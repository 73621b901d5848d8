#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "core/base/id.h"

namespace arcas::scheduler::batch {

/// Amounts by ResourceId, in the resource's own unit (milli-cpu, bytes, items). Kinds beyond the
/// end are 0. The column model::kPods counts pods like any other resource.
using ResourceRow = std::vector<std::int64_t>;

/// Sums of amounts over nodes: 2^53 on each of 2^32 nodes does not overflow.
using Wide = __int128;

/// Stands for "no limit" where a number of pods limits something.
inline constexpr std::uint32_t kUnlimited = 0xffffffffU;

/// Pods that differ in nothing that placement reads: one workload, as a rule.
struct PodClass {
  std::string name;  ///< its owner's name for it, "shop/web-*"; read by explanations alone
  TenantId tenant;
  std::int32_t priority = 0;  ///< a higher one is placed first
  std::uint32_t count = 0;    ///< pods to place
  ResourceRow demand;         ///< of one pod; a pod counts 1 in the column model::kPods
  /// Most pods of this batch by domain; 0 forbids the domain. Empty: no limit anywhere. What is
  /// there already is the caller's to subtract.
  std::vector<std::uint32_t> domain_limits;
  /// Node kinds that pass the class's static filters, ascending. Empty: every kind does.
  std::vector<std::uint32_t> node_kinds;
  /// Most pods of this batch on one node; at least 1.
  std::uint32_t max_per_node = kUnlimited;
};

/// Room on one node. A node that is to take nothing (lost, cordoned) is left out of the input.
struct NodeRoom {
  NodeId node;
  std::uint32_t domain = 0;  ///< zone, or rack: what `domain_limits` counts by
  std::uint32_t kind = 0;    ///< nodes of one kind pass the same static filters (labels, taints)
  ResourceRow free;          ///< allocatable less taken; a negative amount counts as 0
};

/// A batch to place. Names are read by explanations alone.
struct BatchInput {
  std::vector<std::string> resource_names;  ///< by ResourceId; their number is that of the kinds
  std::vector<std::string> domain_names;
  std::vector<std::string> kind_names;
  std::vector<PodClass> classes;
  std::vector<NodeRoom> nodes;  ///< strictly ascending NodeId
  /// Where among the nodes of a class packing begins, in 2^-32 of their number; it goes round from
  /// there. Schedulers that place at the same time begin at different places and collide less.
  std::uint32_t turn = 0;
};

/// Largest amount of a resource, on a node or of a pod: 2^53.
inline constexpr std::int64_t kMaxAmount = std::int64_t{1} << 53U;
/// Most pods in a batch.
inline constexpr std::uint64_t kMaxPods = 100'000'000;

/// Whether the input is well formed. The message names the field path, what is wrong and what is
/// allowed. Cost: linear in the input.
Status validate(const BatchInput& input);

/// Amount of a kind; 0 beyond the end.
inline std::int64_t amount(const ResourceRow& row, std::size_t kind) {
  return kind < row.size() ? row[kind] : 0;
}
/// Most pods of the class that the batch may put into the domain.
inline std::uint32_t domain_limit(const PodClass& pods, std::uint32_t domain) {
  return pods.domain_limits.empty() ? kUnlimited : pods.domain_limits[domain];
}
/// Whether nodes of the kind pass the class's static filters. Cost: O(log kinds of the class).
bool allows_kind(const PodClass& pods, std::uint32_t kind);
/// Pods of the class that `free` has room for, at most `at_most`. Cost: O(resource kinds).
std::uint32_t slots(const PodClass& pods, const ResourceRow& free, std::uint32_t at_most);

}  // namespace arcas::scheduler::batch
