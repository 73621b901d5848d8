#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {

/// A small cluster with everything in it that placement can depend on, drawn from a seed: nodes
/// that come, go and change, pods with every kind of rule, names few enough that rules meet.
class RandomCluster {
 public:
  struct Options {
    Config config;
    bool images = true;      ///< nodes report images
    bool priorities = true;  ///< pods preempt others
    bool host_rules = true;  ///< spread and affinity over host names and racks too
    bool owners = false;     ///< pods have owners, whose selectors default constraints take
  };

  RandomCluster(std::uint64_t seed, Options options);

  /// One random change: a node, a zone, a pod placed, removed or terminating, a namespace's labels.
  void step(std::int64_t at);
  /// A random pod, of one of the specs in use.
  PendingPod pod();
  [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
  [[nodiscard]] model::Catalog& catalog() { return catalog_; }
  [[nodiscard]] std::uint64_t placed() const { return placed_; }
  [[nodiscard]] std::uint64_t victims() const { return victims_; }

 private:
  std::uint32_t pick_node() { return static_cast<std::uint32_t>(random_.below(node_count_)); }
  StringId word(const std::string& text) { return catalog_.intern(text); }
  model::Node node(std::uint32_t i);
  model::Taint taint();
  SpecId spec();
  void add_node_rules(model::PodSpec& spec);
  void add_spread(model::PodSpec& spec);
  void add_affinity(model::PodSpec& spec);
  model::PodAffinityTerm term();
  SelectorId selector();
  StringId topology_key();
  LabelSetId namespace_labels();
  Uid foreign();
  void tell_owner();
  void place(TimePoint now);
  void remove_some();

  RandomStream random_;
  Options options_;
  model::Catalog catalog_;
  Scheduler scheduler_;
  std::uint32_t node_count_ = 0;
  std::uint32_t zone_count_ = 0;
  std::vector<SpecId> specs_;
  std::vector<Uid> holding_;
  std::uint64_t sequence_ = 0;
  std::uint64_t foreign_ = 0;
  std::uint64_t placed_ = 0;
  std::uint64_t victims_ = 0;
};

}  // namespace arcas::scheduler
