#include "sim/swarm/draw.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/base/rng.h"
#include "core/base/time.h"
#include "sim/swarm/fault_families.h"

namespace arcas::sim {
namespace {

constexpr std::int64_t kNodes = 15;
constexpr std::int64_t kQuiet = 60;  // seconds in which the region is built
constexpr std::int64_t kConvergence = 20 * 60;
constexpr std::int64_t kStill = 10 * 60;  // after that nothing may be written for so long
constexpr std::int64_t kLargest = 20;     // replicas of a generated deployment

constexpr std::array<std::string_view, 9> kOperations{"create", "scale",       "update",
                                                      "delete", "cordon",      "uncordon",
                                                      "drain",  "delete_pods", "move_tenant"};
constexpr std::size_t kOrdinary = kOperations.size() - 1;  // moves have a stream of their own

/// A parameter of the profile that may be drawn, in milliseconds or as a number. The values keep
/// what parameters ask of each other: a leader renews before its lease ends, several heartbeats fit
/// into the grace.
struct ParameterRange {
  std::string_view name;
  std::int64_t low;
  std::int64_t high;
  std::string_view unit;
};
constexpr std::array<ParameterRange, 14> kParameters{{
    {"heartbeat_period", 5000, 12'000, "ms"},
    {"node_grace", 40'000, 80'000, "ms"},
    {"node_monitor_period", 1000, 10'000, "ms"},
    {"reconnect_period", 500, 5000, "ms"},
    {"default_toleration_seconds", 10, 400, ""},
    {"eviction_interval", 1000, 20'000, "ms"},
    {"probe_period", 500, 2000, "ms"},
    {"claim_lifetime", 10'000, 60'000, "ms"},
    {"scheduler_batch", 1, 200, ""},
    {"backoff_initial", 200, 2000, "ms"},
    {"replica_set_burst", 1, 100, ""},
    {"status_interval", 200, 5000, "ms"},
    {"controller_batch_window", 1, 500, "ms"},
    {"status_batch_window", 1, 100, "ms"},
}};

/// Draws one seed's scenario. Each part has a stream of its own. No two draws stand in one
/// expression: their order would be the compiler's.
class Draw {
 public:
  Draw(std::uint64_t seed, const SwarmChoice& choice)
      : seed_(seed), choice_(choice), random_(RandomStream(seed).stream("swarm")) {}

  std::string text() {
    std::string out =
        fmt::format("name: swarm-{}\ndescription: drawn by swarm from seed {}\nseed: {}\n", seed_,
                    seed_, seed_);
    out += region();
    out += parameters();
    out += workload();
    out += "faults:" + lines(faults());
    out += fmt::format("run: {{limit: {}s, settle: 30s, quiet: {}s, sample_every: 60s}}\n",
                       end_ + kConvergence + kStill, kStill);
    out +=
        "expect:\n  - violations == 0\n  - converged == 1\n  - pods_lost == 0\n"
        "  - pods_run_twice == 0\n";
    return out;
  }

 private:
  static std::string lines(const std::vector<std::string>& items) {
    if (items.empty()) return " []\n";
    return fmt::format("\n  - {}\n", fmt::join(items, "\n  - "));
  }

  std::string region() {
    RandomStream random = random_.stream("region");
    tenants_ = random.between(2, 5);
    const std::int64_t racks = random.between(1, 3);
    partitions_ = random.between(1, 3);
    const char* resources = random.chance(2, 3) ? "zonal" : "regional";
    const std::int64_t api_servers = random.between(1, 2);
    const int members = random.chance(3, 4) ? 3 : 5;
    const std::int64_t schedulers = random.chance(1, 2) ? 1 : random.between(2, 3);
    return fmt::format(
        "region:\n  zones: [{}]\n  racks_per_zone: {}\n  node_shapes:\n"
        "    - {{name: plain, count: {}, cpu: 16, memory: 64Gi}}\n"
        "control_plane: {{tenant_partitions: {}, resource_partitions: {}, api_servers_per_zone: "
        "{}, schedulers: {}, "
        "store_members: {}}}\ntenants: {}\n",
        fmt::join(zones_, ", "), racks, kNodes, partitions_, resources, api_servers, schedulers,
        members, tenants_);
  }

  std::string parameters() const {
    RandomStream random = random_.stream("parameters");
    std::string out;
    for (const ParameterRange& range : kParameters) {
      const bool drawn = random.chance(1, 4);
      std::int64_t value = random.between(range.low, range.high);
      if (range.low >= 1000 && range.unit == "ms") value -= value % 100;
      if (drawn) out += fmt::format("  {}: {}{}\n", range.name, value, range.unit);
    }
    return out.empty() ? out : "parameters:\n" + out;
  }

  std::string workload() {
    RandomStream random = random_.stream("workload");
    total_pods_ = random.between(120, 200);
    end_ = kQuiet + random.between(15 * 60, 60 * 60);
    const std::int64_t mean = random.between(5, 12);
    const std::int64_t soft = random.between(0, 60);
    const std::int64_t hard = random.between(0, 30);
    const std::int64_t budget = random.between(0, 60);
    std::string out = fmt::format(
        "workload:\n  total_pods: {}\n  smallest: 1\n  largest: {}\n  mean: {}\n"
        "  images: 10\n  spread_soft_percent: {}\n  spread_hard_percent: {}\n"
        "  budget_percent: {}\n  pods:\n    - {{share: 6, cpu: 250m, memory: 1Gi}}\n"
        "    - {{share: 3, cpu: 1, memory: 2Gi}}\n",
        total_pods_, kLargest, mean, soft, hard, budget);
    if (random.chance(1, 2)) out += "    - {share: 1, cpu: 1, memory: 4Gi, vm: true}\n";
    if (random.chance(2, 3)) {
      out += "  daemon_sets:\n    - {name: agent, pod: {cpu: 100m, memory: 128Mi}}\n";
    }
    return out + jobs(random) + "  changes:" + lines(changes());
  }

  /// Jobs of at most ten minutes, the last of them created at the end of the first phase.
  std::string jobs(RandomStream& random) const {
    if (random.chance(1, 3)) return {};
    const std::int64_t completions = random.between(1, 12);
    const std::int64_t parallelism = random.between(1, 5);
    const std::int64_t rounds = (completions + parallelism - 1) / parallelism;
    const std::int64_t count = random.between(1, 4);
    const std::int64_t longest = random.between(5, 600 / rounds);
    const std::int64_t over = random.between(1, end_ - kQuiet);
    std::string out = fmt::format(
        "  jobs:\n    - {{name: batch, count: {}, completions: {}, parallelism: {}, "
        "backoff_limit: 20, runs: [5s, {}s], start: 30s, over: {}s, "
        "pod: {{cpu: 500m, memory: 1Gi}}}}\n",
        count, completions, parallelism, longest, over);
    return out + gangs(random);
  }

  /// Jobs whose pods start together: as many as one has at once.
  std::string gangs(RandomStream& random) const {
    if (random.chance(1, 2)) return {};
    const std::int64_t size = random.between(2, 8);
    const std::int64_t count = random.between(1, 6);
    const std::int64_t longest = random.between(5, 300);
    const std::int64_t over = random.between(1, end_ - kQuiet);
    return fmt::format(
        "    - {{name: gang, count: {0}, completions: {1}, parallelism: {1}, gang: {1}, "
        "backoff_limit: 20, runs: [5s, {2}s], start: 30s, over: {3}s, "
        "pod: {{cpu: 500m, memory: 1Gi}}}}\n",
        count, size, longest, over);
  }

  // ---- operations of users ----

  std::vector<std::string> changes() {
    RandomStream random = random_.stream("changes");
    std::vector<std::int64_t> times;
    for (std::int64_t i = random.between(12, 40); i > 0; --i) {
      times.push_back(random.between(kQuiet, end_ - 1));
    }
    std::sort(times.begin(), times.end());
    for (std::int64_t i = 0; i < total_pods_ / kLargest; ++i)
      names_.push_back("app-" + std::to_string(i));
    std::vector<std::string> out;
    for (const std::int64_t at : times) {
      const std::string_view op = kOperations[random.below(kOrdinary)];
      const std::string what = operation(op, random);
      if (!what.empty()) out.push_back(fmt::format("{{op: {}, at: {}s, {}}}", op, at, what));
    }
    for (const std::string& move : moves()) out.push_back(move);
    // Healed means that every node takes pods again.
    for (const std::int64_t node : cordoned_) {
      out.push_back(fmt::format("{{op: uncordon, at: {}s, node: {}}}", end_, node));
    }
    return out;
  }

  /// Tenants that go to other tenant partitions, some of them back and forth.
  std::vector<std::string> moves() const {
    RandomStream random = random_.stream("moves");
    std::vector<std::string> out;
    if (partitions_ < 2 || random.chance(1, 4)) return out;
    for (std::int64_t i = random.between(1, 4); i > 0; --i) {
      const std::int64_t at = random.between(kQuiet, end_ - 1);
      const std::int64_t tenant = random.between(1, tenants_);
      const std::int64_t to = random.between(0, partitions_ - 1);
      out.push_back(
          fmt::format("{{op: move_tenant, at: {}s, tenant: {}, to: tp-{}}}", at, tenant, to));
    }
    return out;
  }

  /// The keys of an operation that makes sense now; empty: none does.
  std::string operation(std::string_view op, RandomStream& random) {
    if (op == "create") return creation(random);
    if (op == "cordon" || op == "drain") {
      const std::int64_t node = random.between(0, kNodes - 1);
      const bool known = std::find(cordoned_.begin(), cordoned_.end(), node) != cordoned_.end();
      if (known || cordoned_.size() >= 3) return {};
      cordoned_.push_back(node);
      return fmt::format("node: {}", node);
    }
    if (op == "uncordon") {
      if (cordoned_.empty()) return {};
      const std::size_t at = random.below(cordoned_.size());
      const std::int64_t node = cordoned_[at];
      cordoned_.erase(cordoned_.begin() + static_cast<std::ptrdiff_t>(at));
      return fmt::format("node: {}", node);
    }
    if (names_.empty()) return {};
    const std::size_t at = random.below(names_.size());
    const std::string name = names_[at];
    if (op == "scale") {
      return fmt::format("deployment: {}, replicas: {}", name, random.between(0, 30));
    }
    if (op == "delete_pods") {
      return fmt::format("deployment: {}, count: {}", name, random.between(1, 5));
    }
    if (op == "delete") names_.erase(names_.begin() + static_cast<std::ptrdiff_t>(at));
    return "deployment: " + name;
  }

  std::string creation(RandomStream& random) {
    const std::string name = "extra-" + std::to_string(created_++);
    names_.push_back(name);
    const std::int64_t tenant = random.between(1, tenants_);
    const std::int64_t replicas = random.between(1, 20);
    return fmt::format(
        "deployment: {}, tenant: {}, replicas: {}, pod: {{cpu: 250m, memory: 512Mi}}", name, tenant,
        replicas);
  }

  // ---- faults ----

  std::vector<std::string> faults() {
    RandomStream random = random_.stream("faults");
    std::vector<const FaultFamily*> families;
    std::vector<const FaultFamily*> all;
    for (const FaultFamily& family : fault_families()) {
      const auto& wanted = choice_.families;
      const bool named = std::find(wanted.begin(), wanted.end(), family.kind) != wanted.end();
      if (!wanted.empty() && !named) continue;
      all.push_back(&family);
      if (random.chance(1, 2)) families.push_back(&family);
    }
    if (all.empty()) return {};
    if (families.empty()) families.push_back(all[random.below(all.size())]);
    std::vector<std::string> out;
    std::map<std::string_view, std::int64_t> free_at;  // one of a kind at a time
    for (std::int64_t i = random.between(3, 12); i > 0; --i) {
      const FaultFamily& family = *families[random.below(families.size())];
      std::int64_t& free = free_at.try_emplace(family.kind, kQuiet).first->second;
      const std::int64_t at = free + random.between(0, (end_ - kQuiet) / 3);
      // Its shortest has to end in time, too.
      if (at >= end_ - std::max<std::int64_t>(30, family.tails * 10)) continue;
      // Half of what is left, since a tail may come on top.
      const DrawnFault drawn =
          draw_fault(family, seconds(at), seconds((end_ - at) / 2), zones_, random);
      free = family.once ? end_ : at + drawn.in_force.ns / seconds(1).ns + 2;
      out.push_back(drawn.line);
    }
    if (out.empty()) {
      out.push_back(
          draw_fault(*families.front(), seconds(kQuiet + 30), seconds(120), zones_, random).line);
    }
    return out;
  }

  std::uint64_t seed_;
  const SwarmChoice& choice_;
  RandomStream random_;
  std::vector<std::string> zones_{"zone-a", "zone-b", "zone-c"};
  std::int64_t tenants_ = 1;
  std::int64_t partitions_ = 1;
  std::int64_t total_pods_ = 0;
  std::int64_t end_ = 0;            // of the first phase, in seconds
  std::vector<std::string> names_;  // deployments that are there
  std::vector<std::int64_t> cordoned_;
  std::int64_t created_ = 0;
};

}  // namespace

std::span<const std::string_view> swarm_operations() { return kOperations; }

std::string draw_scenario(std::uint64_t seed, const SwarmChoice& choice) {
  return Draw(seed, choice).text();
}

}  // namespace arcas::sim
