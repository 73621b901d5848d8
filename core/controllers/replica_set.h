#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "core/controllers/effects.h"
#include "core/model/catalog.h"
#include "core/state/pod_table.h"

namespace arcas::controllers {

/// Source of the defaults: reference Kubernetes 1.15 (burstReplicas, expectations' timeout).
struct ReplicaSetConfig {
  std::int32_t burst = 500;                   ///< creations or deletions per sync
  Duration expectation_timeout = minutes(5);  ///< then the view is believed again
  Duration status_interval = seconds(1);      ///< arcas 1 s; kubernetes 0: at once
  bool slow_start = false;  ///< kubernetes: batches of 1, 2, 4… while all succeed
};

/// Keeps `replicas` active pods for each ReplicaSet.
///
/// Never has more pods created than asked for, even when its view lags: what it ordered is
/// remembered (an expectation) until the view shows it, a refusal is reported, or 5 minutes pass.
/// Pods that finished, and pods that terminate, are not active and are replaced.
/// Source: Kubernetes, ReplicaSetController and ControllerExpectations; invariant I36.
class ReplicaSetController {
 public:
  /// `catalog` gets the pods' base names; it must outlive this.
  ReplicaSetController(ReplicaSetConfig config, model::Catalog& catalog);

  /// Settles expectations. Cost: O(1); for pods without a ReplicaSet as owner, nothing.
  void on_pod(const model::Pod* before, const model::Pod* after);
  /// A creation for `owner` was refused (any code but ok and unavailable).
  void on_creation_refused(Uid owner);
  /// The deletion of `pod` was refused (conflict, not_found).
  void on_deletion_refused(Uid owner, Uid pod);

  /// Compares and corrects. Cost: O(1) when nothing is to do, O(pods created), or, when pods are
  /// to be deleted or min_ready_seconds is set, O(pods owned).
  SyncResult sync(TimePoint now, const model::ReplicaSet& set, const state::PodTable& pods,
                  Effects& out);

  /// Forgets a ReplicaSet that is gone or that another instance now looks after.
  void forget(Uid set);

 private:
  struct State {
    StringId base_name;
    std::uint32_t last_suffix = 0;
    std::int32_t creations = 0;  // ordered, not yet seen
    std::int32_t slow_start_batch = 1;
    std::vector<Uid> deletions;  // ordered, not yet seen; sorted
    TimePoint expected_since;
    TimePoint status_at{-1};    // last status write
    TimePoint asked{-1};        // see ask_again
    Revision status_basis = 0;  // resource version that write was based on
  };

  State& state_of(const model::ReplicaSet& set, const state::PodTable& pods);
  void create_pods(TimePoint now, const model::ReplicaSet& set, State& state, std::int32_t missing,
                   Effects& out);
  void delete_pods(TimePoint now, const model::ReplicaSet& set, State& state,
                   const state::PodTable& pods, std::int32_t surplus, Effects& out);
  void write_status(TimePoint now, const model::ReplicaSet& set, State& state,
                    const state::PodTable& pods, SyncResult& result, Effects& out);

  ReplicaSetConfig config_;
  model::Catalog& catalog_;
  boost::unordered_flat_map<std::uint64_t, State, StableHash> states_;
};

/// True when `a` is to be deleted before `b`: not bound before bound, pending before unknown before
/// running, not ready before ready, ready for a shorter time first, newer first.
/// Source: Kubernetes 1.15, controller.ActivePods.
bool deleted_before(const model::Pod& a, const model::Pod& b);

}  // namespace arcas::controllers
