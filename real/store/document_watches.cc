#include "real/store/document_watches.h"

#include <utility>
#include <vector>

namespace arcas::real {

Expected<std::uint64_t> DocumentWatches::add(const DocumentScope& scope, Revision after,
                                             DocumentStore::Watcher watcher) {
  if (after < index_.compacted()) {
    return Status{StatusCode::gone, "revision " + std::to_string(after) +
                                        " is compacted; allowed: from " +
                                        std::to_string(index_.compacted())};
  }
  const std::uint64_t id = ++last_;
  watches_[id] = {scope, after, std::move(watcher)};
  if (after < index_.revision()) changed();
  return id;
}

void DocumentWatches::changed() {
  if (posted_) return;
  posted_ = true;
  executor_.post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    posted_ = false;
    tell();
  });
}

void DocumentWatches::tell() {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, watch] : watches_) {
    if (watch.told < index_.revision()) ids.push_back(id);
  }
  for (const std::uint64_t id : ids) tell(id);
}

/// A watcher may add and remove watches, its own as well, while it is told.
void DocumentWatches::tell(std::uint64_t id) {
  const auto at = watches_.find(id);
  if (at == watches_.end()) return;
  const auto batches = index_.changes_after(at->second.scope, at->second.told);
  if (!batches) {
    const DocumentStore::Watcher watcher = std::move(at->second.watcher);
    watches_.erase(at);
    return watcher(index_.revision(), {}, true);
  }
  at->second.told = index_.revision();
  const DocumentStore::Watcher watcher = at->second.watcher;
  for (const DocumentIndex::Batch& batch : *batches) {
    if (!watches_.contains(id)) return;
    watcher(batch.revision, batch.changes, false);
  }
}

}  // namespace arcas::real
