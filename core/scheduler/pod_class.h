#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "core/scheduler/affinity_rules.h"
#include "core/scheduler/node_index.h"
#include "core/scheduler/spread_rules.h"

namespace arcas::scheduler {

/// Pods that are the same to the scheduler: one spec, one label set, one namespace, one owner.
/// Their rules are resolved once, and they share one index.
struct PodClass {
  SpreadRules spread;
  AffinityRules affinity;
  std::uint64_t affinity_version = 0;  ///< of the cluster, when resolved
  SpecId spec;
  ShapeId shape;
  bool images = false;             ///< some node has an image of the pod
  bool local_filters = false;      ///< every filter looks at one node at a time
  bool indexable = true;           ///< an index can answer for it
  std::int8_t load_tree = -1;      ///< the load tree can, too; -1: not asked yet
  std::int8_t apart_rule = -1;     ///< soft rule whose nodes with pods are looked at one by one
  bool counted_by_index = false;   ///< it asked so often that it has an index that counts hosts
  std::uint64_t looked_at = 0;     ///< nodes looked at one by one so far
  SelectorId owner_selector;       ///< of the pods' owner, when resolved
  std::vector<Axis> axes;          ///< of its index
  std::uint32_t entry = kNoEntry;  ///< of its index
  static constexpr std::uint32_t kNoEntry = 0xffffffffU;
  /// Places in `axes`, for each rule in its list.
  std::vector<std::uint8_t> hard_axis;
  std::vector<std::uint8_t> soft_axis;
  std::vector<std::uint8_t> required_axis;
  std::vector<std::uint8_t> anti_axis;
  std::vector<std::uint8_t> existing_axis;
  std::vector<std::uint8_t> score_axis;
};

/// The classes of pods seen, and the indexes that they use. Cost: O(1) for a class already known
/// whose rules did not change.
class PodClasses {
 public:
  PodClasses(Cluster& cluster, const SchedulerProfile& profile, const Nominations& nominations)
      : cluster_(cluster), profile_(profile), nominations_(nominations) {}

  /// The class of a pod, its rules up to date. The reference holds until the next call.
  PodClass& of(const PodEntry& pod);
  /// The index of a class, up to date; null where none can answer. `spare`: there is another way to
  /// answer, so an index is made only after kWarm questions of its kind; null until then.
  NodeIndex* index_of(PodClass& pod_class, bool spare);
  /// An index costs O(nodes) to make: as much as a few hundred questions to the load tree.
  static constexpr std::uint32_t kWarm = 64;
  /// So many classes whose hosts are looked at one by one get an index that counts them, first
  /// come first served: each once it has looked at kPatience times all nodes.
  static constexpr std::uint32_t kOwnIndexes = 16;
  static constexpr std::uint64_t kPatience = 4;
  [[nodiscard]] std::uint64_t rebuilds() const;
  [[nodiscard]] std::size_t index_count() const { return indexes_.size(); }

 private:
  struct Key {
    SpecId spec;
    LabelSetId labels;
    NamespaceId name_space;
    std::uint32_t owner = PodEntry::kNoOwner;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return hash_combine((std::uint64_t{key.spec.index} << 32U) | key.labels.index,
                          (std::uint64_t{key.name_space.index} << 32U) | key.owner);
    }
  };
  struct IndexEntry {
    ShapeId shape;
    SpecId images;  // whose images count; none: no image counts
    std::vector<Axis> axes;
    std::uint32_t questions = 0;
    std::unique_ptr<NodeIndex> index;  // none until it pays
  };
  [[nodiscard]] std::uint32_t entry_of(const PodClass& pod_class);
  void resolve(PodClass& pod_class, const PodEntry& pod);
  void choose_axes(PodClass& pod_class);
  void consider_own_index(PodClass& pod_class);
  [[nodiscard]] bool has_known_image(const model::PodSpec& spec) const;

  Cluster& cluster_;
  const SchedulerProfile& profile_;
  const Nominations& nominations_;
  std::deque<PodClass> classes_;
  boost::unordered_flat_map<Key, std::uint32_t, KeyHash> class_of_;
  std::deque<Shape> shapes_;  // kept at their addresses for the indexes
  std::deque<IndexEntry> indexes_;
  std::uint32_t own_indexes_ = 0;
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>, StableHash> index_by_hash_;
};

}  // namespace arcas::scheduler
