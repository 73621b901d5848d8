// Reads the record of a run back from its results file.
#include <algorithm>
#include <filesystem>

#include "sim/report/results_database.h"
#include "sim/report/results_tables.h"

namespace arcas::sim {
namespace {

constexpr std::size_t kMostRows = 100'000;        // of a table with a row for each time or thing
constexpr std::size_t kMostCrossed = 20'000'000;  // of one with a row for each time and thing
constexpr std::size_t kMostText = std::size_t{16} << 20U;

void read_run(SqliteFile& db, RunRecord& record) {
  db.prepare("SELECT key, value, typeof(value) FROM run ORDER BY rowid");
  while (db.next()) {
    const std::string key = db.text(0);
    const std::string type = db.text(2);
    std::string* text = key == "scenario"      ? &record.scenario
                        : key == "description" ? &record.description
                        : key == "profile"     ? &record.profile
                        : key == "trace_hash"  ? &record.trace_hash
                        : key == "build"       ? &record.build
                        : key == "command"     ? &record.command
                        : key == "document"    ? &record.document
                                               : nullptr;
    if (text != nullptr) {
      *text = db.text(1);
      if (text->size() > kMostText) db.fail("run." + key + " is longer than 16 MiB");
    } else if (key == "seed") {
      record.seed = static_cast<std::uint64_t>(db.whole(1));
    } else if (key == "faults_left_out") {
      record.series.faults_left_out = db.whole(1);
    } else if (key == "tenant_count") {
      record.series.tenant_count = db.whole(1);
    } else if (type == "real" || type == "integer") {
      record.figures.emplace_back(key, db.real(1));
    } else {
      db.fail("run." + key.substr(0, 80) + " is not a number");
    }
    if (record.figures.size() > 1'000) db.fail("table run has more than 1000 figures");
  }
}

/// The names of the first time's rows, in their order.
template <class Row>
std::vector<std::string> names_of(const std::vector<Row>& rows, std::string Row::*member) {
  std::vector<std::string> names;
  for (const Row& row : rows) {
    if (row.at_seconds != rows.front().at_seconds) break;
    if (std::find(names.begin(), names.end(), row.*member) == names.end()) {
      names.push_back(row.*member);
    }
    if (names.size() > 10'000) break;
  }
  return names;
}

void read_utilisation(SqliteFile& db, RunSeries& series) {
  const auto rows = tables::utilisation.read(db, kMostCrossed);
  series.zones = names_of(rows, &UtilisationRow::zone);
  series.resources = names_of(rows, &UtilisationRow::resource);
  const std::size_t width = series.zones.size() * series.resources.size();
  if (rows.size() != width * series.points.size()) {
    return db.fail("table utilisation does not have each zone and resource for each of the points");
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i < width) series.capacity.push_back(rows[i].capacity);
    series.points[i / width].used.push_back(rows[i].used);
  }
}

void read_load(SqliteFile& db, RunSeries& series) {
  const auto rows = tables::load.read(db, kMostCrossed);
  series.partitions = names_of(rows, &LoadRow::partition);
  const std::size_t width = series.partitions.size();
  if (rows.size() != width * series.points.size()) {
    return db.fail("table partition_load does not have each partition for each of the points");
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RunSeries::Point& point = series.points[i / width];
    point.commits.push_back(rows[i].commits);
    point.changes.push_back(rows[i].changes);
    point.requests.push_back(rows[i].requests);
    point.queue.push_back(rows[i].queue);
  }
}

void read_series(SqliteFile& db, RunSeries& series) {
  series.points = tables::points.read(db, kMostRows);
  read_utilisation(db, series);
  read_load(db, series);
  series.cells = tables::cells.read(db, kMostRows);
  series.frames = tables::frames.read(db, kMostRows);
  for (const RunSeries::Frame& frame : series.frames) {
    if (frame.levels.size() != series.cells.size() * 4) {
      return db.fail("table map_frames does not have four bytes for each of map_cells");
    }
  }
  series.faults = tables::faults.read(db, kMostRows);
  series.phases = tables::phases.read(db, kMostRows);
  series.tenants = tables::tenants.read(db, kMostRows);
  for (const QuantileRow& row : tables::recovery.read(db, 101)) {
    series.recovery_quantiles.push_back(row.seconds);
  }
}

}  // namespace

Expected<RunRecord> read_database(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return Status::not_found(path + ": no such file, or no file at all");
  }
  SqliteFile db(path, SqliteFile::Mode::read);
  RunRecord record;
  read_run(db, record);
  record.notes = tables::events.read(db, kMostRows);
  record.violations = tables::violations.read(db, kMostRows);
  record.expectations = tables::expectations.read(db, kMostRows);
  record.invariants = tables::invariants.read(db, kMostRows);
  read_series(db, record.series);
  if (db.failed()) {
    return Status::invalid(path + ": " + db.error() +
                           "; allowed: a file that arcas sim run --db has written");
  }
  return record;
}

}  // namespace arcas::sim
