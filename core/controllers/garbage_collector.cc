#include "core/controllers/garbage_collector.h"

#include <algorithm>
#include <utility>

namespace arcas::controllers {
namespace {

/// Dependents freed at once: each one that follows brings their owner up again.
constexpr std::size_t kOrphanBurst = 1000;

}  // namespace

std::vector<std::string> finalizers_for(Propagation propagation,
                                        const std::vector<std::string>& before) {
  if (propagation == Propagation::unsaid) return before;
  std::vector<std::string> after;
  for (const std::string& finalizer : before) {
    if (finalizer != kForegroundFinalizer && finalizer != kOrphanFinalizer) {
      after.push_back(finalizer);
    }
  }
  if (propagation == Propagation::foreground) after.emplace_back(kForegroundFinalizer);
  if (propagation == Propagation::orphan) after.emplace_back(kOrphanFinalizer);
  return after;
}

// ---- what is told ----

void GarbageCollector::link(const std::string& uid, const Node& node) {
  for (const auto& [owner, blocks] : node.owners) dependents_[owner].insert(uid);
}

void GarbageCollector::unlink(const std::string& uid, const Node& node) {
  for (const auto& [owner, blocks] : node.owners) {
    const auto found = dependents_.find(owner);
    if (found == dependents_.end()) continue;
    found->second.erase(uid);
    if (found->second.empty()) dependents_.erase(found);
    const auto waiting = nodes_.find(owner);
    if (waiting != nodes_.end() && (waiting->second.foreground || waiting->second.orphan)) {
      due_.insert(owner);
    }
  }
}

void GarbageCollector::mark_dependents(const std::string& uid) {
  const auto found = dependents_.find(uid);
  if (found != dependents_.end()) due_.insert(found->second.begin(), found->second.end());
}

void GarbageCollector::put(const CollectedObject& object) {
  Node node;
  node.place = object.place;
  for (const OwnerEntry& owner : object.owners) node.owners.emplace_back(owner.uid, owner.blocks);
  node.foreground = object.deleting && object.foreground;
  node.orphan = object.deleting && object.orphan;
  const auto known = nodes_.find(object.uid);
  const bool waited = known != nodes_.end() && known->second.foreground;
  if (known != nodes_.end()) {
    const Node before = std::move(known->second);
    nodes_.erase(known);
    unlink(object.uid, before);
  }
  if (node.owners.empty() && !node.foreground && !node.orphan) {
    due_.erase(object.uid);
    unsure_.erase(object.uid);
    return;
  }
  link(object.uid, node);
  if (node.foreground && !waited) mark_dependents(object.uid);
  nodes_.emplace(object.uid, std::move(node));
  due_.insert(object.uid);
}

void GarbageCollector::remove(const std::string& uid) {
  mark_dependents(uid);
  due_.erase(uid);
  unsure_.erase(uid);
  const auto known = nodes_.find(uid);
  if (known == nodes_.end()) return;
  const Node before = std::move(known->second);
  nodes_.erase(known);
  unlink(uid, before);
}

void GarbageCollector::kinds_changed() { due_.merge(unsure_); }

// ---- what follows ----

std::vector<Collection> GarbageCollector::sync(const CollectedObjects& objects, std::size_t limit) {
  std::vector<Collection> out;
  std::set<std::string> now;
  while (now.size() < limit && !due_.empty()) now.insert(due_.extract(due_.begin()));
  for (const std::string& uid : now) {
    const auto node = nodes_.find(uid);
    if (node == nodes_.end()) continue;
    const auto object = objects.read(node->second.place);
    // Of another uid: this one is gone, and that will be told.
    if (object && object->uid == uid) decide(objects, *object, out);
  }
  return out;
}

void GarbageCollector::decide(const CollectedObjects& objects, const CollectedObject& object,
                              std::vector<Collection>& out) {
  if (!object.deleting) return judge_owners(objects, object, out);
  if (object.orphan) return orphan_dependents(objects, object, out);
  if (object.foreground) await_dependents(object, out);
}

bool GarbageCollector::has_dependents(const std::string& uid) const {
  return dependents_.contains(uid);
}

bool GarbageCollector::has_waiting_dependent(const std::string& uid) const {
  const auto found = dependents_.find(uid);
  if (found == dependents_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [this](const std::string& each) {
    const auto node = nodes_.find(each);
    return node != nodes_.end() && node->second.foreground;
  });
}

void GarbageCollector::orphan_dependents(const CollectedObjects& objects,
                                         const CollectedObject& object,
                                         std::vector<Collection>& out) {
  const auto found = dependents_.find(object.uid);
  if (found == dependents_.end()) {
    Collection release{Collection::Verb::drop_finalizer, object.uid, object.place, object.revision};
    release.finalizer = kOrphanFinalizer;
    out.push_back(std::move(release));
    return;
  }
  std::size_t room = kOrphanBurst;
  for (const std::string& uid : found->second) {
    if (room == 0) break;
    --room;
    const auto node = nodes_.find(uid);
    if (node == nodes_.end()) continue;
    const auto dependent = objects.read(node->second.place);
    if (!dependent || dependent->uid != uid) continue;
    Collection freed{Collection::Verb::drop_owners, uid, dependent->place, dependent->revision};
    freed.owners.push_back(object.uid);
    out.push_back(std::move(freed));
  }
}

void GarbageCollector::await_dependents(const CollectedObject& object,
                                        std::vector<Collection>& out) {
  bool blocked = false;
  const auto found = dependents_.find(object.uid);
  if (found != dependents_.end()) {
    for (const std::string& uid : found->second) {
      const auto node = nodes_.find(uid);
      if (node == nodes_.end()) continue;
      for (const auto& [owner, blocks] : node->second.owners) {
        blocked = blocked || (blocks && owner == object.uid);
      }
    }
  }
  if (blocked) return;
  Collection release{Collection::Verb::drop_finalizer, object.uid, object.place, object.revision};
  release.finalizer = kForegroundFinalizer;
  out.push_back(std::move(release));
}

GarbageCollector::Owner GarbageCollector::find(const CollectedObjects& objects,
                                               const CollectedObject& dependent,
                                               const OwnerEntry& owner) {
  using Scope = CollectedObjects::Scope;
  const auto kind = objects.kind(dependent.place.tenant, owner);
  if (!kind) return Owner::unknown;
  ObjectPlace place{kind->resource, "", "", owner.name};
  if (kind->scope != Scope::cluster) place.tenant = dependent.place.tenant;
  if (kind->scope == Scope::name_space) place.name_space = dependent.place.name_space;
  // From outside of tenants or namespaces nobody can say which one is meant.
  if (kind->scope != Scope::cluster && place.tenant.empty()) return Owner::unknown;
  if (kind->scope == Scope::name_space && place.name_space.empty()) return Owner::unknown;
  const auto there = objects.read(place);
  if (!there || there->uid != owner.uid) return Owner::gone;
  return there->deleting && there->foreground ? Owner::waiting : Owner::there;
}

void GarbageCollector::judge_owners(const CollectedObjects& objects, const CollectedObject& object,
                                    std::vector<Collection>& out) {
  std::vector<std::string> leaving;  // references that count no more
  bool held = false;
  bool waits = false;
  bool unknown = false;
  bool blocks = false;
  for (const OwnerEntry& owner : object.owners) {
    const Owner state = find(objects, object, owner);
    blocks = blocks || (owner.blocks && state == Owner::waiting);
    held = held || state == Owner::there;
    waits = waits || state == Owner::waiting;
    unknown = unknown || state == Owner::unknown;
    if (state == Owner::gone || state == Owner::waiting) leaving.push_back(owner.uid);
  }
  if (unknown) {
    unsure_.insert(object.uid);
    return;
  }
  unsure_.erase(object.uid);
  if (object.owners.empty() || leaving.empty()) return;
  Collection effect{held ? Collection::Verb::drop_owners : Collection::Verb::remove, object.uid,
                    object.place, object.revision};
  if (held) {
    effect.owners = std::move(leaving);
  } else if (waits && has_dependents(object.uid)) {
    // In a circle of owners somebody must stop waiting.
    if (blocks && has_waiting_dependent(object.uid)) {
      effect.verb = Collection::Verb::unblock_owners;
      effect.owners = std::move(leaving);
    } else {
      effect.propagation = Propagation::foreground;
    }
  } else {
    effect.propagation = object.orphan       ? Propagation::orphan
                         : object.foreground ? Propagation::foreground
                                             : Propagation::background;
  }
  out.push_back(std::move(effect));
}

}  // namespace arcas::controllers
