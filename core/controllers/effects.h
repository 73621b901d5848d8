#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/objects.h"
#include "core/ports/transaction.h"

/// Controllers: pure deciders. Each is a state machine fed with time and inputs; it answers with
/// effects, which are data. None has a clock, a thread, I/O or randomness.
///
/// How to drive them. Changes of the partition come as batches. For every pod change call
/// `on_pod(before, after)` of the deciders that have it, BEFORE the batch is applied to the tables
/// (`before`: the pod as the table still has it, nullptr if it is new; `after`: nullptr if it was
/// removed). Then apply the batch, then call `sync` for the objects concerned. After a restart
/// feed everything that exists as new. Decide only on a view that has reached the revision at
/// which leadership was taken; an older view could miss what the predecessor did.
namespace arcas::controllers {

/// A fact for the journal; `what` is a literal.
struct Note {
  std::string_view what;
  std::uint64_t subject = 0;
  std::int64_t amount = 0;
  bool operator==(const Note&) const = default;
};

/// What a decider wants done. `pods` and `objects` are independent of one another: commit them in
/// transactions of mode `each`. Every member of `atomic` is to be committed all or nothing.
struct Effects {
  std::vector<ports::PodOperation> pods;
  std::vector<ports::ObjectOperation> objects;
  std::vector<ports::Transaction> atomic;
  std::vector<Note> notes;

  [[nodiscard]] bool empty() const {
    return pods.empty() && objects.empty() && atomic.empty() && notes.empty();
  }
  void clear();
};

/// When to call `sync` again although nothing changed; TimePoint::max() for never. Each such time
/// is to be honoured: a later sync does not repeat what was asked for before.
struct SyncResult {
  TimePoint again_at = TimePoint::max();
};

/// Asks for a sync at `at` unless an earlier one is on its way. `asked` is the caller's memory of
/// what it asked for last. So one object has at most a few wake-ups under way, however often it is
/// synced.
inline void ask_again(TimePoint now, TimePoint at, TimePoint& asked, SyncResult& result) {
  if (asked > now && asked <= at) return;
  asked = at;
  result.again_at = at < result.again_at ? at : result.again_at;
}

/// Active as Kubernetes counts: not finished and not being deleted.
inline bool is_active(const model::Pod& pod) { return !pod.terminal() && !pod.meta.terminating(); }

/// The operation that deletes a pod. A pod that no agent runs (not bound, or finished) goes at
/// once; a bound one starts to terminate and goes when its agent says so. Guarded by the pod's
/// resource version.
/// Source: Kubernetes, the pod strategy's graceful-deletion rule.
ports::PodOperation deletion_of(const model::Pod& pod, TimePoint now);

/// The operation that marks a pod as terminating whatever its state: an eviction.
ports::PodOperation eviction_of(const model::Pod& pod, TimePoint now);

/// The operation that removes a pod's object for good, guarded by its resource version.
ports::PodOperation removal_of(const model::Pod& pod);

/// A new pod from a template, to be created. `owner` is its controller.
model::Pod new_pod(const model::Metadata& owner, model::Kind owner_kind,
                   const model::PodTemplate& pod_template, model::ObjectName name);

template <class T>
ports::ObjectOperation update_of(const T& value) {
  return {ports::Verb::update, value.meta.resource_version, value};
}
template <class T>
ports::ObjectOperation removal_of_object(const T& value) {
  return {ports::Verb::remove, value.meta.resource_version, value};
}
template <class T>
ports::ObjectOperation creation_of(const T& value) {
  return {ports::Verb::create, 0, value};
}

}  // namespace arcas::controllers
