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

/// Gives the exact score of a node, or -1 when it does not fit or is not wanted. A reference: what
/// it refers to must outlive it.
class Judge {
 public:
  template <class F>
  explicit Judge(const F& f)
      : object_(&f), call_([](const void* object, NodeId node) -> std::int32_t {
          return (*static_cast<const F*>(object))(node);
        }) {}
  std::int32_t operator()(NodeId node) const { return call_(object_, node); }

 private:
  const void* object_;
  std::int32_t (*call_)(const void*, NodeId);
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
/// nodes in one state. Every branch has the bounding box and the lowest id of its nodes, so a
/// search is exact however the planes lie; the planes only make it fast. A subtree that has taken
/// in many nodes since it was built, and whose planes went out of date, is built anew. Cost: change
/// O(depth), amortised O(log² nodes); memory about 80 bytes a node.
class PointTree {
 public:
  /// `places` is indexed by id; this tree writes the places of its own points.
  explicit PointTree(std::vector<Place>& places) : places_(places) { clear(); }

  /// Replaces everything. The points are reordered.
  void build(std::span<Point> points);
  void insert(const Point& point);
  /// The point must be in this tree.
  void remove(std::uint32_t id);
  [[nodiscard]] std::uint32_t size() const { return growth_[kRoot].count; }
  /// Betters `leader` by the points of this tree. Exact. The judge is asked only about points that
  /// may be the best so far. Cost: about the square root of the nodes.
  void search(const Question& question, const Judge& judge, Leader& leader) const;
  /// Calls `visit(id)` for every point, in no particular order.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const Leaf& leaf : leaves_) {
      for (std::uint32_t i = 0; i < leaf.count; ++i) visit(leaf.id[i]);
    }
  }

 private:
  // Not axes of the state: the id, and a branch that holds a leaf.
  static constexpr std::uint8_t kId = kAxes;
  static constexpr std::uint8_t kLeaf = kAxes + 1;
  /// What a search reads: one cache line.
  struct alignas(64) Branch {
    Box box;
    std::uint32_t lowest_id = NodeId::kNone;
    std::uint32_t child = 0;  // the first of two neighbours; of a leaf, the leaf
    std::uint8_t axis = kLeaf;
    std::uint8_t agreement = 0;
  };
  static_assert(sizeof(Branch) == 64);
  /// What only changes read.
  struct Growth {
    double plane = 0;
    std::uint32_t count = 0;
    std::uint32_t parent = 0;
    std::uint32_t churn = 0;  // points taken in since it was built
  };
  struct Plane {
    std::uint8_t axis = kId;
    double at = 0;
    std::size_t below = 0;  // points on the lower side
  };
  static constexpr std::uint32_t kRoot = 0;
  static constexpr std::uint32_t kNone = 0xffffffffU;

  void clear();
  static double coordinate(const Point& point, std::uint8_t axis);
  static Plane choose_plane(std::span<Point> points, const Box& box);
  static bool cut(std::span<Point> points, std::uint8_t axis, Plane& plane);
  void grow(std::uint32_t branch, std::span<Point> points);
  void rebuild(std::uint32_t branch);
  void collect(std::uint32_t branch, std::vector<Point>& points);
  void split(std::uint32_t branch);
  void splice(std::uint32_t parent, std::uint32_t kept);
  void join(std::uint32_t parent);
  [[nodiscard]] bool out_of_date(std::uint32_t branch) const;
  void put(std::uint32_t leaf, const Point& point);
  void measure_leaf(std::uint32_t branch);
  bool measure_pair(std::uint32_t branch);
  std::uint32_t new_leaf(std::uint32_t owner);
  std::uint32_t new_pair(std::uint32_t parent);

  struct Search;
  void descend(std::uint32_t branch, std::int32_t most, Search& search) const;
  void try_leaf(const Leaf& leaf, Search& search) const;

  std::vector<Place>& places_;
  std::vector<Branch> branches_;
  std::vector<Growth> growth_;  // parallel
  std::vector<Leaf> leaves_;
  std::vector<std::uint32_t> free_leaves_;
  std::vector<std::uint32_t> free_pairs_;
  std::vector<Point> scratch_;
};

}  // namespace arcas::scheduler::load
