#include "core/scheduler/node_groups.h"

#include <algorithm>

namespace arcas::scheduler {
namespace {

std::int32_t maximum(const std::int32_t* first, std::size_t count) {
  std::int32_t best = TreeGroup::kOut;
  for (std::size_t i = 0; i < count; ++i) best = std::max(best, first[i]);
  return best;
}

std::size_t position_of(const std::vector<std::int32_t>& values, std::size_t from,
                        std::int32_t wanted) {
  std::size_t i = from;
  while (values[i] != wanted) ++i;
  return i;
}

}  // namespace

std::uint32_t TreeGroup::add(NodeId node, std::int32_t score) {
  scores_.resize(members_.size());  // without the padding of an earlier build
  members_.push_back(node);
  scores_.push_back(score);
  return static_cast<std::uint32_t>(members_.size() - 1);
}

void TreeGroup::build() {
  const std::size_t blocks = (members_.size() + kWidth - 1) / kWidth;
  const std::size_t supers = (blocks + kWidth - 1) / kWidth;
  scores_.resize(blocks * kWidth, kOut);
  block_best_.assign(supers * kWidth, kOut);
  super_best_.assign(supers, kOut);
  for (std::size_t b = 0; b < blocks; ++b) block_best_[b] = maximum(&scores_[b * kWidth], kWidth);
  for (std::size_t s = 0; s < supers; ++s) {
    super_best_[s] = maximum(&block_best_[s * kWidth], kWidth);
  }
  feasible_ = static_cast<std::uint32_t>(
      std::count_if(scores_.begin(), scores_.end(), [](std::int32_t s) { return s != kOut; }));
}

void TreeGroup::update(std::uint32_t place, std::int32_t score) {
  std::int32_t& stored = scores_[place];
  if (stored == score) return;
  const std::int32_t before = stored;
  stored = score;
  if (before == kOut) ++feasible_;
  if (score == kOut) --feasible_;
  const std::size_t block = place / kWidth;
  const std::int32_t block_before = block_best_[block];
  if (score < block_before && before < block_before) return;
  block_best_[block] = score >= block_before ? score : maximum(&scores_[block * kWidth], kWidth);
  if (block_best_[block] == block_before) return;
  const std::size_t super = block / kWidth;
  super_best_[super] = maximum(&block_best_[super * kWidth], kWidth);
}

std::int32_t TreeGroup::best() const { return maximum(super_best_.data(), super_best_.size()); }

NodeId TreeGroup::first_best() const {
  const std::int32_t wanted = best();
  const std::size_t super = position_of(super_best_, 0, wanted);
  const std::size_t block = position_of(block_best_, super * kWidth, wanted);
  return members_[position_of(scores_, block * kWidth, wanted)];
}

void TreeGroup::look_in_block(std::size_t block, std::span<const std::uint32_t> left_out,
                              std::size_t& place, std::int32_t& score) const {
  std::size_t skip = 0;
  for (std::size_t at = block * kWidth; at < (block + 1) * kWidth; ++at) {
    if (skip < left_out.size() && left_out[skip] == at) {
      ++skip;
    } else if (scores_[at] > score) {
      score = scores_[at];
      place = at;
    }
  }
}

TreeGroup::Best TreeGroup::best_without(std::span<const std::uint32_t> left_out) const {
  std::int32_t score = kOut;
  std::size_t place = 0;
  /// The places left out before `end`, taken off the front.
  const auto take_until = [&left_out](std::size_t end) {
    const auto last = std::lower_bound(left_out.begin(), left_out.end(), end);
    const auto taken = left_out.first(static_cast<std::size_t>(last - left_out.begin()));
    left_out = left_out.subspan(taken.size());
    return taken;
  };
  for (std::size_t super = 0; super < super_best_.size(); ++super) {
    const auto of_super = take_until((super + 1) * kWidth * kWidth);
    if (super_best_[super] <= score) continue;
    const auto rest = left_out;
    left_out = of_super;
    const std::size_t blocks = std::min((super + 1) * kWidth, scores_.size() / kWidth);
    for (std::size_t block = super * kWidth; block < blocks; ++block) {
      const auto of_block = take_until((block + 1) * kWidth);
      if (block_best_[block] > score) look_in_block(block, of_block, place, score);
    }
    left_out = rest;
  }
  return score == kOut ? Best{} : Best{members_[place], score};
}

HeapGroup::Top HeapGroup::decode(std::uint64_t entry) {
  return {NodeId{~static_cast<std::uint32_t>(entry)}, static_cast<std::int32_t>(entry >> 32U)};
}

void HeapGroup::push(NodeId node, std::int32_t score) {
  heap_.push_back((static_cast<std::uint64_t>(score) << 32U) | std::uint64_t{~node.index});
  std::push_heap(heap_.begin(), heap_.end());
}

void HeapGroup::pop() {
  std::pop_heap(heap_.begin(), heap_.end());
  heap_.pop_back();
}

void HeapGroup::rebuild() { std::make_heap(heap_.begin(), heap_.end()); }

}  // namespace arcas::scheduler
