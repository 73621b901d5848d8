#include "tests/support/random_cluster.h"

#include <algorithm>

#include "core/base/check.h"

namespace arcas::scheduler {

RandomCluster::RandomCluster(std::uint64_t seed, Options options)
    : random_(seed), options_(std::move(options)), scheduler_(catalog_, options_.config) {
  ARCAS_CHECK(!options_.owners || options_.config.default_spread);
  node_count_ = static_cast<std::uint32_t>(random_.between(3, 60));
  zone_count_ = static_cast<std::uint32_t>(random_.between(1, 4));
  for (std::uint32_t i = 0; i < node_count_; ++i) {
    catalog_.nodes.intern("node-" + std::to_string(i));
    scheduler_.upsert_node(node(i));
  }
  for (const char* name : {"n", "m"}) {
    scheduler_.set_namespace_labels(catalog_.intern_namespace(TenantId{0}, name),
                                    namespace_labels());
  }
  for (int i = 0; i < 40; ++i) specs_.push_back(spec());
}

LabelSetId RandomCluster::namespace_labels() {
  model::LabelSet labels;
  labels.set(word("stage"), word(random_.chance(1, 2) ? "test" : "live"));
  return catalog_.label_sets.intern(labels);
}

model::Node RandomCluster::node(std::uint32_t i) {
  model::Node node;
  node.id = NodeId{i};
  node.meta.name = {word("node-" + std::to_string(i)), 0};
  node.zone = ZoneId{i % zone_count_};
  model::LabelSet labels;
  if (!random_.chance(1, 15)) {
    labels.set(word("topology.kubernetes.io/zone"),
               word("zone-" + std::to_string(i % zone_count_)));
  }
  if (!random_.chance(1, 20)) {
    labels.set(word("kubernetes.io/hostname"), word("node-" + std::to_string(i)));
  }
  if (!random_.chance(1, 10)) labels.set(word("rack"), word("rack-" + std::to_string(i / 3)));
  labels.set(word("disk"), word(random_.chance(1, 2) ? "ssd" : "hdd"));
  node.meta.labels = catalog_.label_sets.intern(labels);
  node.allocatable.set(model::kCpu, random_.between(1, 8) * 1000);
  node.allocatable.set(model::kMemory, random_.between(1, 16) << 30);
  node.allocatable.set(model::kPods, random_.between(2, 20));
  if (random_.chance(1, 4)) node.allocatable.set(catalog_.resources.intern("x.io/gpu"), 4);
  node.unschedulable = random_.chance(1, 12);
  node.container_runtime_ready =
      random_.chance(1, 12) ? model::ConditionStatus::unknown : model::ConditionStatus::yes;
  node.vm_runtime_ready =
      random_.chance(1, 3) ? model::ConditionStatus::no : model::ConditionStatus::yes;
  if (random_.chance(1, 5)) node.taints.push_back(taint());
  if (random_.chance(1, 5)) node.taints.push_back(taint());
  if (options_.images && random_.chance(1, 3)) {
    node.images.push_back({{word("image-" + std::to_string(random_.below(3)) + ":latest")},
                           random_.between(20, 900) << 20});
  }
  return node;
}

model::Taint RandomCluster::taint() {
  return {word(random_.chance(1, 2) ? "team" : "old"), word("red"),
          static_cast<model::TaintEffect>(random_.below(3)), 0};
}

void RandomCluster::add_node_rules(model::PodSpec& spec) {
  const model::Requirement on_disk{word("disk"), model::SelectorOperator::in, {word("ssd")}};
  if (random_.chance(1, 6)) spec.node_selector = {{word("disk"), word("ssd")}};
  if (random_.chance(1, 6)) {
    spec.node_affinity.preferred.push_back(
        {static_cast<std::int32_t>(random_.between(1, 100)), {{on_disk}, {}}});
  }
  if (random_.chance(1, 4)) {
    model::Toleration toleration;
    toleration.key = word(random_.chance(1, 2) ? "team" : "old");
    toleration.op = model::Toleration::Operator::exists;
    spec.tolerations.push_back(toleration);
  }
  if (random_.chance(1, 8)) {
    spec.host_ports.push_back(
        {static_cast<std::uint16_t>(8000 + random_.below(3)), model::HostPort::Protocol::tcp, {}});
  }
}

StringId RandomCluster::topology_key() {
  if (!options_.host_rules) return word("topology.kubernetes.io/zone");
  switch (random_.below(4)) {
    case 0:
      return word("kubernetes.io/hostname");
    case 1:
      return word("rack");
    default:
      return word("topology.kubernetes.io/zone");
  }
}

void RandomCluster::add_spread(model::PodSpec& spec) {
  for (int i = 0; i < 2; ++i) {
    if (!random_.chance(1, 3)) continue;
    model::TopologySpreadConstraint constraint;
    constraint.max_skew = static_cast<std::int32_t>(random_.between(1, 3));
    constraint.topology_key = topology_key();
    constraint.selector = selector();
    constraint.when_unsatisfiable =
        static_cast<model::TopologySpreadConstraint::WhenUnsatisfiable>(random_.below(2));
    constraint.honor_node_affinity = random_.chance(1, 2);
    constraint.honor_node_taints = random_.chance(1, 2);
    if (random_.chance(1, 5)) {
      constraint.min_domains = static_cast<std::int32_t>(random_.between(1, 5));
    }
    if (random_.chance(1, 5)) constraint.match_label_keys = {word("app")};
    spec.topology_spread.push_back(constraint);
  }
}

model::PodAffinityTerm RandomCluster::term() {
  model::PodAffinityTerm term;
  term.selector = selector();
  term.topology_key = topology_key();
  if (random_.chance(1, 4)) term.namespaces = {word("n"), word("m")};
  if (random_.chance(1, 5)) {
    term.has_namespace_selector = true;
    model::Selector selector;
    if (random_.chance(2, 3)) {
      selector.requirements.push_back({word("stage"), model::SelectorOperator::in, {word("test")}});
    }
    term.namespace_selector = catalog_.selectors.intern(std::move(selector));
  }
  return term;
}

void RandomCluster::add_affinity(model::PodSpec& spec) {
  model::PodAffinity& affinity = spec.pod_affinity;
  if (random_.chance(1, 8)) affinity.required.push_back(term());
  if (random_.chance(1, 16)) affinity.required.push_back(term());
  if (random_.chance(1, 8)) affinity.required_anti.push_back(term());
  const auto weight = [this] { return static_cast<std::int32_t>(random_.between(1, 100)); };
  if (random_.chance(1, 6)) affinity.preferred.push_back({weight(), term()});
  if (random_.chance(1, 6)) affinity.preferred_anti.push_back({weight(), term()});
}

SpecId RandomCluster::spec() {
  model::PodSpec spec;
  model::ResourceList requests;
  if (!random_.chance(1, 10)) requests.set(model::kCpu, random_.between(1, 6) * 250);
  if (!random_.chance(1, 10)) requests.set(model::kMemory, random_.between(1, 6) << 28);
  if (random_.chance(1, 8)) requests.set(catalog_.resources.intern("x.io/gpu"), 1);
  if (random_.chance(1, 4)) {
    spec.workload = model::WorkloadType::vm;
    spec.vm.requests = requests;
  } else {
    const StringId image = word("image-" + std::to_string(random_.below(6)));
    spec.containers.push_back({word("c"), image, requests, {}, false, false});
  }
  add_node_rules(spec);
  add_spread(spec);
  if (random_.chance(1, 2)) add_affinity(spec);
  if (options_.priorities) spec.priority = static_cast<std::int32_t>(random_.below(3));
  return catalog_.intern_spec(spec);
}

SelectorId RandomCluster::selector() {
  model::Selector selector;
  const StringId value = word("a" + std::to_string(random_.below(3)));
  const bool in = random_.chance(4, 5);
  selector.requirements.push_back(
      {word("app"), in ? model::SelectorOperator::in : model::SelectorOperator::not_in, {value}});
  if (random_.chance(1, 12)) selector.requirements.clear();
  return catalog_.selectors.intern(std::move(selector));
}

PendingPod RandomCluster::pod() {
  PendingPod pod;
  pod.uid = Uid::make(1, ++sequence_);
  pod.spec = specs_[random_.below(specs_.size())];
  model::LabelSet labels;
  labels.set(word("app"), word("a" + std::to_string(random_.below(3))));
  pod.labels = catalog_.label_sets.intern(labels);
  pod.name_space = catalog_.intern_namespace(TenantId{0}, random_.chance(1, 2) ? "n" : "m");
  if (options_.owners && random_.chance(3, 4)) pod.owner = Uid::make(3, 1 + random_.below(4));
  return pod;
}

/// A workload comes, changes what it selects, or goes.
void RandomCluster::tell_owner() {
  const Uid uid = Uid::make(3, 1 + random_.below(4));
  if (random_.chance(1, 4)) return scheduler_.remove_owner(uid);
  model::WorkloadSelector owner;
  owner.kind = model::WorkloadSelector::Kind::replica_set;
  owner.name_space = catalog_.intern_namespace(TenantId{0}, "n");
  owner.selector = selector();
  scheduler_.set_owner(uid, owner);
}

Uid RandomCluster::foreign() {
  const Uid uid = Uid::make(2, ++foreign_);
  holding_.push_back(uid);
  return uid;
}

void RandomCluster::place(TimePoint now) {
  scheduler_.enqueue(now, pod());
  std::vector<Scheduler::Decision> decisions;
  scheduler_.schedule(now, 5, decisions);
  for (const auto& decision : decisions) {
    for (const Uid victim : decision.victims) {
      scheduler_.remove_usage(victim);
      std::erase(holding_, victim);
      ++victims_;
    }
    if (!decision.node.valid()) continue;
    ++placed_;
    if (random_.chance(1, 10)) {
      scheduler_.reject(now, decision.uid);
      continue;
    }
    scheduler_.confirm(decision.uid);
    holding_.push_back(decision.uid);
  }
}

void RandomCluster::remove_some() {
  if (holding_.empty()) return;
  const std::size_t at = random_.below(holding_.size());
  if (random_.chance(1, 3)) return scheduler_.mark_terminating(holding_[at]);
  scheduler_.remove_usage(holding_[at]);
  holding_[at] = holding_.back();
  holding_.pop_back();
}

void RandomCluster::step(std::int64_t at) {
  const TimePoint now{at * 1'000'000};
  if (options_.owners && random_.chance(1, 20)) tell_owner();
  switch (random_.below(14)) {
    case 0:
      scheduler_.upsert_node(node(pick_node()));
      break;
    case 1:
      if (random_.chance(1, 4)) {
        scheduler_.remove_node(NodeId{pick_node()});
      } else if (random_.chance(1, 20)) {
        catalog_.nodes.intern("node-" + std::to_string(node_count_));
        scheduler_.upsert_node(node(node_count_++));
      }
      break;
    case 2:
      if (random_.chance(1, 8)) {
        scheduler_.set_zone_lost(ZoneId{static_cast<std::uint32_t>(random_.below(zone_count_))},
                                 random_.chance(1, 2));
      }
      break;
    case 3:
      if (random_.chance(1, 20)) {
        scheduler_.set_namespace_labels(
            catalog_.intern_namespace(TenantId{0}, random_.chance(1, 2) ? "n" : "m"),
            namespace_labels());
      }
      break;
    case 4:
    case 5:
      remove_some();
      break;
    case 6:
      scheduler_.add_usage(foreign(), specs_[random_.below(specs_.size())], {}, {},
                           NodeId{pick_node()}, false);
      break;
    default:
      place(now);
  }
}

}  // namespace arcas::scheduler
