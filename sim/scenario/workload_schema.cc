// The keys of DaemonSets and Jobs.
#include <string>

#include "sim/scenario/schema.h"

namespace arcas::sim {
namespace {

Status read_runs(JobSpec& job, const YamlValue& value, const std::string& path) {
  if (value.type != YamlValue::Type::list || value.items.size() != 2) {
    return refuse(value, path, "is not a range", "[shortest, longest]");
  }
  Duration* const ends[] = {&job.runs_min, &job.runs_max};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string at = path + "[" + std::to_string(i) + "]";
    if (Status status = read_duration(*ends[i], value.items[i], at); !status.ok()) return status;
    if (ends[i]->ns < seconds(1).ns || ends[i]->ns % seconds(1).ns != 0) {
      return refuse(value.items[i], at, "is not a number of whole seconds", "1s and more");
    }
  }
  if (job.runs_max < job.runs_min) {
    return refuse(value, path, "ends before it begins", "[shortest, longest]");
  }
  return Status::success();
}

template <std::int64_t JobSpec::*Member, std::int64_t Low, std::int64_t High>
Status of_job(JobSpec& job, const YamlValue& value, const std::string& path) {
  return read_integer(job.*Member, value, path, Low, High);
}

template <class T>
Status read_pod(T& target, const YamlValue& value, const std::string& path) {
  return read_section(target.pod, value, path, pod_section());
}

template <class T>
Status read_its_name(T& target, const YamlValue& value, const std::string& path) {
  return read_name(target.name, value, path);
}

}  // namespace

Status take_labels(std::vector<std::pair<std::string, std::string>>& target, const YamlValue& value,
                   const std::string& path) {
  if (value.type != YamlValue::Type::map) return refuse(value, path, "is not a map", "key: value");
  target.clear();
  for (const auto& [name, entry] : value.entries) {
    std::string label;
    if (Status status = read_text(label, entry, path + "." + name); !status.ok()) return status;
    target.emplace_back(name, label);
  }
  return Status::success();
}

const Section<DaemonSetSpec>& daemon_set_section() {
  using S = DaemonSetSpec;
  static const Section<S> section{
      {"name", "name", "of the DaemonSet", read_its_name<S>},
      {"node_labels", "map", "nodes it is meant for; all",
       [](S& s, const YamlValue& v, const std::string& p) {
         return take_labels(s.node_labels, v, p);
       }},
      {"pod", "map", "what runs on each", read_pod<S>},
  };
  return section;
}

const Section<JobSpec>& job_section() {
  using S = JobSpec;
  static const Section<S> section{
      {"name", "name", "of the Jobs, followed by a number", read_its_name<S>},
      {"count", "1 … 100000", "Jobs that are alike, dealt over the tenants; 1",
       of_job<&S::count, 1, 100'000>},
      {"completions", "1 … 100000", "pods that must succeed; 1",
       of_job<&S::completions, 1, 100'000>},
      {"parallelism", "1 … 100000", "pods at once; 1", of_job<&S::parallelism, 1, 100'000>},
      {"backoff_limit", "0 … 1000000", "failed pods after which the Job fails; 6",
       of_job<&S::backoff_limit, 0, 1'000'000>},
      {"gang", "0 … 100000", "pods that start together or not at all; 0, each alone",
       of_job<&S::gang, 0, 100'000>},
      {"runs", "[from, to]", "how long each pod works, drawn for each Job; [30s, 60s]", read_runs},
      {"start", "duration", "when the first is created; workload.start",
       [](S& s, const YamlValue& v, const std::string& p) { return read_duration(s.start, v, p); }},
      {"over", "duration", "creations are spread over this; workload.over",
       [](S& s, const YamlValue& v, const std::string& p) { return read_duration(s.over, v, p); }},
      {"pod", "map", "what runs", read_pod<S>},
  };
  return section;
}

}  // namespace arcas::sim
