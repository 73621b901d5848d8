#include "sim/report/summary.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <utility>

namespace arcas::sim {
namespace {

struct Metric {
  const char* name;
  double (*get)(const Summary&);
};

template <std::int64_t Summary::*Member>
double whole(const Summary& s) {
  return static_cast<double>(s.*Member);
}
template <double Summary::*Member>
double real(const Summary& s) {
  return s.*Member;
}

constexpr auto kMetrics = std::to_array<Metric>({
    {"nodes", whole<&Summary::nodes>},
    {"pods", whole<&Summary::pods>},
    {"pods_running", whole<&Summary::pods_running>},
    {"virtual_seconds", real<&Summary::virtual_seconds>},
    {"wall_seconds", real<&Summary::wall_seconds>},
    {"events", whole<&Summary::events>},
    {"events_per_second", real<&Summary::events_per_second>},
    {"peak_rss_bytes", whole<&Summary::peak_rss_bytes>},
    {"violations", [](const Summary& s) { return static_cast<double>(s.violations.size()); }},
    {"pods_running_before_fault", whole<&Summary::pods_running_before_fault>},
    {"pods_displaced", whole<&Summary::pods_displaced>},
    {"pods_recovered", whole<&Summary::pods_recovered>},
    {"pods_lost", whole<&Summary::pods_lost>},
    {"pods_run_twice", whole<&Summary::pods_run_twice>},
    {"recovery_seconds.p50", real<&Summary::recovery_p50>},
    {"recovery_seconds.p90", real<&Summary::recovery_p90>},
    {"recovery_seconds.p99", real<&Summary::recovery_p99>},
    {"recovery_seconds.max", real<&Summary::recovery_max>},
    {"detection_seconds", real<&Summary::detection_seconds>},
    {"leaderless_seconds", real<&Summary::leaderless_seconds>},
    {"goodput_seconds", real<&Summary::goodput_seconds>},
    {"evictions", whole<&Summary::evictions>},
    {"tenants_moved", whole<&Summary::tenants_moved>},
    {"claims.granted", whole<&Summary::claims_granted>},
    {"claims.rejected", whole<&Summary::claims_rejected>},
    {"claims.conflict_percent", [](const Summary& s) { return s.conflict_percent(); }},
    {"pods_rejected", whole<&Summary::pods_rejected>},
    {"daemon_pods.wanted", whole<&Summary::daemon_pods>},
    {"daemon_pods.ready", whole<&Summary::daemon_pods_ready>},
    {"jobs.wanted", whole<&Summary::jobs>},
    {"jobs.complete", whole<&Summary::jobs_complete>},
    {"jobs.failed", whole<&Summary::jobs_failed>},
    {"gangs.started", whole<&Summary::gangs_started>},
    {"gangs.timeouts", whole<&Summary::gang_timeouts>},
    {"gangs.conflicts", whole<&Summary::gang_conflicts>},
    {"decisions", whole<&Summary::decisions>},
    {"decisions_by_flow", whole<&Summary::decisions_by_flow>},
    {"flow.batches", whole<&Summary::flow_batches>},
    {"flow.fallbacks", whole<&Summary::flow_fallbacks>},
    {"flow.gap", whole<&Summary::flow_gap>},
    {"decisions_per_second", real<&Summary::decisions_per_second>},
    {"messages", whole<&Summary::messages>},
    {"commits", whole<&Summary::commits>},
    {"refused_operations", whole<&Summary::refused_operations>},
    {"invariants_checked", whole<&Summary::invariants_checked>},
    {"settled", [](const Summary& s) { return s.settled ? 1.0 : 0.0; }},
    {"converged", [](const Summary& s) { return s.converged ? 1.0 : 0.0; }},
    {"pods_not_running",
     [](const Summary& s) { return static_cast<double>(s.pods - s.pods_running); }},
    {"interrupted", [](const Summary& s) { return s.interrupted ? 1.0 : 0.0; }},
});

std::string number(std::int64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    if (text[at - 1] == '-') break;
    text.insert(at, ",");
  }
  return text;
}

std::string time_text(double seconds) {
  if (seconds < 0) return "none";
  if (seconds < 120) return fmt::format("{:.1f} s", seconds);
  if (seconds < 7200) {
    const auto whole_seconds = static_cast<std::int64_t>(seconds);
    return fmt::format("{} m {:02} s", whole_seconds / 60, whole_seconds % 60);
  }
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

std::optional<double> Summary::metric(const std::string& name) const {
  for (const Metric& metric : kMetrics) {
    if (name == metric.name) return metric.get(*this);
  }
  return std::nullopt;
}

std::vector<std::string> Summary::metric_names() {
  std::vector<std::string> names;
  for (const Metric& metric : kMetrics) names.emplace_back(metric.name);
  return names;
}

std::string to_json(const Summary& s) {
  using boost::json::object;
  boost::json::array details;
  for (const ViolationReport& violation : s.violations) {
    details.push_back(object{{"at_seconds", violation.at_seconds},
                             {"invariant", violation.invariant},
                             {"text", violation.text}});
  }
  boost::json::array notes;
  for (const SummaryNote& note : s.notes) {
    notes.push_back(object{{"at_seconds", note.at_seconds}, {"text", note.text}});
  }
  boost::json::array checkpoints;
  for (const std::string& checkpoint : s.checkpoints) {
    checkpoints.push_back(boost::json::string(checkpoint));
  }
  const object root{
      {"apiVersion", "arcas/v1"},
      {"kind", "RunSummary"},
      {"scenario", s.scenario},
      {"seed", s.seed},
      {"profile", s.profile},
      {"nodes", s.nodes},
      {"pods", s.pods},
      {"pods_running", s.pods_running},
      {"virtual_seconds", s.virtual_seconds},
      {"wall_seconds", s.wall_seconds},
      {"events", s.events},
      {"events_per_second", s.events_per_second},
      {"trace_hash", s.trace_hash},
      {"decisions_hash", s.decisions_hash},
      {"peak_rss_bytes", s.peak_rss_bytes},
      {"violations", s.violations.size()},
      {"violation_details", details},
      {"pods_running_before_fault", s.pods_running_before_fault},
      {"pods_displaced", s.pods_displaced},
      {"pods_recovered", s.pods_recovered},
      {"pods_lost", s.pods_lost},
      {"pods_run_twice", s.pods_run_twice},
      {"recovery_seconds", object{{"p50", s.recovery_p50},
                                  {"p90", s.recovery_p90},
                                  {"p99", s.recovery_p99},
                                  {"max", s.recovery_max}}},
      {"detection_seconds", s.detection_seconds},
      {"leaderless_seconds", s.leaderless_seconds},
      {"goodput_seconds", s.goodput_seconds},
      {"evictions", s.evictions},
      {"tenants_moved", s.tenants_moved},
      {"claims", object{{"granted", s.claims_granted},
                        {"rejected", s.claims_rejected},
                        {"conflict_percent", s.conflict_percent()}}},
      {"pods_rejected", s.pods_rejected},
      {"daemon_pods", object{{"wanted", s.daemon_pods}, {"ready", s.daemon_pods_ready}}},
      {"jobs",
       object{{"wanted", s.jobs}, {"complete", s.jobs_complete}, {"failed", s.jobs_failed}}},
      {"gangs", object{{"started", s.gangs_started},
                       {"timeouts", s.gang_timeouts},
                       {"conflicts", s.gang_conflicts}}},
      {"decisions", s.decisions},
      {"decisions_by_flow", s.decisions_by_flow},
      {"flow",
       object{{"batches", s.flow_batches}, {"fallbacks", s.flow_fallbacks}, {"gap", s.flow_gap}}},
      {"decisions_per_second", s.decisions_per_second},
      {"messages", s.messages},
      {"commits", s.commits},
      {"refused_operations", s.refused_operations},
      {"invariants_checked", s.invariants_checked},
      {"settled", s.settled},
      {"converged", s.converged},
      {"interrupted", s.interrupted},
      {"notes", notes},
      {"checkpoints", checkpoints}};
  return boost::json::serialize(root) + "\n";
}

std::string to_table(const Summary& s) {
  std::string out = fmt::format("\n{}  (profile {}, seed {}){}\n", s.scenario, s.profile, s.seed,
                                s.interrupted ? "  INTERRUPTED" : "");
  const auto row = [&](const char* name, const std::string& value) {
    out += fmt::format("  {:<34}{:>24}\n", name, value);
  };
  row("nodes", number(s.nodes));
  row("pods wanted / running", number(s.pods) + " / " + number(s.pods_running));
  if (s.daemon_pods > 0) {
    row("daemon pods wanted / ready", number(s.daemon_pods) + " / " + number(s.daemon_pods_ready));
  }
  if (s.jobs > 0) {
    row("jobs / complete / failed",
        number(s.jobs) + " / " + number(s.jobs_complete) + " / " + number(s.jobs_failed));
  }
  if (s.gangs_started + s.gang_timeouts > 0) {
    row("gangs started / timed out / refused", number(s.gangs_started) + " / " +
                                                   number(s.gang_timeouts) + " / " +
                                                   number(s.gang_conflicts));
  }
  row("virtual time", time_text(s.virtual_seconds));
  if (s.pods_running_before_fault > 0) {
    out += "\n";
    row("running before the fault", number(s.pods_running_before_fault));
    row("displaced", number(s.pods_displaced));
    row("recovered", number(s.pods_recovered));
    row("lost", number(s.pods_lost));
    row("run twice", number(s.pods_run_twice));
    row("evicted", number(s.evictions));
    row("fault detected after", time_text(s.detection_seconds));
    row("longest without a leader", time_text(s.leaderless_seconds));
    row("goodput back after", time_text(s.goodput_seconds));
    row("recovery p50", time_text(s.recovery_p50));
    row("recovery p90", time_text(s.recovery_p90));
    row("recovery p99", time_text(s.recovery_p99));
    row("recovery max", time_text(s.recovery_max));
  }
  out += "\n";
  row("scheduling decisions", number(s.decisions));
  if (s.flow_batches > 0) {
    row("by flow / one by one / gap", number(s.decisions_by_flow) + " / " +
                                          number(s.flow_fallbacks) + " / " + number(s.flow_gap));
  }
  row("claims granted / rejected", number(s.claims_granted) + " / " + number(s.claims_rejected));
  if (s.pods_rejected > 0) row("refused by agents", number(s.pods_rejected));
  row("messages / commits", number(s.messages) + " / " + number(s.commits));
  row("invariant checks", number(s.invariants_checked));
  row("violations", number(static_cast<std::int64_t>(s.violations.size())));
  out += "\n";
  row("events", number(s.events));
  row("wall time", fmt::format("{:.2f} s", s.wall_seconds));
  row("events per wall second", number(static_cast<std::int64_t>(s.events_per_second)));
  row("peak memory",
      fmt::format("{:.2f} GiB", static_cast<double>(s.peak_rss_bytes) / (1U << 30U)));
  out += "  trace hash  " + s.trace_hash + "\n";
  if (!s.notes.empty()) out += "\n";
  for (const SummaryNote& note : s.notes) {
    out += fmt::format("  {:>10}  {}\n", time_text(note.at_seconds), note.text);
  }
  for (const ViolationReport& violation : s.violations) {
    out += fmt::format("\n  VIOLATION at {:.6f} s  {}\n    {}\n", violation.at_seconds,
                       violation.invariant, violation.text);
  }
  return out;
}

}  // namespace arcas::sim
