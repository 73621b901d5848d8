#pragma once

#include <cstdint>
#include <vector>

#include "core/base/expected.h"
#include "core/base/id.h"
#include "core/model/objects.h"

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

  [[nodiscard]] std::size_t size() const { return pods.size() + objects.size(); }
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
struct ChangeBatch {
  Revision revision = 0;
  std::vector<PodChange> pods;
  std::vector<ObjectChange> objects;
};

}  // namespace arcas::ports
