#include "core/manifest/pod_placement.h"

#include <algorithm>

#include "core/manifest/parts.h"
#include "core/manifest/pod.h"

namespace arcas::manifest {

using model::Catalog;

namespace {

model::PodAffinityTerm affinity_term_at(const Field& field, Catalog& catalog) {
  model::PodAffinityTerm term;
  term.selector = selector_at(field["labelSelector"], catalog);
  term.namespaces = texts_at(field["namespaces"], catalog);
  term.has_namespace_selector = field["namespaceSelector"].present();
  term.namespace_selector = selector_at(field["namespaceSelector"], catalog);
  field["topologyKey"].require();
  term.topology_key = text_at(field["topologyKey"], catalog);
  return term;
}

void affinity_terms_at(const Field& field, std::vector<model::PodAffinityTerm>& required,
                       std::vector<model::WeightedPodAffinityTerm>& preferred, Catalog& catalog) {
  for (const Field& term : field["requiredDuringSchedulingIgnoredDuringExecution"].elements()) {
    required.push_back(affinity_term_at(term, catalog));
  }
  for (const Field& entry : field["preferredDuringSchedulingIgnoredDuringExecution"].elements()) {
    entry["weight"].require();
    entry["podAffinityTerm"].require();
    model::WeightedPodAffinityTerm weighted;
    weighted.weight = entry["weight"].integer32(1, 1, 100);
    weighted.term = affinity_term_at(entry["podAffinityTerm"], catalog);
    preferred.push_back(std::move(weighted));
  }
}

}  // namespace

model::PodAffinity pod_affinity_at(const Field& affinity, Catalog& catalog) {
  model::PodAffinity result;
  affinity_terms_at(affinity["podAffinity"], result.required, result.preferred, catalog);
  affinity_terms_at(affinity["podAntiAffinity"], result.required_anti, result.preferred_anti,
                    catalog);
  return result;
}

model::TaintEffect taint_effect_at(const Field& field) {
  constexpr model::TaintEffect kEffects[] = {model::TaintEffect::no_schedule,
                                             model::TaintEffect::prefer_no_schedule,
                                             model::TaintEffect::no_execute};
  return kEffects[field.one_of({"NoSchedule", "PreferNoSchedule", "NoExecute"})];
}

std::vector<model::Toleration> tolerations_at(const Field& field, Catalog& catalog) {
  std::vector<model::Toleration> tolerations;
  for (const Field& entry : field.elements()) {
    model::Toleration toleration;
    toleration.key = text_at(entry["key"], catalog);
    toleration.op = entry["operator"].one_of({"Equal", "Exists", ""}) == 1
                        ? model::Toleration::Operator::exists
                        : model::Toleration::Operator::equal;
    if (!toleration.key.valid() && toleration.op == model::Toleration::Operator::equal) {
      entry["operator"].refuse("must be Exists where there is no key");
    }
    toleration.value = text_at(entry["value"], catalog);
    toleration.any_effect = entry["effect"].text().empty();
    if (!toleration.any_effect) toleration.effect = taint_effect_at(entry["effect"]);
    if (entry["tolerationSeconds"].present()) {
      // Kubernetes takes a negative time as none at all.
      toleration.seconds = std::max<std::int64_t>(entry["tolerationSeconds"].integer(), 0);
    }
    tolerations.push_back(toleration);
  }
  return tolerations;
}

std::vector<model::TopologySpreadConstraint> topology_spread_at(const Field& field,
                                                                Catalog& catalog) {
  using Constraint = model::TopologySpreadConstraint;
  std::vector<Constraint> constraints;
  for (const Field& entry : field.elements()) {
    Constraint constraint;
    entry["maxSkew"].require();
    entry["topologyKey"].require();
    entry["whenUnsatisfiable"].require();
    constraint.max_skew = entry["maxSkew"].integer32(1, 1);
    constraint.topology_key = text_at(entry["topologyKey"], catalog);
    constraint.when_unsatisfiable =
        entry["whenUnsatisfiable"].one_of({"DoNotSchedule", "ScheduleAnyway"}) == 0
            ? Constraint::WhenUnsatisfiable::do_not_schedule
            : Constraint::WhenUnsatisfiable::schedule_anyway;
    constraint.selector = selector_at(entry["labelSelector"], catalog);
    constraint.match_label_keys = texts_at(entry["matchLabelKeys"], catalog);
    constraint.min_domains = entry["minDomains"].integer32(0, 1);
    constraint.honor_node_affinity =
        entry["nodeAffinityPolicy"].one_of({"Honor", "Ignore"}, 0) == 0;
    constraint.honor_node_taints = entry["nodeTaintsPolicy"].one_of({"Honor", "Ignore"}, 1) == 0;
    constraints.push_back(std::move(constraint));
  }
  return constraints;
}

namespace {

/// The name of a volume's member and the field in it that identifies the disk.
struct DiskKind {
  const char* member;
  const char* identity;
  model::Volume::Kind kind;
};
constexpr DiskKind kDisks[] = {
    {"persistentVolumeClaim", "claimName", model::Volume::Kind::claim},
    {"gcePersistentDisk", "pdName", model::Volume::Kind::gce_disk},
    {"awsElasticBlockStore", "volumeID", model::Volume::Kind::aws_disk},
    {"iscsi", "iqn", model::Volume::Kind::iscsi},
    {"rbd", "image", model::Volume::Kind::rbd},
};

}  // namespace

std::vector<model::Volume> volumes_at(const Field& field, std::string_view pod_name,
                                      Catalog& catalog) {
  std::vector<model::Volume> volumes;
  for (const Field& entry : field.elements()) {
    model::Volume volume;
    entry["name"].require();
    volume.name = text_at(entry["name"], catalog);
    if (entry["ephemeral"].present()) {
      volume.source =
          catalog.intern(std::string(pod_name) + "-" + std::string(entry["name"].text()));
      volumes.push_back(std::move(volume));
      continue;
    }
    for (const DiskKind& disk : kDisks) {
      const Field source = entry[disk.member];
      if (!source.present()) continue;
      source[disk.identity].require();
      volume.kind = disk.kind;
      volume.source = text_at(source[disk.identity], catalog);
      volume.read_only = source["readOnly"].boolean();
      if (disk.kind == model::Volume::Kind::rbd) {
        volume.pool = text_at(source["pool"], catalog);
        volume.monitors = texts_at(source["monitors"], catalog);
        std::sort(volume.monitors.begin(), volume.monitors.end());
      }
      volumes.push_back(std::move(volume));
      break;
    }
  }
  return volumes;
}

}  // namespace arcas::manifest
