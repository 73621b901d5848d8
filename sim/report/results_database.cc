#include "sim/report/results_database.h"

#include <filesystem>

#include "sim/report/results_tables.h"

namespace arcas::sim {
namespace {

void write_run(SqliteFile& db, const RunRecord& record) {
  db.run("CREATE TABLE run (key TEXT PRIMARY KEY, value)");
  db.prepare("INSERT INTO run VALUES (?, ?)");
  const auto text = [&db](const char* key, const std::string& value) {
    db.insert({std::string(key), value});
  };
  text("scenario", record.scenario);
  text("description", record.description);
  text("profile", record.profile);
  db.insert({std::string("seed"), static_cast<std::int64_t>(record.seed)});
  text("trace_hash", record.trace_hash);
  text("build", record.build);
  text("command", record.command);
  text("document", record.document);
  db.insert({std::string("faults_left_out"), record.series.faults_left_out});
  db.insert({std::string("tenant_count"), record.series.tenant_count});
  for (const auto& [name, value] : record.figures) db.insert({name, value});
}

void write_samples(SqliteFile& db, const std::vector<Sample>& samples) {
  db.run(
      "CREATE TABLE samples (at_seconds REAL, pods INTEGER, pods_running INTEGER, nodes_up INTEGER,"
      " events INTEGER, decisions INTEGER, evictions INTEGER, pods_recovered INTEGER,"
      " messages INTEGER)");
  db.prepare("INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const Sample& r : samples) {
    db.insert({r.at_seconds, r.pods, r.pods_running, r.nodes_up, r.events, r.decisions, r.evictions,
               r.recovered, r.messages});
  }
}

void write_series(SqliteFile& db, const RunSeries& series) {
  tables::points.write(db, series.points);
  tables::utilisation.create(db);
  tables::utilisation.prepare_insert(db);
  for (const RunSeries::Point& point : series.points) {
    std::size_t at = 0;
    for (const std::string& zone : series.zones) {
      for (const std::string& resource : series.resources) {
        tables::utilisation.insert(
            db, {point.at_seconds, zone, resource, point.used[at], series.capacity[at]});
        ++at;
      }
    }
  }
  tables::load.create(db);
  tables::load.prepare_insert(db);
  for (const RunSeries::Point& point : series.points) {
    for (std::size_t i = 0; i < series.partitions.size(); ++i) {
      tables::load.insert(db, {point.at_seconds, series.partitions[i], point.commits[i],
                               point.changes[i], point.requests[i], point.queue[i]});
    }
  }
  tables::cells.write(db, series.cells);
  tables::frames.write(db, series.frames);
  tables::faults.write(db, series.faults);
  tables::phases.write(db, series.phases);
  tables::tenants.write(db, series.tenants);
  std::vector<QuantileRow> quantiles;
  for (const double within : series.recovery_quantiles) {
    quantiles.push_back({static_cast<std::int64_t>(quantiles.size()), within});
  }
  tables::recovery.write(db, quantiles);
}

/// The rows that only the run can give.
void write_rows(SqliteFile& db, const ResultRows& rows) {
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

Status write_database(const std::string& path, bool force, const RunRecord& record,
                      const std::vector<Sample>& samples, const ResultRows& rows) {
  if (Status status = check_database(path, force); !status.ok()) return status;
  const std::string temporary = path + ".part";
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  SqliteFile db(temporary, SqliteFile::Mode::create);
  db.run("PRAGMA journal_mode = OFF");
  db.run("PRAGMA synchronous = OFF");
  db.run("BEGIN");
  write_run(db, record);
  write_samples(db, samples);
  tables::events.write(db, record.notes);
  tables::violations.write(db, record.violations);
  tables::expectations.write(db, record.expectations);
  tables::invariants.write(db, record.invariants);
  write_series(db, record.series);
  write_rows(db, rows);
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
