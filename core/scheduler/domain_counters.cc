#include "core/scheduler/domain_counters.h"

#include <algorithm>
#include <optional>

#include "core/base/check.h"

namespace arcas::scheduler {

// ---- one counter ----

std::int64_t Counter::value(std::uint32_t domain) const {
  if (!large_) return domain < dense_.size() ? dense_[domain] : 0;
  const auto it = sparse_.find(domain);
  return it == sparse_.end() ? 0 : it->second;
}

std::int64_t Counter::minimum() const {
  // A value may be below zero while preemption tries what happens without a terminating pod.
  if (view_->domain_count == 0) return 0;
  if (large_) {
    std::uint64_t other_than_zero = 0;
    for (const auto& [value, domains] : histogram_) other_than_zero += domains;
    const std::int64_t least = histogram_.empty() ? 0 : histogram_.begin()->first;
    return other_than_zero < view_->domain_count ? std::min<std::int64_t>(0, least) : least;
  }
  std::optional<std::int64_t> least;
  for (std::uint32_t d = 0; d < view_->nodes_in.size(); ++d) {
    if (view_->nodes_in[d] == 0) continue;
    const std::int64_t here = value(d);
    if (!least || here < *least) least = here;
  }
  return least.value_or(0);
}

void Counter::reset(std::uint32_t dense_domains) {
  ++generation_;
  total_ = 0;
  large_ = view_->map->size() > dense_domains;
  dense_.assign(large_ ? 0 : view_->map->size(), 0);
  sparse_.clear();
  histogram_.clear();
  changes_start_ += changes_.size();
  changes_.clear();
}

void Counter::add(std::uint32_t domain, std::int64_t amount) {
  const auto step = static_cast<std::int32_t>(amount);
  total_ += amount;
  if (!large_) {
    dense_[domain] += step;
    return;
  }
  std::int32_t& value = sparse_[domain];
  if (value != 0 && --histogram_[value] == 0) histogram_.erase(value);
  value += step;
  if (value == 0) {
    sparse_.erase(domain);
  } else {
    ++histogram_[value];
  }
  if (changes_.size() > 4096 && changes_.size() > 2 * std::size_t{view_->map->size()}) {
    const std::size_t half = changes_.size() / 2;
    changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(half));
    changes_start_ += half;
  }
  changes_.push_back(domain);
}

// ---- all of them ----

CounterId DomainCounters::add_counter(Source source, bool count_terminating) {
  const CounterId id{static_cast<std::uint32_t>(counters_.size())};
  Counter& counter = counters_.emplace_back();
  counter.view_ = &topology_[source.view];
  counter.counts_terminating_ = count_terminating;
  sources_.push_back(std::move(source));
  recount(id);
  return id;
}

CounterId DomainCounters::members(GroupId group, bool count_terminating, ViewId view) {
  if (group.index >= members_of_.size()) members_of_.resize(groups_.size());
  for (const CounterId id : members_of_[group.index]) {
    if (sources_[id.index].view == view &&
        counters_[id.index].counts_terminating_ == count_terminating) {
      return id;
    }
  }
  Source source;
  source.group = group;
  source.view = view;
  const CounterId id = add_counter(std::move(source), count_terminating);
  members_of_[group.index].push_back(id);
  return id;
}

CounterId DomainCounters::owner_counter(const OwnedTerm& term) {
  if (term.group.index >= owners_of_.size()) owners_of_.resize(groups_.size());
  for (const OwnedCounter& owned : owners_of_[term.group.index]) {
    if (owned.use == term.use && owned.weight == term.weight && owned.key == term.key) {
      return owned.counter;
    }
  }
  Source source;
  source.group = term.group;
  source.owners = true;
  source.term = term;
  source.view = topology_.view(term.key, {});
  const CounterId id = add_counter(std::move(source), true);
  owners_of_[term.group.index].push_back({term.use, term.weight, term.key, id});
  ++owned_version_;
  return id;
}

std::span<const DomainCounters::OwnedCounter> DomainCounters::owned(GroupId group) const {
  if (group.index >= owners_of_.size()) return {};
  return owners_of_[group.index];
}

void DomainCounters::apply(Counter& counter, NodeId node, std::int32_t sign) {
  // A view that has moved on makes the counter be counted anew at its next use.
  if (counter.counted_version_ != counter.view_->version) return;
  if (counter.view_->counts(node)) counter.add(counter.view_->map->domain_of(node), sign);
}

void DomainCounters::count(const PodEntry& pod, NodeId node, std::int32_t sign) {
  for (const GroupId group : groups_.groups_of(pod.name_space, pod.labels)) {
    if (group.index >= members_of_.size()) continue;
    for (const CounterId id : members_of_[group.index]) {
      Counter& counter = counters_[id.index];
      if (!pod.terminating || counter.counts_terminating_) apply(counter, node, sign);
    }
  }
  for (const OwnedTerm& term : terms_.of(pod.spec, pod.name_space)) {
    const CounterId id = owner_counter(term);
    auto& carriers = sources_[id.index].carriers;
    const std::pair carrier{pod.name_space, pod.labels};
    const auto at = std::lower_bound(carriers.begin(), carriers.end(), carrier);
    if (at == carriers.end() || *at != carrier) carriers.insert(at, carrier);
    apply(counters_[id.index], node, sign);
  }
}

void DomainCounters::count_terminating(const PodEntry& pod) {
  for (const GroupId group : groups_.groups_of(pod.name_space, pod.labels)) {
    if (group.index >= members_of_.size()) continue;
    for (const CounterId id : members_of_[group.index]) {
      Counter& counter = counters_[id.index];
      if (!counter.counts_terminating_) apply(counter, pod.node, -1);
    }
  }
}

void DomainCounters::recount(CounterId id) {
  Counter& counter = counters_[id.index];
  const Source& source = sources_[id.index];
  counter.counted_version_ = counter.view_->version;
  counter.reset(dense_domains_);
  const auto add = [&](const PodEntry& pod) {
    if (pod.terminating && !counter.counts_terminating_) return;
    if (counter.view_->counts(pod.node)) {
      counter.add(counter.view_->map->domain_of(pod.node), 1);
    }
  };
  if (!source.owners) {
    for (const PodGroups::Member& member : groups_.members(source.group)) {
      pods_.for_each_in(member.name_space, member.labels, add);
    }
    return;
  }
  for (const auto& [name_space, labels] : source.carriers) {
    pods_.for_each_in(name_space, labels, [&](const PodEntry& pod) {
      const auto terms = terms_.of(pod.spec, pod.name_space);
      for (const OwnedTerm& term : terms) {
        if (term == source.term) add(pod);
      }
    });
  }
}

const Counter& DomainCounters::operator[](CounterId id) {
  Counter& counter = counters_[id.index];
  if (counter.counted_version_ != counter.view_->version) recount(id);
  return counter;
}

void DomainCounters::forget_all() {
  for (Counter& counter : counters_) counter.counted_version_ = 0;
  ++owned_version_;
}

}  // namespace arcas::scheduler
