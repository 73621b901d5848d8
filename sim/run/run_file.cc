#include "sim/run/run_file.h"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "core/base/hash.h"

namespace arcas::sim {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

std::string build_id() {
  static const std::string id = [] {
    std::ifstream file("/proc/self/exe", std::ios::binary);
    if (!file) return std::string("unknown");
    HashChain hash;
    std::string part(1U << 20U, '\0');
    while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0) {
      hash.add(std::string_view(part.data(), static_cast<std::size_t>(file.gcount())));
    }
    return hash.hex();
  }();
  return id;
}

std::string to_json(const RunFile& run) {
  json::array snapshots;
  for (const Snapshot& s : run.snapshots) {
    snapshots.push_back(json::object{{"at_ns", s.at.ns}, {"events", s.events}, {"hash", s.hash}});
  }
  return json::serialize(json::object{{"apiVersion", "arcas/v1"},
                                      {"kind", "Run"},
                                      {"build", run.build},
                                      {"file", run.file},
                                      {"scheduler_config", run.scheduler_config},
                                      {"trace_folder", run.trace_folder},
                                      {"scenario", run.scenario},
                                      {"snapshots", snapshots}}) +
         "\n";
}

Expected<RunFile> read_run_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Status::not_found(path + ": cannot be read");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  boost::system::error_code error;
  const json::value parsed = json::parse(text, error);
  const Status malformed = Status::invalid(
      path + ": is not a recorded run; allowed: a file that sim run --snapshot-every has written");
  if (error || !parsed.is_object()) return malformed;
  const json::object& object = parsed.as_object();
  if (text_at(object, "kind") != "Run") return malformed;
  RunFile run;
  run.build = text_at(object, "build");
  run.file = text_at(object, "file");
  run.scheduler_config = text_at(object, "scheduler_config");
  run.trace_folder = text_at(object, "trace_folder");
  run.scenario = text_at(object, "scenario");
  if (run.build != build_id()) {
    return Status::invalid(path + ": was recorded by build " + one_line(run.build) +
                           ", this is build " + build_id() +
                           "; allowed: runs of this build, whose events are the same");
  }
  const json::value* snapshots = object.if_contains("snapshots");
  if (snapshots == nullptr || !snapshots->is_array()) return malformed;
  for (const json::value& entry : snapshots->as_array()) {
    const json::object* s = entry.if_object();
    if (s == nullptr || !s->contains("at_ns") || !s->at("at_ns").is_int64()) return malformed;
    const json::value* events = s->if_contains("events");
    if (events == nullptr || !events->is_number()) return malformed;
    Snapshot& snapshot = run.snapshots.emplace_back();
    snapshot.at = TimePoint{s->at("at_ns").as_int64()};
    snapshot.events = events->to_number<std::uint64_t>(error);
    if (error) return malformed;
    snapshot.hash = text_at(*s, "hash");
  }
  if (run.snapshots.empty()) return malformed;
  return run;
}

}  // namespace arcas::sim
