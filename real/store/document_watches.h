#pragma once

#include <cstdint>
#include <map>

#include "real/store/document_index.h"
#include "real/store/executor.h"

namespace arcas::real {

/// The watchers of a document store. Tells them on the executor, never inside a call.
class DocumentWatches {
 public:
  DocumentWatches(const DocumentIndex& index, Executor& executor)
      : index_(index), executor_(executor), alive_(std::make_shared<bool>(true)) {}

  Expected<std::uint64_t> add(const DocumentScope& scope, Revision after,
                              DocumentStore::Watcher watcher);
  void remove(std::uint64_t watch) { watches_.erase(watch); }
  /// Changes of a revision have come: tells everybody soon.
  void changed();

 private:
  struct Watch {
    DocumentScope scope;
    Revision told = 0;  // everything up to here
    DocumentStore::Watcher watcher;
  };
  void tell();
  void tell(std::uint64_t id);

  const DocumentIndex& index_;
  Executor& executor_;
  std::shared_ptr<bool> alive_;  // posted work holds it weakly
  std::map<std::uint64_t, Watch> watches_;
  std::uint64_t last_ = 0;
  bool posted_ = false;
};

}  // namespace arcas::real
