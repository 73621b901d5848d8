#include "core/model/pod_spec.h"

#include <algorithm>

#include "core/base/hash.h"

namespace arcas::model {
namespace {

class Hasher {
 public:
  void add(std::uint64_t word) { hash_ = hash_combine(hash_, word); }
  void add(StringId id) { add(std::uint64_t{id.index}); }
  void add(bool value) { add(std::uint64_t{value ? 1U : 0U}); }
  void add_signed(std::int64_t value) { add(static_cast<std::uint64_t>(value)); }
  void add(const ResourceList& list) { add(hash_value(list)); }
  void add(const std::vector<Requirement>& requirements) {
    add(hash_value(Selector{requirements}));
  }
  void add(const NodeSelectorTerm& term) {
    add(term.labels);
    add(term.fields);
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 4;
};

void add_containers(Hasher& hash, const PodSpec& spec) {
  hash.add(static_cast<std::uint64_t>(spec.workload));
  for (const Container& container : spec.containers) {
    hash.add(container.name);
    hash.add(container.image);
    hash.add(container.requests);
    hash.add(container.limits);
    hash.add(container.init);
    hash.add(container.sidecar);
  }
  hash.add(spec.vm.name);
  hash.add(spec.vm.image);
  hash.add(spec.vm.requests);
  hash.add(spec.vm.limits);
  hash.add(static_cast<std::uint64_t>(spec.vm.power));
  hash.add(spec.overhead);
  hash.add(spec.has_pod_requests);
  hash.add(spec.pod_requests);
  for (const Volume& volume : spec.volumes) hash.add(hash_value(volume));
  for (const HostPort& port : spec.host_ports) {
    hash.add(std::uint64_t{port.port} * 4 + static_cast<std::uint64_t>(port.protocol));
    hash.add(port.host_ip);
  }
}

void add_placement(Hasher& hash, const PodSpec& spec) {
  for (const auto& [key, value] : spec.node_selector) {
    hash.add(key);
    hash.add(value);
  }
  hash.add(spec.node_affinity.has_required);
  for (const NodeSelectorTerm& term : spec.node_affinity.required) hash.add(term);
  for (const PreferredNodeTerm& preferred : spec.node_affinity.preferred) {
    hash.add_signed(preferred.weight);
    hash.add(preferred.term);
  }
  for (const Toleration& toleration : spec.tolerations) {
    hash.add(toleration.key);
    hash.add(toleration.value);
    hash.add(static_cast<std::uint64_t>(toleration.op) * 16 +
             static_cast<std::uint64_t>(toleration.effect) * 2 + (toleration.any_effect ? 1U : 0U));
    hash.add_signed(toleration.seconds);
  }
  for (const TopologySpreadConstraint& constraint : spec.topology_spread) {
    hash.add_signed(constraint.max_skew);
    hash.add(constraint.topology_key);
    hash.add(static_cast<std::uint64_t>(constraint.when_unsatisfiable));
    hash.add(std::uint64_t{constraint.selector.index});
    for (const StringId key : constraint.match_label_keys) hash.add(key);
    hash.add_signed(constraint.min_domains);
    hash.add(constraint.honor_node_affinity);
    hash.add(constraint.honor_node_taints);
  }
  hash.add(hash_value(spec.pod_affinity));
  hash.add(spec.node_name);
  hash.add(spec.scheduler_name);
  for (const StringId gate : spec.scheduling_gates) hash.add(gate);
}

void default_requests(ResourceList& requests, const ResourceList& limits) {
  for (const auto& item : limits.items()) {
    if (!requests.has(item.kind)) requests.set(item.kind, item.amount, item.excess);
  }
}

ResourceList with_missing(ResourceList requests, const ResourceList& missing) {
  for (const auto& item : missing.items()) {
    if (!requests.has(item.kind)) requests.set(item.kind, item.amount, item.excess);
  }
  return requests;
}

/// Containers and sidecars summed, raised to each init container's need together with the sidecars
/// that start before it.
ResourceList container_requests(const std::vector<Container>& containers,
                                const ResourceList& missing) {
  ResourceList total;
  ResourceList sidecars;
  ResourceList peak_of_init;
  for (const Container& container : containers) {
    const ResourceList requests = with_missing(container.requests, missing);
    if (container.init && !container.sidecar) {
      ResourceList during = sidecars;
      during.add(requests);
      peak_of_init.max_with(during);
      continue;
    }
    total.add(requests);
    if (container.sidecar) sidecars.add(requests);
  }
  total.max_with(peak_of_init);
  return total;
}

}  // namespace

std::uint64_t hash_value(const PodSpec& spec) {
  Hasher hash;
  add_containers(hash, spec);
  add_placement(hash, spec);
  hash.add_signed(spec.priority);
  hash.add(static_cast<std::uint64_t>(spec.preemption));
  hash.add(static_cast<std::uint64_t>(spec.restart));
  hash.add_signed(spec.termination_grace_seconds);
  hash.add_signed(spec.run_seconds);
  hash.add(spec.requests);
  if (spec.unread != 0) hash.add(spec.unread);
  return hash.value();
}

void apply_defaults(PodSpec& spec) {
  for (Container& container : spec.containers) {
    default_requests(container.requests, container.limits);
  }
  default_requests(spec.vm.requests, spec.vm.limits);
}

ResourceList effective_requests(const PodSpec& spec) { return effective_requests(spec, {}, false); }

ResourceList effective_requests(const PodSpec& spec, const ResourceList& missing, bool pod_level) {
  ResourceList total = spec.workload == WorkloadType::vm
                           ? with_missing(spec.vm.requests, missing)
                           : container_requests(spec.containers, missing);
  if (pod_level && spec.has_pod_requests) {
    for (const auto& item : spec.pod_requests.items()) {
      if (item.kind == kCpu || item.kind == kMemory) total.set(item.kind, item.amount, item.excess);
    }
  }
  total.add(spec.overhead);
  return total;
}

}  // namespace arcas::model
