#include "core/controllers/namespace.h"

#include <algorithm>
#include <variant>

namespace arcas::controllers {

void NamespaceController::sync(TimePoint now, const model::Namespace& name_space,
                               const NamespaceContents& contents, Effects& out) {
  if (!name_space.meta.terminating()) return;
  if (name_space.phase != model::TenantPhase::terminating) {
    model::Namespace updated = name_space;
    updated.phase = model::TenantPhase::terminating;
    out.objects.push_back(update_of(updated));
    return;
  }
  if (contents.empty()) {
    out.objects.push_back(removal_of_object(name_space));
    return;
  }
  const std::size_t objects = std::min(contents.objects.size(), config_.burst);
  for (std::size_t i = 0; i < objects; ++i) {
    std::visit([&](const auto& value) { out.objects.push_back(removal_of_object(value)); },
               *contents.objects[i]);
  }
  // Pods go after the workloads that would replace them.
  if (!contents.objects.empty()) return;
  std::size_t deleted = 0;
  for (const model::Pod* pod : contents.pods) {
    if (deleted == config_.burst) break;
    if (pod->meta.terminating() && pod->holds_capacity()) continue;
    out.pods.push_back(deletion_of(*pod, now));
    ++deleted;
  }
}

}  // namespace arcas::controllers
