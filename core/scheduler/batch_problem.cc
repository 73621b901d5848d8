#include "core/scheduler/batch_problem.h"

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "core/scheduler/local_plugins.h"
#include "core/scheduler/spread_rules.h"

namespace arcas::scheduler {
namespace {

constexpr std::int64_t kNoCeiling = std::numeric_limits<std::int64_t>::max();
/// More sets of static requirements than this in one batch: the pods of the others are left out.
constexpr std::size_t kMostRequirements = 64;

bool same_requirements(const model::PodSpec& a, const model::PodSpec& b) {
  return a.workload == b.workload && a.node_selector == b.node_selector &&
         a.node_affinity == b.node_affinity && a.tolerations == b.tolerations;
}

class Builder {
 public:
  Builder(Cluster& cluster, const SchedulerProfile& profile, PodClasses& classes,
          const BatchNaming& naming)
      : cluster_(cluster), profile_(profile), classes_(classes), naming_(naming) {}

  BatchProblem build(std::span<const Uid> pods) {
    cluster_.refresh();
    zones_ = &cluster_.topology().map(cluster_.zone_key());
    name_things();
    constexpr std::uint32_t kGoldenRatio = 0x9e3779b9U;  // its multiples lie far apart
    if (!pods.empty()) problem_.input.turn = (pods.front().partition() - 1U) * kGoldenRatio;
    for (const Uid uid : pods) {
      if (!add(uid)) problem_.left_out.push_back(uid);
    }
    add_nodes();
    for (std::size_t c = 0; c < problem_.members.size(); ++c) finish(c);
    return std::move(problem_);
  }

 private:
  /// Pods with these in common are one class; the last four are none unless a rule tells pods of
  /// one shape apart.
  using Key = std::tuple<ShapeId, std::int32_t, std::string, TenantId, SpecId, LabelSetId,
                         NamespaceId, std::uint32_t>;

  void name_things() {
    const model::Catalog& catalog = cluster_.catalog();
    for (std::uint32_t i = 0; i < catalog.resources.size(); ++i) {
      problem_.input.resource_names.push_back(catalog.resources.text(ResourceId{i}));
    }
    for (const StringId zone : zones_->values) {
      problem_.input.domain_names.push_back(catalog.text(zone));
    }
    problem_.input.domain_names.emplace_back("no zone");
  }

  [[nodiscard]] bool covers(const PodEntry& pod, const PodClass& pod_class) const {
    const model::PodSpec& spec = cluster_.catalog().spec(pod.spec);
    if (pod.target.valid() || pod.nominated.valid() || spec.node_name.valid()) return false;
    if (!pod_class.indexable || pod_class.affinity.filters() || !spec.host_ports.empty()) {
      return false;
    }
    const auto& hard = pod_class.spread.hard;
    if (hard.empty()) return true;
    return hard.size() == 1 && hard.front().key == cluster_.zone_key() &&
           hard.front().matches_itself;
  }

  bool add(Uid uid) {
    const PodEntry& pod = *cluster_.pods().find(uid);
    const PodClass& pod_class = classes_.of(pod);
    if (!covers(pod, pod_class)) return false;
    const std::int32_t priority = cluster_.catalog().spec(pod.spec).priority;
    BatchName name;
    if (naming_) name = naming_(uid, pod);
    Key key{pod_class.shape, priority, name.name, name.tenant, {}, {}, {}, PodEntry::kNoOwner};
    if (zone_spread(pod_class, cluster_.zone_key()) != nullptr) {
      std::get<4>(key) = pod.spec;
      std::get<5>(key) = pod.labels;
      std::get<6>(key) = pod.name_space;
      std::get<7>(key) = pod.owner;
    }
    auto at = class_of_.find(key);
    if (at == class_of_.end()) {
      const auto requirements = requirements_of(pod.spec);
      if (!requirements) return false;
      at = class_of_.emplace(std::move(key), add_class(pod, pod_class, priority, name)).first;
      requirements_.push_back(*requirements);
    }
    ++problem_.input.classes[at->second].count;
    problem_.members[at->second].push_back(uid);
    return true;
  }

  std::uint32_t add_class(const PodEntry& pod, const PodClass& pod_class, std::int32_t priority,
                          const BatchName& name) {
    batch::PodClass& made = problem_.input.classes.emplace_back();
    made.name = name.name;
    made.tenant = name.tenant;
    made.priority = priority;
    const Amounts& amounts = cluster_.shapes()[pod_class.shape].demand.amounts;
    made.demand.assign(amounts.begin(), amounts.end());
    problem_.members.emplace_back();
    problem_.specs.push_back(pod.spec);
    const SpreadConstraint* rule = zone_spread(pod_class, cluster_.zone_key());
    rules_.push_back(rule == nullptr ? std::nullopt : std::optional(*rule));
    is_hard_.push_back(!pod_class.spread.hard.empty());
    return static_cast<std::uint32_t>(problem_.members.size() - 1);
  }

  /// Which set of static requirements a spec has: what it asks of a node whatever else is there.
  std::optional<std::uint32_t> requirements_of(SpecId spec) {
    const model::Catalog& catalog = cluster_.catalog();
    for (std::uint32_t i = 0; i < sets_.size(); ++i) {
      if (same_requirements(catalog.spec(sets_[i]), catalog.spec(spec))) return i;
    }
    if (sets_.size() == kMostRequirements) return std::nullopt;
    sets_.push_back(spec);
    return static_cast<std::uint32_t>(sets_.size() - 1);
  }

  /// Nodes that pass the same sets of requirements are one kind.
  void add_nodes() {
    std::vector<std::unique_ptr<LocalPlugins>> filters;
    for (const SpecId spec : sets_) {
      filters.push_back(std::make_unique<LocalPlugins>(
          cluster_, profile_, cluster_.shapes()[cluster_.shapes().of(spec)], SpecId{}));
    }
    std::map<std::uint64_t, std::uint32_t> kind_of;  // by the sets that it passes
    const NodeTable& nodes = cluster_.nodes();
    for (std::uint32_t i = 0; i < nodes.size(); ++i) {
      const NodeId node{i};
      if (!nodes.known(node)) continue;
      std::uint64_t passed = 0;
      for (std::size_t set = 0; set < filters.size(); ++set) {
        if (filters[set]->static_ok(node)) passed |= std::uint64_t{1} << set;
      }
      if (passed == 0) continue;
      const auto [at, fresh] =
          kind_of.try_emplace(passed, static_cast<std::uint32_t>(kind_of.size()));
      if (fresh) {
        problem_.input.kind_names.push_back("kind " + std::to_string(at->second));
        passed_.push_back(passed);
      }
      add_node(node, at->second);
    }
  }

  void add_node(NodeId node, std::uint32_t kind) {
    const NodeTable::Row& row = cluster_.nodes()[node];
    batch::NodeRoom& room = problem_.input.nodes.emplace_back();
    room.node = node;
    room.domain = std::min(zones_->domain_of(node), zones_->size());  // kNone is the largest
    room.kind = kind;
    room.free.assign(problem_.input.resource_names.size(), 0);
    for (std::size_t i = 0; i < room.free.size() && i < row.allocatable.size(); ++i) {
      room.free[i] = row.allocatable[i] - row.used[i];
    }
    domains_of_kind_.resize(problem_.input.kind_names.size());
    std::vector<bool>& domains = domains_of_kind_[kind];
    domains.resize(problem_.input.domain_names.size());
    domains[room.domain] = true;
  }

  void finish(std::size_t c) {
    batch::PodClass& pods = problem_.input.classes[c];
    for (std::uint32_t kind = 0; kind < passed_.size(); ++kind) {
      if ((passed_[kind] >> requirements_[c] & 1U) != 0) pods.node_kinds.push_back(kind);
    }
    if (pods.node_kinds.empty()) {  // an empty list would allow every kind
      pods.domain_limits.assign(problem_.input.domain_names.size(), 0);
    } else if (rules_[c]) {
      limit(*rules_[c], is_hard_[c], pods);
    }
  }

  /// A constraint over zones. Domains that take no pod of a class with a hard one still hold the
  /// least count down; a soft one levels out, and what that leaves over is decided one by one.
  void limit(const SpreadConstraint& rule, bool is_hard, batch::PodClass& pods) {
    const Counter& counter = cluster_.counters()[rule.counter];
    const DomainView& view = counter.view();
    std::vector<std::int64_t> there(problem_.input.domain_names.size(), -1);
    std::int64_t least = kNoCeiling;
    for (std::uint32_t d = 0; d < zones_->size(); ++d) {
      const bool usable =
          std::any_of(pods.node_kinds.begin(), pods.node_kinds.end(),
                      [&](std::uint32_t kind) { return domains_of_kind_[kind][d]; });
      if (usable) there[d] = counter.value(d);
      const bool counts = d < view.nodes_in.size() && view.nodes_in[d] != 0;
      if (counts && !usable) least = std::min(least, counter.value(d));
    }
    if (static_cast<std::int64_t>(view.domain_count) < rule.min_domains) least = 0;
    const bool unlimited = least == kNoCeiling || !is_hard;
    const std::int64_t ceiling = unlimited ? kNoCeiling : least + rule.max_skew;
    pods.domain_limits = level_out(there, pods.count, ceiling);
  }

  Cluster& cluster_;
  const SchedulerProfile& profile_;
  PodClasses& classes_;
  const BatchNaming& naming_;
  const TopologyMap* zones_ = nullptr;
  BatchProblem problem_;
  std::map<Key, std::uint32_t> class_of_;
  std::vector<SpecId> sets_;                            // of static requirements
  std::vector<std::uint32_t> requirements_;             // by class: which set
  std::vector<std::optional<SpreadConstraint>> rules_;  // by class: over zones
  std::vector<bool> is_hard_;                           // by class: that rule
  std::vector<std::uint64_t> passed_;                   // by kind: sets, one bit each
  std::vector<std::vector<bool>> domains_of_kind_;
};

}  // namespace

const SpreadConstraint* zone_spread(const PodClass& pod_class, StringId zone_key) {
  for (const auto* list : {&pod_class.spread.hard, &pod_class.spread.soft}) {
    for (const SpreadConstraint& rule : *list) {
      if (rule.key == zone_key) return &rule;
    }
  }
  return nullptr;
}

std::vector<std::uint32_t> level_out(const std::vector<std::int64_t>& there, std::int64_t count,
                                     std::int64_t ceiling) {
  std::vector<std::size_t> order;
  for (std::size_t d = 0; d < there.size(); ++d) {
    if (there[d] >= 0) order.push_back(d);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return there[a] < there[b]; });
  // The lowest k domains rise to the level of the next one, for as long as the pods suffice.
  std::int64_t left = count;
  std::size_t low = 0;
  std::int64_t level = order.empty() ? 0 : there[order.front()];
  while (low < order.size()) {
    ++low;
    const std::int64_t next = low < order.size() ? there[order[low]] : kNoCeiling;
    const std::int64_t wide = static_cast<std::int64_t>(low);
    if (next == kNoCeiling || (next - level) * wide >= left) break;
    left -= (next - level) * wide;
    level = next;
  }
  // Rounded up: any of the domains may take one of the last few.
  if (low > 0)
    level += (left + static_cast<std::int64_t>(low) - 1) / static_cast<std::int64_t>(low);
  level = std::min(level, ceiling);
  std::vector<std::uint32_t> most(there.size(), 0);
  for (const std::size_t d : order) {
    most[d] = static_cast<std::uint32_t>(std::clamp<std::int64_t>(level - there[d], 0, count));
  }
  return most;
}

BatchProblem batch_problem(Cluster& cluster, const SchedulerProfile& profile, PodClasses& classes,
                           std::span<const Uid> pods, const BatchNaming& naming) {
  return Builder(cluster, profile, classes, naming).build(pods);
}

}  // namespace arcas::scheduler
