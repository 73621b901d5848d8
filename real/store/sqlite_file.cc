#include "real/store/sqlite_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace arcas::real {
namespace {

constexpr int kApplication = 0x61726361;  // "arca"
constexpr const char* kTables =
    "CREATE TABLE documents (id INTEGER PRIMARY KEY, resource TEXT NOT NULL, tenant TEXT NOT NULL,"
    " name_space TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL, revision INTEGER NOT NULL,"
    " json BLOB NOT NULL, checksum INTEGER NOT NULL, UNIQUE (resource, tenant, name_space, name));"
    "CREATE TABLE history (revision INTEGER NOT NULL, ordinal INTEGER NOT NULL,"
    " resource TEXT NOT NULL, tenant TEXT NOT NULL, name_space TEXT NOT NULL, name TEXT NOT NULL,"
    " uid TEXT NOT NULL, removed INTEGER NOT NULL, before BLOB, before_revision INTEGER NOT NULL,"
    " PRIMARY KEY (revision, ordinal)) WITHOUT ROWID;"
    "CREATE TABLE facts (key TEXT PRIMARY KEY, value INTEGER NOT NULL);"
    "CREATE TABLE epochs (lease TEXT PRIMARY KEY, epoch INTEGER NOT NULL);"
    "INSERT INTO facts VALUES ('revision', 0), ('compacted', 0);";

void bind(sqlite3_stmt* statement, int at, const std::string& text) {
  sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}
void bind(sqlite3_stmt* statement, int at, std::uint64_t number) {
  sqlite3_bind_int64(statement, at, static_cast<sqlite3_int64>(number));
}
void bind_blob(sqlite3_stmt* statement, int at, const std::shared_ptr<const std::string>& blob) {
  if (blob == nullptr) {
    sqlite3_bind_null(statement, at);
  } else {
    sqlite3_bind_blob64(statement, at, blob->data(), blob->size(), SQLITE_STATIC);
  }
}
int bind_key(sqlite3_stmt* statement, int at, const DocumentKey& key) {
  bind(statement, at, key.resource);
  bind(statement, at + 1, key.tenant);
  bind(statement, at + 2, key.name_space);
  bind(statement, at + 3, key.name);
  return at + 4;
}
std::string text_at(sqlite3_stmt* statement, int column) {
  const void* data = sqlite3_column_blob(statement, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
}
DocumentKey key_at(sqlite3_stmt* statement, int column) {
  return {text_at(statement, column), text_at(statement, column + 1),
          text_at(statement, column + 2), text_at(statement, column + 3)};
}
std::uint64_t number_at(sqlite3_stmt* statement, int column) {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement, column));
}
std::string name_of(const DocumentKey& key) {
  return key.resource + " " + key.tenant + "/" + key.name_space + "/" + key.name;
}

}  // namespace

std::uint32_t checksum(const DocumentKey& key, std::string_view uid, Revision revision,
                       std::string_view json) {
  uLong crc = 0;
  const auto add_bytes = [&crc](const void* data, std::size_t size) {
    crc = crc32_z(crc, static_cast<const Bytef*>(data), size);
  };
  const auto add = [&](std::string_view text) {
    const std::uint64_t size = text.size();  // so that no two lists of texts run together
    add_bytes(&size, sizeof size);
    add_bytes(text.data(), text.size());
  };
  add(key.resource);
  add(key.tenant);
  add(key.name_space);
  add(key.name);
  add(uid);
  add_bytes(&revision, sizeof revision);
  add(json);
  return static_cast<std::uint32_t>(crc);
}

void SqliteFile::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteFile::~SqliteFile() {
  for (Statement* statement : {&upsert_, &erase_, &remember_, &forget_, &set_fact_, &set_epoch_}) {
    statement->reset();
  }
  if (database_ != nullptr) sqlite3_close(database_);
  if (lock_ >= 0) close(lock_);
}

Status SqliteFile::problem(std::string_view doing) const {
  return {StatusCode::unavailable,
          path_ + ": " + std::string(doing) + ": " + sqlite3_errmsg(database_)};
}

Status SqliteFile::run(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) {
    return Status::success();
  }
  return problem(std::string_view(sql).substr(0, 60));
}

Expected<SqliteFile::Statement> SqliteFile::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) != SQLITE_OK) {
    return problem(sql);
  }
  return Statement(statement);
}

/// One process at a time: a lock beside the file, held until the process ends.
Status SqliteFile::lock(const std::string& path) {
  const std::string name = path + ".lock";
  lock_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock_ < 0) {
    return Status::invalid(name + ": cannot be opened: " + std::strerror(errno) +
                           "; allowed: a file in a folder that exists and may be written");
  }
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    return Status::invalid(path + ": is in use by another process; allowed: one at a time");
  }
  return Status::success();
}

Status SqliteFile::open(const std::string& path) {
  path_ = path;
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
    return Status::invalid(path + ": is not a file; allowed: a file, or a new name");
  }
  if (Status status = lock(path); !status.ok()) return status;
  // Made here, so that it is never readable by others, not even for a moment.
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return Status::invalid(path + ": cannot be opened: " + std::strerror(errno));
  struct stat facts {};
  fstat(file, &facts);
  close(file);
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Status::invalid(path + ": may be read by others; allowed: mode 0600");
  }
  if (sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                      nullptr) != SQLITE_OK) {
    return problem("open");
  }
  sqlite3_extended_result_codes(database_, 1);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (Status status = check_schema(path, facts.st_size == 0); !status.ok()) return status;
  return prepare_all();
}

Status SqliteFile::check_schema(const std::string& path, bool fresh) {
  const auto number = [this](const char* sql) -> std::int64_t {
    auto statement = prepare(sql);
    if (!statement || sqlite3_step(statement.value().get()) != SQLITE_ROW) return -1;
    return sqlite3_column_int64(statement.value().get(), 0);
  };
  // Who was killed while he made the store left a database with nothing in it.
  if (!fresh && number("PRAGMA application_id") == 0) {
    fresh = number("SELECT count(*) FROM sqlite_schema") == 0;
  }
  if (!fresh) {
    if (number("PRAGMA application_id") != kApplication) {
      return Status::invalid(path + ": is not a store of arcas; allowed: one, or a new name");
    }
    const std::int64_t schema = number("PRAGMA user_version");
    if (schema > kSchema) {
      return Status::invalid(path + ": has schema " + std::to_string(schema) +
                             ", of a newer arcas; allowed: up to " + std::to_string(kSchema));
    }
    auto check = prepare("PRAGMA quick_check(1)");
    if (!check) return check.error();
    if (sqlite3_step(check.value().get()) != SQLITE_ROW ||
        text_at(check.value().get(), 0) != "ok") {
      return Status::invalid(path + ": is damaged: " + text_at(check.value().get(), 0) +
                             "; allowed: a sound file, such as a backup");
    }
  }
  for (const char* sql : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                          "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA wal_autocheckpoint=4000"}) {
    if (Status status = run(sql); !status.ok()) return status;
  }
  if (!fresh) return Status::success();
  const std::string make =
      "BEGIN IMMEDIATE; PRAGMA application_id=" + std::to_string(kApplication) +
      "; PRAGMA user_version=" + std::to_string(kSchema) + "; " + kTables + " COMMIT;";
  return run(make.c_str());
}

Status SqliteFile::prepare_all() {
  const std::pair<Statement*, const char*> wanted[] = {
      {&upsert_,
       "INSERT INTO documents (resource, tenant, name_space, name, uid, revision, json, checksum)"
       " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (resource, tenant, name_space, name) DO UPDATE"
       " SET uid = excluded.uid, revision = excluded.revision, json = excluded.json,"
       " checksum = excluded.checksum"},
      {&erase_,
       "DELETE FROM documents WHERE resource = ? AND tenant = ? AND name_space = ? AND name = ?"},
      {&remember_, "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&forget_, "DELETE FROM history WHERE revision <= ?"},
      {&set_fact_, "UPDATE facts SET value = ? WHERE key = ?"},
      {&set_epoch_,
       "INSERT INTO epochs VALUES (?, ?) ON CONFLICT (lease) DO UPDATE SET epoch = excluded.epoch"},
  };
  for (const auto& [statement, sql] : wanted) {
    auto made = prepare(sql);
    if (!made) return made.error();
    *statement = std::move(made.value());
  }
  return Status::success();
}

Expected<SqliteFile::Loaded> SqliteFile::load(DocumentIndex& index) {
  Loaded loaded;
  Revision compacted = 0;
  auto facts = prepare("SELECT key, value FROM facts");
  if (!facts) return facts.error();
  while (sqlite3_step(facts.value().get()) == SQLITE_ROW) {
    const std::string key = text_at(facts.value().get(), 0);
    (key == "revision" ? loaded.revision : compacted) = number_at(facts.value().get(), 1);
  }
  auto epochs = prepare("SELECT lease, epoch FROM epochs");
  if (!epochs) return epochs.error();
  while (sqlite3_step(epochs.value().get()) == SQLITE_ROW) {
    loaded.epochs[text_at(epochs.value().get(), 0)] = number_at(epochs.value().get(), 1);
  }
  auto rows = prepare(
      "SELECT resource, tenant, name_space, name, uid, revision, json, checksum FROM documents");
  if (!rows) return rows.error();
  sqlite3_stmt* row = rows.value().get();
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(row)) == SQLITE_ROW) {
    Document document;
    document.key = key_at(row, 0);
    document.uid = text_at(row, 4);
    document.revision = number_at(row, 5);
    document.json = std::make_shared<const std::string>(text_at(row, 6));
    if (checksum(document.key, document.uid, document.revision, *document.json) !=
        number_at(row, 7)) {
      return Status::invalid(path_ + ": " + name_of(document.key) +
                             ": its checksum is wrong; allowed: a sound file, such as a backup");
    }
    index.load(std::move(document));
  }
  if (code != SQLITE_DONE) return problem("reading documents");
  if (Status status = load_history(index, compacted); !status.ok()) return status;
  index.loaded(loaded.revision, compacted);
  return loaded;
}

/// A row tells what was before a change; what came after it is before the next change of the same
/// document, or its present.
Status SqliteFile::load_history(DocumentIndex& index, Revision compacted) {
  auto rows = prepare(
      "SELECT revision, resource, tenant, name_space, name, uid, removed, before, before_revision"
      " FROM history WHERE revision > ? ORDER BY revision, ordinal");
  if (!rows) return rows.error();
  sqlite3_stmt* row = rows.value().get();
  bind(row, 1, compacted);
  std::vector<DocumentIndex::Batch> batches;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(row)) == SQLITE_ROW) {
    const Revision revision = number_at(row, 0);
    if (batches.empty() || batches.back().revision != revision) {
      batches.push_back({revision, {}, {}});
    }
    DocumentChange change;
    change.document.key = key_at(row, 1);
    change.document.uid = text_at(row, 5);
    change.document.revision = revision;
    if (sqlite3_column_type(row, 7) != SQLITE_NULL) {
      change.before = std::make_shared<const std::string>(text_at(row, 7));
    }
    change.type = sqlite3_column_int(row, 6) != 0 ? DocumentChange::Type::removed
                  : change.before == nullptr      ? DocumentChange::Type::added
                                                  : DocumentChange::Type::modified;
    batches.back().changes.push_back(std::move(change));
    batches.back().before.push_back(number_at(row, 8));
  }
  if (code != SQLITE_DONE) return problem("reading the history");
  std::map<DocumentKey, std::shared_ptr<const std::string>> after;
  for (auto batch = batches.rbegin(); batch != batches.rend(); ++batch) {
    for (auto change = batch->changes.rbegin(); change != batch->changes.rend(); ++change) {
      const DocumentKey& key = change->document.key;
      if (change->type == DocumentChange::Type::removed) {
        change->document.json = change->before;
      } else if (const auto at = after.find(key); at != after.end()) {
        change->document.json = at->second;
      } else if (const auto now = index.get(key)) {
        change->document.json = now->json;
      } else {
        return Status::invalid(path_ + ": the history of " + name_of(key) +
                               " does not lead to what is there; allowed: a sound file");
      }
      after[key] = change->before;
    }
  }
  for (DocumentIndex::Batch& batch : batches) {
    kept_.emplace_back(batch.revision, batch.changes.size());
    kept_changes_ += batch.changes.size();
    index.load_history(std::move(batch));
  }
  return Status::success();
}

Status SqliteFile::write_change(const DocumentIndex::Change& change, Revision revision,
                                int ordinal) {
  const auto step = [this](sqlite3_stmt* statement, const char* doing) {
    const int code = sqlite3_step(statement);
    Status status = code == SQLITE_DONE ? Status::success() : problem(doing);
    sqlite3_reset(statement);
    return status;
  };
  sqlite3_stmt* remember = remember_.get();
  bind(remember, 1, revision);
  sqlite3_bind_int(remember, 2, ordinal);
  int at = bind_key(remember, 3, change.key);
  bind(remember, at++, change.uid);
  sqlite3_bind_int(remember, at++, change.json == nullptr ? 1 : 0);
  bind_blob(remember, at++, change.before);
  bind(remember, at++, change.before_revision);
  if (Status status = step(remember, "writing the history"); !status.ok()) return status;
  if (change.json == nullptr) {
    bind_key(erase_.get(), 1, change.key);
    return step(erase_.get(), "removing a document");
  }
  sqlite3_stmt* upsert = upsert_.get();
  at = bind_key(upsert, 1, change.key);
  bind(upsert, at++, change.uid);
  bind(upsert, at++, revision);
  bind_blob(upsert, at++, change.json);
  bind(upsert, at++, checksum(change.key, change.uid, revision, *change.json));
  return step(upsert, "writing a document");
}

bool SqliteFile::set_fact(const std::string& key, std::uint64_t value) {
  bind(set_fact_.get(), 1, value);
  bind(set_fact_.get(), 2, key);
  const bool ok = sqlite3_step(set_fact_.get()) == SQLITE_DONE;
  sqlite3_reset(set_fact_.get());
  return ok;
}

/// Now and then, not with every commit; what is too much meanwhile is left out on loading.
Status SqliteFile::forget_history(const HistoryLimit& keep) {
  const auto slack = [](std::size_t limit) { return limit + limit / 4 + 1; };
  if (kept_.size() <= slack(keep.revisions) && kept_changes_ <= slack(keep.changes)) {
    return Status::success();
  }
  Revision compacted = 0;
  while (kept_.size() > keep.revisions || (kept_changes_ > keep.changes && kept_.size() > 1)) {
    compacted = kept_.front().first;
    kept_changes_ -= kept_.front().second;
    kept_.pop_front();
  }
  if (compacted == 0) return Status::success();
  bind(forget_.get(), 1, compacted);
  const bool ok = sqlite3_step(forget_.get()) == SQLITE_DONE;
  sqlite3_reset(forget_.get());
  if (!ok || !set_fact("compacted", compacted)) return problem("forgetting the past");
  return Status::success();
}

Status SqliteFile::write(const std::vector<Entry>& entries, const HistoryLimit& keep) {
  if (Status status = run("BEGIN IMMEDIATE"); !status.ok()) return status;
  Revision newest = 0;
  for (const Entry& entry : entries) {
    int ordinal = 0;
    for (const DocumentIndex::Change& change : *entry.changes) {
      Status status = write_change(change, entry.revision, ordinal++);
      if (!status.ok()) return status;
    }
    if (!entry.changes->empty()) {
      newest = entry.revision;
      kept_.emplace_back(entry.revision, entry.changes->size());
      kept_changes_ += entry.changes->size();
    }
    if (entry.lease.empty()) continue;
    bind(set_epoch_.get(), 1, entry.lease);
    bind(set_epoch_.get(), 2, entry.epoch);
    const bool ok = sqlite3_step(set_epoch_.get()) == SQLITE_DONE;
    sqlite3_reset(set_epoch_.get());
    if (!ok) return problem("writing an epoch");
  }
  if (newest != 0 && !set_fact("revision", newest)) return problem("writing the revision");
  if (Status status = forget_history(keep); !status.ok()) return status;
  return run("COMMIT");
}

Status SqliteFile::backup(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    return Status::invalid(path + ": cannot be made: " + std::strerror(errno) +
                           "; allowed: a new file in a folder that exists");
  }
  close(file);
  sqlite3* copy = nullptr;
  Status status = Status::success();
  if (sqlite3_open_v2(path.c_str(), &copy, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    status = Status::invalid(path + ": " + sqlite3_errmsg(copy));
  } else if (sqlite3_backup* backup = sqlite3_backup_init(copy, "main", database_, "main")) {
    sqlite3_backup_step(backup, -1);
    if (sqlite3_backup_finish(backup) != SQLITE_OK) {
      status = Status::invalid(path + ": " + sqlite3_errmsg(copy));
    }
  } else {
    status = Status::invalid(path + ": " + sqlite3_errmsg(copy));
  }
  sqlite3_close(copy);
  std::error_code ignored;
  if (!status.ok()) std::filesystem::remove(path, ignored);
  return status;
}

}  // namespace arcas::real
