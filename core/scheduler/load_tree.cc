#include "core/scheduler/load_tree.h"

#include <algorithm>
#include <limits>

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

bool narrow(std::int64_t amount) { return amount >= 0 && amount < load::kWide; }

/// Whether the trees can hold the node; others are scored one by one.
bool fits_trees(const NodeTable::Row& row) {
  const std::int64_t cpu = column(row.allocatable, model::kCpu);
  const std::int64_t memory = column(row.allocatable, model::kMemory);
  return cpu > 0 && memory > 0 && narrow(cpu) && narrow(memory) && narrow(row.scored_cpu) &&
         narrow(row.scored_memory) && narrow(column(row.used, model::kCpu)) &&
         narrow(column(row.used, model::kMemory));
}

load::Point point_of(NodeId node, const NodeTable::Row& row) {
  return {static_cast<double>(column(row.allocatable, model::kCpu)),
          static_cast<double>(column(row.allocatable, model::kMemory)),
          static_cast<double>(column(row.used, model::kCpu)),
          static_cast<double>(column(row.used, model::kMemory)),
          static_cast<double>(row.scored_cpu),
          static_cast<double>(row.scored_memory),
          node.index};
}

bool fits_trees(const Demand& demand) {
  return narrow(column(demand.amounts, model::kCpu)) &&
         narrow(column(demand.amounts, model::kMemory)) && narrow(demand.scored_cpu) &&
         narrow(demand.scored_memory);
}

load::Question question_of(FitStrategy strategy, const Demand& demand) {
  load::Question q;
  q.strategy = strategy;
  q.cpu = static_cast<double>(column(demand.amounts, model::kCpu));
  q.memory = static_cast<double>(column(demand.amounts, model::kMemory));
  q.scored_cpu = static_cast<double>(demand.scored_cpu);
  q.scored_memory = static_cast<double>(demand.scored_memory);
  constexpr double kAny = -std::numeric_limits<double>::infinity();
  q.least_free_cpu = q.cpu > 0 ? q.cpu : kAny;
  q.least_free_memory = q.memory > 0 ? q.memory : kAny;
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

/// Whether "some left" may not be enough.
bool wants_other_kinds(const Demand& demand) {
  for (std::size_t i = 0; i < demand.amounts.size(); ++i) {
    if (i != model::kCpu.index && i != model::kMemory.index && i != model::kPods.index &&
        demand.amounts[i] != 0) {
      return true;
    }
  }
  return false;
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

void LoadTree::look_at(NodeId node, const Demand& demand, const load::Admission& admits,
                       load::Leader& leader) const {
  const NodeTable::Row& row = nodes_[node];
  if (filter_resources(demand, row) != Reason::fits) return;
  const auto score =
      static_cast<std::int32_t>(fit_score(strategy_, demand, row) + balanced_score(demand, row));
  if (leader.yields_to(score, node.index) && admits(node)) leader = {node.index, score};
}

void LoadTree::search(std::uint32_t group, const Demand& demand, const load::Admission& admits,
                      load::Leader& leader) const {
  for (const NodeId node : outside_[group]) look_at(node, demand, admits, leader);
  const std::uint32_t wanted = kinds_wanted(demand);
  const bool narrow_demand = fits_trees(demand);
  const auto has_room = [this, &demand, &admits](NodeId node) {
    return filter_resources(demand, nodes_[node]) == Reason::fits && admits(node);
  };
  const load::Question question = question_of(strategy_, demand);
  const bool other_kinds = wants_other_kinds(demand);
  for (const std::uint32_t index : trees_of_group_[group]) {
    const Tree& tree = trees_[index];
    if ((tree.kinds_left & wanted) != wanted) continue;
    if (!narrow_demand) {
      tree.points.for_each([&](std::uint32_t id) { look_at(NodeId{id}, demand, admits, leader); });
    } else if (other_kinds) {
      tree.points.search(question, load::Admission(has_room), leader);
    } else {
      tree.points.search(question, admits, leader);
    }
  }
}

}  // namespace arcas::scheduler
