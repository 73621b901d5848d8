#include <filesystem>

#include "core/scheduler/policies/registry.h"
#include "sim/scenario/schema.h"

namespace arcas::sim {
namespace {

/// A file beside the one that names it.
Status config(Scenario& s, const YamlValue& value, const std::string& path) {
  std::string name;
  if (Status status = read_text(name, value, path); !status.ok()) return status;
  if (name.empty()) return refuse(value, path, "is empty", "a file beside this one");
  const std::filesystem::path beside = value.line > 0 ? value.file : s.file;
  s.scheduler_config = (beside.parent_path() / name).string();
  s.scheduler_config_where = value.where() + ": " + path;
  return Status::success();
}

Status placement_policy(Scenario& s, const YamlValue& value, const std::string& path) {
  std::string names = "none";
  if (value.text == names) {
    s.scheduler.policy = {};
    return Status::success();
  }
  for (const policies::PolicyInfo& info : policies::all_policies()) {
    if (value.text == info.name) {
      s.scheduler.policy = info.name;
      return Status::success();
    }
    names += ", " + std::string(info.name);
  }
  return refuse(value, path, "is not a placement policy", names);
}

Status queue_order(Scenario& s, const YamlValue& value, const std::string& path) {
  if (value.text != "priority" && value.text != "fair-share") {
    return refuse(value, path, "is not an order of the queue", "priority, fair-share");
  }
  s.scheduler.fair_share = value.text == "fair-share";
  return Status::success();
}

Status gang_timeout(Scenario& s, const YamlValue& value, const std::string& path) {
  Duration timeout;
  if (Status status = read_duration(timeout, value, path); !status.ok()) return status;
  if (timeout < seconds(1) || timeout > hours(24)) {
    return refuse(value, path, "is out of range", "1s … 24h");
  }
  s.scheduler.gang_timeout = timeout;
  return Status::success();
}

Status batch(Scenario& s, const YamlValue& value, const std::string& path) {
  if (value.text != "off" && value.text != "min-cost-flow") {
    return refuse(value, path, "is no way to place a batch", "off, min-cost-flow");
  }
  s.scheduler.batch = value.text == "min-cost-flow";
  return Status::success();
}

Status batch_threshold(Scenario& s, const YamlValue& value, const std::string& path) {
  return read_integer(s.scheduler.batch_threshold, value, path, 1, 1'000'000);
}

}  // namespace

const Section<Scenario>& scheduler_section() {
  static const Section<Scenario> section{
      {"config", "file",
       "a KubeSchedulerConfiguration; its profile default-scheduler, else its first, drives the "
       "run. percentageOfNodesToScore counts where parameters.percentage_of_nodes_to_score is not "
       "100 (profiles kubernetes and arktos), elsewhere all nodes are scored",
       config},
      {"policy", "none, or a name of `arcas policy list`",
       "rates nodes instead of the profile's scores; none", placement_policy},
      {"queue", "priority, fair-share",
       "among equal priorities: first come, or the tenant with the lowest dominant share",
       queue_order},
      {"gang_timeout", "1s … 24h", "how long placed pods of a gang hold room for the others; 60s",
       gang_timeout},
      {"batch", "off, min-cost-flow",
       "how the pods of a large cycle are placed: one by one, or together by a flow; off", batch},
      {"batch_threshold", "1 … 1000000", "waiting pods from which a cycle is a batch; 500",
       batch_threshold},
  };
  return section;
}

}  // namespace arcas::sim
