#include "core/controllers/effects.h"

namespace arcas::controllers {

void Effects::clear() {
  pods.clear();
  objects.clear();
  atomic.clear();
  notes.clear();
}

ports::PodOperation removal_of(const model::Pod& pod) {
  ports::PodOperation operation{ports::Verb::remove, pod.meta.resource_version, {}};
  operation.pod.meta.uid = pod.meta.uid;
  return operation;
}

ports::PodOperation eviction_of(const model::Pod& pod, TimePoint now) {
  ports::PodOperation operation{ports::Verb::update, pod.meta.resource_version, pod};
  operation.pod.meta.deleted_at = now;
  return operation;
}

ports::PodOperation deletion_of(const model::Pod& pod, TimePoint now) {
  return pod.holds_capacity() ? eviction_of(pod, now) : removal_of(pod);
}

model::Pod new_pod(const model::Metadata& owner, model::Kind owner_kind,
                   const model::PodTemplate& pod_template, model::ObjectName name) {
  model::Pod pod;
  pod.meta.tenant = owner.tenant;
  pod.meta.name_space = owner.name_space;
  pod.meta.name = name;
  pod.meta.labels = pod_template.labels;
  pod.meta.owner = {owner.uid, owner_kind};
  pod.spec = pod_template.spec;
  return pod;
}

}  // namespace arcas::controllers
