#pragma once

#include <cstddef>
#include <span>

#include "core/controllers/effects.h"

namespace arcas::controllers {

struct NamespaceConfig {
  std::size_t burst = 1000;  ///< objects deleted per sync
};

/// What is left in a namespace (a prefix of it will do while there is more).
struct NamespaceContents {
  std::span<const model::Object* const> objects;
  std::span<const model::Pod* const> pods;
  [[nodiscard]] bool empty() const { return objects.empty() && pods.empty(); }
};

/// Takes down a namespace that is being deleted: marks it Terminating, removes its objects (so that
/// no workload makes new pods), then deletes its pods, and removes it when it is empty: invariant
/// I47. Does nothing to a live one. Holds no state. Source: Kubernetes, namespace controller.
class NamespaceController {
 public:
  explicit NamespaceController(NamespaceConfig config = {}) : config_(config) {}

  void sync(TimePoint now, const model::Namespace& name_space, const NamespaceContents& contents,
            Effects& out);

 private:
  NamespaceConfig config_;
};

}  // namespace arcas::controllers
