#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "core/scheduler/preemption_decider.h"
#include "tests/support/vectors.h"
#include "tests/support/verdicts.h"

// DefaultPreemption of kube-scheduler 1.32.2 (shared/vectors, family preemption) against ours.

namespace arcas::tests {
namespace {

namespace json = boost::json;
using scheduler::Code;
using scheduler::Cycle;
using scheduler::Evaluation;
using scheduler::PreemptionDecider;
using scheduler::PreemptionDetails;
using scheduler::PreemptionResult;

using Lines = std::map<std::string, std::string>;  // what, and what it is

std::string joined(std::vector<std::string> parts, const char* between = " ") {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

std::vector<std::string> strings(const json::value& list) {
  std::vector<std::string> out;
  for (const json::value& each : list.as_array()) out.emplace_back(each.as_string());
  return out;
}

std::string sorted_reasons(std::vector<std::string> reasons) {
  std::sort(reasons.begin(), reasons.end());
  return joined(reasons, "; ");
}

/// The recorded answer, a line for each of its parts.
Lines recorded(const json::object& answer) {
  Lines lines;
  for (const auto& [key, value] : answer) {
    if (key == "candidates") {
      for (const auto& [node, candidate] : value.as_object()) {
        const json::object& c = candidate.as_object();
        const json::value* violations = c.if_contains("numPDBViolations");
        lines["candidate " + std::string(node)] =
            joined(strings(c.at("victims"))) + ", violations " +
            std::to_string(violations == nullptr ? 0 : violations->as_int64());
      }
    } else if (key == "notCandidates") {
      for (const auto& [node, status] : value.as_object()) {
        const json::object& s = status.as_object();
        const json::value* plugin = s.if_contains("plugin");
        lines["refused " + std::string(node)] =
            std::string(s.at("code").as_string()) + " " +
            (plugin == nullptr ? "" : std::string(plugin->as_string())) + " " +
            sorted_reasons(strings(s.at("reasons")));
      }
    } else if (value.is_array()) {
      const bool victims = key == "victims" || key == "clearedNominations";
      lines[key] = victims ? joined(strings(value)) : sorted_reasons(strings(value));
    } else {
      lines[key] = std::string(value.as_string());
    }
  }
  return lines;
}

std::string names(const VectorCase& loaded, const std::vector<Uid>& pods) {
  std::vector<std::string> out;
  for (const Uid uid : pods) out.push_back(loaded.pod_name(uid));
  return joined(out);
}

/// Ours, in the same form.
Lines described(const VectorCase& loaded, const PreemptionResult& result,
                const PreemptionDetails& details) {
  using enum PreemptionResult::Outcome;
  Lines lines;
  lines["code"] = scheduler::name(result.code);
  if (result.code != Code::success) lines["plugin"] = "DefaultPreemption";
  lines["result"] = result.outcome == nominate ? "nominate"
                    : result.outcome == clear  ? "clear"
                                               : "nil";
  if (!result.message.empty()) lines["reasons"] = result.message;
  if (result.node.valid()) {
    lines["nominatedNode"] = loaded.node_name(result.node);
    lines["victims"] = names(loaded, result.victims);
  }
  if (!result.cleared.empty()) lines["clearedNominations"] = names(loaded, result.cleared);
  for (const auto& candidate : details.candidates) {
    lines["candidate " + loaded.node_name(candidate.node)] =
        names(loaded, candidate.victims) + ", violations " +
        std::to_string(candidate.cost.violations);
  }
  for (const auto& [node, status] : details.refused) {
    lines["refused " + loaded.node_name(node)] = std::string(scheduler::name(status.code)) + " " +
                                                 std::string(scheduler::name(status.plugin)) + " " +
                                                 sorted_reasons(status.reasons);
  }
  std::vector<std::string> best;
  for (const NodeId node : details.best) best.push_back(loaded.node_name(node));
  if (!best.empty()) lines["best"] = sorted_reasons(best);
  return lines;
}

std::string first_difference(const Lines& theirs, const Lines& ours) {
  for (const auto& [what, text] : theirs) {
    const auto it = ours.find(what);
    const std::string own = it == ours.end() ? "(none)" : it->second;
    if (own != text) return what + ": recorded " + text + ", ours " + own;
  }
  for (const auto& [what, text] : ours) {
    if (!theirs.contains(what)) return what + ": recorded (none), ours " + text;
  }
  return {};
}

/// Nominations and the marks of pods that preemption is removing, as the case says.
void prepare(VectorCase& loaded, PreemptionDecider& decider) {
  for (const Uid uid : loaded.nominated) {
    decider.nominations().add(uid, loaded.cluster->pods().find(uid)->nominated);
  }
  for (const Uid uid : loaded.being_preempted) loaded.cluster->pods().find(uid)->preempted = true;
}

struct Tally {
  std::size_t cases = 0;
  std::size_t answered = 0;
  std::size_t agree = 0;
  std::size_t by_index = 0;
  std::vector<std::string> first;
  void differs(const std::string& text) {
    if (first.size() < 12) first.push_back(text);
  }
};

void compare(VectorCase& loaded, Tally& tally) {
  const json::value* answer = loaded.expect.if_contains("postFilter");
  if (answer == nullptr) return;
  ++tally.answered;
  PreemptionDecider decider(*loaded.cluster, loaded.profile);
  prepare(loaded, decider);
  const Cycle cycle{*loaded.cluster, loaded.profile, *loaded.cluster->pods().find(loaded.pod),
                    loaded.pod};
  PreemptionDetails details;
  const PreemptionResult result = preempt(cycle, decider.nominations(), {}, &details);
  const std::string difference =
      first_difference(recorded(answer->as_object()), described(loaded, result, details));
  if (!difference.empty()) return tally.differs(loaded.id + ": " + difference);
  const PreemptionResult quick = decider.decide(cycle);
  tally.by_index += decider.stats().by_index;
  if (quick.outcome != result.outcome || quick.node != result.node ||
      quick.victims != result.victims || quick.cleared != result.cleared) {
    return tally.differs(loaded.id + ": the decider says otherwise than the definition");
  }
  ++tally.agree;
}

class PreemptionVectors : public testing::Test {
 protected:
  void SetUp() override {
    if (!vectors_folder()) {
      GTEST_SKIP() << "NOT RUN: no folder shared/vectors beside the project nor in ARCAS_SHARED";
    }
  }
  static void print(const char* what, std::size_t agree, std::size_t of, const Tally& tally) {
    std::cout << what << ": " << agree << " of " << of << " agree\n";
    for (const std::string& difference : tally.first) std::cout << "  " << difference << "\n";
  }
};

TEST_F(PreemptionVectors, CandidatesVictimsReasonsAndChoiceAreThoseOfKubeScheduler) {
  Tally tally;
  tally.cases = for_each_case("preemption", [&](VectorCase& loaded) { compare(loaded, tally); });
  print("preemption", tally.agree, tally.answered, tally);
  std::cout << "  " << tally.by_index << " of them by the index, too\n";
  EXPECT_GT(tally.answered, 0U);
  EXPECT_EQ(tally.agree, tally.answered);
}

TEST_F(PreemptionVectors, VerdictsBesideNominatedPodsAreThoseOfKubeScheduler) {
  Tally tally;
  tally.cases = for_each_case("preemption", [&](VectorCase& loaded) {
    PreemptionDecider decider(*loaded.cluster, loaded.profile);
    prepare(loaded, decider);
    const Cycle cycle{*loaded.cluster, loaded.profile, *loaded.cluster->pods().find(loaded.pod),
                      loaded.pod};
    const auto found = differences(loaded, [&](const Evaluation& evaluation, NodeId node) {
      return filter_beside_nominated(cycle, evaluation, decider.nominations(), node);
    });
    if (found.empty()) {
      ++tally.agree;
    } else {
      tally.differs(loaded.id + ": " + found.front());
    }
  });
  print("preemption, filters and scores", tally.agree, tally.cases, tally);
  EXPECT_GT(tally.cases, 0U);
  EXPECT_EQ(tally.agree, tally.cases);
}

}  // namespace
}  // namespace arcas::tests
