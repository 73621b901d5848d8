#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"

namespace arcas::controllers {

/// What becomes of what an object owns when it is deleted.
enum class Propagation : std::uint8_t {
  unsaid,      ///< what the object's finalizers say already
  background,  ///< it goes, its dependents after it
  foreground,  ///< its dependents go first, those that block it
  orphan,      ///< its dependents stay, without it as an owner
};

/// As metadata.finalizers has them. Source: Kubernetes, metav1.FinalizerDeleteDependents and
/// FinalizerOrphanDependents.
inline constexpr std::string_view kForegroundFinalizer = "foregroundDeletion";
inline constexpr std::string_view kOrphanFinalizer = "orphan";

/// An object's finalizers once it is deleted in this way; those of others stay as they are.
/// Source: Kubernetes, registry/generic/registry: deletionFinalizersForGarbageCollection.
std::vector<std::string> finalizers_for(Propagation propagation,
                                        const std::vector<std::string>& before);

/// Where an object is. Kinds of a tenant have no namespace, those of the cluster no tenant either.
struct ObjectPlace {
  std::string resource;  ///< "deployments.apps"
  std::string tenant;
  std::string name_space;
  std::string name;
  auto operator<=>(const ObjectPlace&) const = default;
};

/// One of an object's metadata.ownerReferences.
struct OwnerEntry {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
  bool blocks = false;  ///< blockOwnerDeletion
  bool operator==(const OwnerEntry&) const = default;
};

/// What the collector reads of an object of any kind.
struct CollectedObject {
  std::string uid;
  ObjectPlace place;
  Revision revision = 0;
  std::vector<OwnerEntry> owners;
  bool deleting = false;
  bool foreground = false;  ///< has kForegroundFinalizer
  bool orphan = false;      ///< has kOrphanFinalizer
};

/// The objects as they are now, whatever the collector has been told so far.
class CollectedObjects {
 public:
  enum class Scope : std::uint8_t { cluster, tenant, name_space };
  struct KindPlace {
    std::string resource;
    Scope scope = Scope::name_space;
  };
  virtual ~CollectedObjects() = default;
  /// Where objects of a kind are; none: nobody knows such a kind, now.
  [[nodiscard]] virtual std::optional<KindPlace> kind(const std::string& tenant,
                                                      const OwnerEntry& owner) const = 0;
  [[nodiscard]] virtual std::optional<CollectedObject> read(const ObjectPlace& place) const = 0;
};

/// What is to be done with an object, as it is at `expected`.
struct Collection {
  enum class Verb : std::uint8_t {
    remove,          ///< delete it, with `propagation`
    drop_owners,     ///< its references to `owners` go
    unblock_owners,  ///< they stay, but block the owners no longer
    drop_finalizer   ///< `finalizer` goes; the object, too, when that was all that held it
  };
  Verb verb = Verb::remove;
  std::string uid;
  ObjectPlace place;
  Revision expected = 0;
  Propagation propagation = Propagation::background;
  std::vector<std::string> owners{};  ///< uids
  std::string_view finalizer{};
};

/// Collects objects whose owners are gone, of every kind, as Kubernetes does.
///
/// An object goes when it names owners and none of them is there any more. An owner is there when
/// an object of the reference's kind, name and uid is: in the dependent's own namespace, when the
/// kind has namespaces. Nothing is concluded from a kind that nobody knows, nor from a reference
/// that an object outside of namespaces makes into one. While one owner is left, references to
/// those that are gone are taken away and the object stays.
///
/// An object that is deleted in the foreground holds on, by its finalizer, until no dependent that
/// blocks it is left; dependents with further owners lose their reference to it. One that leaves
/// orphans holds on until no dependent names it.
///
/// What it is told is only a hint of what to look at: it decides on the objects as they are when
/// it looks, and every effect carries the revision that it was decided on. Hence an object that
/// lags in its view is never deleted for an owner of the past (invariant I45).
/// Memory: a few hundred bytes for each object that has owners; the others cost nothing.
/// Source: Kubernetes 1.32, pkg/controller/garbagecollector.
class GarbageCollector {
 public:
  /// A new object, or one whose metadata changed. Cost: O(its owners · log), and its dependents
  /// when it begins to be deleted in the foreground.
  void put(const CollectedObject& object);
  /// It is gone. Cost: its dependents.
  void remove(const std::string& uid);
  /// A kind came or went: references to unknown kinds are looked at again.
  void kinds_changed();
  /// An effect was refused: its object is looked at again.
  void again(const std::string& uid) { due_.insert(uid); }

  [[nodiscard]] bool idle() const { return due_.empty(); }
  /// Looks at up to `limit` objects and says what is to be done with them.
  /// Cost: for each a read of it and of its owners.
  std::vector<Collection> sync(const CollectedObjects& objects, std::size_t limit);

 private:
  struct Node {
    ObjectPlace place;
    std::vector<std::pair<std::string, bool>> owners;  // uid, blocks
    bool foreground = false;                           // being deleted so
    bool orphan = false;                               // likewise
  };
  enum class Owner : std::uint8_t { gone, there, waiting, unknown };

  void link(const std::string& uid, const Node& node);
  void unlink(const std::string& uid, const Node& node);
  void mark_dependents(const std::string& uid);
  void decide(const CollectedObjects& objects, const CollectedObject& object,
              std::vector<Collection>& out);
  void orphan_dependents(const CollectedObjects& objects, const CollectedObject& object,
                         std::vector<Collection>& out);
  void await_dependents(const CollectedObject& object, std::vector<Collection>& out);
  void judge_owners(const CollectedObjects& objects, const CollectedObject& object,
                    std::vector<Collection>& out);
  static Owner find(const CollectedObjects& objects, const CollectedObject& dependent,
                    const OwnerEntry& owner);
  [[nodiscard]] bool has_dependents(const std::string& uid) const;
  [[nodiscard]] bool has_waiting_dependent(const std::string& uid) const;

  std::map<std::string, Node> nodes_;  // objects with owners, and those that wait for dependents
  std::map<std::string, std::set<std::string>> dependents_;  // by the owner's uid
  std::set<std::string> due_;
  std::set<std::string> unsure_;  // have an owner of a kind that nobody knows
};

}  // namespace arcas::controllers
