#include "core/scheduler/preemption_index.h"

#include <algorithm>
#include <bit>

#include "core/base/check.h"

namespace arcas::scheduler {
namespace {

constexpr std::uint8_t kStaticOk = 1;
constexpr std::uint8_t kFits = 2;
constexpr std::uint8_t kDirty = 4;

/// Filters that read the node's object and the pod's spec alone.
bool is_static(PluginId plugin) {
  switch (plugin) {
    case PluginId::node_unschedulable:
    case PluginId::node_name:
    case PluginId::taint_toleration:
    case PluginId::node_affinity:
    case PluginId::node_runtime_ready:
      return true;
    default:
      return false;
  }
}

}  // namespace

/// The node's room as numbers.
class PreemptionIndex::Trial {
 public:
  Trial(const PreemptionIndex& index, Slack& slack) : index_(index), slack_(slack) {}
  void take(const Victim& victim) { index_.add(slack_, victim.entry->spec, 1); }
  void put_back(const Victim& victim) { index_.add(slack_, victim.entry->spec, -1); }
  [[nodiscard]] bool fits() const {
    return std::all_of(slack_.begin(), slack_.end(), [](std::int64_t left) { return left >= 0; });
  }

 private:
  const PreemptionIndex& index_;
  Slack& slack_;
};

PreemptionIndex::PreemptionIndex(Cluster& cluster, const SchedulerProfile& profile,
                                 const Nominations& nominations, ShapeId shape,
                                 std::int32_t priority)
    : cluster_(cluster),
      nominations_(nominations),
      static_profile_(profile),
      priority_(priority),
      budgets_(cluster) {
  const auto reads_more = [](PluginId plugin) { return !is_static(plugin); };
  std::erase_if(static_profile_.filters, reads_more);
  std::erase_if(static_profile_.pre_filters, reads_more);
  if (!profile.filters_with(PluginId::node_resources_fit)) return;
  needs_ = asked_resources(cluster.catalog(), cluster.shapes()[shape].demand, profile.fit);
  needs_.push_back({model::kPods, 1});
}

bool PreemptionIndex::covers(const Cycle& cycle, const Evaluation& evaluation) {
  if (!evaluation.pre_filter().ok() || evaluation.only().has_value()) return false;
  if (cycle.pod.target.valid()) return false;
  const auto& skipped = evaluation.skipped_filters();
  return std::all_of(cycle.profile.filters.begin(), cycle.profile.filters.end(),
                     [&](PluginId plugin) {
                       return is_static(plugin) || plugin == PluginId::node_resources_fit ||
                              std::find(skipped.begin(), skipped.end(), plugin) != skipped.end();
                     });
}

// ---- following what changes ----

void PreemptionIndex::refresh(const Cycle& cycle) {
  leave_out({}, {});
  bool everything = !built_ || cluster_.nodes().size() > leaves_ ||
                    log_position_ < cluster_.nodes().log_start() ||
                    nominations_position_ < nominations_.log_start();
  read_budgets(everything);
  if (everything) return rebuild(cycle);
  // New nodes take leaves that are free.
  flags_.resize(cluster_.nodes().size(), 0);
  masks_.resize(flags_.size(), 0);
  costs_.resize(flags_.size(), EvictionCost::impossible());
  read_logs(cycle);
  for (const NodeId node : dirty_) {
    flags_[node.index] &= static_cast<std::uint8_t>(~kDirty);
    evaluate(node);
    update_tournament(node.index);
  }
  dirty_.clear();
}

void PreemptionIndex::mark(NodeId node) {
  if (node.index >= flags_.size() || (flags_[node.index] & kDirty) != 0) return;
  flags_[node.index] |= kDirty;
  dirty_.push_back(node);
}

void PreemptionIndex::read_budgets(bool& everything) {
  std::vector<std::uint32_t> changed;
  if (!budgets_.refresh(changed)) everything = true;
  if (everything || changed.empty()) return;
  std::uint64_t mask = 0;
  for (const std::uint32_t budget : changed) mask |= 1ULL << (budget % 64);
  for (std::uint32_t i = 0; i < masks_.size(); ++i) {
    if ((masks_[i] & mask) != 0) mark(NodeId{i});
  }
}

void PreemptionIndex::read_logs(const Cycle& cycle) {
  const NodeTable& nodes = cluster_.nodes();
  std::optional<Evaluation> evaluation;
  for (; log_position_ != nodes.log_end(); ++log_position_) {
    const std::uint32_t entry = nodes.log_at(log_position_);
    const NodeId node{entry & ~NodeTable::kStatic};
    mark(node);
    if ((entry & NodeTable::kStatic) == 0) continue;
    if (!evaluation.has_value()) {
      evaluation.emplace(Cycle{cluster_, static_profile_, cycle.pod, cycle.uid});
    }
    set_static(*evaluation, node);
  }
  for (; nominations_position_ != nominations_.log_end(); ++nominations_position_) {
    mark(nominations_.log_at(nominations_position_));
  }
}

void PreemptionIndex::rebuild(const Cycle& cycle) {
  ++rebuilds_;
  built_ = true;
  const NodeTable& nodes = cluster_.nodes();
  log_position_ = nodes.log_end();
  nominations_position_ = nominations_.log_end();
  dirty_.clear();
  feasible_count_ = 0;
  flags_.assign(nodes.size(), 0);
  masks_.assign(nodes.size(), 0);
  costs_.assign(nodes.size(), EvictionCost::impossible());
  leaves_ = std::bit_ceil(std::max<std::uint32_t>(nodes.size(), 2));
  winners_.assign(leaves_, 0);
  const Evaluation evaluation(Cycle{cluster_, static_profile_, cycle.pod, cycle.uid});
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    set_static(evaluation, NodeId{i});
    evaluate(NodeId{i});
  }
  for (std::uint32_t i = leaves_ - 1; i > 0; --i) {
    const bool above_leaves = 2 * i >= leaves_;
    const std::uint32_t left = above_leaves ? 2 * i - leaves_ : winners_[2 * i];
    const std::uint32_t right = above_leaves ? 2 * i + 1 - leaves_ : winners_[2 * i + 1];
    winners_[i] = winner(left, right);
  }
}

void PreemptionIndex::set_static(const Evaluation& evaluation, NodeId node) {
  if (node.index >= flags_.size()) return;
  const bool ok = cluster_.nodes().known(node) && evaluation.pre_filter().ok() &&
                  evaluation.passes(node) == Code::success;
  std::uint8_t& flags = flags_[node.index];
  flags = static_cast<std::uint8_t>((flags & ~kStaticOk) | (ok ? kStaticOk : 0));
}

// ---- the tournament ----

std::uint32_t PreemptionIndex::winner(std::uint32_t a, std::uint32_t b) const {
  // a < b: of equal nodes the lower one wins. Leaves beyond the last node lose.
  if (b >= costs_.size()) return a;
  return costs_[b] < costs_[a] ? b : a;
}

void PreemptionIndex::update_tournament(std::uint32_t node) {
  std::uint32_t i = (node + leaves_) / 2;
  const std::uint32_t left = node & ~1U;
  winners_[i] = winner(left, left + 1);
  for (i /= 2; i > 0; i /= 2) {
    const std::uint32_t best = winner(winners_[2 * i], winners_[2 * i + 1]);
    if (winners_[i] == best && best != node) return;
    winners_[i] = best;
  }
}

NodeId PreemptionIndex::best() const {
  if (costs_.empty()) return {};
  const std::uint32_t node = winners_[1];
  return costs_[node] == EvictionCost::impossible() ? NodeId{} : NodeId{node};
}

// ---- one node ----

void PreemptionIndex::leave_out(Uid uid, NodeId node) {
  const NodeId before = left_out_of_;
  left_out_ = uid;
  left_out_of_ = node;
  for (const NodeId changed : {before, node}) {
    if (!changed.valid() || changed.index >= flags_.size()) continue;
    evaluate(changed);
    update_tournament(changed.index);
  }
}

void PreemptionIndex::add(Slack& slack, SpecId spec, std::int64_t sign) const {
  const Amounts& amounts = cluster_.shapes()[cluster_.shapes().of(spec)].demand.amounts;
  for (std::size_t i = 0; i < needs_.size(); ++i) {
    const std::uint32_t kind = needs_[i].kind.index;
    if (kind < amounts.size()) slack[i] += sign * amounts[kind];
  }
}

void PreemptionIndex::measure(NodeId node) {
  const NodeTable::Row& row = cluster_.nodes()[node];
  slack_.clear();
  for (const AskedResource& need : needs_) {
    const std::uint32_t kind = need.kind.index;
    const std::int64_t free = kind < row.used.size() ? row.allocatable[kind] - row.used[kind] : 0;
    slack_.push_back(free - need.amount);
  }
  const model::Catalog& catalog = cluster_.catalog();
  for (const Uid uid : nominations_.on(node)) {
    if (uid == left_out_) continue;
    const PodEntry* entry = cluster_.pods().find(uid);
    ARCAS_CHECK(entry != nullptr && !entry->node.valid());
    if (catalog.spec(entry->spec).priority >= priority_) add(slack_, entry->spec, -1);
  }
}

std::uint64_t PreemptionIndex::budget_mask(std::span<const Victim> victims) {
  std::uint64_t mask = 0;
  for (const Victim& victim : victims) {
    for (const std::uint32_t budget : budgets_.of(*victim.entry)) mask |= 1ULL << (budget % 64);
  }
  return mask;
}

/// From what `measure` left on. False when eviction does not help.
bool PreemptionIndex::search(NodeId node, Eviction& eviction) {
  victims_.clear();
  collect_victims(cluster_, node, priority_, victims_);
  masks_[node.index] = budget_mask(victims_);
  if (victims_.empty()) return false;
  Trial trial(*this, slack_);
  for (const Victim& victim : victims_) trial.take(victim);
  if (!trial.fits()) return false;
  std::stable_sort(victims_.begin(), victims_.end(), more_important);
  violating_.clear();
  others_.clear();
  budgets_.split(victims_, violating_, others_);
  eviction = spare(trial, violating_, others_);
  return !eviction.victims.empty();
}

void PreemptionIndex::evaluate(NodeId node) {
  std::uint8_t& flags = flags_[node.index];
  EvictionCost& cost = costs_[node.index];
  cost = EvictionCost::impossible();
  if ((flags & kFits) != 0) --feasible_count_;
  flags &= static_cast<std::uint8_t>(~kFits);
  masks_[node.index] = 0;
  if ((flags & kStaticOk) == 0) return;
  measure(node);
  if (Trial(*this, slack_).fits()) {
    flags |= kFits;
    ++feasible_count_;
    return;
  }
  Eviction eviction;
  if (search(node, eviction)) cost = eviction.cost();
}

Eviction PreemptionIndex::eviction_on(NodeId node) {
  Eviction eviction;
  measure(node);
  search(node, eviction);
  return eviction;
}

}  // namespace arcas::scheduler
