#include "core/scheduler/load_tree_points.h"

namespace arcas::scheduler::load {

struct PointTree::Search {
  const Question& question;
  const Admission& admits;
  Leader& leader;
};

void PointTree::try_leaf(const Leaf& leaf, Search& search) const {
  Scores scores;
  score(leaf, search.question, scores);
  for (std::uint32_t i = 0; i < leaf.count; ++i) {
    if (scores[i] < search.leader.score || scores[i] < 0) continue;
    if (!search.leader.yields_to(scores[i], leaf.id[i]) || !search.admits(NodeId{leaf.id[i]})) {
      continue;
    }
    search.leader = {leaf.id[i], scores[i]};
  }
}

/// `most` bounds the scores of the branch.
void PointTree::descend(std::uint32_t branch, std::int32_t most, Search& search) const {
  while (true) {
    const Branch& here = branches_[branch];
    if (most < 0 || !search.leader.yields_to(most, here.lowest_id)) return;
    if (here.axis == kLeafAxis) return try_leaf(leaves_[here.child], search);
    std::uint32_t first = here.child;
    std::uint32_t second = here.child + 1;
    std::int32_t first_most = bound(branches_[first].box, search.question);
    std::int32_t second_most = bound(branches_[second].box, search.question);
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

void PointTree::search(const Question& question, const Admission& admits, Leader& leader) const {
  const Branch& root = branches_[kRoot];
  if (root.count == 0) return;
  Search search{question, admits, leader};
  descend(kRoot, bound(root.box, question), search);
}

}  // namespace arcas::scheduler::load
