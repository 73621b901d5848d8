#include "sim/report/results_database.h"

#include <sqlite3.h>

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <variant>

namespace arcas::sim {
namespace {

using Value = std::variant<std::int64_t, double, std::string>;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

/// Remembers the first error, so that callers need not look at every row.
class Database {
 public:
  explicit Database(const std::string& path) {
    sqlite3* handle = nullptr;
    const int code = sqlite3_open(path.c_str(), &handle);
    handle_.reset(handle);
    note(code);
  }
  void run(const char* sql) {
    if (error_.empty()) note(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr));
  }
  void prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (error_.empty()) note(sqlite3_prepare_v2(handle_.get(), sql, -1, &statement, nullptr));
    statement_.reset(statement);
  }
  void insert(std::initializer_list<Value> values) {
    if (!error_.empty()) return;
    int at = 0;
    for (const Value& value : values) {
      ++at;
      if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        sqlite3_bind_int64(statement_.get(), at, *whole);
      } else if (const auto* real = std::get_if<double>(&value)) {
        sqlite3_bind_double(statement_.get(), at, *real);
      } else {
        const auto& text = std::get<std::string>(value);
        sqlite3_bind_text(statement_.get(), at, text.data(), static_cast<int>(text.size()),
                          SQLITE_TRANSIENT);
      }
    }
    if (sqlite3_step(statement_.get()) != SQLITE_DONE) note(SQLITE_ERROR);
    sqlite3_reset(statement_.get());
  }
  [[nodiscard]] const std::string& error() const { return error_; }
  void close() {
    statement_.reset();
    handle_.reset();
  }

 private:
  void note(int code) {
    if (code != SQLITE_OK && error_.empty()) error_ = sqlite3_errmsg(handle_.get());
  }
  std::unique_ptr<sqlite3, CloseDatabase> handle_;
  std::unique_ptr<sqlite3_stmt, FinishStatement> statement_;
  std::string error_;
};

void write_summary(Database& db, const Summary& s) {
  db.run("CREATE TABLE run (key TEXT PRIMARY KEY, value)");
  db.prepare("INSERT INTO run VALUES (?, ?)");
  db.insert({std::string("scenario"), s.scenario});
  db.insert({std::string("profile"), s.profile});
  db.insert({std::string("seed"), static_cast<std::int64_t>(s.seed)});
  db.insert({std::string("trace_hash"), s.trace_hash});
  for (const std::string& name : Summary::metric_names()) db.insert({name, *s.metric(name)});
  db.run(
      "CREATE TABLE samples (at_seconds REAL, pods INTEGER, pods_running INTEGER, nodes_up INTEGER,"
      " events INTEGER, decisions INTEGER, evictions INTEGER, pods_recovered INTEGER,"
      " messages INTEGER)");
  db.prepare("INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const Sample& r : s.samples) {
    db.insert({r.at_seconds, r.pods, r.pods_running, r.nodes_up, r.events, r.decisions, r.evictions,
               r.recovered, r.messages});
  }
  db.run("CREATE TABLE events (at_seconds REAL, text TEXT)");
  db.prepare("INSERT INTO events VALUES (?, ?)");
  for (const SummaryNote& note : s.notes) db.insert({note.at_seconds, note.text});
  db.run("CREATE TABLE violations (at_seconds REAL, invariant TEXT, text TEXT)");
  db.prepare("INSERT INTO violations VALUES (?, ?, ?)");
  for (const ViolationReport& v : s.violations) db.insert({v.at_seconds, v.invariant, v.text});
}

}  // namespace

Status check_database(const std::string& path, bool force) {
  std::error_code error;
  if (std::filesystem::exists(path, error) && !force) {
    return Status::invalid("--db " + path + ": exists already; allowed: a new file, or --force");
  }
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
    return Status::invalid("--db " + path + ": is not a file; allowed: a file");
  }
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
    return Status::invalid("--db " + path + ": its folder does not exist");
  }
  return Status::success();
}

Status write_database(const std::string& path, bool force, const Summary& summary,
                      const ResultRows& rows) {
  if (Status status = check_database(path, force); !status.ok()) return status;
  const std::string temporary = path + ".part";
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  Database db(temporary);
  db.run("PRAGMA journal_mode = OFF");
  db.run("PRAGMA synchronous = OFF");
  db.run("BEGIN");
  write_summary(db, summary);
  db.run("CREATE TABLE nodes (name TEXT PRIMARY KEY, zone TEXT, up INTEGER, pods INTEGER)");
  db.prepare("INSERT INTO nodes VALUES (?, ?, ?, ?)");
  rows.nodes([&db](const NodeOutcome& n) {
    db.insert({n.name, n.zone, std::int64_t{n.up ? 1 : 0}, n.pods});
  });
  db.run(
      "CREATE TABLE pods (uid INTEGER PRIMARY KEY, tenant TEXT, name TEXT, node TEXT, phase TEXT,"
      " terminating INTEGER, created_seconds REAL, started_seconds REAL)");
  db.prepare("INSERT INTO pods VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  rows.pods([&db](const PodOutcome& p) {
    db.insert({static_cast<std::int64_t>(p.uid), p.tenant, p.name, p.node, p.phase,
               std::int64_t{p.terminating ? 1 : 0}, p.created_seconds, p.started_seconds});
  });
  db.run(
      "CREATE TABLE displacements (pod_uid INTEGER, node TEXT, cause TEXT, displaced_seconds REAL,"
      " recovered_seconds REAL)");
  db.prepare("INSERT INTO displacements VALUES (?, ?, ?, ?, ?)");
  rows.displacements([&db](const DisplacementOutcome& d) {
    db.insert({static_cast<std::int64_t>(d.uid), d.node, d.cause, d.displaced_seconds,
               d.recovered_seconds});
  });
  db.run("COMMIT");
  const std::string problem = db.error();
  db.close();
  if (!problem.empty()) {
    std::filesystem::remove(temporary, ignored);
    return Status::invalid("--db " + path + ": " + problem);
  }
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) return Status::invalid("--db " + path + ": " + error.message());
  return Status::success();
}

}  // namespace arcas::sim
