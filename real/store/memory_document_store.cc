#include "real/store/memory_document_store.h"

#include <utility>

namespace arcas::real {

MemoryDocumentStore::MemoryDocumentStore(Executor& executor, HistoryLimit history)
    : executor_(executor), index_(history), commits_(index_), watches_(index_, executor) {}

void MemoryDocumentStore::commit(std::vector<DocumentWrite> writes, bool all_or_nothing,
                                 Committed done, const DocumentFence& fence) {
  auto decided = commits_.decide(std::move(writes), all_or_nothing, fence);
  executor_.post([this, alive = std::weak_ptr<bool>(alive_), decided = std::move(decided),
                  done = std::move(done)]() mutable {
    if (alive.expired()) return;
    if (!decided.changes.empty()) {
      commits_.applied(decided.answer.revision, decided.changes);
      index_.apply(decided.answer.revision, decided.changes);
      watches_.changed();
    }
    if (done) done(decided.answer);
  });
}

}  // namespace arcas::real
