#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/scheduler/framework.h"
#include "core/scheduler/preemption_nominations.h"
#include "core/scheduler/preemption_victims.h"

namespace arcas::scheduler {

/// What preemption did for a pod that has no feasible node (Kubernetes's PostFilter).
struct PreemptionResult {
  enum class Outcome : std::uint8_t {
    nominate,   ///< evict `victims`; the pod's nominated node becomes `node`
    clear,      ///< nothing helps; the pod's nomination goes, if it has one
    unchanged,  ///< the pod may not preempt, or not now; its nomination stays as it is
  };
  Outcome outcome = Outcome::unchanged;
  Code code = Code::unschedulable;  ///< success with `nominate`
  std::string message;  ///< "preemption: …" in Kubernetes's words; empty with `nominate`
  NodeId node;
  std::vector<Uid> victims;  ///< most important first
  std::vector<Uid> cleared;  ///< pods of lower priority nominated to `node`: they look elsewhere
};

/// How `preempt` came to its answer, for explanations and tests.
struct PreemptionDetails {
  struct Candidate {
    NodeId node;
    std::vector<Uid> victims;  ///< most important first
    EvictionCost cost;
  };
  std::vector<Candidate> candidates;                     ///< in the order of the dry runs
  std::vector<std::pair<NodeId, PluginStatus>> refused;  ///< dry runs that found no victims
  std::vector<NodeId> best;                              ///< candidates that cost least, ascending
};

struct PreemptionOptions {
  /// Kubernetes stops looking when it has candidates enough (minCandidateNodesPercentage and
  /// -Absolute of the profile), starting at a random node. False: every node is looked at.
  bool sample = false;
  std::uint32_t offset = 0;  ///< drawn by the caller where `sample` is on
};

/// DefaultPreemption of kube-scheduler 1.32: for each node that refuses the pod for what may change
/// when pods leave, the pods of lower priority are taken away, and as many as possible spared
/// again; the node whose victims cost least (EvictionCost) is chosen, ties by the lowest NodeId.
///
/// The definition of the right answer. Pure: pods are lifted and placed in the cluster meanwhile,
/// and all is as before at the end. Cost: O(nodes) evaluations, plus for each such node one for
/// each pod of lower priority; see Preemptor for the same answer without.
/// Source: vectors.md "Preemption", and pkg/scheduler/framework/{preemption,plugins/
/// defaultpreemption} of kube-scheduler v1.32.
PreemptionResult preempt(const Cycle& cycle, const Nominations& nominations,
                         const PreemptionOptions& options = {},
                         PreemptionDetails* details = nullptr);

/// What the filters say of a node, nominated pods respected: with those of the pod's own or higher
/// priority on the node, and if there are any, once more without them. A node with such pods is
/// tried with them placed, after which the cluster is as before.
/// Source: kube-scheduler 1.32, RunFilterPluginsWithNominatedPods.
PluginStatus filter_beside_nominated(const Cycle& cycle, const Evaluation& evaluation,
                                     const Nominations& nominations, NodeId node);

/// Why a pod may not preempt, in Kubernetes's words; none when it may. `evaluation` is of the same
/// cycle. Cost: O(pods of its nominated node).
std::optional<std::string> refuses_to_preempt(const Cycle& cycle, const Evaluation& evaluation,
                                              const Nominations& nominations);

/// Pods of lower priority that are nominated to a node, in the order of their nomination.
std::vector<Uid> outranked_on(const Cycle& cycle, const Nominations& nominations, NodeId node);

}  // namespace arcas::scheduler
