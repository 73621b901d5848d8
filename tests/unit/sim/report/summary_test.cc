#include "sim/report/summary.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace arcas::sim {
namespace {

Summary sample() {
  Summary s;
  s.scenario = "az-outage";
  s.seed = 18446744073709551615ULL;
  s.profile = "arcas";
  s.nodes = 100'000;
  s.pods = 3'000'000;
  s.pods_running = 2'999'999;
  s.virtual_seconds = 812.5;
  s.trace_hash = "0123456789abcdef0123456789abcdef";
  s.pods_running_before_fault = 3'000'000;
  s.pods_displaced = 1'000'000;
  s.recovery_p50 = 21.25;
  s.recovery_p99 = 48;
  s.claims_granted = 7;
  s.claims_rejected = 2;
  s.violations.push_back({3.5, "I01 runs-once", "pod \"x\"\nruns twice"});
  s.notes.push_back({1.5, "zone zone-a loses power"});
  s.checkpoints = {"aa", "bb"};
  return s;
}

TEST(SummaryTest, JsonHasEveryKeyOfTheFormat) {
  const boost::json::value parsed = boost::json::parse(to_json(sample()));
  const auto& root = parsed.as_object();
  for (const char* key : {"scenario",
                          "seed",
                          "profile",
                          "nodes",
                          "pods",
                          "virtual_seconds",
                          "wall_seconds",
                          "events",
                          "events_per_second",
                          "trace_hash",
                          "peak_rss_bytes",
                          "violations",
                          "pods_running_before_fault",
                          "pods_displaced",
                          "pods_recovered",
                          "pods_lost",
                          "pods_run_twice",
                          "recovery_seconds",
                          "detection_seconds",
                          "evictions",
                          "claims",
                          "decisions",
                          "decisions_per_second"}) {
    EXPECT_TRUE(root.contains(key)) << key;
  }
  for (const char* key : {"p50", "p90", "p99", "max"}) {
    EXPECT_TRUE(root.at("recovery_seconds").as_object().contains(key)) << key;
  }
  EXPECT_EQ(root.at("claims").at("granted").as_int64(), 7);
  EXPECT_EQ(root.at("claims").at("rejected").as_int64(), 2);
  EXPECT_EQ(root.at("violations").to_number<int>(), 1);
  EXPECT_EQ(root.at("seed").to_number<std::uint64_t>(), 18446744073709551615ULL);
  EXPECT_EQ(root.at("kind").as_string(), "RunSummary");
}

TEST(SummaryTest, EveryMetricOfAnExpectationIsFoundByItsJsonName) {
  const Summary s = sample();
  const boost::json::value parsed = boost::json::parse(to_json(s));
  for (const std::string& name : Summary::metric_names()) {
    ASSERT_TRUE(s.metric(name)) << name;
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) {
      // Two are derived: they are not in the JSON.
      if (name == "pods_not_running") continue;
      ASSERT_TRUE(parsed.as_object().contains(name)) << name;
      continue;
    }
    const auto& nested = parsed.at(name.substr(0, dot)).as_object();
    EXPECT_DOUBLE_EQ(nested.at(name.substr(dot + 1)).to_number<double>(), *s.metric(name)) << name;
  }
  EXPECT_DOUBLE_EQ(*s.metric("recovery_seconds.p50"), 21.25);
  EXPECT_DOUBLE_EQ(*s.metric("pods_not_running"), 1);
  EXPECT_DOUBLE_EQ(*s.metric("violations"), 1);
  EXPECT_FALSE(s.metric("pods_lots"));
  EXPECT_FALSE(s.metric(""));
}

TEST(SummaryTest, TheTableIsForPeople) {
  const std::string table = to_table(sample());
  for (const char* part :
       {"az-outage  (profile arcas, seed 18446744073709551615)", "100,000", "3,000,000 / 2,999,999",
        "21.2 s", "13 m 32 s", "none", "VIOLATION at 3.500000 s  I01 runs-once",
        "zone zone-a loses power", "0123456789abcdef0123456789abcdef"}) {
    EXPECT_NE(table.find(part), std::string::npos) << part << table;
  }
  Summary interrupted = sample();
  interrupted.interrupted = true;
  EXPECT_NE(to_table(interrupted).find("INTERRUPTED"), std::string::npos);
}

TEST(SummaryTest, WithoutAFaultTheTableSaysNothingAboutRecovery) {
  Summary s;
  s.scenario = "calm";
  EXPECT_EQ(to_table(s).find("recovery"), std::string::npos);
}

}  // namespace
}  // namespace arcas::sim
