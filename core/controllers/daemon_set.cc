#include "core/controllers/daemon_set.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/base/mutant.h"
#include "core/model/node_selection.h"

namespace arcas::controllers {
namespace {

struct DaemonToleration {
  std::string_view key;
  model::TaintEffect effect;
};
/// Source: Kubernetes 1.15, daemon/util.AddOrUpdateDaemonPodTolerations.
constexpr std::array<DaemonToleration, 6> kTolerations = {{
    {"node.kubernetes.io/not-ready", model::TaintEffect::no_execute},
    {"node.kubernetes.io/unreachable", model::TaintEffect::no_execute},
    {"node.kubernetes.io/disk-pressure", model::TaintEffect::no_schedule},
    {"node.kubernetes.io/memory-pressure", model::TaintEffect::no_schedule},
    {"node.kubernetes.io/pid-pressure", model::TaintEffect::no_schedule},
    {"node.kubernetes.io/unschedulable", model::TaintEffect::no_schedule},
}};

}  // namespace

DaemonSetController::DaemonSetController(DaemonSetConfig config, model::Catalog& catalog)
    : config_(config), catalog_(catalog) {}

// ---- inputs ----

void DaemonSetController::mark(State& state, std::uint32_t index) {
  if (state.slots.size() <= index) state.slots.resize(index + std::size_t{1});
  if (state.slots[index].marked) return;
  state.slots[index].marked = true;
  state.marked.push_back(index);
}

void DaemonSetController::on_node(NodeId id) {
  node_count_ = std::max(node_count_, id.index + 1);
  if (id.index < removed_.size()) removed_[id.index] = false;
  for (auto& [uid, state] : states_) mark(state, id.index);
}

void DaemonSetController::on_node_removed(NodeId id) {
  on_node(id);
  if (id.index >= removed_.size()) removed_.resize(id.index + std::size_t{1});
  removed_[id.index] = true;
}

void DaemonSetController::nodes_are_known() {
  if (std::exchange(nodes_known_, true)) return;
  for (auto& [uid, state] : states_) {
    for (std::uint32_t i = 0; i < state.slots.size(); ++i) mark(state, i);
  }
}

void DaemonSetController::on_pod(const model::Pod* before, const model::Pod* after) {
  const model::Pod& pod = after != nullptr ? *after : *before;
  if (pod.meta.owner.kind != model::Kind::daemon_set || !pod.target.valid()) return;
  const auto it = states_.find(pod.meta.owner.uid.value);
  if (it != states_.end()) place(it->second, pod, after != nullptr && is_active(pod));
}

/// Takes over what a pod of the DaemonSet is now.
void DaemonSetController::place(State& state, const model::Pod& pod, bool active) {
  const std::uint32_t index = pod.target.index;
  mark(state, index);
  Slot& slot = state.slots[index];
  if (active && slot.pod.valid() && slot.pod != pod.meta.uid) {
    state.doubles.push_back(pod.meta.uid);
    return;
  }
  if (!active && slot.pod != pod.meta.uid) return;
  state.current -= slot.pod.valid() ? 1 : 0;
  state.ready -= slot.ready ? 1 : 0;
  slot.pod = active ? pod.meta.uid : Uid{};
  slot.spec = pod.spec;
  slot.ready = active && pod.ready;
  slot.deleting = false;
  slot.ordered_at = TimePoint{-1};
  state.current += slot.pod.valid() ? 1 : 0;
  state.ready += slot.ready ? 1 : 0;
}

void DaemonSetController::on_creation_refused(Uid owner, NodeId target) {
  const auto it = states_.find(owner.value);
  if (it == states_.end() || target.index >= it->second.slots.size()) return;
  it->second.slots[target.index].ordered_at = TimePoint{-1};
  mark(it->second, target.index);
}

void DaemonSetController::forget(Uid set) { states_.erase(set.value); }

// ---- eligibility ----

DaemonSetController::Fit DaemonSetController::fit_of(const model::PodSpec& spec,
                                                     const model::Node& node) const {
  if (!model::matches_node(spec, node, catalog_)) return Fit::none;
  if (spec.node_name.valid() && spec.node_name != node.meta.name.base) return Fit::none;
  Fit fit = Fit::run;
  for (const model::Taint& taint : node.taints) {
    if (taint.effect == model::TaintEffect::prefer_no_schedule) continue;
    if (model::find_toleration(spec.tolerations, taint) != nullptr) continue;
    if (taint.effect == model::TaintEffect::no_execute) return Fit::none;
    fit = Fit::stay;
  }
  return fit;
}

DaemonSetController::Fit DaemonSetController::fit_at(const model::PodSpec& spec,
                                                     std::uint32_t index,
                                                     const model::Node* node) const {
  if (node != nullptr) return fit_of(spec, *node);
  const bool gone = nodes_known_ || (index < removed_.size() && removed_[index]);
  return gone ? Fit::none : Fit::unknown;
}

// ---- sync ----

SpecId DaemonSetController::daemon_spec(SpecId id) {
  model::PodSpec spec = catalog_.spec(id);
  for (const DaemonToleration& wanted : kTolerations) {
    model::Toleration toleration;
    toleration.key = catalog_.intern(wanted.key);
    toleration.op = model::Toleration::Operator::exists;
    toleration.any_effect = false;
    toleration.effect = wanted.effect;
    const auto& known = spec.tolerations;
    if (std::find(known.begin(), known.end(), toleration) == known.end()) {
      spec.tolerations.push_back(toleration);
    }
  }
  return catalog_.intern_spec(std::move(spec));
}

DaemonSetController::State& DaemonSetController::state_of(const model::DaemonSet& set,
                                                          const state::PodTable& pods) {
  const auto [it, fresh] = states_.try_emplace(set.meta.uid.value);
  State& state = it->second;
  if (fresh) {
    state.base_name = set.meta.name.suffix == 0
                          ? set.meta.name.base
                          : catalog_.intern(catalog_.name_text(set.meta.name));
    pods.for_each_owned(set.meta.uid, [&](const model::Pod& pod) {
      state.last_suffix = std::max(state.last_suffix, pod.meta.name.suffix);
      if (pod.target.valid() && is_active(pod)) place(state, pod, true);
    });
  }
  if (fresh || state.pod_template != set.pod_template) {
    state.pod_template = set.pod_template;
    state.spec = daemon_spec(set.pod_template.spec);
    for (std::uint32_t i = 0; i < node_count_; ++i) mark(state, i);
  }
  return state;
}

SyncResult DaemonSetController::sync(TimePoint now, const model::DaemonSet& set,
                                     const NodeLookup& find_node, const state::PodTable& pods,
                                     Effects& out) {
  SyncResult result;
  if (set.meta.terminating()) return result;
  State& state = state_of(set, pods);
  std::int32_t room = config_.burst;
  expire_orders(now, state);
  for (const Uid uid : std::exchange(state.doubles, {})) {
    const model::Pod* pod = pods.find(uid);
    if (pod != nullptr && is_active(*pod)) out.pods.push_back(deletion_of(*pod, now));
  }
  std::vector<std::uint32_t> left;
  for (const std::uint32_t index : std::exchange(state.marked, {})) {
    if (room == 0) {
      left.push_back(index);
      continue;
    }
    state.slots[index].marked = false;
    if (sync_slot(now, set, state, index, find_node(NodeId{index}), pods, out)) --room;
  }
  state.marked = std::move(left);
  roll(now, state, pods, out);
  if (state.orders_since.ns >= 0) {
    ask_again(now, state.orders_since + config_.expectation_timeout, state.asked, result);
  }
  if (!state.marked.empty()) result.again_at = now;
  write_status(now, set, state, result, out);
  return result;
}

bool DaemonSetController::order_deletion(TimePoint now, State& state, std::uint32_t index,
                                         const state::PodTable& pods, Effects& out) {
  Slot& slot = state.slots[index];
  const model::Pod* pod = pods.find(slot.pod);
  if (pod == nullptr) return false;
  out.pods.push_back(deletion_of(*pod, now));
  slot.deleting = true;
  state.ready -= slot.ready ? 1 : 0;
  slot.ready = false;
  return true;
}

/// Creations that the view has not shown for too long are believed lost.
void DaemonSetController::expire_orders(TimePoint now, State& state) {
  if (state.orders_since.ns < 0 || now < state.orders_since + config_.expectation_timeout) return;
  state.orders_since = TimePoint{-1};
  for (std::uint32_t i = 0; i < state.slots.size(); ++i) {
    Slot& slot = state.slots[i];
    if (slot.ordered_at.ns < 0) continue;
    if (slot.ordered_at + config_.expectation_timeout <= now) {
      slot.ordered_at = TimePoint{-1};
      mark(state, i);
    } else if (state.orders_since.ns < 0 || slot.ordered_at < state.orders_since) {
      state.orders_since = slot.ordered_at;
    }
  }
}

/// A change of the template takes one ready pod at a time (maxUnavailable 1).
void DaemonSetController::roll(TimePoint now, State& state, const state::PodTable& pods,
                               Effects& out) {
  while (!state.outdated.empty() && state.ready >= state.desired) {
    const std::uint32_t index = *state.outdated.begin();
    state.outdated.erase(state.outdated.begin());
    const Slot& slot = state.slots[index];
    if (!slot.pod.valid() || slot.deleting || slot.spec == state.spec) continue;
    order_deletion(now, state, index, pods, out);
  }
}

/// True if it ordered something.
bool DaemonSetController::sync_slot(TimePoint now, const model::DaemonSet& set, State& state,
                                    std::uint32_t index, const model::Node* node,
                                    const state::PodTable& pods, Effects& out) {
  Slot& slot = state.slots[index];
  const Fit fit = fit_at(catalog_.spec(state.spec), index, node);
  if (fit == Fit::unknown) return false;
  state.desired += (fit == Fit::run ? 1 : 0) - (slot.desired ? 1 : 0);
  slot.desired = fit == Fit::run;
  if (slot.pod.valid()) {
    if (slot.deleting) return false;
    if (fit != Fit::none) {
      if (slot.spec == state.spec) return false;
      state.outdated.insert(index);
      if (slot.ready) return false;
    }
    return order_deletion(now, state, index, pods, out);
  }
  if (fit != Fit::run || slot.ordered_at.ns >= 0) return false;
  model::Pod pod = new_pod(set.meta, model::Kind::daemon_set, {set.pod_template.labels, state.spec},
                           {state.base_name, 0});
  pod.meta.name.suffix = ++state.last_suffix;
  pod.target = NodeId{index};
  slot.ordered_at = now;
  if (state.orders_since.ns < 0) state.orders_since = now;
  out.pods.push_back({ports::Verb::create, 0, pod});
  if (ARCAS_MUTANT("daemon-ordered-twice")) {
    pod.meta.name.suffix = ++state.last_suffix;
    out.pods.push_back({ports::Verb::create, 0, pod});
  }
  return true;
}

void DaemonSetController::write_status(TimePoint now, const model::DaemonSet& set, State& state,
                                       SyncResult& result, Effects& out) {
  model::DaemonSet updated = set;
  updated.status_desired = state.desired;
  updated.status_current = state.current;
  updated.status_ready = state.ready;
  updated.observed_generation = set.meta.generation;
  if (updated == set) return;
  const bool unseen = state.status_at.ns >= 0 && state.status_basis == set.meta.resource_version;
  const Duration pause =
      unseen ? std::max(config_.status_interval, seconds(1)) : config_.status_interval;
  if (state.status_at.ns >= 0 && now < state.status_at + pause) {
    ask_again(now, state.status_at + pause, state.asked, result);
    return;
  }
  state.status_at = now;
  state.status_basis = set.meta.resource_version;
  out.objects.push_back(update_of(updated));
}

}  // namespace arcas::controllers
