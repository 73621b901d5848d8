#include "core/scheduler/load_tree_points.h"

#include <algorithm>
#include <utility>

namespace arcas::scheduler::load {
namespace {

// Built leaves are two thirds full, so that they can take in some points before they split.
constexpr std::size_t kBuiltLeaf = 22;
// Neighbouring leaves that hold no more than this together become one.
constexpr std::uint32_t kJoined = 12;
// Fractions closer than this are one state: the bound of a box so small is as good as exact.
constexpr float kSameState = 1e-6F;

}  // namespace

void PointTree::clear() {
  branches_.clear();
  growth_.clear();
  leaves_.clear();
  free_leaves_.clear();
  free_pairs_.clear();
  branches_.emplace_back().box = Box::nothing();
  growth_.emplace_back();
  branches_[kRoot].child = new_leaf(kRoot);
}

double PointTree::coordinate(const Point& point, std::uint8_t axis) {
  return axis == kId ? static_cast<double>(point.id) : static_cast<double>(point.at[axis]);
}

/// Puts the points in order around a plane near their median. False when fewer than an eighth of
/// the points would be on one side.
bool PointTree::cut(std::span<Point> points, std::uint8_t axis, Plane& plane) {
  const auto less = [axis](const Point& a, const Point& b) {
    return coordinate(a, axis) < coordinate(b, axis);
  };
  const auto middle = points.begin() + static_cast<std::ptrdiff_t>(points.size() / 2);
  std::nth_element(points.begin(), middle, points.end(), less);
  const double median = coordinate(*middle, axis);
  const auto below = [axis](double at) {
    return [axis, at](const Point& p) { return coordinate(p, axis) < at; };
  };
  const std::size_t least = points.size() / 8 + 1;
  auto parted = std::partition(points.begin(), middle, below(median));
  plane = {axis, median, static_cast<std::size_t>(parted - points.begin())};
  if (plane.below >= least) return true;
  // Too many points equal the median: cut above them.
  const auto equal = [axis, median](const Point& p) { return coordinate(p, axis) <= median; };
  parted = std::partition(middle, points.end(), equal);
  plane.below = static_cast<std::size_t>(parted - points.begin());
  if (points.size() - plane.below < least) return false;
  plane.at = coordinate(*std::min_element(parted, points.end(), less), axis);
  return true;
}

/// The widest axis that parts the points well; of nodes in one state, the id.
PointTree::Plane PointTree::choose_plane(std::span<Point> points, const Box& box) {
  std::array<std::pair<float, std::uint8_t>, kAxes> widths;
  for (std::uint8_t axis = 0; axis < kAxes; ++axis) {
    const float width = box.width(static_cast<Axis>(axis));
    const bool is_unit = axis == kCpuUnit || axis == kMemoryUnit;
    widths[axis] = {is_unit ? width / box.high[axis] : width, axis};
  }
  std::stable_sort(widths.begin(), widths.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  Plane plane;
  for (const auto& [width, axis] : widths) {
    if (width < kSameState) break;
    if (cut(points, axis, plane)) return plane;
  }
  cut(points, kId, plane);
  return plane;
}

std::uint32_t PointTree::new_leaf(std::uint32_t owner) {
  std::uint32_t leaf = 0;
  if (free_leaves_.empty()) {
    leaf = static_cast<std::uint32_t>(leaves_.size());
    leaves_.emplace_back();
  } else {
    leaf = free_leaves_.back();
    free_leaves_.pop_back();
  }
  leaves_[leaf].count = 0;
  leaves_[leaf].owner = owner;
  return leaf;
}

std::uint32_t PointTree::new_pair(std::uint32_t parent) {
  std::uint32_t pair = 0;
  if (free_pairs_.empty()) {
    pair = static_cast<std::uint32_t>(branches_.size());
    branches_.resize(branches_.size() + 2);
    growth_.resize(branches_.size());
  } else {
    pair = free_pairs_.back();
    free_pairs_.pop_back();
    branches_[pair] = {};
    branches_[pair + 1] = {};
    growth_[pair] = {};
    growth_[pair + 1] = {};
  }
  growth_[pair].parent = parent;
  growth_[pair + 1].parent = parent;
  return pair;
}

void PointTree::put(std::uint32_t leaf, const Point& point) {
  places_[point.id].leaf = leaf;
  places_[point.id].slot = leaves_[leaf].count;
  leaves_[leaf].add(point);
}

void PointTree::measure_leaf(std::uint32_t branch) {
  Branch& here = branches_[branch];
  const Leaf& leaf = leaves_[here.child];
  here.box = leaf.box();
  here.lowest_id = leaf.lowest_id();
  here.agreement = leaf.agreement;
  growth_[branch].count = leaf.count;
}

/// False when nothing but the count has changed.
bool PointTree::measure_pair(std::uint32_t branch) {
  Branch& here = branches_[branch];
  const Branch& first = branches_[here.child];
  const Branch& second = branches_[here.child + 1];
  Box box = first.box;
  box.unite(second.box);
  const std::uint32_t lowest = std::min(first.lowest_id, second.lowest_id);
  const std::uint8_t agreement = first.agreement & second.agreement;
  growth_[branch].count = growth_[here.child].count + growth_[here.child + 1].count;
  if (lowest == here.lowest_id && agreement == here.agreement && box == here.box) return false;
  here.lowest_id = lowest;
  here.agreement = agreement;
  here.box = box;
  return true;
}

/// Makes a subtree of the points below a branch that has none.
void PointTree::grow(std::uint32_t branch, std::span<Point> points) {
  growth_[branch].churn = 0;
  if (points.size() <= kBuiltLeaf) {
    const std::uint32_t leaf = new_leaf(branch);
    for (const Point& point : points) put(leaf, point);
    branches_[branch].axis = kLeaf;
    branches_[branch].child = leaf;
    return measure_leaf(branch);
  }
  Box box = Box::nothing();
  for (const Point& point : points) box.add(point);
  const Plane plane = choose_plane(points, box);
  const std::uint32_t pair = new_pair(branch);
  branches_[branch].axis = plane.axis;
  growth_[branch].plane = plane.at;
  branches_[branch].child = pair;
  grow(pair, points.first(plane.below));
  grow(pair + 1, points.subspan(plane.below));
  measure_pair(branch);
}

void PointTree::build(std::span<Point> points) {
  clear();
  free_leaves_.push_back(branches_[kRoot].child);
  grow(kRoot, points);
}

/// Takes the points out of a subtree and gives back what is below the branch.
void PointTree::collect(std::uint32_t branch, std::vector<Point>& points) {
  const Branch& here = branches_[branch];
  if (here.axis == kLeaf) {
    Leaf& leaf = leaves_[here.child];
    for (std::uint32_t i = 0; i < leaf.count; ++i) points.push_back(leaf.point(i));
    leaf.count = 0;
    free_leaves_.push_back(here.child);
    return;
  }
  collect(here.child, points);
  collect(here.child + 1, points);
  free_pairs_.push_back(here.child);
}

void PointTree::rebuild(std::uint32_t branch) {
  scratch_.clear();
  collect(branch, scratch_);
  grow(branch, scratch_);
}

bool PointTree::out_of_date(std::uint32_t branch) const {
  const Branch& here = branches_[branch];
  const std::uint32_t count = growth_[branch].count;
  if (growth_[branch].churn < count / 2 + Leaf::kCapacity) return false;
  const std::uint32_t first = growth_[here.child].count;
  if (std::max(first, count - first) > count - count / 5) return true;
  return here.axis == kId &&
         (here.box.width(kUsedCpu) > kSameState || here.box.width(kUsedMemory) > kSameState);
}

void PointTree::split(std::uint32_t branch) {
  scratch_.clear();
  collect(branch, scratch_);
  const Plane plane = choose_plane(scratch_, branches_[branch].box);
  const std::uint32_t pair = new_pair(branch);
  Branch& here = branches_[branch];
  here.axis = plane.axis;
  here.child = pair;
  growth_[branch].plane = plane.at;
  growth_[branch].churn = 0;
  const std::span<Point> points = scratch_;
  grow(pair, points.first(plane.below));
  grow(pair + 1, points.subspan(plane.below));
}

void PointTree::insert(const Point& point) {
  std::uint32_t branch = kRoot;
  std::uint32_t stale = kNone;
  while (true) {
    Branch& here = branches_[branch];
    Growth& growth = growth_[branch];
    here.box.add(point);
    here.lowest_id = std::min(here.lowest_id, point.id);
    here.agreement = growth.count == 0 ? point.agreement : here.agreement & point.agreement;
    ++growth.count;
    if (here.axis == kLeaf) break;
    ++growth.churn;
    if (stale == kNone && out_of_date(branch)) stale = branch;
    branch = here.child + (coordinate(point, here.axis) < growth.plane ? 0 : 1);
  }
  const std::uint32_t leaf = branches_[branch].child;
  put(leaf, point);
  if (leaves_[leaf].full()) split(branch);
  if (stale != kNone) rebuild(stale);
}

/// The branch gets the contents of its child `kept`; the other child is empty.
void PointTree::splice(std::uint32_t parent, std::uint32_t kept) {
  const std::uint32_t pair = branches_[parent].child;
  const std::uint32_t above = growth_[parent].parent;
  const std::uint32_t empty = kept == pair ? pair + 1 : pair;
  free_leaves_.push_back(branches_[empty].child);
  branches_[parent] = branches_[kept];
  growth_[parent] = growth_[kept];
  growth_[parent].parent = above;
  const Branch& here = branches_[parent];
  if (here.axis == kLeaf) {
    leaves_[here.child].owner = parent;
  } else {
    growth_[here.child].parent = parent;
    growth_[here.child + 1].parent = parent;
  }
  free_pairs_.push_back(pair);
}

/// Two small leaves become one.
void PointTree::join(std::uint32_t parent) {
  scratch_.clear();
  collect(parent, scratch_);
  grow(parent, scratch_);
}

void PointTree::remove(std::uint32_t id) {
  const Place place = places_[id];
  Leaf& leaf = leaves_[place.leaf];
  leaf.remove(place.slot);
  if (place.slot < leaf.count) places_[leaf.id[place.slot]].slot = place.slot;
  std::uint32_t branch = leaf.owner;
  measure_leaf(branch);
  if (branch == kRoot) return;
  std::uint32_t parent = growth_[branch].parent;
  const std::uint32_t pair = branches_[parent].child;
  const std::uint32_t sibling = pair == branch ? pair + 1 : pair;
  const std::uint32_t left = growth_[branch].count;
  if (left == 0) {
    splice(parent, sibling);
  } else if (branches_[sibling].axis == kLeaf && left + growth_[sibling].count <= kJoined) {
    join(parent);
  } else {
    measure_pair(parent);
  }
  bool changed = true;
  while (parent != kRoot) {
    parent = growth_[parent].parent;
    if (changed) {
      changed = measure_pair(parent);
    } else {
      --growth_[parent].count;
    }
  }
}

}  // namespace arcas::scheduler::load
