#include <utility>

#include "core/scheduler/load_tree_points.h"

namespace arcas::scheduler::load {

struct PointTree::Search {
  const Question& question;
  const Judge& judge;
  Leader& leader;
};

void PointTree::try_leaf(const Leaf& leaf, Search& search) const {
  Bounds bounds;
  bound_points(leaf, search.question, bounds);
  for (std::uint32_t i = 0; i < leaf.count; ++i) {
    if (bounds[i] < search.leader.score || bounds[i] < 0) continue;
    const std::uint32_t id = leaf.id[i];
    if (!search.leader.yields_to(bounds[i], id)) continue;
    const std::int32_t score = search.judge(NodeId{id});
    if (score >= 0 && search.leader.yields_to(score, id)) search.leader = {id, score};
  }
}

/// `most` bounds the scores of the branch.
void PointTree::descend(std::uint32_t branch, std::int32_t most, Search& search) const {
  const auto bound_of = [&search](const Branch& b) {
    return bound(b.box, b.agreement, search.question);
  };
  while (true) {
    const Branch& here = branches_[branch];
    if (most < 0 || !search.leader.yields_to(most, here.lowest_id)) return;
    if (here.axis == kLeaf) return try_leaf(leaves_[here.child], search);
    std::uint32_t first = here.child;
    std::uint32_t second = here.child + 1;
    std::int32_t first_most = bound_of(branches_[first]);
    std::int32_t second_most = bound_of(branches_[second]);
    // The more promising half first: it may spare the other one.
    if (second_most > first_most ||
        (second_most == first_most && branches_[second].lowest_id < branches_[first].lowest_id)) {
      std::swap(first, second);
      std::swap(first_most, second_most);
    }
    descend(first, first_most, search);
    branch = second;
    most = second_most;
  }
}

void PointTree::search(const Question& question, const Judge& judge, Leader& leader) const {
  const Branch& root = branches_[kRoot];
  if (size() == 0) return;
  Search search{question, judge, leader};
  descend(kRoot, bound(root.box, root.agreement, question), search);
}

}  // namespace arcas::scheduler::load
