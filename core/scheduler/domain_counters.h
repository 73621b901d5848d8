#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <vector>

#include "core/base/hash.h"
#include "core/scheduler/affinity_terms.h"
#include "core/scheduler/pod_groups.h"
#include "core/scheduler/pod_table.h"
#include "core/scheduler/topology.h"

namespace arcas::scheduler {

using CounterId = Id<struct CounterTag>;

/// Pods per domain of one topology view. Where there are many domains they are kept sparsely.
class Counter {
 public:
  [[nodiscard]] std::int64_t value(std::uint32_t domain) const;
  [[nodiscard]] std::int64_t total() const { return total_; }
  /// The fewest pods of any domain with an eligible node; 0 where there is no such domain.
  [[nodiscard]] std::int64_t minimum() const;
  [[nodiscard]] const DomainView& view() const { return *view_; }
  /// Visits the domains with a value other than 0, in no order to be relied on.
  template <class Visit>
  void for_each_nonzero(Visit&& visit) const {
    for (const auto& [domain, value] : sparse_) visit(domain, std::int64_t{value});
    for (std::uint32_t domain = 0; domain < dense_.size(); ++domain) {
      if (dense_[domain] != 0) visit(domain, std::int64_t{dense_[domain]});
    }
  }
  /// Domains with a value other than 0; for large counters only.
  [[nodiscard]] std::size_t nonzero() const { return sparse_.size(); }
  /// Many domains: readers that keep a value for each node follow `changes`.
  [[nodiscard]] bool large() const { return large_; }
  /// Domains whose value changed, in order, from `changes_start`; for large counters only.
  [[nodiscard]] std::uint64_t changes_start() const { return changes_start_; }
  [[nodiscard]] std::uint64_t changes_end() const { return changes_start_ + changes_.size(); }
  [[nodiscard]] std::uint32_t change(std::uint64_t at) const {
    return changes_[at - changes_start_];
  }
  /// Grows when all values were counted anew.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

 private:
  friend class DomainCounters;
  void reset(std::uint32_t dense_domains);
  void add(std::uint32_t domain, std::int64_t amount);

  const DomainView* view_ = nullptr;
  std::uint64_t counted_version_ = 0;  // of the view
  std::uint64_t generation_ = 0;
  std::int64_t total_ = 0;
  bool large_ = false;
  bool counts_terminating_ = false;
  std::vector<std::int32_t> dense_;
  boost::unordered_flat_map<std::uint32_t, std::int32_t, StableHash> sparse_;  // non-zero values
  std::map<std::int32_t, std::uint32_t> histogram_;  // large: value → domains, without zeros
  std::vector<std::uint32_t> changes_;
  std::uint64_t changes_start_ = 0;
};

/// Every (rule, topology) count that anyone asked for, kept up to date with every pod. Two kinds:
/// members (pods that belong to a group) and owners (pods that carry an affinity term themselves).
/// Cost: for each pod placed or lifted O(its groups' counters + its own terms); a counter is
/// counted anew, at its next use, when the nodes' domains changed.
class DomainCounters {
 public:
  DomainCounters(const PodTable& pods, Topology& topology, PodGroups& groups, AffinityTerms& terms,
                 std::uint32_t dense_domains)
      : pods_(pods),
        topology_(topology),
        groups_(groups),
        terms_(terms),
        dense_domains_(dense_domains) {}

  /// Counters over more domains than this are `large`.
  [[nodiscard]] std::uint32_t dense_domains() const { return dense_domains_; }

  /// Pods of `group` along the view. The id stays good; so does the reference of operator[].
  CounterId members(GroupId group, bool count_terminating, ViewId view);
  /// The counter, up to date.
  const Counter& operator[](CounterId id);

  /// Terms that running pods carry and that speak of the pods of `group`.
  struct OwnedCounter {
    TermUse use = TermUse::required;
    std::int32_t weight = 0;
    StringId key;
    CounterId counter;
  };
  [[nodiscard]] std::span<const OwnedCounter> owned(GroupId group) const;
  /// Grows when `owned` may answer differently.
  [[nodiscard]] std::uint64_t owned_version() const { return owned_version_; }

  /// A pod counts on its node from now on (sign 1) or no more (-1).
  void count(const PodEntry& pod, NodeId node, std::int32_t sign);
  /// A counted pod begins to terminate.
  void count_terminating(const PodEntry& pod);
  /// Namespaces' labels changed: everything is counted anew at its next use.
  void forget_all();

 private:
  struct Source {
    GroupId group;  ///< members of it; for owners: what their term speaks of
    bool owners = false;
    OwnedTerm term;                                            // for owners
    std::vector<std::pair<NamespaceId, LabelSetId>> carriers;  // for owners: lists to recount from
    ViewId view;
  };
  CounterId add_counter(Source source, bool count_terminating);
  CounterId owner_counter(const OwnedTerm& term);
  void recount(CounterId id);
  void apply(Counter& counter, NodeId node, std::int32_t sign);

  const PodTable& pods_;
  Topology& topology_;
  PodGroups& groups_;
  AffinityTerms& terms_;
  std::uint32_t dense_domains_;
  std::deque<Counter> counters_;
  std::deque<Source> sources_;
  std::vector<std::vector<CounterId>> members_of_;    // by GroupId
  std::vector<std::vector<OwnedCounter>> owners_of_;  // by GroupId
  std::uint64_t owned_version_ = 1;
};

}  // namespace arcas::scheduler
