#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "real/store/document_index.h"
#include "real/store/document_store.h"
#include "real/store/executor.h"

namespace arcas::real {

struct SqliteOptions {
  HistoryLimit history;
  /// A commit could not be made durable, so nothing that was promised since can be trusted any
  /// more. Called on the writer's thread; must not return to the store. None: says so on stderr and
  /// ends the process, which recovers from the log when it starts again.
  std::function<void(const std::string&)> on_failure;
};

/// Documents in one SQLite file (docs/real.md): write-ahead log, synchronous=FULL. All documents
/// are in memory, too; reads never touch the disk. Commits that come while one is being written go
/// to the disk together, with one sync (group commit).
///
/// Each document carries a checksum (CRC-32 of key, uid, revision and text). The file has mode 0600
/// and one process: a second one is refused.
class SqliteDocumentStore : public DocumentStore {
 public:
  /// Opens or creates the file. Errors name it: no such folder, not a store of this kind, a newer
  /// schema, in use, damaged (SQLite's check of the file, or a checksum that is wrong: then with
  /// the document's name). Nothing is changed then. Cost: reads the whole file once.
  static Expected<std::unique_ptr<SqliteDocumentStore>> open(const std::string& path,
                                                             Executor& executor,
                                                             SqliteOptions options = {});
  /// Waits until what was committed is durable. Its answers that were not yet told are not told.
  ~SqliteDocumentStore() override = default;

  /// Copies the store, as of one revision, into a new file (for backups), while it is in use.
  /// Blocks the caller. Errors: the file exists, or cannot be written.
  virtual Status backup(const std::string& path) = 0;
};

}  // namespace arcas::real
