#include "core/controllers/deployment.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/hash.h"

namespace arcas::controllers {
namespace {

constexpr std::uint32_t kSuffixRange = 14'348'906;  // 27^5 - 1: the suffix has five letters

bool older(const model::ReplicaSet* a, const model::ReplicaSet* b) {
  if (a->meta.created_at != b->meta.created_at) return a->meta.created_at < b->meta.created_at;
  return a->meta.uid < b->meta.uid;
}

}  // namespace

/// One sync: what there is, and what the ReplicaSets' replicas are to be.
struct DeploymentController::Rollout {
  struct Member {
    const model::ReplicaSet* set = nullptr;
    std::int32_t replicas = 0;  // as they will be
  };
  const model::Deployment& deployment;
  RolloutLimits limits;
  std::vector<Member> old;  // oldest first
  Member current;           // of the present template; set is null until it exists

  /// What the ReplicaSet in use must have: more than any other has had.
  [[nodiscard]] std::int64_t revision() const {
    std::int64_t newest = current.set == nullptr ? 0 : current.set->revision;
    for (const Member& member : old) newest = std::max(newest, member.set->revision + 1);
    return std::max<std::int64_t>(newest, 1);
  }
  [[nodiscard]] std::int32_t total() const {
    std::int32_t sum = current.replicas;
    for (const Member& member : old) sum += member.replicas;
    return sum;
  }
  [[nodiscard]] std::int32_t available() const {
    std::int32_t sum = current.set == nullptr ? 0 : current.set->status_available;
    for (const Member& member : old) sum += member.set->status_available;
    return sum;
  }
};

RolloutLimits rollout_limits(const model::Deployment& deployment) {
  const auto part = [&](std::int32_t value, bool percent, std::int64_t round_up) {
    if (!percent) return std::max(value, 0);
    const std::int64_t scaled = std::int64_t{std::max(value, 0)} * deployment.replicas;
    return static_cast<std::int32_t>((scaled + round_up) / 100);
  };
  RolloutLimits limits{part(deployment.max_surge, deployment.max_surge_is_percent, 99),
                       part(deployment.max_unavailable, deployment.max_unavailable_is_percent, 0)};
  if (limits.surge == 0 && limits.unavailable == 0) limits.unavailable = 1;
  limits.unavailable = std::min(limits.unavailable, deployment.replicas);
  return limits;
}

DeploymentController::DeploymentController(DeploymentConfig config, model::Catalog& catalog)
    : config_(config), catalog_(catalog), hash_label_(catalog.intern("pod-template-hash")) {}

/// Equal but for the label that tells the ReplicaSets apart.
bool DeploymentController::same_template(const model::ReplicaSet& set,
                                         const model::Deployment& deployment) const {
  if (set.pod_template.spec != deployment.pod_template.spec) return false;
  if (set.pod_template.labels == deployment.pod_template.labels) return true;
  const auto& wanted = catalog_.label_sets[deployment.pod_template.labels].items();
  const auto& others = catalog_.label_sets[set.pod_template.labels].items();
  const auto skip_hash = [this](auto it, auto end) {
    return it != end && it->first == hash_label_ ? std::next(it) : it;
  };
  auto a = skip_hash(wanted.begin(), wanted.end());
  auto b = skip_hash(others.begin(), others.end());
  while (a != wanted.end() && b != others.end()) {
    if (*a != *b) return false;
    a = skip_hash(std::next(a), wanted.end());
    b = skip_hash(std::next(b), others.end());
  }
  return a == wanted.end() && b == others.end();
}

void DeploymentController::sync(TimePoint /*now*/, const model::Deployment& deployment,
                                std::span<const model::ReplicaSet* const> sets,
                                const state::PodTable& pods, Effects& out) {
  if (deployment.meta.terminating()) return;
  Rollout rollout{deployment, rollout_limits(deployment), {}, {}};
  std::vector<const model::ReplicaSet*> sorted(sets.begin(), sets.end());
  std::sort(sorted.begin(), sorted.end(), older);
  for (const model::ReplicaSet* set : sorted) {
    // As in Kubernetes the oldest of equals is the new one.
    if (rollout.current.set == nullptr && same_template(*set, deployment)) {
      rollout.current = {set, set->replicas};
    } else {
      rollout.old.push_back({set, set->replicas});
    }
  }
  if (reused(rollout)) {
    raise_revision(rollout, out);
  } else if (deployment.paused) {
    scale_paused(rollout, out);
  } else if (deployment.strategy == model::Deployment::Strategy::recreate) {
    recreate(rollout, pods, out);
  } else {
    roll(rollout, out);
  }
  if (!deployment.paused) clean_up(rollout, out);
  write_status(rollout, out);
}

namespace {

void scale(const model::ReplicaSet& set, std::int32_t replicas, Effects& out) {
  if (set.meta.terminating()) return;
  model::ReplicaSet updated = set;
  updated.replicas = std::max(replicas, 0);
  ++updated.meta.generation;
  out.objects.push_back(update_of(updated));
}

}  // namespace

/// A ReplicaSet of the past is in use again, as after an undo.
bool DeploymentController::reused(const Rollout& rollout) {
  return rollout.current.set != nullptr && !rollout.old.empty() &&
         rollout.current.set->revision < rollout.revision();
}

/// The rest of the roll-out follows when this is seen.
/// Source: Kubernetes, deployment/sync.go, getNewReplicaSet.
void DeploymentController::raise_revision(const Rollout& rollout, Effects& out) {
  model::ReplicaSet updated = *rollout.current.set;
  updated.revision = rollout.revision();
  out.objects.push_back(update_of(updated));
}

void DeploymentController::create_new_set(const Rollout& rollout, std::int32_t replicas,
                                          Effects& out) {
  const model::Deployment& deployment = rollout.deployment;
  const model::PodTemplate& pod_template = deployment.pod_template;
  std::uint64_t hash = hash_combine(deployment.meta.uid.value, pod_template.labels.index);
  hash = hash_combine(hash, pod_template.spec.index);
  model::ReplicaSet set;
  set.meta.tenant = deployment.meta.tenant;
  set.meta.name_space = deployment.meta.name_space;
  set.meta.owner = {deployment.meta.uid, model::Kind::deployment};
  set.meta.name = {deployment.meta.name.base, 0};
  const auto taken = [&](std::uint32_t suffix) {
    return std::any_of(rollout.old.begin(), rollout.old.end(), [&](const Rollout::Member& member) {
      return member.set->meta.name.suffix == suffix;
    });
  };
  do {
    set.meta.name.suffix = static_cast<std::uint32_t>(hash % kSuffixRange) + 1;
    hash = mix64(hash + 1);
  } while (taken(set.meta.name.suffix));

  const std::string full = catalog_.name_text(set.meta.name);
  model::LabelSet labels = catalog_.label_sets[pod_template.labels];
  labels.set(hash_label_, catalog_.intern(full.substr(full.rfind('-') + 1)));
  set.pod_template = {catalog_.label_sets.intern(std::move(labels)), pod_template.spec};
  set.meta.labels = set.pod_template.labels;
  model::Selector selector = catalog_.selectors[deployment.selector];
  selector.requirements.push_back({hash_label_,
                                   model::SelectorOperator::in,
                                   {catalog_.label_sets[set.meta.labels].get(hash_label_)}});
  set.selector = catalog_.selectors.intern(std::move(selector));
  set.min_ready_seconds = deployment.min_ready_seconds;
  set.replicas = replicas;
  set.revision = rollout.revision();
  out.objects.push_back(creation_of(set));
}

/// Source: Kubernetes, deployment/rolling.go: first the new ReplicaSet, and if it does not move the
/// old ones: unhealthy pods first, then as many as availability allows.
void DeploymentController::roll(Rollout& rollout, Effects& out) {
  const std::int32_t wanted = rollout.deployment.replicas;
  const std::int32_t ceiling = wanted + rollout.limits.surge;
  const std::int32_t room = std::max(ceiling - rollout.total(), 0);
  Rollout::Member& current = rollout.current;
  std::int32_t target = current.replicas;
  if (current.replicas > wanted) {
    target = wanted;
  } else {
    target += std::min(room, wanted - current.replicas);
  }
  if (current.set == nullptr) {
    create_new_set(rollout, target, out);
    return;
  }
  if (target != current.replicas ||
      current.set->min_ready_seconds != rollout.deployment.min_ready_seconds) {
    model::ReplicaSet updated = *current.set;
    updated.min_ready_seconds = rollout.deployment.min_ready_seconds;
    scale(updated, target, out);
    return;
  }
  const std::int32_t minimum = wanted - rollout.limits.unavailable;
  const std::int32_t not_yet = std::max(current.replicas - current.set->status_available, 0);
  std::int32_t spare = rollout.total() - minimum - not_yet;
  if (spare <= 0) return;
  // Pods that are not available anyway cost nothing.
  std::vector<std::int32_t> before;
  for (Rollout::Member& member : rollout.old) {
    before.push_back(member.replicas);
    const std::int32_t unhealthy = std::max(member.replicas - member.set->status_available, 0);
    const std::int32_t taken = std::min(spare, unhealthy);
    member.replicas -= taken;
    spare -= taken;
  }
  std::int32_t surplus = std::min(rollout.available() - minimum, spare);
  for (std::size_t i = 0; i < rollout.old.size(); ++i) {
    Rollout::Member& member = rollout.old[i];
    const std::int32_t taken = std::clamp(surplus, 0, member.replicas);
    member.replicas -= taken;
    surplus -= taken;
    if (member.replicas != before[i]) scale(*member.set, member.replicas, out);
  }
}

/// All old pods go, and are gone, before the first new one comes.
void DeploymentController::recreate(Rollout& rollout, const state::PodTable& pods, Effects& out) {
  bool gone = true;
  for (Rollout::Member& member : rollout.old) {
    if (member.replicas != 0) scale(*member.set, 0, out);
    const state::OwnerCounts& counts = pods.counts(member.set->meta.uid);
    gone = gone && member.replicas == 0 && counts.active == 0 && counts.terminating == 0;
    member.replicas = 0;
  }
  if (!gone) return;
  const std::int32_t wanted = rollout.deployment.replicas;
  if (rollout.current.set == nullptr) {
    create_new_set(rollout, wanted, out);
  } else if (rollout.current.replicas != wanted) {
    scale(*rollout.current.set, wanted, out);
  }
}

/// While paused the template is not rolled out, but the size still follows: growth goes to the
/// newest ReplicaSet in use, shrinkage comes from the oldest.
void DeploymentController::scale_paused(Rollout& rollout, Effects& out) {
  std::vector<Rollout::Member> active;
  for (const Rollout::Member& member : rollout.old) {
    if (member.replicas > 0) active.push_back(member);
  }
  if (rollout.current.set != nullptr && (rollout.current.replicas > 0 || active.empty())) {
    active.push_back(rollout.current);
  }
  if (active.empty()) return;
  std::int32_t change = rollout.deployment.replicas - rollout.total();
  // In the middle of a roll-out the surge is allowed to stay.
  if (active.size() > 1 && change < 0) change = std::min(change + rollout.limits.surge, 0);
  if (change > 0) scale(*active.back().set, active.back().replicas + change, out);
  for (const Rollout::Member& member : active) {
    const std::int32_t taken = std::clamp(-change, 0, member.replicas);
    if (taken == 0) continue;
    scale(*member.set, member.replicas - taken, out);
    change += taken;
  }
}

/// Once a roll-out is complete, empty old ReplicaSets above the limit go, oldest first.
void DeploymentController::clean_up(const Rollout& rollout, Effects& out) {
  const model::ReplicaSet* current = rollout.current.set;
  const std::int32_t wanted = rollout.deployment.replicas;
  if (current == nullptr || current->replicas != wanted || current->status_available < wanted) {
    return;
  }
  std::vector<const model::ReplicaSet*> empty;
  for (const Rollout::Member& member : rollout.old) {
    const model::ReplicaSet& set = *member.set;
    const bool idle = set.replicas == 0 && member.replicas == 0 && set.status_replicas == 0 &&
                      set.observed_generation >= set.meta.generation;
    if (idle && !set.meta.terminating()) empty.push_back(&set);
  }
  for (std::size_t i = 0; i + config_.history_limit < empty.size(); ++i) {
    out.objects.push_back(removal_of_object(*empty[i]));
  }
}

void DeploymentController::write_status(const Rollout& rollout, Effects& out) {
  model::Deployment updated = rollout.deployment;
  updated.status_replicas = 0;
  updated.status_updated = 0;
  updated.status_ready = 0;
  updated.status_available = rollout.available();
  const auto add = [&](const model::ReplicaSet& set) {
    updated.status_replicas += set.status_replicas;
    updated.status_ready += set.status_ready;
  };
  for (const Rollout::Member& member : rollout.old) add(*member.set);
  if (const model::ReplicaSet* current = rollout.current.set) {
    add(*current);
    updated.status_updated = current->status_replicas;
  }
  updated.observed_generation = rollout.deployment.meta.generation;
  const bool waits = updated.paused && rollout.current.set == nullptr;
  if (!waits) updated.revision = rollout.revision();
  if (updated != rollout.deployment) out.objects.push_back(update_of(updated));
}

}  // namespace arcas::controllers
