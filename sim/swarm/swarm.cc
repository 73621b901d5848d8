#include "sim/swarm/swarm.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

namespace arcas::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostNames = 6;  // in one line for people; JSON has all

json::array texts(const std::vector<std::string>& list) {
  json::array out;
  for (const std::string& item : list) out.emplace_back(item);
  return out;
}

/// The same text for a list of pairs, for people and for JSON.
std::vector<std::string> names_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::vector<std::string> names;
  for (const auto& [operation, fault] : pairs) names.push_back(operation + " x " + fault);
  return names;
}

}  // namespace

SwarmReport::SwarmReport(std::vector<std::string> all_operations,
                         std::vector<std::string> all_faults)
    : operations(std::move(all_operations)), faults(std::move(all_faults)) {}

void SwarmReport::add(std::uint64_t seed, const Outcome& outcome, double cpu) {
  ++runs;
  virtual_seconds += outcome.virtual_seconds;
  cpu_seconds += cpu;
  events += outcome.events;
  for (const auto& [name, count] : outcome.invariants) invariants[name] += count;
  for (const auto& pair : outcome.pairs) ++pairs[pair];
  if (!outcome.clean()) {
    findings.push_back({seed, outcome.failure, outcome.text, outcome.at_seconds});
  } else if (!floor.met(outcome)) {
    below_floor.push_back(seed);
  }
}

std::vector<std::string> SwarmReport::never_tested() const {
  std::vector<std::string> names;
  for (const auto& [name, count] : invariants) {
    if (count == 0) names.push_back(name);
  }
  return names;
}

std::vector<std::pair<std::string, std::string>> SwarmReport::missing_pairs() const {
  std::vector<std::pair<std::string, std::string>> missing;
  for (const std::string& operation : operations) {
    for (const std::string& fault : faults) {
      if (!pairs.contains({operation, fault})) missing.emplace_back(operation, fault);
    }
  }
  return missing;
}

std::string repro_line(std::uint64_t seed, const std::string& repro_options) {
  return fmt::format("arcas swarm --first-seed {} --seeds 1{}", seed, repro_options);
}

std::string to_json(const SwarmReport& r, std::uint64_t first_seed, double wall_seconds,
                    const std::string& repro_options) {
  json::array findings;
  for (const Finding& f : r.findings) {
    findings.push_back(json::object{{"seed", f.seed},
                                    {"failure", f.failure},
                                    {"text", f.text},
                                    {"at_seconds", f.at_seconds},
                                    {"repro", repro_line(f.seed, repro_options)}});
  }
  json::array below;
  for (const std::uint64_t seed : r.below_floor) below.push_back(seed);
  json::object pairs;
  for (const auto& [pair, seeds] : r.pairs) pairs[pair.first + " x " + pair.second] = seeds;
  json::object invariants;
  for (const auto& [name, count] : r.invariants) invariants[name] = count;
  const auto missing = r.missing_pairs();
  return json::serialize(json::object{
             {"apiVersion", "arcas/v1"},
             {"kind", "SwarmReport"},
             {"first_seed", first_seed},
             {"seeds", r.runs},
             {"clean", r.clean()},
             {"findings", findings},
             {"load_floor", json::object{{"decisions", r.floor.decisions},
                                         {"operations", r.floor.operations},
                                         {"faults", r.floor.faults},
                                         {"seeds_below", below}}},
             {"coverage", json::object{{"pairs", r.pairs_there_are()},
                                       {"covered", r.pairs_there_are() - missing.size()},
                                       {"seeds_by_pair", pairs},
                                       {"missing", texts(names_of(missing))}}},
             {"invariants_checked", invariants},
             {"invariants_never_tested", texts(r.never_tested())},
             {"events", r.events},
             {"virtual_seconds", r.virtual_seconds},
             {"cluster_years", r.cluster_years()},
             {"cpu_seconds", r.cpu_seconds},
             {"times_real_time_per_cpu", r.speed()},
             {"wall_seconds", wall_seconds}}) +
         "\n";
}

std::string to_text(const SwarmReport& r, std::uint64_t first_seed, double wall_seconds,
                    const std::string& repro_options) {
  std::string out;
  const auto missing = r.missing_pairs();
  const std::size_t pairs = r.pairs_there_are();
  out += fmt::format("  seeds                {} from {}\n", r.runs, first_seed);
  out += fmt::format("  cluster-years        {:.3f}\n", r.cluster_years());
  out += fmt::format("  speed                {:.0f} x real time on one processor\n", r.speed());
  out += fmt::format("  events               {}\n", r.events);
  out += fmt::format("  wall time            {:.1f} s\n", wall_seconds);
  out += fmt::format(
      "  operation x fault    {} of {} pairs covered ({:.0f} %)\n", pairs - missing.size(), pairs,
      pairs == 0
          ? 0.0
          : 100.0 * static_cast<double>(pairs - missing.size()) / static_cast<double>(pairs));
  if (!missing.empty()) {
    std::vector<std::string> names = names_of(missing);
    const std::size_t shown = std::min(names.size(), kMostNames);
    out += fmt::format(
        "    not covered        {}{}\n",
        fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        names.size() > shown ? fmt::format(" and {} more", names.size() - shown) : "");
  }
  const auto untested = r.never_tested();
  if (!untested.empty()) {
    out += fmt::format("  never put to a test  {}\n", fmt::join(untested, ", "));
  }
  out += fmt::format("  below the load floor {}{}{}\n", r.below_floor.size(),
                     r.below_floor.empty() ? "" : ": seeds ", fmt::join(r.below_floor, ", "));
  out += fmt::format("  findings             {}\n", r.findings.size());
  std::map<std::string, std::vector<const Finding*>> by_failure;
  for (const Finding& f : r.findings) by_failure[f.failure].push_back(&f);
  for (const auto& [failure, list] : by_failure) {
    out += fmt::format(
        "\n  {}: {} seeds\n    seed {}{}: {}\n    {}\n", failure, list.size(), list.front()->seed,
        list.front()->at_seconds < 0 ? "" : fmt::format(" at {:.6f} s", list.front()->at_seconds),
        list.front()->text, repro_line(list.front()->seed, repro_options));
    if (list.size() == 1) continue;
    out += "    also seeds";
    for (std::size_t i = 1; i < std::min<std::size_t>(list.size(), 11); ++i) {
      out += fmt::format(" {}", list[i]->seed);
    }
    out += list.size() > 11 ? " …\n" : "\n";
  }
  return out;
}

}  // namespace arcas::sim
