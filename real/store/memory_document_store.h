#pragma once

#include "real/store/document_commits.h"
#include "real/store/document_index.h"
#include "real/store/document_watches.h"
#include "real/store/executor.h"

namespace arcas::real {

/// A document store that forgets everything with its process. For tests.
class MemoryDocumentStore final : public DocumentStore {
 public:
  explicit MemoryDocumentStore(Executor& executor, HistoryLimit history = {});

  void commit(std::vector<DocumentWrite> writes, bool all_or_nothing, Committed done,
              const DocumentFence& fence = {}) override;
  [[nodiscard]] std::optional<Document> get(const DocumentKey& key) const override {
    return index_.get(key);
  }
  [[nodiscard]] Expected<DocumentPage> list(const DocumentScope& scope,
                                            const std::optional<DocumentKey>& from,
                                            std::size_t limit, Revision at) const override {
    return index_.list(scope, from, limit, at);
  }
  Expected<std::uint64_t> watch(const DocumentScope& scope, Revision after,
                                Watcher watcher) override {
    return watches_.add(scope, after, std::move(watcher));
  }
  void unwatch(std::uint64_t watch) override { watches_.remove(watch); }
  [[nodiscard]] Revision revision() const override { return index_.revision(); }
  [[nodiscard]] Revision compacted() const override { return index_.compacted(); }

 private:
  Executor& executor_;
  DocumentIndex index_;
  DocumentCommits commits_;
  DocumentWatches watches_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace arcas::real
