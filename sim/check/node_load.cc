#include "sim/check/node_load.h"

#include <algorithm>

namespace arcas::sim {

void NodeLoad::grow(std::uint32_t node, std::uint32_t kind) {
  if (kind >= kinds_) {
    const std::uint32_t kinds = kind + 1;
    std::vector<Amount> wider(known_.size() * kinds);
    for (std::size_t n = 0; n < known_.size(); ++n) {
      std::copy_n(amounts_.begin() + static_cast<std::ptrdiff_t>(n * kinds_), kinds_,
                  wider.begin() + static_cast<std::ptrdiff_t>(n * kinds));
    }
    amounts_ = std::move(wider);
    kinds_ = kinds;
  }
  if (node >= known_.size()) {
    known_.resize(std::size_t{node} + 1, 0);
    amounts_.resize(known_.size() * kinds_);
  }
}

NodeLoad::Amount& NodeLoad::at(std::uint32_t node, std::uint32_t kind) {
  if (kind >= kinds_ || node >= known_.size()) grow(node, kind);
  return amounts_[std::size_t{node} * kinds_ + kind];
}

void NodeLoad::set_node(const model::Node& node) {
  grow(node.id.index, 0);
  known_[node.id.index] = 1;
  for (std::uint32_t kind = 0; kind < kinds_; ++kind) at(node.id.index, kind).allocatable = 0;
  for (const auto& item : node.allocatable.items()) {
    at(node.id.index, item.kind.index).allocatable = item.amount;
  }
}

bool NodeLoad::add(std::uint32_t node, std::uint32_t spec) {
  bool fits = true;
  for (const auto& request : facts_->requests(spec)) {
    Amount& amount = at(node, request.kind);
    amount.used += request.amount;
    fits = fits && amount.used <= amount.allocatable;
  }
  return fits;
}

void NodeLoad::remove(std::uint32_t node, std::uint32_t spec) {
  for (const auto& request : facts_->requests(spec)) at(node, request.kind).used -= request.amount;
}

std::string NodeLoad::excess_text(std::uint32_t node) const {
  const std::string name = facts_->node_text(node);
  if (!knows(node)) return name + " is not registered";
  for (std::uint32_t kind = 0; kind < kinds_; ++kind) {
    const Amount& amount = amounts_[std::size_t{node} * kinds_ + kind];
    if (amount.used <= amount.allocatable) continue;
    return name + " carries " + std::to_string(amount.used) + " of " +
           std::to_string(amount.allocatable) + " " +
           facts_->catalog->resources.text(ResourceId{kind});
  }
  return name + " carries no more than it can";
}

}  // namespace arcas::sim
