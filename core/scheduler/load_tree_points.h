#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/scheduler/load_tree_box.h"
#include "core/scheduler/load_tree_leaf.h"

namespace arcas::scheduler::load {

/// Where a node is: in which leaf of its tree, and at which slot.
struct Place {
  std::uint32_t tree = 0xffffffffU;  ///< kept by the owner of the trees
  std::uint32_t leaf = 0;
  std::uint32_t slot = 0;
};

/// Says whether a node may be chosen. A reference: what it refers to must outlive it.
class Admission {
 public:
  template <class F>
  explicit Admission(const F& f)
      : object_(&f), call_([](const void* object, NodeId node) -> bool {
          return (*static_cast<const F*>(object))(node);
        }) {}
  bool operator()(NodeId node) const { return call_(object_, node); }

 private:
  const void* object_;
  bool (*call_)(const void*, NodeId);
};

/// The best node found so far: the highest score, then the lowest id.
struct Leader {
  std::uint32_t id = NodeId::kNone;
  std::int32_t score = -1;
  [[nodiscard]] bool yields_to(std::int32_t other_score, std::uint32_t other_id) const {
    return other_score > score || (other_score == score && other_id < id);
  }
};

/// A k-d tree over the states of nodes, searched by branch and bound.
///
/// Coordinates: used and scored fractions of cpu and memory, capacities, and the id, which parts
/// nodes in one state. Every branch has the exact bounding box, the number and the lowest id of its
/// nodes, so a search is exact however the planes lie; the planes only make it fast. A subtree that
/// has taken in as many nodes as it holds and whose planes went out of date is built anew.
/// Cost: change O(depth), amortised O(log² nodes); memory about 100 bytes a node.
class PointTree {
 public:
  /// `places` is indexed by id; this tree writes the places of its own points.
  explicit PointTree(std::vector<Place>& places) : places_(places) { clear(); }

  /// Replaces everything. The points are reordered.
  void build(std::span<Point> points);
  void insert(const Point& point);
  /// The point must be in this tree.
  void remove(std::uint32_t id);
  [[nodiscard]] std::uint32_t size() const { return branches_[kRoot].count; }
  /// The state of a point of this tree.
  [[nodiscard]] Point point(std::uint32_t id) const {
    return leaves_[places_[id].leaf].point(places_[id].slot);
  }

  /// Betters `leader` by the admitted points. Exact. Cost: about the square root of the nodes.
  void search(const Question& question, const Admission& admits, Leader& leader) const;
  /// Calls `visit(id)` for every point, in no particular order.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const Leaf& leaf : leaves_) {
      for (std::uint32_t i = 0; i < leaf.count; ++i) visit(leaf.id[i]);
    }
  }

 private:
  enum Axis : std::uint8_t {
    kUsedCpuAxis,
    kUsedMemoryAxis,
    kScoredCpuAxis,
    kScoredMemoryAxis,
    kCpuUnitAxis,
    kMemoryUnitAxis,
    kIdAxis,
    kLeafAxis  // no axis: this branch holds a leaf
  };
  struct Branch {
    Box box;
    double plane = 0;
    std::uint32_t lowest_id = NodeId::kNone;
    std::uint32_t count = 0;
    std::uint32_t child = 0;  // the first of two neighbours; of a leaf, the leaf
    std::uint32_t parent = 0;
    std::uint32_t churn = 0;  // points taken in since it was built
    Axis axis = kLeafAxis;
  };
  struct Plane {
    Axis axis = kIdAxis;
    double at = 0;
    std::size_t below = 0;  // points on the lower side
  };
  static constexpr std::uint32_t kRoot = 0;
  static constexpr std::uint32_t kNone = 0xffffffffU;

  void clear();
  static double coordinate(const Point& point, Axis axis);
  static Plane choose_plane(std::span<Point> points, const Box& box);
  static bool cut(std::span<Point> points, Axis axis, Plane& plane);
  void grow(std::uint32_t branch, std::span<Point> points);
  void rebuild(std::uint32_t branch);
  void collect(std::uint32_t branch, std::vector<Point>& points);
  void split(std::uint32_t branch);
  void splice(std::uint32_t parent, std::uint32_t kept);
  void join(std::uint32_t parent);
  [[nodiscard]] bool out_of_date(const Branch& branch) const;
  void put(std::uint32_t leaf, const Point& point);
  void measure_leaf(Branch& branch) const;
  bool measure_pair(Branch& branch) const;
  std::uint32_t new_leaf(std::uint32_t owner);
  std::uint32_t new_pair(std::uint32_t parent);

  struct Search;
  void descend(std::uint32_t branch, std::int32_t most, Search& search) const;
  void try_leaf(const Leaf& leaf, Search& search) const;

  std::vector<Place>& places_;
  std::vector<Branch> branches_;
  std::vector<Leaf> leaves_;
  std::vector<std::uint32_t> free_leaves_;
  std::vector<std::uint32_t> free_pairs_;
  std::vector<Point> scratch_;
};

}  // namespace arcas::scheduler::load
