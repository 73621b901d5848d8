#include "sim/run/run_sampler.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/run/record_of_run.h"
#include "sim/run/simulation.h"
#include "sim/scenario/scenario.h"

namespace arcas::sim {
namespace {

constexpr const char* kZoneLoss = R"(
name: sampled
region:
  zones: [a, b, c]
  node_shapes: [{name: n, count: 30, cpu: 8, memory: 32Gi, extended: {example.com/gpu: 2}}]
tenants: 3
control_plane: {tenant_partitions: 2}
workload:
  total_pods: 120
  smallest: 3
  largest: 12
  mean: 6
  pods: [{share: 1, cpu: 500m, memory: 1Gi}]
faults: [{kind: zone_power_loss, after_settled: 20s, zone: b, lasts: 60s}]
expect: [pods_lost == 0, nodes == 31]
)";

struct Ran {
  Summary summary;
  RunRecord record;
};

Ran run(bool sampled, const std::string& text = kZoneLoss) {
  const auto scenario = parse_scenario(text, "sampled.yaml", {});
  EXPECT_TRUE(scenario) << scenario.error().message;
  SimulationOptions options;
  options.record_series = sampled;
  auto simulation = Simulation::make(*scenario, options);
  EXPECT_TRUE(simulation);
  while ((*simulation)->advance(100'000)) {
  }
  Ran ran;
  ran.summary = (*simulation)->summary(1);
  ran.record = record_of(**simulation, *scenario, ran.summary);
  return ran;
}

/// One run for all that only look at it.
const Ran& sampled_run() {
  static const Ran ran = run(true);
  return ran;
}

TEST(RunSampler, LooksAndChangesNothing) {
  const Ran without = run(false);
  EXPECT_EQ(sampled_run().summary.trace_hash, without.summary.trace_hash);
  EXPECT_EQ(sampled_run().summary.decisions_hash, without.summary.decisions_hash);
  EXPECT_TRUE(without.record.series.points.empty());
}

TEST(RunSampler, TheLastRowIsWhatTheSummarySays) {
  const Summary& summary = sampled_run().summary;
  const RunSeries& series = sampled_run().record.series;
  ASSERT_FALSE(series.points.empty());
  const RunSeries::Point& last = series.points.back();
  EXPECT_EQ(last.pods, summary.pods);
  EXPECT_EQ(last.running, summary.pods_running);
  EXPECT_EQ(last.waiting, 0);
  EXPECT_EQ(last.lost, 0);
  EXPECT_EQ(last.displaced, summary.pods_displaced);
  EXPECT_EQ(last.recovered, summary.pods_recovered);
  EXPECT_EQ(last.decisions, summary.decisions);
  EXPECT_EQ(last.evictions, summary.evictions);
  EXPECT_EQ(last.nodes_up, 30);
  EXPECT_EQ(last.nodes_ready, 30);
  std::int64_t commits = 0;
  for (const std::int64_t of_partition : last.commits) commits += of_partition;
  EXPECT_EQ(commits, summary.commits);
  EXPECT_DOUBLE_EQ(last.fairness, 1);
}

TEST(RunSampler, RowsRunForwardAndCountsOnlyGrow) {
  const auto& points = sampled_run().record.series.points;
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_GT(points[i].at_seconds, points[i - 1].at_seconds);
    EXPECT_GE(points[i].displaced, points[i - 1].displaced);
    EXPECT_GE(points[i].decisions, points[i - 1].decisions);
    for (std::size_t p = 0; p < points[i].commits.size(); ++p) {
      EXPECT_GE(points[i].commits[p], points[i - 1].commits[p]);
      EXPECT_GE(points[i].requests[p], points[i - 1].requests[p]);
    }
  }
}

TEST(RunSampler, TheLossOfAZoneIsSeen) {
  const RunSeries& series = sampled_run().record.series;
  EXPECT_EQ(series.zones, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(series.resources,
            (std::vector<std::string>{"cpu", "memory", "pods", "example.com/gpu"}));
  EXPECT_EQ(series.capacity[0], 80'000);
  EXPECT_EQ(series.capacity[3], 20);
  EXPECT_EQ(series.partitions, (std::vector<std::string>{"tp-0", "tp-1", "rp-0", "rp-1", "rp-2"}));
  ASSERT_EQ(series.faults.size(), 1U);
  EXPECT_EQ(series.faults[0].text, "zone b loses power");
  EXPECT_NEAR(series.faults[0].ends_seconds - series.faults[0].begins_seconds, 60, 1e-6);
  const auto dark = std::find_if(series.points.begin(), series.points.end(),
                                 [](const auto& point) { return point.nodes_up == 20; });
  ASSERT_NE(dark, series.points.end());
  EXPECT_GT(dark->lost, 0);
  EXPECT_EQ(dark->used[4], 0) << "cpu in zone b";
  EXPECT_GT(dark->used[0], 0) << "cpu in zone a";
  // 120 pods of half a core, wherever they run.
  const RunSeries::Point& last = series.points.back();
  EXPECT_EQ(last.used[0] + last.used[4] + last.used[8], 60'000);
  EXPECT_EQ(last.used[2] + last.used[6] + last.used[10], 120) << "pods";
}

TEST(RunSampler, TheMapAgreesWithTheRows) {
  const RunSeries& series = sampled_run().record.series;
  ASSERT_EQ(series.cells.size(), 30U);
  EXPECT_EQ(series.cells[0].first_node, "a-node-0");
  EXPECT_EQ(series.cells[29].zone, "c");
  const std::string& levels = series.frames.back().levels;
  for (std::size_t cell = 0; cell < 30; ++cell) {
    EXPECT_EQ(static_cast<unsigned char>(levels[cell * 4 + 2]), 255) << "up";
    EXPECT_EQ(static_cast<unsigned char>(levels[cell * 4 + 3]), 255) << "ready";
  }
  const bool was_dark = std::any_of(series.frames.begin(), series.frames.end(), [](const auto& f) {
    return f.levels[10 * 4 + 2] == 0 && f.levels[10 * 4] == 0 && f.levels[2] != 0;
  });
  EXPECT_TRUE(was_dark) << "node 10 is of zone b";
}

TEST(RunSampler, TenantsPhasesAndRecoveryAreTold) {
  const RunRecord& record = sampled_run().record;
  std::int64_t pods = 0;
  for (const RunSeries::Tenant& tenant : record.series.tenants) {
    pods += tenant.pods;
    EXPECT_EQ(tenant.running, tenant.pods) << tenant.name;
    EXPECT_GE(tenant.wait_max_seconds, tenant.wait_mean_seconds);
  }
  EXPECT_EQ(pods, 120);
  ASSERT_GE(record.series.phases.size(), 3U);
  EXPECT_EQ(record.series.phases[0].name, "building");
  EXPECT_EQ(record.series.phases.back().name, "over");
  ASSERT_EQ(record.series.recovery_quantiles.size(), 101U);
  EXPECT_DOUBLE_EQ(record.series.recovery_quantiles[99], record.figure("recovery_seconds.p99"));
  ASSERT_EQ(record.expectations.size(), 2U);
  EXPECT_TRUE(record.expectations[0].holds);
  EXPECT_FALSE(record.expectations[1].holds);
  EXPECT_FALSE(record.well());
}

TEST(RunSampler, ALongRunKeepsAsManyRowsAsAShortOne) {
  // A machine crashes about every two minutes for a day.
  const Ran ran = run(true, R"(
name: long
region: {zones: [a, b], node_shapes: [{name: n, count: 20, cpu: 8, memory: 32Gi}]}
workload: {total_pods: 20, smallest: 2, largest: 4, mean: 3, pods: [{share: 1, cpu: 500m, memory: 1Gi}]}
faults: [{kind: node_crash_random, at: 60s, lasts: 1d, per_million_node_hours: 1500000, down_min: 10s, down_max: 20s}]
run: {limit: 2d, sample_every: 1h}
)");
  const RunSeries& series = ran.record.series;
  EXPECT_LE(series.points.size(), RunSampler::kMostPoints + 2);
  EXPECT_GT(series.points.size(), RunSampler::kMostPoints / 4);
  EXPECT_LE(series.frames.size(), RunSampler::kMostFrames + 1);
  for (const RunSeries::Frame& frame : series.frames) {
    EXPECT_EQ(frame.levels.size(), series.cells.size() * 4);
  }
  EXPECT_EQ(series.points.back().displaced, ran.summary.pods_displaced);
}

TEST(ZoneMap, AnyRegionHasAFewCellsThatCoverEveryNodeOnce) {
  for (const std::uint32_t nodes : {1U, 1'500U, 10'000U, 100'000U}) {
    Region region({}, RandomStream(1).stream("links"));
    model::Catalog catalog;
    std::vector<RackId> racks;
    for (const char* name : {"a", "b", "c"}) {
      const ZoneId zone = region.add_zone(name);
      for (int r = 0; r < 40; ++r) racks.push_back(region.add_rack(zone));
    }
    for (std::uint32_t i = 0; i < nodes; ++i) {
      region.add_node(racks[std::uint64_t{i} * racks.size() / nodes]);
      catalog.nodes.intern("node-" + std::to_string(i));
    }
    region.finish();
    model::ResourceList allocatable;
    allocatable.set(model::kCpu, 8'000);
    allocatable.set(model::kMemory, 1 << 20);
    ZoneMap map(region, catalog, [&](NodeId) -> const model::ResourceList& { return allocatable; });
    EXPECT_LE(map.shape().size(), ZoneMap::kMostCells);
    std::int64_t covered = 0;
    for (const RunSeries::Cell& cell : map.shape()) covered += cell.nodes;
    EXPECT_EQ(covered, nodes);
    EXPECT_EQ(map.levels().size(), map.shape().size() * 4);
    map.carry(NodeId{nodes - 1}, 8'000 * map.shape().back().nodes, 0);
    map.set_up(NodeId{nodes - 1}, false);
    const std::string levels = map.levels();
    EXPECT_EQ(static_cast<unsigned char>(levels[levels.size() - 4]), 255);
    EXPECT_LT(static_cast<unsigned char>(levels[levels.size() - 2]), 255);
  }
}

TEST(WaitHistogram, QuantilesAreWithinThreePercent) {
  WaitHistogram waits;
  for (std::int64_t ms = 1; ms <= 1'000; ++ms) waits.add(milliseconds(ms * ms));
  EXPECT_EQ(waits.count(), 1'000U);
  EXPECT_NEAR(waits.quantile(50).seconds(), 250, 250 * 0.03);
  EXPECT_NEAR(waits.quantile(99).seconds(), 980.1, 980.1 * 0.03);
  EXPECT_EQ(waits.quantile(100), milliseconds(1'000'000));
  EXPECT_EQ(waits.longest(), milliseconds(1'000'000));
  waits.clear();
  EXPECT_EQ(waits.count(), 0U);
  EXPECT_EQ(waits.quantile(99).ns, 0);
  waits.add(Duration{-5});  // a clock that ran backwards counts as no wait
  waits.add(TimePoint::max() - TimePoint{});
  EXPECT_EQ(waits.quantile(50).ns, 0);
  EXPECT_GT(waits.quantile(100), hours(24 * 365 * 280));
}

TEST(TenantFairness, IsJainsIndexOfTheSharesThatRun) {
  TenantFairness fairness;
  EXPECT_DOUBLE_EQ(fairness.jain(), 1);
  for (std::uint32_t t = 0; t < 4; ++t) fairness.change(TenantId{t}, 10, 0, 0);
  EXPECT_DOUBLE_EQ(fairness.jain(), 1) << "nobody has anything";
  fairness.change(TenantId{0}, 0, 10, 0);
  EXPECT_DOUBLE_EQ(fairness.jain(), 0.25) << "one of four has everything";
  fairness.change(TenantId{1}, 0, 5, 0);
  EXPECT_NEAR(fairness.jain(), 1.5 * 1.5 / (4 * 1.25), 1e-6);
  for (std::uint32_t t = 1; t < 4; ++t) fairness.change(TenantId{t}, 0, 10, 0);
  EXPECT_DOUBLE_EQ(fairness.jain(), 1) << "more than all counts as all";
}

}  // namespace
}  // namespace arcas::sim
