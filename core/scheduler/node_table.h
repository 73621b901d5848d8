#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/model/catalog.h"
#include "core/model/objects.h"

namespace arcas::scheduler {

/// Amounts by ResourceId; kinds beyond the end are 0. The usual kinds need no allocation.
using Amounts = boost::container::small_vector<std::int64_t, 6>;

/// What a pod asks for, in columns: one amount for each resource kind, kPods holding 1.
struct Demand {
  Amounts amounts;
  std::int64_t scored_cpu = 0;     ///< with 100m for each container that asks for none
  std::int64_t scored_memory = 0;  ///< with 200Mi for each container that asks for none
};

/// Whether `spec.resources` of a pod counts: Kubernetes's gate PodLevelResources. A matter of the
/// whole scheduler, since pods that are placed already count by it too.
enum class PodLevelResources : std::uint8_t { ignored, counted };

/// Requests of a spec as the scheduler counts them. Source: kube-scheduler 1.32 (PodRequests of
/// component-helpers/resource, NodeInfo's non-zero requests).
Demand demand_of(const model::PodSpec& spec,
                 PodLevelResources pod_level = PodLevelResources::ignored);

/// The nodes as columns: what is allocatable, what is taken, and the object for the rest.
/// Indexed by NodeId. Memory: about 400 bytes a node besides the object.
class NodeTable {
 public:
  struct Row {
    bool known = false;
    bool zone_lost = false;
    ZoneId zone;
    StringId zone_label;  ///< value of topology.kubernetes.io/zone
    Amounts allocatable;
    Amounts used;  ///< as long as allocatable
    std::int64_t scored_cpu = 0;
    std::int64_t scored_memory = 0;
    std::vector<Uid> pods;               ///< that hold room here, in order of arrival
    std::vector<model::HostPort> ports;  ///< in use, one entry for each pod's port
    model::Node object;
  };

  /// What most decisions read of a node, in one cache line; always as the row says.
  struct alignas(64) Load {
    std::int64_t cpu = 0;  ///< allocatable
    std::int64_t memory = 0;
    std::int64_t used_cpu = 0;
    std::int64_t used_memory = 0;
    std::int64_t scored_cpu = 0;
    std::int64_t scored_memory = 0;
    std::int64_t pods = 0;
    std::int64_t used_pods = 0;
  };
  [[nodiscard]] const Load& load(NodeId node) const { return loads_[node.index]; }

  explicit NodeTable(const model::Catalog& catalog) : catalog_(catalog) {}

  void upsert(const model::Node& node);
  void remove(NodeId node);
  void charge(NodeId node, const Demand& demand, std::int64_t sign);
  /// The pod's place in the node's lists; `charge` does the amounts. O(pods of the node) to remove.
  void add_pod(NodeId node, Uid pod, const std::vector<model::HostPort>& ports);
  void remove_pod(NodeId node, Uid pod, const std::vector<model::HostPort>& ports);
  void set_zone_lost(ZoneId zone, bool lost);
  /// How many known nodes hold the image of that name.
  [[nodiscard]] std::uint32_t nodes_with_image(StringId name) const;
  [[nodiscard]] bool has_images() const { return !images_.empty(); }
  /// Grows when `nodes_with_image` or the number of nodes may have become others.
  [[nodiscard]] std::uint64_t images_version() const { return images_version_; }

  [[nodiscard]] const Row& operator[](NodeId node) const { return rows_[node.index]; }
  [[nodiscard]] bool known(NodeId node) const {
    return node.valid() && node.index < rows_.size() && rows_[node.index].known;
  }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(rows_.size()); }
  [[nodiscard]] std::uint32_t known_count() const { return known_; }
  [[nodiscard]] bool zone_lost(ZoneId zone) const {
    return zone.index < zone_lost_.size() && zone_lost_[zone.index];
  }

  /// Changes since the start, oldest first: a node's index, with kStatic set when more than its
  /// usage changed. Readers remember how far they have read.
  static constexpr std::uint32_t kStatic = 0x80000000U;
  [[nodiscard]] std::uint64_t log_end() const { return log_start_ + log_.size(); }
  [[nodiscard]] std::uint64_t log_start() const { return log_start_; }
  [[nodiscard]] std::uint32_t log_at(std::uint64_t position) const {
    return log_[position - log_start_];
  }
  /// Grows with every change of more than usage.
  [[nodiscard]] std::uint64_t static_epoch() const { return static_epoch_; }

 private:
  Row& row(NodeId node);
  void read_load(NodeId node);
  void note(NodeId node, bool is_static);
  void count_images(const Row& row, bool present);

  const model::Catalog& catalog_;
  StringId zone_key_;
  std::vector<Row> rows_;
  std::vector<Load> loads_;
  std::vector<bool> zone_lost_;
  boost::unordered_flat_map<std::uint32_t, std::uint32_t, StableHash> images_;  // nodes, by name
  std::uint64_t images_version_ = 0;
  std::vector<std::uint32_t> log_;
  std::uint64_t log_start_ = 0;
  std::uint64_t static_epoch_ = 1;
  std::uint32_t known_ = 0;
};

}  // namespace arcas::scheduler
