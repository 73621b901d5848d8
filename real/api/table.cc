#include "real/api/table.h"

#include <boost/json.hpp>

#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

json::value cell_of(const PrinterColumn& column, const json::object& object, std::int64_t now) {
  if (column.source.starts_with('@')) {
    return computed_cell(std::string_view(column.source).substr(1), object, now);
  }
  const json::value* value = value_at(object, column.source);
  if (column.type == "integer") return value == nullptr ? json::value(0) : *value;
  if (value == nullptr) return column.priority > 0 ? "<none>" : "";
  if (value->is_string() || value->is_structured()) return *value;
  return json::string(json::serialize(*value));
}

json::object partial_metadata(const json::object& object) {
  const json::value* metadata = object.if_contains("metadata");
  return {{"kind", "PartialObjectMetadata"},
          {"apiVersion", "meta.k8s.io/v1"},
          {"metadata", metadata == nullptr ? json::value(json::object()) : *metadata}};
}

}  // namespace

json::object table_document(const KindInfo& kind, const TableForm& form,
                            std::span<const json::object> objects, std::int64_t now,
                            Revision revision) {
  json::array columns;
  for (const PrinterColumn& column : kind.columns) {
    columns.emplace_back(json::object{{"name", column.name},
                                      {"type", column.type == "integer" ? "integer" : "string"},
                                      {"format", column.name == "Name" ? "name" : ""},
                                      {"description", ""},
                                      {"priority", column.priority}});
  }
  json::array rows;
  rows.reserve(objects.size());
  for (const json::object& object : objects) {
    json::array cells;
    cells.reserve(kind.columns.size());
    for (const PrinterColumn& column : kind.columns) {
      cells.emplace_back(cell_of(column, object, now));
    }
    json::object row{{"cells", std::move(cells)}};
    if (form.include_object == "Metadata") row["object"] = partial_metadata(object);
    if (form.include_object == "Object") row["object"] = object;
    rows.emplace_back(std::move(row));
  }
  return {{"kind", "Table"},
          {"apiVersion", "meta.k8s.io/" + form.version},
          {"metadata", json::object{{"resourceVersion", std::to_string(revision)}}},
          {"columnDefinitions", std::move(columns)},
          {"rows", std::move(rows)}};
}

std::string human_duration(std::int64_t seconds) {
  const auto with = [](std::int64_t count, char unit) { return std::to_string(count) + unit; };
  const auto pair = [&with](std::int64_t a, char unit_a, std::int64_t b, char unit_b) {
    return b == 0 ? with(a, unit_a) : with(a, unit_a) + with(b, unit_b);
  };
  if (seconds < -1) return "<invalid>";
  if (seconds <= 0) return "0s";
  if (seconds < 120) return with(seconds, 's');
  const std::int64_t minutes = seconds / 60;
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return with(minutes, 'm');
  const std::int64_t hours = minutes / 60;
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return with(hours, 'h');
  if (hours < 24 * 8) return pair(hours / 24, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return with(hours / 24, 'd');
  if (hours < 24 * 365 * 8) return pair(hours / 24 / 365, 'y', hours / 24 % 365, 'd');
  return with(hours / 24 / 365, 'y');
}

}  // namespace arcas::real
