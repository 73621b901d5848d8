#include <filesystem>

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

}  // namespace

const Section<Scenario>& scheduler_section() {
  static const Section<Scenario> section{
      {"config", "file",
       "a KubeSchedulerConfiguration; its profile default-scheduler, else its first, drives the "
       "run. percentageOfNodesToScore counts in profile kubernetes alone, elsewhere all nodes are "
       "scored",
       config},
  };
  return section;
}

}  // namespace arcas::sim
