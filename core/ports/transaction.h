#pragma once

#include <cstdint>
#include <vector>

#include "core/base/expected.h"
#include "core/base/id.h"
#include "core/model/objects.h"
#include "core/model/tenant_move.h"

namespace arcas::ports {

/// What an operation does. The preconditions are part of the verb:
///   create  the key must be free (pods: generated names are free by construction); the store
///           gives the object its uid;
///   update  the object's resource_version must equal `expected`, else conflict;
///   remove  as update when `expected` is not 0; removes the object for good.
enum class Verb : std::uint8_t { create, update, remove };

struct PodOperation {
  Verb verb = Verb::create;
  Revision expected = 0;
  model::Pod pod;  ///< create, update: the whole new value; remove: only meta.uid is read
};

struct ObjectOperation {
  Verb verb = Verb::create;
  Revision expected = 0;
  model::Object object;
};

/// One step of moving a tenant to another partition; see model::TenantMove for what may follow
/// what. `epoch` must be that of the record, so that of two movers one loses. Repeating the last
/// step that was taken is ok and changes nothing.
struct MoveOperation {
  enum class Step : std::uint8_t {
    begin,    ///< source: a new attempt; epoch 0: one after the record's, if none is under way
    seal,     ///< source: no more writes
    reopen,   ///< source: the attempt is given up
    commit,   ///< source: the tenant lives at the target from now on
    clean,    ///< source: the copies go
    receive,  ///< target: an attempt begins; what an earlier one left goes
    stage,    ///< target: keeps `pods` and `objects` aside, drops those of `gone`
    arrive,   ///< target: what was kept aside becomes visible, at one revision
    discard,  ///< target: what was kept aside goes
  };
  Step step = Step::begin;
  TenantId tenant;
  PartitionId other;        ///< begin, receive: the other end
  std::uint64_t epoch = 0;  ///< begin: one more than the record's
  /// stage: grows with each; an older one that comes late changes nothing.
  std::uint64_t sequence = 0;
  std::vector<model::Pod> pods;
  std::vector<model::Object> objects;
  std::vector<Uid> gone;
};

/// Proof of leadership: the commit is refused unless the named lease still has this epoch.
struct Fence {
  StringId lease;  ///< name of the Lease object; none: no fence
  std::uint64_t epoch = 0;
};

/// Several operations that become durable together, at one revision. `all_or_nothing`: one failed
/// precondition refuses all. `each`: operations with failed preconditions are left out and
/// reported, the others commit (a group of small transactions that share one log entry).
struct Transaction {
  enum class Mode : std::uint8_t { all_or_nothing, each };
  Mode mode = Mode::all_or_nothing;
  Fence fence;
  std::vector<PodOperation> pods;
  std::vector<ObjectOperation> objects;
  std::vector<MoveOperation> moves{};  ///< each on its own, whatever the mode

  [[nodiscard]] std::size_t size() const { return pods.size() + objects.size() + moves.size(); }
};

/// One answer per operation, in order. For `create`, the uid that was given.
struct OperationResult {
  StatusCode code = StatusCode::ok;
  Uid uid;
};

/// `code` is ok when anything was committed (or there was nothing to do); conflict when nothing
/// was; forbidden when the fence is old; unavailable when the outcome is unknown.
struct TransactionResult {
  StatusCode code = StatusCode::ok;
  Revision revision = 0;
  std::vector<OperationResult> pods;
  std::vector<OperationResult> objects;
  std::vector<OperationResult> moves{};
};

enum class ChangeType : std::uint8_t { added, modified, removed };

/// `pod` is the state after the change; for `removed`, the last state.
struct PodChange {
  ChangeType type = ChangeType::added;
  model::Pod pod;
};

struct ObjectChange {
  ChangeType type = ChangeType::added;
  model::Object object;
};

/// Everything one revision changed.
///
/// A tenant that comes from another partition: its objects are `added` beside its record in
/// `moves`, with the uids they have. One that leaves: its objects are in `left`, since nothing was
/// removed: whoever only knows this partition forgets them.
struct ChangeBatch {
  Revision revision = 0;
  std::vector<PodChange> pods;
  std::vector<ObjectChange> objects;
  std::vector<model::TenantMove> moves{};
  struct Left {
    std::vector<model::Pod> pods;
    std::vector<model::Object> objects;
    [[nodiscard]] bool empty() const { return pods.empty() && objects.empty(); }
  };
  Left left{};

  [[nodiscard]] bool empty() const {
    return pods.empty() && objects.empty() && moves.empty() && left.empty();
  }
};

}  // namespace arcas::ports
