#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "real/store/document_index.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// Decides on commits in the order of calls, before they are durable: what each write comes to, the
/// revision, and the changes to make. The part of a document store that all of them share; no I/O.
class DocumentCommits {
 public:
  explicit DocumentCommits(const DocumentIndex& index) : index_(index) {}

  struct Decided {
    DocumentCommit answer;
    std::vector<DocumentIndex::Change> changes;  ///< none: nothing to write
    bool raised = false;                         ///< the epoch of its lease is a new highest one
  };
  /// Checks the writes against all that was decided before, durable or not. Cost: O(writes × log).
  Decided decide(std::vector<DocumentWrite> writes, bool all_or_nothing,
                 const DocumentFence& fence);
  /// The changes of that revision are in the index now.
  void applied(Revision revision, const std::vector<DocumentIndex::Change>& changes);
  /// After a start: the newest revision and the highest epochs seen.
  void restore(Revision revision, std::map<std::string, std::uint64_t> epochs);

 private:
  /// The newest version of a document that is decided on and not yet in the index.
  struct Coming {
    Revision revision = 0;
    std::string uid;
    bool exists = false;
    std::shared_ptr<const std::string> json;
  };
  [[nodiscard]] std::optional<Coming> newest(const DocumentKey& key) const;
  [[nodiscard]] StatusCode check(const DocumentWrite& write) const;

  const DocumentIndex& index_;
  std::map<DocumentKey, Coming> coming_;
  std::map<std::string, std::uint64_t> epochs_;  // by lease
  Revision last_ = 0;
};

}  // namespace arcas::real
