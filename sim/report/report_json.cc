#include "sim/report/report_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <map>

namespace arcas::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostPoints = 480;
constexpr std::size_t kMostNotes = 600;
constexpr std::size_t kMostFaults = 1'000;
constexpr std::size_t kMostTenants = 100;
constexpr std::size_t kMostDocument = 200'000;  // bytes
constexpr std::size_t kMostMapBytes = 800'000;  // of all frames

/// Rows of a series that a chart can show, the first and the last among them. What is not kept
/// gives its waits to the next that is.
std::vector<RunSeries::Point> thinned(const std::vector<RunSeries::Point>& points) {
  const std::size_t step = (points.size() + kMostPoints - 1) / kMostPoints;
  if (step <= 1) return points;
  std::vector<RunSeries::Point> kept;
  RunSeries::Point waits;
  for (std::size_t i = 0; i < points.size(); ++i) {
    waits.wait_p50_seconds = std::max(waits.wait_p50_seconds, points[i].wait_p50_seconds);
    waits.wait_p99_seconds = std::max(waits.wait_p99_seconds, points[i].wait_p99_seconds);
    waits.wait_max_seconds = std::max(waits.wait_max_seconds, points[i].wait_max_seconds);
    if (i % step != 0 && i + 1 != points.size()) continue;
    RunSeries::Point& point = kept.emplace_back(points[i]);
    point.wait_p50_seconds = waits.wait_p50_seconds;
    point.wait_p99_seconds = waits.wait_p99_seconds;
    point.wait_max_seconds = waits.wait_max_seconds;
    waits = {};
  }
  return kept;
}

/// Three digits behind the point are enough for a chart, and short. JSON has only finite numbers.
double rounded(double value) { return std::isfinite(value) ? std::round(value * 1e6) / 1e6 : -1; }

template <class Get>
json::array column(const std::vector<RunSeries::Point>& points, Get get) {
  json::array values;
  values.reserve(points.size());
  for (const RunSeries::Point& point : points) {
    if constexpr (std::is_same_v<decltype(get(point)), double>) {
      values.emplace_back(rounded(get(point)));
    } else {
      values.emplace_back(get(point));
    }
  }
  return values;
}

/// One array over time for each of `width` things.
json::array columns(const std::vector<RunSeries::Point>& points, std::size_t width,
                    std::vector<std::int64_t> RunSeries::Point::*member) {
  json::array all;
  for (std::size_t i = 0; i < width; ++i) {
    all.push_back(column(points, [&](const RunSeries::Point& p) { return (p.*member)[i]; }));
  }
  return all;
}

json::object points_of(const std::vector<RunSeries::Point>& points) {
  using P = RunSeries::Point;
  const auto of = [&points](auto P::*member) {
    return column(points, [member](const P& p) { return p.*member; });
  };
  return {{"t", of(&P::at_seconds)},
          {"pods", of(&P::pods)},
          {"waiting", of(&P::waiting)},
          {"running", of(&P::running)},
          {"lost", of(&P::lost)},
          {"displaced", of(&P::displaced)},
          {"recovered", of(&P::recovered)},
          {"evictions", of(&P::evictions)},
          {"decisions", of(&P::decisions)},
          {"up", of(&P::nodes_up)},
          {"ready", of(&P::nodes_ready)},
          {"p50", of(&P::wait_p50_seconds)},
          {"p99", of(&P::wait_p99_seconds)},
          {"max", of(&P::wait_max_seconds)},
          {"fairness", of(&P::fairness)}};
}

std::string base64(const std::string& bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t size = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      group = (group << 8U) | (k < size ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= size ? kDigits[(group >> (18U - 6U * k)) & 63U] : '=';
    }
  }
  return out;
}

json::object frames_of(const RunSeries& series) {
  const std::size_t size = std::max<std::size_t>(series.cells.size() * 4, 1);
  const std::size_t most = std::max<std::size_t>(kMostMapBytes / size, 2);
  const std::size_t step = (series.frames.size() + most - 1) / most;
  json::array times;
  std::string levels;
  for (std::size_t i = 0; i < series.frames.size(); ++i) {
    if (i % std::max<std::size_t>(step, 1) != 0 && i + 1 != series.frames.size()) continue;
    times.emplace_back(rounded(series.frames[i].at_seconds));
    levels += series.frames[i].levels;
  }
  return {{"t", times}, {"levels", base64(levels)}};
}

json::object cells_of(const RunSeries& series) {
  std::map<std::string, std::int64_t> zones;
  for (std::size_t z = 0; z < series.zones.size(); ++z) {
    zones.emplace(series.zones[z], static_cast<std::int64_t>(z));
  }
  json::array zone, rack, first, nodes;
  for (const RunSeries::Cell& cell : series.cells) {
    const auto known = zones.find(cell.zone);
    zone.emplace_back(known == zones.end() ? 0 : known->second);
    rack.emplace_back(cell.rack);
    first.emplace_back(json::string(cell.first_node));
    nodes.emplace_back(cell.nodes);
  }
  return {{"zone", zone}, {"rack", rack}, {"first", first}, {"nodes", nodes}};
}

json::array texts(const std::vector<std::string>& list) {
  json::array out;
  for (const std::string& text : list) out.emplace_back(json::string(text));
  return out;
}

json::object checks_of(const RunRecord& run) {
  json::array violations, expectations, invariants;
  for (const ViolationReport& v : run.violations) {
    violations.push_back(json::array{rounded(v.at_seconds), v.invariant, v.text});
  }
  for (const RunRecord::Expected& e : run.expectations) {
    expectations.push_back(json::array{e.text, e.seen, e.holds});
  }
  for (const RunRecord::Invariant& i : run.invariants) {
    invariants.push_back(json::array{i.name, i.evaluations});
  }
  return {{"violations", violations}, {"expectations", expectations}, {"invariants", invariants}};
}

void add_story(json::object& out, const RunRecord& run) {
  json::array notes, faults, phases;
  const std::size_t told = std::min(run.notes.size(), kMostNotes);
  for (std::size_t i = 0; i < told; ++i) {
    notes.push_back(json::array{rounded(run.notes[i].at_seconds), run.notes[i].text});
  }
  const std::size_t shown = std::min(run.series.faults.size(), kMostFaults);
  for (std::size_t i = 0; i < shown; ++i) {
    const RunSeries::Fault& f = run.series.faults[i];
    faults.push_back(json::array{rounded(f.begins_seconds), rounded(f.ends_seconds), f.text});
  }
  for (const RunSeries::Phase& p : run.series.phases) {
    phases.push_back(json::array{rounded(p.at_seconds), p.name});
  }
  out["notes"] = notes;
  out["notesLeftOut"] = run.notes.size() - told;
  out["faults"] = faults;
  out["faultsLeftOut"] =
      run.series.faults_left_out + static_cast<std::int64_t>(run.series.faults.size() - shown);
  out["phases"] = phases;
}

json::array tenants_of(const RunSeries& series) {
  json::array tenants;
  for (const RunSeries::Tenant& t : series.tenants) {
    if (tenants.size() == kMostTenants) break;
    tenants.push_back(json::array{t.name, t.pods, t.running, t.cpu_milli, t.bound,
                                  rounded(t.wait_mean_seconds), rounded(t.wait_max_seconds)});
  }
  return tenants;
}

json::object object_of(const RunRecord& run, std::size_t place) {
  const RunSeries& series = run.series;
  const std::vector<RunSeries::Point> points = thinned(series.points);
  json::object figures;
  for (const auto& [name, value] : run.figures) figures[name] = rounded(value);
  json::array recovery, capacity;
  for (const double within : series.recovery_quantiles) recovery.emplace_back(rounded(within));
  for (const std::int64_t amount : series.capacity) capacity.emplace_back(amount);
  std::string document = run.document.substr(0, kMostDocument);
  if (run.document.size() > kMostDocument) document += "\n… (the rest is left out)\n";
  json::object out = checks_of(run);
  out["label"] = std::string(1, static_cast<char>('A' + place));
  out["scenario"] = run.scenario;
  out["description"] = run.description;
  out["profile"] = run.profile;
  out["seed"] = std::to_string(run.seed);  // may be more than a double holds
  out["hash"] = run.trace_hash;
  out["build"] = run.build;
  out["command"] = run.command;
  out["document"] = document;
  out["well"] = run.well();
  out["figures"] = figures;
  out["zones"] = texts(series.zones);
  out["resources"] = texts(series.resources);
  out["capacity"] = capacity;
  out["partitions"] = texts(series.partitions);
  out["points"] = points_of(points);
  out["used"] = columns(points, series.capacity.size(), &RunSeries::Point::used);
  const std::size_t partitions = series.partitions.size();
  out["load"] = json::object{{"requests", columns(points, partitions, &RunSeries::Point::requests)},
                             {"commits", columns(points, partitions, &RunSeries::Point::commits)},
                             {"changes", columns(points, partitions, &RunSeries::Point::changes)}};
  out["cells"] = cells_of(series);
  out["frames"] = frames_of(series);
  out["tenants"] = tenants_of(series);
  out["tenantCount"] = series.tenant_count;
  out["recovery"] = recovery;
  add_story(out, run);
  return out;
}

}  // namespace

std::string report_json(const std::vector<RunRecord>& runs) {
  json::array all;
  for (const RunRecord& run : runs) all.push_back(object_of(run, all.size()));
  const std::string text = json::serialize(json::object{{"runs", all}});
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  // Inside strings alone can these stand, where they may be written by their codes.
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace arcas::sim
