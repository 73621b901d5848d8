#include "core/scheduler/policies/placement_index.h"

#include <utility>

namespace arcas::policies {

PlacementIndex::PlacementIndex(const PlacementPolicy& policy, std::vector<NodeView> nodes)
    : policy_(policy), nodes_(std::move(nodes)), last_change_(nodes_.size(), 0) {}

std::uint32_t PlacementIndex::add_kind(const PodView& pod) {
  kinds_.push_back({pod, {}, {}, 0});
  return static_cast<std::uint32_t>(kinds_.size() - 1);
}

void PlacementIndex::rate(Kind& kind, std::uint32_t node, RandomStream& random) const {
  if (!fits(nodes_[node], kind.pod)) {
    kind.scores[node] = kUnfit;
    return;
  }
  const Placement placement = policy_.place(nodes_[node], kind.pod, random);
  kind.scores[node] = placement.score;
  kind.devices[node] = placement.devices;
}

void PlacementIndex::refresh(Kind& kind, RandomStream& random) {
  const std::uint64_t end = log_start_ + log_.size();
  if (kind.scores.empty() || kind.seen < log_start_ || policy_.draws()) {
    kind.scores.resize(nodes_.size());
    kind.devices.resize(nodes_.size());
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) rate(kind, node, random);
  } else {
    for (std::uint64_t at = kind.seen; at < end; ++at) {
      const std::uint32_t node = log_[at - log_start_];
      if (last_change_[node] == at) rate(kind, node, random);
    }
  }
  kind.seen = end;
}

std::optional<PlacementIndex::Choice> PlacementIndex::choose(std::uint32_t kind_id,
                                                             RandomStream& random) {
  Kind& kind = kinds_[kind_id];
  refresh(kind, random);
  std::int64_t best = kUnfit;
  std::uint32_t chosen = 0;
  for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
    if (kind.scores[node] <= best) continue;
    best = kind.scores[node];
    chosen = node;
  }
  if (best == kUnfit) return std::nullopt;
  return Choice{chosen, {best, kind.devices[chosen]}};
}

std::optional<PlacementIndex::Choice> PlacementIndex::scan(std::uint32_t kind_id,
                                                           RandomStream& random) const {
  std::optional<Choice> best;
  for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
    if (!fits(nodes_[node], kinds_[kind_id].pod)) continue;
    const Placement placement = policy_.place(nodes_[node], kinds_[kind_id].pod, random);
    if (!best || placement.score > best->placement.score) best = Choice{node, placement};
  }
  return best;
}

void PlacementIndex::changed(std::uint32_t node) {
  // A kind that is further behind than four changes per node is rated anew, so older ones may go.
  if (log_.size() >= 8 * nodes_.size()) {
    const auto dropped = static_cast<std::ptrdiff_t>(4 * nodes_.size());
    log_.erase(log_.begin(), log_.begin() + dropped);
    log_start_ += static_cast<std::uint64_t>(dropped);
  }
  last_change_[node] = log_start_ + log_.size();
  log_.push_back(node);
}

void PlacementIndex::reserve(std::uint32_t kind, const Choice& choice) {
  policies::reserve(nodes_[choice.node], kinds_[kind].pod, choice.placement.devices);
  changed(choice.node);
}

void PlacementIndex::release(std::uint32_t kind, const Choice& choice) {
  policies::release(nodes_[choice.node], kinds_[kind].pod, choice.placement.devices);
  changed(choice.node);
}

}  // namespace arcas::policies
