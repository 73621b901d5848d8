#include "sim/report/summary.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <set>
#include <string>

namespace arcas::sim {
namespace {

Summary example() {
  Summary s;
  s.scenario = "a \"quoted\"\nname";
  s.seed = 18'446'744'073'709'551'615ULL;
  s.profile = "arcas";
  s.nodes = 1'234'567;
  s.pods = 10;
  s.pods_running = 8;
  s.trace_hash = "00ff";
  s.pods_running_before_fault = 10;
  s.pods_displaced = 4;
  s.recovery_p50 = 1.5;
  s.recovery_p99 = 90.25;
  s.claims_granted = 7;
  s.notes = {{12.5, "zone zone-a judged lost"}};
  s.violations = {{3.25, "I25 bound-once", "pod 7 was bound twice"}};
  s.checkpoints = {"ab", "cd"};
  return s;
}

TEST(Summary, JsonHasAllDocumentedKeysAndKeepsValues) {
  const auto root = boost::json::parse(to_json(example())).as_object();
  for (const char* key :
       {"scenario", "seed", "profile", "nodes", "pods", "virtual_seconds", "wall_seconds", "events",
        "events_per_second", "trace_hash", "peak_rss_bytes", "violations",
        "pods_running_before_fault", "pods_displaced", "pods_recovered", "pods_lost",
        "pods_run_twice", "recovery_seconds", "detection_seconds", "evictions", "claims",
        "decisions", "decisions_per_second", "pods_running", "notes"}) {
    EXPECT_TRUE(root.contains(key)) << key;
  }
  EXPECT_EQ(root.at("scenario").as_string(), "a \"quoted\"\nname");
  EXPECT_EQ(root.at("seed").to_number<std::uint64_t>(), 18'446'744'073'709'551'615ULL);
  EXPECT_EQ(root.at("violations").to_number<int>(), 1);
  EXPECT_EQ(root.at("recovery_seconds").as_object().at("p99").to_number<double>(), 90.25);
  for (const char* key : {"p50", "p90", "p99", "max"}) {
    EXPECT_TRUE(root.at("recovery_seconds").as_object().contains(key));
  }
  EXPECT_EQ(root.at("claims").as_object().at("granted").to_number<int>(), 7);
}

TEST(Summary, EveryMetricIsFoundInTheJsonByItsDottedName) {
  const Summary s = example();
  const boost::json::value root = boost::json::parse(to_json(s));
  const std::set<std::string> derived{"pods_not_running", "settled", "interrupted"};
  for (const std::string& name : Summary::metric_names()) {
    const auto metric = s.metric(name);
    ASSERT_TRUE(metric) << name;
    if (derived.contains(name)) continue;
    std::string pointer = "/" + name;
    for (char& c : pointer) c = c == '.' ? '/' : c;
    boost::system::error_code error;
    const boost::json::value* value = root.find_pointer(pointer, error);
    ASSERT_TRUE(value != nullptr) << name;
    if (std::isnan(*metric)) continue;
    EXPECT_EQ(value->to_number<double>(), *metric) << name;
  }
  EXPECT_EQ(s.metric("pods_not_running"), 2.0);
  EXPECT_EQ(s.metric("claims.granted"), 7.0);
  EXPECT_FALSE(s.metric("claims"));
  EXPECT_FALSE(s.metric(""));
  EXPECT_FALSE(s.metric("recovery_seconds"));
}

TEST(Summary, WhatWasNeverMeasuredMeetsNoCondition) {
  const Summary s;
  for (const char* name : {"recovery_seconds.p50", "recovery_seconds.p99", "detection_seconds"}) {
    ASSERT_TRUE(s.metric(name));
    EXPECT_TRUE(std::isnan(*s.metric(name))) << name;
  }
  EXPECT_EQ(example().metric("recovery_seconds.p99"), 90.25);
}

TEST(Summary, TableIsForPeople) {
  const std::string table = to_table(example());
  for (const char* text : {"1,234,567", "zone zone-a judged lost", "VIOLATION", "I25 bound-once",
                           "recovery p99", "90.2 s", "00ff"}) {
    EXPECT_NE(table.find(text), std::string::npos) << text << table;
  }
  Summary calm;
  EXPECT_EQ(to_table(calm).find("displaced"), std::string::npos);
  Summary stopped;
  stopped.interrupted = true;
  EXPECT_NE(to_table(stopped).find("INTERRUPTED"), std::string::npos);
}

}  // namespace
}  // namespace arcas::sim
