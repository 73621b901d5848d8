#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/report/run_record.h"
#include "sim/report/sqlite_file.h"

namespace arcas::sim {

/// A column of the results file and where its value stands in a row. Texts that are bytes say so.
template <class Row, class Value>
struct Column {
  const char* name;
  Value Row::*member;
  bool bytes = false;
};

/// A table of the results file: written and read by the same list of columns.
template <class Row, class... Values>
struct Table {
  const char* name;
  std::tuple<Column<Row, Values>...> columns;

  void create(SqliteFile& file) const { file.run("CREATE TABLE " + definition(true)); }
  void prepare_insert(SqliteFile& file) const {
    std::string places = "?";
    for (std::size_t i = 1; i < sizeof...(Values); ++i) places += ", ?";
    file.prepare("INSERT INTO " + std::string(name) + " VALUES (" + places + ")");
  }
  void insert(SqliteFile& file, const Row& row) const {
    int place = 0;
    each([&](const auto& column) {
      const auto& value = row.*column.member;
      using Value = std::remove_cvref_t<decltype(value)>;
      ++place;
      if constexpr (std::is_same_v<Value, std::string>) {
        column.bytes ? file.bind_bytes(place, value) : file.bind(place, value);
      } else if constexpr (std::is_same_v<Value, double>) {
        file.bind(place, value);
      } else {
        file.bind(place, static_cast<std::int64_t>(value));
      }
    });
    file.carry_out();
  }
  void write(SqliteFile& file, const std::vector<Row>& rows) const {
    create(file);
    prepare_insert(file);
    for (const Row& row : rows) insert(file, row);
  }
  /// In the order in which they were written. More than `most` rows are an error of the file.
  [[nodiscard]] std::vector<Row> read(SqliteFile& file, std::size_t most) const {
    std::string names;
    each([&](const auto& column) {
      names += (names.empty() ? "" : ", ") + std::string(column.name);
    });
    file.prepare("SELECT " + names + " FROM " + name + " ORDER BY rowid");
    std::vector<Row> rows;
    while (file.next()) {
      if (rows.size() == most) {
        file.fail("table " + std::string(name) + " has more than " + std::to_string(most) +
                  " rows");
        break;
      }
      Row& row = rows.emplace_back();
      int at = 0;
      each([&](const auto& column) {
        auto& value = row.*column.member;
        using Value = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          value = file.text(at++);
        } else if constexpr (std::is_same_v<Value, double>) {
          value = file.real(at++);
        } else {
          value = static_cast<Value>(file.whole(at++));
        }
      });
    }
    return rows;
  }

 private:
  template <class Visit>
  void each(Visit visit) const {
    std::apply([&](const auto&... column) { (visit(column), ...); }, columns);
  }
  [[nodiscard]] std::string definition(bool types) const {
    std::string list;
    each([&](const auto& column) {
      using Value = std::remove_cvref_t<decltype(std::declval<Row>().*column.member)>;
      const char* type = std::is_same_v<Value, std::string> ? " TEXT"
                         : std::is_same_v<Value, double>    ? " REAL"
                                                            : " INTEGER";
      if (column.bytes) type = " BLOB";
      list += (list.empty() ? "" : ", ") + std::string(column.name) + (types ? type : "");
    });
    return std::string(name) + " (" + list + ")";
  }
};

template <class Row, class... Values>
constexpr Table<Row, Values...> table_of(const char* name, Column<Row, Values>... columns) {
  return {name, {columns...}};
}
template <class Row, class Value>
constexpr Column<Row, Value> column(const char* name, Value Row::*member) {
  return {name, member};
}

/// What is by zone and resource, by partition, or one of a hundred, row by row.
struct UtilisationRow {
  double at_seconds = 0;
  std::string zone;
  std::string resource;
  std::int64_t used = 0;
  std::int64_t capacity = 0;
};
struct LoadRow {
  double at_seconds = 0;
  std::string partition;
  std::int64_t commits = 0;
  std::int64_t changes = 0;
  std::int64_t requests = 0;
  std::int64_t queue = 0;
};
struct QuantileRow {
  std::int64_t percent = 0;
  double seconds = 0;
};

namespace tables {
using S = RunSeries;
inline constexpr auto events = table_of("events", column("at_seconds", &SummaryNote::at_seconds),
                                        column("text", &SummaryNote::text));
inline constexpr auto violations = table_of(
    "violations", column("at_seconds", &ViolationReport::at_seconds),
    column("invariant", &ViolationReport::invariant), column("text", &ViolationReport::text));
inline constexpr auto points =
    table_of("points", column("at_seconds", &S::Point::at_seconds), column("pods", &S::Point::pods),
             column("pods_waiting", &S::Point::waiting), column("pods_running", &S::Point::running),
             column("pods_lost", &S::Point::lost), column("pods_displaced", &S::Point::displaced),
             column("pods_recovered", &S::Point::recovered),
             column("evictions", &S::Point::evictions), column("decisions", &S::Point::decisions),
             column("nodes_up", &S::Point::nodes_up), column("nodes_ready", &S::Point::nodes_ready),
             column("wait_p50_seconds", &S::Point::wait_p50_seconds),
             column("wait_p99_seconds", &S::Point::wait_p99_seconds),
             column("wait_max_seconds", &S::Point::wait_max_seconds),
             column("fairness", &S::Point::fairness));
inline constexpr auto utilisation =
    table_of("utilisation", column("at_seconds", &UtilisationRow::at_seconds),
             column("zone", &UtilisationRow::zone), column("resource", &UtilisationRow::resource),
             column("used", &UtilisationRow::used), column("capacity", &UtilisationRow::capacity));
inline constexpr auto load =
    table_of("partition_load", column("at_seconds", &LoadRow::at_seconds),
             column("partition", &LoadRow::partition), column("commits", &LoadRow::commits),
             column("changes", &LoadRow::changes), column("requests", &LoadRow::requests),
             column("pods_waiting", &LoadRow::queue));
inline constexpr auto cells =
    table_of("map_cells", column("zone", &S::Cell::zone), column("rack", &S::Cell::rack),
             column("first_node", &S::Cell::first_node), column("nodes", &S::Cell::nodes));
inline constexpr auto frames =
    table_of("map_frames", column("at_seconds", &S::Frame::at_seconds),
             Column<S::Frame, std::string>{"levels", &S::Frame::levels, true});
inline constexpr auto faults =
    table_of("faults", column("begins_seconds", &S::Fault::begins_seconds),
             column("ends_seconds", &S::Fault::ends_seconds), column("text", &S::Fault::text));
inline constexpr auto phases = table_of("phases", column("at_seconds", &S::Phase::at_seconds),
                                        column("name", &S::Phase::name));
inline constexpr auto tenants =
    table_of("tenants", column("name", &S::Tenant::name), column("pods", &S::Tenant::pods),
             column("pods_running", &S::Tenant::running),
             column("cpu_milli", &S::Tenant::cpu_milli), column("pods_bound", &S::Tenant::bound),
             column("wait_mean_seconds", &S::Tenant::wait_mean_seconds),
             column("wait_max_seconds", &S::Tenant::wait_max_seconds));
inline constexpr auto recovery = table_of("recovery", column("percent", &QuantileRow::percent),
                                          column("seconds", &QuantileRow::seconds));
inline constexpr auto expectations = table_of(
    "expectations", column("text", &RunRecord::Expected::text),
    column("seen", &RunRecord::Expected::seen), column("holds", &RunRecord::Expected::holds));
inline constexpr auto invariants =
    table_of("invariants", column("name", &RunRecord::Invariant::name),
             column("evaluations", &RunRecord::Invariant::evaluations));
}  // namespace tables

}  // namespace arcas::sim
