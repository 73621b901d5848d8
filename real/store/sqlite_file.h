#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/expected.h"
#include "real/store/document_index.h"

struct sqlite3;
struct sqlite3_stmt;

namespace arcas::real {

/// The file of a document store: its schema, what is in it, and how a batch of commits is added.
/// Only included by real/store's own sources. Not thread-safe.
class SqliteFile {
 public:
  ~SqliteFile();
  SqliteFile() = default;
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  static constexpr int kSchema = 1;
  /// See SqliteDocumentStore::open.
  Status open(const std::string& path);

  struct Loaded {
    Revision revision = 0;
    std::map<std::string, std::uint64_t> epochs;
  };
  /// Reads everything into the index. Errors: a checksum that is wrong.
  Expected<Loaded> load(DocumentIndex& index);

  /// Changes of one revision and the epochs that came with them.
  struct Entry {
    Revision revision = 0;
    const std::vector<DocumentIndex::Change>* changes = nullptr;
    std::string lease;
    std::uint64_t epoch = 0;
  };
  /// Writes all entries in one transaction; of the history, at least what `keep` says stays. When
  /// it returns ok they are on the disk.
  Status write(const std::vector<Entry>& entries, const HistoryLimit& keep);
  Status backup(const std::string& path);

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  Status lock(const std::string& path);
  Status check_schema(const std::string& path, bool fresh);
  Status run(const char* sql);
  Expected<Statement> prepare(const char* sql);
  Status prepare_all();
  Status write_change(const DocumentIndex::Change& change, Revision revision, int ordinal);
  Status load_history(DocumentIndex& index, Revision compacted);
  Status forget_history(const HistoryLimit& keep);
  bool set_fact(const std::string& key, std::uint64_t value);
  [[nodiscard]] Status problem(std::string_view doing) const;

  std::string path_;
  int lock_ = -1;
  sqlite3* database_ = nullptr;
  Statement upsert_, erase_, remember_, forget_, set_fact_, set_epoch_;
  std::deque<std::pair<Revision, std::size_t>> kept_;  // changes of each revision in the file
  std::size_t kept_changes_ = 0;
};

/// CRC-32 of everything that makes the document what it is.
std::uint32_t checksum(const DocumentKey& key, std::string_view uid, Revision revision,
                       std::string_view json);

}  // namespace arcas::real
