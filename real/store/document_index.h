#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "real/store/document_store.h"

namespace arcas::real {

/// How much of the past is kept for watches and lists of it: no more than either says, but always
/// the newest revision.
struct HistoryLimit {
  std::size_t revisions = 10'000;
  /// Each holds the text from before it: with 600 bytes a document some 60 MB.
  std::size_t changes = 100'000;
};

/// The documents as of the newest revision and the changes that led there, in memory: the part that
/// all document stores share. No I/O, one thread.
class DocumentIndex {
 public:
  explicit DocumentIndex(HistoryLimit limit) : limit_(limit) {}

  struct Change {
    DocumentKey key;
    std::string uid;
    std::shared_ptr<const std::string> json;    ///< null: removed
    std::shared_ptr<const std::string> before;  ///< null: there was none
    Revision before_revision = 0;
  };
  /// What one revision changed.
  struct Batch {
    Revision revision = 0;
    std::vector<DocumentChange> changes;
    std::vector<Revision> before;  ///< by change: the revision of the version before
  };
  /// Applies the changes of one revision, which is larger than all before. Cost: O(changes × log
  /// documents).
  void apply(Revision revision, const std::vector<Change>& changes);
  /// Loads one document, before the first `apply`.
  void load(Document document);
  /// Loads changes of the past, oldest first, after all documents are there.
  void load_history(Batch batch);
  /// Where the loaded history ends and begins: changes after `compacted` are known.
  void loaded(Revision revision, Revision compacted);

  [[nodiscard]] std::optional<Document> get(const DocumentKey& key) const;
  [[nodiscard]] Expected<DocumentPage> list(const DocumentScope& scope,
                                            const std::optional<DocumentKey>& from,
                                            std::size_t limit, Revision at) const;
  /// The changes after a revision that lie in the scope, revision by revision.
  [[nodiscard]] Expected<std::vector<Batch>> changes_after(const DocumentScope& scope,
                                                           Revision after) const;

  [[nodiscard]] Revision revision() const { return revision_; }
  [[nodiscard]] Revision compacted() const { return compacted_; }
  [[nodiscard]] std::size_t size() const { return documents_.size(); }

 private:
  struct Entry {
    std::string uid;
    Revision revision = 0;
    std::shared_ptr<const std::string> json;
  };
  using Documents = std::map<DocumentKey, Entry>;
  /// What the documents in scope that changed after `at` were at that time; none: they were not.
  [[nodiscard]] std::map<DocumentKey, std::optional<Document>> before(const DocumentScope& scope,
                                                                      Revision at) const;

  HistoryLimit limit_;
  Documents documents_;
  std::deque<Batch> history_;  // oldest first
  std::size_t changes_ = 0;    // in the history
  Revision revision_ = 0;
  Revision compacted_ = 0;
};

/// Whether a document of that key lies in the scope.
bool covers(const DocumentScope& scope, const DocumentKey& key);

}  // namespace arcas::real
