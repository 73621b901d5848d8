#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/scenario/yaml_source.h"
#include "sim/swarm/outcome.h"

namespace arcas::sim {

/// What a candidate comes to: runs it, or refuses it as invalid.
using Trial = std::function<Outcome(const YamlValue& scenario)>;

/// Makes a failing scenario smaller while it fails the same way: first fewer faults, then less
/// workload (operations of users, Jobs, DaemonSets, pods), then fewer nodes and less control plane,
/// then everything that may stand at its default; again until nothing goes. Lists are halved as in
/// delta debugging (Zeller and Hildebrandt, 2002), so k items that matter among n take about
/// k log n trials.
class Shrinker {
 public:
  using Progress = std::function<void(const std::string& what, std::uint64_t trials)>;

  /// `failing` must fail with `outcome`. At most `most_trials` runs are made.
  Shrinker(YamlValue failing, Outcome outcome, Trial trial, std::uint64_t most_trials,
           Progress progress);

  /// The smallest scenario found.
  const YamlValue& run();
  [[nodiscard]] const Outcome& outcome() const { return outcome_; }
  [[nodiscard]] std::uint64_t trials() const { return trials_; }

 private:
  using Edit = std::function<bool(YamlValue&)>;  // false: there is nothing to change

  /// Takes the edit over if the scenario still fails the same way.
  bool attempt(const std::string& what, const Edit& edit);
  void end_soon_after_the_failure();
  bool drop_items(const std::string& path);
  bool drop_keys(const std::string& path, bool whole_map);
  bool lower(const std::string& path, std::int64_t least);
  bool lower_counts(const std::string& list, const std::string& key, std::int64_t least);

  YamlValue best_;
  Outcome outcome_;
  Trial trial_;
  std::uint64_t most_trials_;
  Progress progress_;
  std::uint64_t trials_ = 0;
};

/// Whether two outcomes are the same failure: the same invariant or the same expectations; of
/// crashes, with the same last words. A region that never had room for its pods fails otherwise
/// than one that had.
bool same_failure(const Outcome& a, const Outcome& b);

/// The entry at a path such as "workload.changes", or null.
YamlValue* entry_at(YamlValue& root, const std::string& path);
/// Takes the entry away. False when it is not there.
bool erase_at(YamlValue& root, const std::string& path);

}  // namespace arcas::sim
