#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "core/controllers/effects.h"
#include "core/model/catalog.h"
#include "core/state/pod_table.h"

namespace arcas::controllers {

struct JobConfig {
  Duration backoff_base = seconds(10);  ///< wait after the n-th failure: base × 2^(n-1)…
  Duration backoff_max = minutes(6);    ///< …but no longer. Source: Kubernetes, job controller
  Duration expectation_timeout = minutes(5);
  std::int32_t burst = 500;
};

/// Runs a Job's pods until `completions` of them have succeeded, at most `parallelism` at a time.
///
/// A finished pod is counted once: the change of the Job's status and the mark `counted` on
/// the pods commit together or not at all (Effects::atomic), so no crash, retry or deletion between
/// the two can count twice or lose one. Invariant I39; the idea is that of Kubernetes's job
/// tracking with finalizers.
class JobController {
 public:
  JobController(JobConfig config, model::Catalog& catalog);

  void on_pod(const model::Pod* before, const model::Pod* after);  ///< Cost: O(1).
  void on_creation_refused(Uid owner);

  /// Cost: O(pods that finished since the last count) plus creations.
  SyncResult sync(TimePoint now, const model::Job& job, const state::PodTable& pods, Effects& out);
  void forget(Uid job);

 private:
  struct State {
    StringId base_name;
    std::uint32_t last_suffix = 0;
    std::int32_t creations = 0;  // ordered, not yet seen
    TimePoint expected_since;
    std::int32_t failures_seen = -1;
    TimePoint last_failure{-1};
    TimePoint asked{-1};         // see ask_again
    std::vector<Uid> uncounted;  // finished pods that no status counts yet
    TimePoint written_at{-1};    // last status write, and the resource version it was based on
    Revision written_basis = 0;
  };
  struct Tally {
    std::int32_t succeeded = 0;  // counted and uncounted
    std::int32_t failed = 0;
    std::int32_t succeeded_now = 0;  // to be counted by the next write
    std::int32_t failed_now = 0;
  };
  State& state_of(const model::Job& job, const state::PodTable& pods);
  Tally count(const model::Job& job, State& state, const state::PodTable& pods,
              std::vector<ports::PodOperation>& counted);
  void write_status(TimePoint now, const model::Job& job, model::Job updated, State& state,
                    std::vector<ports::PodOperation> counted, SyncResult& result, Effects& out);
  void delete_surplus(TimePoint now, const model::Job& job, const state::PodTable& pods,
                      std::int32_t surplus, Effects& out);
  void create_missing(TimePoint now, const model::Job& job, State& state, std::int32_t missing,
                      std::int32_t failures, SyncResult& result, Effects& out);

  JobConfig config_;
  model::Catalog& catalog_;
  boost::unordered_flat_map<std::uint64_t, State, StableHash> states_;
};

}  // namespace arcas::controllers
