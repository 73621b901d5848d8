// Laws of batch placement over random inputs: nothing is over-committed, limits hold, counts add
// up, the bound is a bound, and the flows agree with Boost.Graph's.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>

#include "core/base/rng.h"
#include "core/scheduler/batch/explain.h"
#include "core/scheduler/batch/flow_network.h"
#include "core/scheduler/batch/placement.h"

namespace arcas::scheduler::batch {
namespace {

PodClass draw_class(RandomStream& random, const BatchInput& input, std::uint32_t most) {
  PodClass pods;
  pods.name = "tenant-" + std::to_string(random.below(3));
  pods.tenant = TenantId{static_cast<std::uint32_t>(pods.name.back() - '0')};
  pods.priority = static_cast<std::int32_t>(random.below(3)) - 1;
  pods.count = static_cast<std::uint32_t>(random.below(most + 1));
  for (std::size_t kind = 0; kind < input.resource_names.size(); ++kind) {
    pods.demand.push_back(random.chance(1, 4) ? 0 : random.between(1, 8));
  }
  if (random.chance(1, 3)) {
    for (std::size_t d = 0; d < input.domain_names.size(); ++d) {
      pods.domain_limits.push_back(
          random.chance(1, 3) ? kUnlimited : static_cast<std::uint32_t>(random.below(6)));
    }
  }
  for (std::uint32_t kind = 0; kind < input.kind_names.size(); ++kind) {
    if (random.chance(1, 4)) pods.node_kinds.push_back(kind);
  }
  if (random.chance(1, 4)) pods.max_per_node = static_cast<std::uint32_t>(random.between(1, 3));
  return pods;
}

BatchInput draw(RandomStream& random, std::uint32_t classes, std::uint32_t nodes,
                std::uint32_t most) {
  BatchInput input;
  input.resource_names.assign(static_cast<std::size_t>(random.between(1, 4)), "r");
  input.domain_names.assign(static_cast<std::size_t>(random.between(1, 3)), "zone");
  input.kind_names.assign(static_cast<std::size_t>(random.between(1, 3)), "kind");
  const std::uint64_t class_count = 1 + random.below(classes);
  for (std::uint64_t i = 0; i < class_count; ++i) {
    input.classes.push_back(draw_class(random, input, most));
  }
  const std::uint64_t node_count = random.below(nodes + 1);
  for (std::uint32_t i = 0; i < node_count; ++i) {
    NodeRoom node;
    node.node = NodeId{i * 2};
    node.domain = static_cast<std::uint32_t>(random.below(input.domain_names.size()));
    node.kind = static_cast<std::uint32_t>(random.below(input.kind_names.size()));
    for (std::size_t k = 0; k < input.resource_names.size(); ++k) {
      node.free.push_back(random.between(-2, 30));
    }
    input.nodes.push_back(std::move(node));
  }
  return input;
}

void expect_lawful(const BatchInput& input, const BatchPlacement& placement) {
  std::vector<ResourceRow> free = free_rows(input);
  std::vector<std::uint64_t> placed(input.classes.size());
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> in_domain;
  std::set<std::pair<std::uint32_t, NodeId>> seen;
  for (const Assignment& assignment : placement.assignments) {
    const PodClass& pods = input.classes[assignment.pod_class];
    const std::size_t position = assignment.node.index / 2;
    const NodeRoom& node = input.nodes.at(position);
    ASSERT_GT(assignment.count, 0U);
    ASSERT_TRUE(seen.insert({assignment.pod_class, assignment.node}).second);
    ASSERT_TRUE(allows_kind(pods, node.kind));
    ASSERT_LE(assignment.count, pods.max_per_node);
    placed[assignment.pod_class] += assignment.count;
    in_domain[{assignment.pod_class, node.domain}] += assignment.count;
    for (std::size_t k = 0; k < pods.demand.size(); ++k) {
      free[position][k] -= pods.demand[k] * assignment.count;
      ASSERT_GE(free[position][k], 0) << "node " << position << " is over-committed";
    }
  }
  for (const auto& [key, count] : in_domain) {
    ASSERT_LE(count, domain_limit(input.classes[key.first], key.second));
  }
  std::uint64_t total = 0;
  for (std::size_t c = 0; c < input.classes.size(); ++c) {
    ASSERT_EQ(placed[c] + placement.fall_back[c], input.classes[c].count);
    total += placed[c];
  }
  ASSERT_EQ(total, placement.placed);
  ASSERT_LE(placement.placed, placement.bound);
  ASSERT_LE(placement.bound, placement.wanted);
}

TEST(BatchProperty, PlacementsKeepEveryLaw) {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random(seed);
    const BatchInput input = draw(random, 12, 20, 30);
    const BatchPlacement placement = place_batch(input).value();
    expect_lawful(input, placement);
    if (HasFatalFailure()) return;
    EXPECT_EQ(place_batch(input).value().assignments, placement.assignments);
  }
}

/// The most pods that can be placed, by trying everything.
std::uint64_t best_by_search(const BatchInput& input) {
  std::vector<ResourceRow> free = free_rows(input);
  std::vector<std::vector<std::uint32_t>> in_domain(
      input.classes.size(), std::vector<std::uint32_t>(input.domain_names.size()));
  std::function<std::uint64_t(std::size_t, std::size_t, std::uint32_t)> search =
      [&](std::size_t c, std::size_t n, std::uint32_t left) -> std::uint64_t {
    if (c == input.classes.size()) return 0;
    if (n == input.nodes.size() || left == 0) {
      const std::uint32_t next = c + 1 < input.classes.size() ? input.classes[c + 1].count : 0;
      return search(c + 1, 0, next);
    }
    const PodClass& pods = input.classes[c];
    const std::uint32_t domain = input.nodes[n].domain;
    std::uint32_t most = 0;
    if (allows_kind(pods, input.nodes[n].kind)) {
      const std::uint32_t room = domain_limit(pods, domain) - in_domain[c][domain];
      most = slots(pods, free[n], std::min({left, pods.max_per_node, room}));
    }
    std::uint64_t best = 0;
    for (std::uint32_t count = 0; count <= most; ++count) {
      const auto move = [&](std::int64_t sign) {
        for (std::size_t k = 0; k < pods.demand.size(); ++k) {
          free[n][k] -= sign * pods.demand[k] * count;
        }
      };
      move(1);
      in_domain[c][domain] += count;
      best = std::max(best, count + search(c, n + 1, left - count));
      in_domain[c][domain] -= count;
      move(-1);
    }
    return best;
  };
  return search(0, 0, input.classes[0].count);
}

TEST(BatchProperty, NoPlacementBeatsTheBound) {
  std::uint64_t best_in_all = 0;
  std::uint64_t bound_in_all = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    RandomStream random(seed);
    const BatchInput input = draw(random, 3, 3, 4);
    const BatchPlacement placement = place_batch(input).value();
    const std::uint64_t best = best_by_search(input);
    ASSERT_LE(best, placement.bound) << "seed " << seed;
    ASSERT_LE(placement.placed, best) << "seed " << seed;
    best_in_all += best;
    bound_in_all += placement.bound;
  }
  EXPECT_GT(best_in_all * 100, bound_in_all * 70);  // and the bound is no empty promise
}

/// What the explanation says of a tenant is about its own classes, whatever the others do.
TEST(BatchProperty, ExplanationsNameNoOtherTenant) {
  std::uint64_t said = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    RandomStream random(seed);
    const BatchInput input = draw(random, 12, 8, 30);
    const BatchPlacement placement = place_batch(input).value();
    for (std::uint32_t viewer = 0; viewer < 3; ++viewer) {
      for (const Bottleneck& bottleneck : explain(input, placement, TenantId{viewer})) {
        ++said;
        std::uint64_t wanted = 0;
        for (const std::uint32_t c : bottleneck.classes) {
          ASSERT_EQ(input.classes[c].tenant, TenantId{viewer}) << "seed " << seed;
          wanted += input.classes[c].count;
        }
        ASSERT_LE(bottleneck.pods, wanted);
        ASSERT_GE(bottleneck.short_by, 0);
        for (std::uint32_t other = 0; other < 3; ++other) {
          if (other == viewer) continue;
          ASSERT_EQ(bottleneck.text.find("tenant-" + std::to_string(other)), std::string::npos);
        }
      }
    }
  }
  EXPECT_GT(said, 500U);
}

/// Every pod that is left over has a reason.
TEST(BatchProperty, ExplanationsCoverWhatIsLeftOver) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    RandomStream random(seed);
    const BatchInput input = draw(random, 12, 8, 30);
    const BatchPlacement placement = place_batch(input).value();
    std::uint64_t covered = 0;
    for (const Bottleneck& bottleneck : explain(input, placement, std::nullopt)) {
      covered += bottleneck.pods;
    }
    ASSERT_GE(covered, placement.wanted - placement.placed) << "seed " << seed;
  }
}

FlowNetwork draw_network(RandomStream& random, std::uint32_t vertices, std::uint64_t arcs) {
  FlowNetwork network;
  network.vertices = vertices;
  for (std::uint64_t i = 0; i < arcs; ++i) {
    const auto from = static_cast<std::uint32_t>(random.below(vertices));
    const auto to = static_cast<std::uint32_t>(random.below(vertices));
    if (from == to || to == 0 || from == 1) continue;
    network.add_arc(from, to, random.between(0, 20), random.between(0, 9));
  }
  return network;
}

void expect_flow(const FlowNetwork& network, const Flow& flow) {
  std::vector<std::int64_t> balance(network.vertices);
  for (std::size_t i = 0; i < network.arcs.size(); ++i) {
    ASSERT_GE(flow.on_arc[i], 0);
    ASSERT_LE(flow.on_arc[i], network.arcs[i].capacity);
    balance[network.arcs[i].from] -= flow.on_arc[i];
    balance[network.arcs[i].to] += flow.on_arc[i];
  }
  ASSERT_EQ(balance[0], -flow.value);
  ASSERT_EQ(balance[1], flow.value);
  for (std::uint32_t v = 2; v < network.vertices; ++v) ASSERT_EQ(balance[v], 0);
}

TEST(FlowProperty, OurFlowsCostAsMuchAsBoosts) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random(seed);
    const FlowNetwork network = draw_network(random, 12, 60);
    const Flow ours = min_cost_max_flow(network, 0, 1);
    const Flow boosts =
        boost_min_cost_max_flow(network, 0, 1, BoostAlgorithm::successive_shortest_path);
    expect_flow(network, ours);
    if (HasFatalFailure()) return;
    ASSERT_EQ(ours.value, boosts.value);
    ASSERT_TRUE(cost_of(network, ours) == cost_of(network, boosts));
  }
}

TEST(FlowProperty, FillingInOrderIsMaximalForEveryPrefix) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random(seed);
    const FlowNetwork network = draw_network(random, 12, 60);
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < network.arcs.size(); ++i) {
      if (network.arcs[i].from == 0) order.push_back(i);
    }
    const Flow filled = fill_in_order(network, 0, 1, order);
    expect_flow(network, filled);
    if (HasFatalFailure()) return;
    FlowNetwork prefix = network;
    for (const std::uint32_t arc : order) prefix.arcs[arc].capacity = 0;
    std::int64_t so_far = 0;
    for (const std::uint32_t arc : order) {
      prefix.arcs[arc].capacity = network.arcs[arc].capacity;
      so_far += filled.on_arc[arc];
      ASSERT_EQ(min_cost_max_flow(prefix, 0, 1).value, so_far);
    }
  }
}

TEST(FlowProperty, WhatTheResidualReachesIsAMinimumCut) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    RandomStream random(seed);
    const FlowNetwork network = draw_network(random, 12, 60);
    const Flow flow = min_cost_max_flow(network, 0, 1);
    const std::vector<bool> reached = reachable_in_residual(network, flow, {0});
    ASSERT_FALSE(reached[1]);
    std::int64_t cut = 0;
    for (const FlowNetwork::Arc& arc : network.arcs) {
      if (reached[arc.from] && !reached[arc.to]) cut += arc.capacity;
    }
    ASSERT_EQ(cut, flow.value) << "seed " << seed;
  }
}

}  // namespace
}  // namespace arcas::scheduler::batch
