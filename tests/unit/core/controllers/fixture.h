#pragma once

#include <string_view>
#include <utility>

#include "core/controllers/effects.h"
#include "core/model/catalog.h"
#include "core/state/pod_table.h"

namespace arcas::controllers {

constexpr TimePoint at(std::int64_t whole_seconds) { return TimePoint{0} + seconds(whole_seconds); }

/// A tenant partition in small: a catalog, a pod table, and a store that accepts everything.
struct World {
  model::Catalog catalog;
  state::PodTable pods;
  std::uint64_t next_uid = 1000;
  Revision revision = 1;

  SpecId spec(std::int64_t cpu = 100, std::int32_t priority = 0,
              std::vector<model::Toleration> tolerations = {}) {
    model::PodSpec spec;
    spec.priority = priority;
    spec.tolerations = std::move(tolerations);
    model::Container container;
    container.requests.set(model::kCpu, cpu);
    container.requests.set(model::kMemory, cpu);
    spec.containers.push_back(container);
    return catalog.intern_spec(spec);
  }
  LabelSetId labels(std::string_view value) {
    model::LabelSet set;
    set.set(catalog.intern("app"), catalog.intern(value));
    return catalog.label_sets.intern(set);
  }
  SelectorId selector(std::string_view value) {
    model::Selector selector;
    selector.requirements.push_back(
        {catalog.intern("app"), model::SelectorOperator::in, {catalog.intern(value)}});
    return catalog.selectors.intern(selector);
  }

  /// Takes over a pod's new value, telling `on_pod(before, after)` first.
  template <class OnPod>
  Uid put(model::Pod pod, OnPod on_pod) {
    if (!pod.meta.uid.valid()) pod.meta.uid = Uid{next_uid++};
    pod.meta.resource_version = ++revision;
    const model::Pod* before = pods.find(pod.meta.uid);
    on_pod(before, static_cast<const model::Pod*>(&pod));
    pods.put(pod);
    return pod.meta.uid;
  }
  Uid put(const model::Pod& pod) {
    return put(pod, [](const model::Pod*, const model::Pod*) {});
  }
  template <class OnPod>
  void remove(Uid uid, OnPod on_pod) {
    const model::Pod* before = pods.find(uid);
    if (before == nullptr) return;
    on_pod(before, static_cast<const model::Pod*>(nullptr));
    pods.erase(uid);
  }
  /// Commits pod operations as a store would; refuses those on an old basis. The number refused.
  template <class OnPod>
  int commit(const std::vector<ports::PodOperation>& operations, OnPod on_pod) {
    int refused = 0;
    for (const ports::PodOperation& operation : operations) {
      const model::Pod* present = pods.find(operation.pod.meta.uid);
      const bool create = operation.verb == ports::Verb::create;
      if (!create && (present == nullptr || present->meta.resource_version != operation.expected)) {
        ++refused;
      } else if (operation.verb == ports::Verb::remove) {
        remove(operation.pod.meta.uid, on_pod);
      } else {
        put(operation.pod, on_pod);
      }
    }
    return refused;
  }

  model::Pod pod(Uid owner, SpecId spec, NodeId node = {},
                 model::Kind kind = model::Kind::replica_set) {
    model::Pod pod;
    pod.meta.owner = {owner, kind};
    pod.spec = spec;
    pod.node = node;
    pod.phase = node.valid() ? model::PodPhase::running : model::PodPhase::pending;
    pod.ready = node.valid();
    pod.ready_since = node.valid() ? at(0) : TimePoint{-1};
    return pod;
  }
};

}  // namespace arcas::controllers
