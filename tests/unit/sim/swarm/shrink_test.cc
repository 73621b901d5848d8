#include "sim/swarm/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sim/scenario/yaml_text.h"

namespace arcas::sim {
namespace {

Outcome failing(const std::string& failure) {
  Outcome outcome;
  outcome.failure = failure;
  return outcome;
}

YamlValue big() {
  std::string text =
      "name: big\n"
      "region: {zones: [a, b, c], node_shapes: [{name: n, count: 15}], racks_per_zone: 3}\n"
      "control_plane: {tenant_partitions: 3, store_members: 5}\n"
      "tenants: 4\n"
      "parameters: {node_grace: 50s, probe_period: 1s}\n"
      "workload: {total_pods: 200, pods: [{share: 1}, {share: 2}], jobs: [{name: j}],\n"
      "           changes: [{op: a}, {op: b}, {op: c}, {op: d}, {op: e}, {op: f}, {op: g}]}\n"
      "run: {limit: 3600s}\n"
      "faults: [";
  for (int i = 0; i < 12; ++i) text += "{kind: k" + std::to_string(i) + "}, ";
  return *parse_yaml(text + "]\n", "big.yaml");
}

bool has(YamlValue& root, const std::string& list, const std::string& key,
         const std::string& value) {
  const auto& items = entry_at(root, list)->items;
  return std::any_of(items.begin(), items.end(),
                     [&](const YamlValue& item) { return item.find(key)->text == value; });
}

std::int64_t number(YamlValue& root, const std::string& path) {
  return std::stoll(entry_at(root, path)->text);
}

TEST(Shrink, KeepsWhatTheFailureNeedsAndNothingElse) {
  std::uint64_t runs = 0;
  const Trial needs = [&](const YamlValue& candidate) {
    ++runs;
    YamlValue root = candidate;
    const bool fails =
        has(root, "faults", "kind", "k3") && has(root, "faults", "kind", "k8") &&
        has(root, "workload.changes", "op", "e") && number(root, "workload.total_pods") >= 37 &&
        std::stoll(entry_at(root, "region.node_shapes")->items[0].find("count")->text) >= 4;
    return fails ? failing("I34 runs-once") : Outcome{};
  };
  Shrinker shrinker(big(), failing("I34 runs-once"), needs, 10'000, [](const auto&, auto) {});
  YamlValue smallest = shrinker.run();
  EXPECT_EQ(entry_at(smallest, "faults")->items.size(), 2U);
  EXPECT_EQ(entry_at(smallest, "workload.changes")->items.size(), 1U);
  EXPECT_EQ(entry_at(smallest, "workload.jobs")->items.size(), 0U);
  EXPECT_EQ(number(smallest, "workload.total_pods"), 37);
  EXPECT_EQ(entry_at(smallest, "region.node_shapes")->items[0].find("count")->text, "4");
  EXPECT_EQ(number(smallest, "control_plane.tenant_partitions"), 1);
  EXPECT_EQ(entry_at(smallest, "parameters"), nullptr);
  EXPECT_EQ(runs, shrinker.trials());
  EXPECT_LT(runs, 200U);
}

TEST(Shrink, AnotherFailureIsNotTheSame) {
  const Trial other = [](const YamlValue&) { return failing("I25 bound-once"); };
  Shrinker shrinker(big(), failing("I34 runs-once"), other, 10'000, [](const auto&, auto) {});
  EXPECT_EQ(to_yaml(shrinker.run()), to_yaml(big()));
  Outcome crash = failing("crash");
  crash.text = "check failed: a";
  Outcome same = crash;
  EXPECT_TRUE(same_failure(crash, same));
  same.text = "check failed: b";
  EXPECT_FALSE(same_failure(crash, same));
  Outcome full = failing("converged == 1");
  full.ran_in_full = true;
  EXPECT_FALSE(same_failure(full, failing("converged == 1")));
}

TEST(Shrink, StopsAtTheMostTrialsAllowed) {
  const Trial always = [](const YamlValue&) { return failing("hang"); };
  Shrinker shrinker(big(), failing("hang"), always, 3, [](const auto&, auto) {});
  shrinker.run();
  EXPECT_EQ(shrinker.trials(), 3U);
}

TEST(Shrink, EndsTheRunSoonAfterTheViolation) {
  const Trial at_hundred = [](const YamlValue&) {
    Outcome outcome = failing("I34 runs-once");
    outcome.at_seconds = 99.5;
    return outcome;
  };
  Shrinker shrinker(big(), at_hundred({}), at_hundred, 1000, [](const auto&, auto) {});
  YamlValue smallest = shrinker.run();
  EXPECT_EQ(entry_at(smallest, "run.limit")->text, "101s");
}

}  // namespace
}  // namespace arcas::sim
