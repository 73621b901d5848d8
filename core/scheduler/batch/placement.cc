#include "core/scheduler/batch/placement.h"

#include <algorithm>
#include <numeric>

#include "core/scheduler/batch/commodity.h"

namespace arcas::scheduler::batch {
namespace {

class Placement {
 public:
  Placement(const BatchInput& input, const BatchConfig& config)
      : input_(input),
        config_(config),
        remaining_(all_of(input)),
        free_(free_rows(input)),
        packer_(input, free_, kinds_in_use(input, remaining_.left)) {}

  BatchPlacement run() {
    result_.wanted = pods_left();
    for (std::uint32_t round = 0; round < config_.rounds && pods_left() > 0; ++round) {
      run_round();
    }
    result_.fall_back = remaining_.left;
    merge_assignments();
    result_.placed = result_.wanted - pods_left();
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::uint64_t pods_left() const {
    return std::accumulate(remaining_.left.begin(), remaining_.left.end(), std::uint64_t{0});
  }

  /// The last round plans with whatever room there is.
  [[nodiscard]] bool last_round() const { return result_.rounds + 1 >= config_.rounds; }
  /// In the last two rounds what does not fit goes on through its pool.
  [[nodiscard]] bool mopping_up() const { return result_.rounds + 2 >= config_.rounds; }

  void run_round() {
    const std::vector<std::size_t> kinds = kinds_in_use(input_, remaining_.left);
    std::vector<NodeClass> nodes = classify(input_, free_, kinds);
    if (result_.rounds == 0) result_.bound = least_bound(nodes, kinds);
    Commodity commodity = measure_mixture(input_, nodes, remaining_.left);
    if (!last_round()) commodity = usable_room(input_, nodes, remaining_, std::move(commodity));
    for (std::int64_t& demand : commodity.demand) demand = std::max<std::int64_t>(demand, 1);
    const std::vector<PlannedCount> planned =
        plan(input_, nodes, remaining_, commodity, config_.solver);
    pack(nodes, planned);
    if (result_.rounds++ == 0) {
      result_.node_classes = std::move(nodes);
      result_.planned = planned;
    }
  }

  /// Every resource and their mixture give a bound; the least one counts.
  [[nodiscard]] std::uint64_t least_bound(const std::vector<NodeClass>& nodes,
                                          const std::vector<std::size_t>& kinds) const {
    std::uint64_t least =
        bound(input_, nodes, remaining_, measure_mixture(input_, nodes, remaining_.left));
    for (const std::size_t kind : kinds) {
      least =
          std::min(least, bound(input_, nodes, remaining_, measure_resource(input_, nodes, kind)));
    }
    return least;
  }

  void pack(const std::vector<NodeClass>& nodes, const std::vector<PlannedCount>& planned) {
    std::vector<std::vector<Portion>> portions(nodes.size());
    for (const PlannedCount& item : planned) {
      portions[item.node_class].push_back({item.pod_class, item.count});
    }
    for (std::size_t n = 0; n < nodes.size(); ++n) pack_class(nodes[n], portions[n]);
    if (!mopping_up()) return;
    for (std::size_t n = 1; n < nodes.size(); ++n) pass_on(nodes, portions, n - 1, n);
    for (std::size_t n = nodes.size(); n-- > 1;) pass_on(nodes, portions, n, n - 1);
  }

  /// What did not fit one node class goes to its neighbour, if that is of the same pool.
  void pass_on(const std::vector<NodeClass>& nodes, std::vector<std::vector<Portion>>& portions,
               std::size_t from, std::size_t to) {
    const bool same_pool =
        nodes[from].domain == nodes[to].domain && nodes[from].kind == nodes[to].kind;
    if (!same_pool) return;
    carry(portions[from], portions[to]);
    portions[from].clear();
    pack_class(nodes[to], portions[to]);
  }

  void pack_class(const NodeClass& nodes, std::vector<Portion>& portions) {
    const std::size_t before = result_.assignments.size();
    packer_.pack(nodes, portions, result_.assignments);
    for (std::size_t i = before; i < result_.assignments.size(); ++i) {
      const Assignment& placed = result_.assignments[i];
      remaining_.left[placed.pod_class] -= placed.count;
      std::vector<std::uint32_t>& room = remaining_.domain_room[placed.pod_class];
      if (!room.empty() && room[nodes.domain] != kUnlimited) room[nodes.domain] -= placed.count;
    }
  }

  /// Adds portions to others; both are ordered by pod class.
  static void carry(const std::vector<Portion>& from, std::vector<Portion>& to) {
    std::vector<Portion> merged;
    std::size_t at = 0;
    for (const Portion& portion : from) {
      while (at < to.size() && to[at].pod_class < portion.pod_class) merged.push_back(to[at++]);
      merged.push_back(portion);
      if (at < to.size() && to[at].pod_class == portion.pod_class) {
        merged.back().left += to[at++].left;
      }
    }
    merged.insert(merged.end(), to.begin() + static_cast<std::ptrdiff_t>(at), to.end());
    to = std::move(merged);
  }

  void merge_assignments() {
    std::vector<Assignment>& all = result_.assignments;
    std::sort(all.begin(), all.end(), [](const Assignment& a, const Assignment& b) {
      return a.pod_class != b.pod_class ? a.pod_class < b.pod_class : a.node < b.node;
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool same = kept > 0 && all[kept - 1].pod_class == all[i].pod_class &&
                        all[kept - 1].node == all[i].node;
      if (same) {
        all[kept - 1].count += all[i].count;
      } else {
        all[kept++] = all[i];
      }
    }
    all.resize(kept);
  }

  const BatchInput& input_;
  const BatchConfig& config_;
  Remaining remaining_;
  std::vector<ResourceRow> free_;
  NodePacker packer_;
  BatchPlacement result_;
};

}  // namespace

Expected<BatchPlacement> place_batch(const BatchInput& input, const BatchConfig& config) {
  Status status = validate(input);
  if (!status) return status;
  if (config.rounds == 0 || config.rounds > kMaxRounds) {
    return Status::invalid("config.rounds is " + std::to_string(config.rounds) +
                           "; allowed are 1 to " + std::to_string(kMaxRounds));
  }
  return Placement(input, config).run();
}

}  // namespace arcas::scheduler::batch
