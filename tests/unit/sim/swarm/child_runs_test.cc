#include "sim/swarm/child_runs.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "sim/swarm/outcome.h"
#include "sim/swarm/swarm.h"

namespace arcas::sim {
namespace {

Outcome outcome_of_child(double seconds, const std::function<Outcome()>& run) {
  ChildRuns runs(1, seconds);
  EXPECT_TRUE(runs.start(5, [&] { return to_line(run()); }));
  for (;;) {
    const auto finished = runs.wait(20);
    if (finished.empty()) continue;
    EXPECT_EQ(finished.front().id, 5U);
    return outcome_of(finished.front());
  }
}

TEST(ChildRuns, AnOutcomeComesBackAsItWas) {
  Outcome sent;
  sent.failure = "I34 runs-once";
  sent.text = "pod \"x\"\nruns twice";
  sent.at_seconds = 12.5;
  sent.virtual_seconds = 3600;
  sent.events = 1ULL << 60U;
  sent.trace_hash = "abc";
  sent.operations = 7;
  sent.invariants = {{"I25 bound-once", 3}};
  sent.pairs = {{"drain", "rack_loss"}};
  const Outcome got = outcome_of_child(60, [&] { return sent; });
  EXPECT_EQ(to_line(got), to_line(sent));
}

TEST(ChildRuns, AChildThatCrashesIsAFindingWithItsLastWords) {
  const Outcome got = outcome_of_child(60, [] {
    std::fputs("first\ncheck failed: 1 == 2\n", stderr);
    std::abort();
    return Outcome{};
  });
  EXPECT_EQ(got.failure, "crash");
  EXPECT_EQ(got.text, "ended by signal Aborted: check failed: 1 == 2");
}

TEST(ChildRuns, AChildThatLeavesWithoutAnOutcomeIsAFinding) {
  const Outcome got = outcome_of_child(60, [] {
    _exit(9);
    return Outcome{};
  });
  EXPECT_EQ(got.failure, "crash");
  EXPECT_EQ(got.text, "ended with exit code 9");
}

TEST(ChildRuns, AChildThatNeverEndsIsStopped) {
  const Outcome got = outcome_of_child(0.05, [] {
    for (;;) pause();
    return Outcome{};
  });
  EXPECT_EQ(got.failure, "hang");
}

TEST(SwarmReport, OneFindingOrOneSeedWithoutLoadIsNotClean) {
  Outcome good;
  good.decisions = 200;
  good.operations = 20;
  good.faults = 3;
  good.pairs = {{"drain", "rack_loss"}};
  good.invariants = {{"I25 bound-once", 3}, {"I49 all-zones-dark", 0}};
  SwarmReport report({"drain", "scale"}, {"rack_loss"});
  EXPECT_FALSE(report.clean());  // nothing was run
  report.add(1, good, 0.5);
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(report.missing_pairs().size(), 1U);
  EXPECT_EQ(report.missing_pairs().front().first, "scale");
  EXPECT_EQ(report.never_tested(), std::vector<std::string>{"I49 all-zones-dark"});

  SwarmReport idle = report;
  Outcome lazy = good;
  lazy.operations = 0;
  idle.add(2, lazy, 0.5);
  EXPECT_FALSE(idle.clean());
  EXPECT_EQ(idle.below_floor, std::vector<std::uint64_t>{2});

  Outcome bad = good;
  bad.failure = "I34 runs-once";
  report.add(3, bad, 0.5);
  EXPECT_FALSE(report.clean());
  EXPECT_NE(to_text(report, 1, 1, " --families rack_loss")
                .find("arcas swarm --first-seed 3 --seeds 1 --families rack_loss"),
            std::string::npos);
}

TEST(SwarmReport, APairIsCoveredWhenTheOperationBeginsWhileTheFaultIsInForce) {
  Scenario scenario;
  FaultLine& fault = scenario.faults.emplace_back();
  fault.kind = "rack_loss";
  fault.at = seconds(10);
  fault.lasts = seconds(5);
  ChangeSpec change;
  change.op = "scale";
  const auto pairs_at = [&](Duration at, Duration until) {
    scenario.workload.changes.clear();
    change.at = at;
    scenario.workload.changes.push_back(change);
    return operation_fault_pairs(scenario, until).size();
  };
  EXPECT_EQ(pairs_at(seconds(9), hours(1)), 0U);
  EXPECT_EQ(pairs_at(seconds(12), hours(1)), 1U);
  EXPECT_EQ(pairs_at(seconds(16), hours(1)), 0U);
  EXPECT_EQ(pairs_at(seconds(12), seconds(11)), 0U);  // the run ended before
}

}  // namespace
}  // namespace arcas::sim
