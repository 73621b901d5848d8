#include "core/scheduler/load_tree.h"

#include <algorithm>

namespace arcas::scheduler {
namespace {

std::int64_t column(const Amounts& columns, ResourceId kind) {
  return kind.index < columns.size() ? columns[kind.index] : 0;
}

bool same_facts(const NodeTable::Row& a, const NodeTable::Row& b) {
  return a.zone_label == b.zone_label && a.zone_lost == b.zone_lost &&
         a.object.unschedulable == b.object.unschedulable &&
         a.object.container_runtime_ready == b.object.container_runtime_ready &&
         a.object.vm_runtime_ready == b.object.vm_runtime_ready &&
         a.object.taints == b.object.taints;
}

/// Whether the bounds hold for the node; others are scored one by one.
bool fits_trees(const NodeTable::Row& row) {
  return column(row.allocatable, model::kCpu) > 0 && column(row.allocatable, model::kMemory) > 0 &&
         row.scored_cpu >= 0 && row.scored_memory >= 0 && column(row.used, model::kCpu) >= 0 &&
         column(row.used, model::kMemory) >= 0;
}

bool fits_trees(const Demand& demand) {
  return column(demand.amounts, model::kCpu) >= 0 && column(demand.amounts, model::kMemory) >= 0 &&
         demand.scored_cpu >= 0 && demand.scored_memory >= 0;
}

std::uint8_t agreement(std::int64_t cpu, std::int64_t scored_cpu, std::int64_t memory,
                       std::int64_t scored_memory) {
  const bool enough = scored_cpu >= cpu && scored_memory >= memory;
  const bool within = scored_cpu <= cpu && scored_memory <= memory;
  return static_cast<std::uint8_t>((enough ? load::kScoredIsEnough : 0) |
                                   (within ? load::kScoredIsWithin : 0));
}

load::Point point_of(NodeId node, const NodeTable::Row& row) {
  const std::int64_t used_cpu = column(row.used, model::kCpu);
  const std::int64_t used_memory = column(row.used, model::kMemory);
  const double cpu = 1 / static_cast<double>(column(row.allocatable, model::kCpu));
  const double memory = 1 / static_cast<double>(column(row.allocatable, model::kMemory));
  const auto share = [](std::int64_t amount, double unit) {
    return static_cast<float>(static_cast<double>(amount) * unit);
  };
  load::Point point;
  point.id = node.index;
  point.agreement = agreement(used_cpu, row.scored_cpu, used_memory, row.scored_memory);
  point.at = {share(used_cpu, cpu),       share(used_memory, memory),
              share(row.scored_cpu, cpu), share(row.scored_memory, memory),
              static_cast<float>(cpu),    static_cast<float>(memory)};
  return point;
}

load::Question question_of(FitStrategy strategy, const Demand& demand) {
  const std::int64_t cpu = column(demand.amounts, model::kCpu);
  const std::int64_t memory = column(demand.amounts, model::kMemory);
  load::Question q;
  q.strategy = strategy;
  q.cpu = static_cast<float>(cpu);
  q.memory = static_cast<float>(memory);
  q.scored_cpu = static_cast<float>(demand.scored_cpu);
  q.scored_memory = static_cast<float>(demand.scored_memory);
  q.agreement = agreement(cpu, demand.scored_cpu, memory, demand.scored_memory);
  return q;
}

/// One bit for each kind but cpu and memory, of which the boxes know; kinds from 31 on share none.
std::uint32_t bit_of(std::size_t kind) {
  if (kind == model::kCpu.index || kind == model::kMemory.index || kind > 31) return 0;
  return std::uint32_t{1} << kind;
}

/// The kinds of which the node has some left.
std::uint32_t kinds_left(const NodeTable::Row& row) {
  std::uint32_t kinds = 0;
  for (std::size_t i = 0; i < row.allocatable.size(); ++i) {
    if (row.allocatable[i] > row.used[i]) kinds |= bit_of(i);
  }
  return kinds;
}

/// The kinds of which a node must have some left. Every pod counts as one.
std::uint32_t kinds_wanted(const Demand& demand) {
  std::uint32_t kinds = bit_of(model::kPods.index);
  for (std::size_t i = 0; i < demand.amounts.size(); ++i) {
    if (demand.amounts[i] > 0) kinds |= bit_of(i);
  }
  return kinds;
}

}  // namespace

std::uint32_t LoadTree::group_for(const NodeTable::Row& row) {
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    if (same_facts(groups_[g].facts, row)) return g;
  }
  groups_.push_back({row.zone_label, row, 0});
  trees_of_group_.emplace_back();
  outside_.emplace_back();
  return static_cast<std::uint32_t>(groups_.size() - 1);
}

/// The tree for a node of the group in this state; kOutside when no tree can hold it.
std::uint32_t LoadTree::tree_for(std::uint32_t group, const NodeTable::Row& row) {
  if (!fits_trees(row)) return kOutside;
  const std::uint32_t kinds = kinds_left(row);
  for (const std::uint32_t tree : trees_of_group_[group]) {
    if (trees_[tree].kinds_left == kinds) return tree;
  }
  const auto tree = static_cast<std::uint32_t>(trees_.size());
  trees_.emplace_back(group, kinds, places_);
  trees_of_group_[group].push_back(tree);
  return tree;
}

void LoadTree::rebuild() {
  ++rebuilds_;
  built_ = true;
  log_position_ = nodes_.log_end();
  groups_.clear();
  trees_.clear();
  trees_of_group_.clear();
  outside_.clear();
  places_.assign(nodes_.size(), {});
  group_of_node_.assign(nodes_.size(), kNowhere);
  std::vector<std::vector<load::Point>> points;
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const NodeTable::Row& row = nodes_[NodeId{i}];
    if (!row.known) continue;
    const std::uint32_t group = group_for(row);
    group_of_node_[i] = group;
    ++groups_[group].nodes;
    const std::uint32_t tree = tree_for(group, row);
    places_[i].tree = tree;
    if (tree == kOutside) {
      outside_[group].push_back(NodeId{i});
      continue;
    }
    points.resize(trees_.size());
    points[tree].push_back(point_of(NodeId{i}, row));
  }
  for (std::size_t tree = 0; tree < points.size(); ++tree) {
    trees_[tree].points.build(points[tree]);
  }
}

void LoadTree::take_out(NodeId node) {
  const std::uint32_t tree = places_[node.index].tree;
  if (tree == kNowhere) return;
  if (tree == kOutside) {
    std::erase(outside_[group_of_node_[node.index]], node);
  } else {
    trees_[tree].points.remove(node.index);
  }
  places_[node.index].tree = kNowhere;
}

void LoadTree::update(NodeId node, bool is_static) {
  const NodeTable::Row& row = nodes_[node];
  if (node.index >= places_.size()) {
    places_.resize(nodes_.size());
    group_of_node_.resize(nodes_.size(), kNowhere);
  }
  take_out(node);
  std::uint32_t& group = group_of_node_[node.index];
  if (is_static || !row.known) {
    if (group != kNowhere) --groups_[group].nodes;
    group = row.known ? group_for(row) : kNowhere;
    if (group != kNowhere) ++groups_[group].nodes;
  }
  if (group == kNowhere) return;
  const std::uint32_t tree = tree_for(group, row);
  places_[node.index].tree = tree;
  if (tree == kOutside) {
    outside_[group].push_back(node);
  } else {
    trees_[tree].points.insert(point_of(node, row));
  }
}

void LoadTree::refresh() {
  const std::uint64_t end = nodes_.log_end();
  if (!built_ || log_position_ < nodes_.log_start() ||
      end - log_position_ > std::max<std::uint64_t>(nodes_.size() / 2, 64)) {
    if (!built_ || log_position_ != end) rebuild();
    return;
  }
  for (; log_position_ < end; ++log_position_) {
    const std::uint32_t entry = nodes_.log_at(log_position_);
    update(NodeId{entry & ~NodeTable::kStatic}, (entry & NodeTable::kStatic) != 0);
  }
}

void LoadTree::search(std::uint32_t group, const Demand& demand, const Admission& admits,
                      load::Leader& leader) const {
  const auto exact = [this, &demand, &admits](NodeId node) {
    const NodeTable::Row& row = nodes_[node];
    if (filter_resources(demand, row) != Reason::fits || !admits(node)) return -1;
    return static_cast<std::int32_t>(fit_score(strategy_, demand, row) +
                                     balanced_score(demand, row));
  };
  const auto look_at = [&exact, &leader](std::uint32_t id) {
    const std::int32_t score = exact(NodeId{id});
    if (score >= 0 && leader.yields_to(score, id)) leader = {id, score};
  };
  for (const NodeId node : outside_[group]) look_at(node.index);
  const std::uint32_t wanted = kinds_wanted(demand);
  const bool bounded = fits_trees(demand);
  const load::Question question = question_of(strategy_, demand);
  for (const std::uint32_t index : trees_of_group_[group]) {
    const Tree& tree = trees_[index];
    if ((tree.kinds_left & wanted) != wanted) continue;
    if (bounded) {
      tree.points.search(question, load::Judge(exact), leader);
    } else {
      tree.points.for_each(look_at);
    }
  }
}

}  // namespace arcas::scheduler
