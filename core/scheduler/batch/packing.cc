#include "core/scheduler/batch/packing.h"

#include <algorithm>

namespace arcas::scheduler::batch {
namespace {

constexpr std::size_t kNothing = static_cast<std::size_t>(-1);
constexpr int kScale = 53;  // amounts are below 2^53
constexpr int kShareBits = 20;

}  // namespace

NodePacker::NodePacker(const BatchInput& input, std::vector<ResourceRow>& free,
                       std::vector<std::size_t> kinds)
    : input_(input), free_(free), kinds_(std::move(kinds)), inverse_(kinds_.size()) {
  demand_.reserve(input.classes.size() * kinds_.size());
  for (const PodClass& pods : input.classes) {
    for (const std::size_t kind : kinds_) demand_.push_back(amount(pods.demand, kind));
  }
}

void NodePacker::pack(const NodeClass& nodes, std::vector<Portion>& portions,
                      std::vector<Assignment>& out) {
  const auto done = [](const Portion& portion) { return portion.left == 0; };
  const Level fill_level = level(nodes, portions);
  if (fill_level.denominator != 0) {
    sweep(nodes, portions, fill_level, out);
    std::erase_if(portions, done);
  }
  sweep(nodes, portions, {}, out);
  std::erase_if(portions, done);
}

NodePacker::Level NodePacker::level(const NodeClass& nodes,
                                    const std::vector<Portion>& portions) const {
  Level result;
  for (std::size_t k = 0; k < kinds_.size(); ++k) {
    Wide demand = 0;
    for (const Portion& portion : portions) {
      demand += Wide{demand_[portion.pod_class * kinds_.size() + k]} * portion.left;
    }
    const Wide room = nodes.free_sum[kinds_[k]];
    if (demand > room * 15 / 16) return {};  // tight: every node is filled as far as it goes
    // Shares are compared by cross multiplication: demand/room against the largest so far.
    const Wide unit = Wide{1} << 16;
    const Wide share = room == 0 ? 0 : demand * unit / room;
    if (result.denominator == 0 || share > result.numerator) {
      result = {kinds_[k], share, unit};
    }
  }
  return result;
}

void NodePacker::sweep(const NodeClass& nodes, std::vector<Portion>& portions, const Level& level,
                       std::vector<Assignment>& out) {
  const std::uint64_t count = nodes.nodes.size();
  const std::uint64_t first = (count * input_.turn) >> 32U;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (portions.empty()) return;
    fill(nodes.nodes[(first + i) % count], portions, level, out);
  }
}

void NodePacker::fill(std::uint32_t position, std::vector<Portion>& portions, const Level& level,
                      std::vector<Assignment>& out) {
  ResourceRow& free = free_[position];
  for (std::size_t k = 0; k < kinds_.size(); ++k) {
    inverse_[k] = (std::int64_t{1} << kScale) / std::max<std::int64_t>(free[kinds_[k]], 1);
  }
  std::int64_t keep = -1;
  if (level.denominator != 0) {
    const Wide room = free[level.kind];
    keep = static_cast<std::int64_t>(room - room * level.numerator / level.denominator);
  }
  while (level.denominator == 0 || free[level.kind] > keep) {
    const std::size_t chosen = choose(position, portions);
    if (chosen == kNothing) return;
    Portion& portion = portions[chosen];
    const std::uint32_t room = room_for(position, portion);
    const std::uint32_t count = std::max<std::uint32_t>(room / 4, 1);
    const PodClass& pods = input_.classes[portion.pod_class];
    for (const std::size_t kind : kinds_) free[kind] -= amount(pods.demand, kind) * count;
    if (pods.max_per_node != kUnlimited) on_node_[key(portion.pod_class, position)] += count;
    portion.left -= count;
    out.push_back({portion.pod_class, input_.nodes[position].node, count});
    if (portion.left == 0) {
      portions.erase(portions.begin() + static_cast<std::ptrdiff_t>(chosen));
    }
  }
}

std::size_t NodePacker::choose(std::uint32_t position, const std::vector<Portion>& portions) {
  const ResourceRow& free = free_[position];
  std::size_t best = kNothing;
  std::int32_t best_priority = 0;
  std::int64_t best_left = 0;
  for (std::size_t i = 0; i < portions.size(); ++i) {
    const std::int64_t* demand = &demand_[portions[i].pod_class * kinds_.size()];
    const std::int32_t priority = input_.classes[portions[i].pod_class].priority;
    if (best != kNothing && priority < best_priority) continue;
    std::int64_t left = 0;
    bool fits = true;
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
      const std::int64_t rest = free[kinds_[k]] - demand[k];
      fits = fits && rest >= 0;
      const std::int64_t share = (rest * inverse_[k]) >> (kScale - kShareBits);
      left += share * share;
    }
    if (!fits) continue;
    if (best != kNothing && priority == best_priority && left >= best_left) continue;
    if (room_for(position, portions[i]) == 0) continue;
    best = i;
    best_priority = priority;
    best_left = left;
  }
  return best;
}

std::uint32_t NodePacker::room_for(std::uint32_t position, const Portion& portion) const {
  const PodClass& pods = input_.classes[portion.pod_class];
  std::uint32_t most = portion.left;
  if (pods.max_per_node != kUnlimited) {
    const auto at = on_node_.find(key(portion.pod_class, position));
    const std::uint32_t there = at == on_node_.end() ? 0 : at->second;
    most = std::min(most, pods.max_per_node - there);
  }
  return slots(pods, free_[position], most);
}

}  // namespace arcas::scheduler::batch
