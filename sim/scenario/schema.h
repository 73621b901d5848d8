#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/scenario/yaml_source.h"

namespace arcas::sim {

/// One key of a section: its name, what may stand there, what it means, and how it is taken over.
template <class T>
struct Field {
  const char* name;
  const char* allowed;
  const char* meaning;
  Status (*take)(T& target, const YamlValue& value, const std::string& path);
};

template <class T>
using Section = std::vector<Field<T>>;

const Section<Scenario>& root_section();
const Section<Scenario>& region_section();
const Section<Scenario>& network_section();
const Section<Scenario>& machines_section();
const Section<Scenario>& control_plane_section();
const Section<Scenario>& workload_section();
const Section<Scenario>& run_section();
const Section<Scenario>& scheduler_section();
const Section<NodeShapeSpec>& node_shape_section();
const Section<PodShapeSpec>& pod_shape_section();
/// The same without the share.
const Section<PodShapeSpec>& pod_section();
const Section<DaemonSetSpec>& daemon_set_section();
const Section<JobSpec>& job_section();
const Section<ChangeSpec>& change_section();
const Section<TraceSpec>& trace_section();
const Section<TaintSpec>& taint_section();
const Section<TolerationSpec>& toleration_section();
const Section<FaultLine>& fault_section();

/// "where: path: what; allowed: …"
Status refuse(const YamlValue& value, const std::string& path, const std::string& what,
              const std::string& allowed);

/// "where: path: is not a known key; did you mean …?; allowed: …". `value` is what the key stands
/// for.
Status refuse_key(const YamlValue& value, const std::string& path,
                  const std::vector<std::string_view>& known);
/// The candidate that a mistyped word was probably meant to be, or nothing.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// Readers of single values; each gives one complete error.
Status read_text(std::string& target, const YamlValue& value, const std::string& path);
/// A name of a zone or shape: lower-case letters, digits, '-' and '.', at most 63.
Status read_name(std::string& target, const YamlValue& value, const std::string& path);
Status read_integer(std::int64_t& target, const YamlValue& value, const std::string& path,
                    std::int64_t minimum, std::int64_t maximum);
Status read_duration(Duration& target, const YamlValue& value, const std::string& path);
Status read_boolean(bool& target, const YamlValue& value, const std::string& path);
Status read_cpu(std::int64_t& target, const YamlValue& value, const std::string& path);
Status read_bytes(std::int64_t& target, const YamlValue& value, const std::string& path);

/// A map of label keys and values.
Status take_labels(std::vector<std::pair<std::string, std::string>>& target, const YamlValue& value,
                   const std::string& path);
Status take_taints(NodeShapeSpec& shape, const YamlValue& value, const std::string& path);
/// The whole list, with the keys that each operation needs.
Status take_changes(std::vector<ChangeSpec>& target, const YamlValue& value,
                    const std::string& path);
Status take_tolerations(PodShapeSpec& shape, const YamlValue& value, const std::string& path);

/// Takes a map over, key by key; unknown keys are refused with the list of known ones.
template <class T>
Status read_section(T& target, const YamlValue& value, const std::string& path,
                    const Section<T>& section) {
  if (value.type != YamlValue::Type::map) return refuse(value, path, "is not a map", "key: value");
  for (const auto& [key, entry] : value.entries) {
    const std::string full = path.empty() ? key : path + "." + key;
    const Field<T>* field = nullptr;
    for (const Field<T>& candidate : section) {
      if (key == candidate.name) field = &candidate;
    }
    if (field == nullptr) {
      std::vector<std::string_view> names;
      for (const Field<T>& candidate : section) names.emplace_back(candidate.name);
      return refuse_key(entry, full, names);
    }
    Status status = field->take(target, entry, full);
    if (!status.ok()) return status;
  }
  return Status::success();
}

/// Takes a list of maps over.
template <class Item>
Status read_list(std::vector<Item>& target, const YamlValue& value, const std::string& path,
                 const Section<Item>& section) {
  if (value.type != YamlValue::Type::list) return refuse(value, path, "is not a list", "- …");
  target.clear();
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    const std::string at = path + "[" + std::to_string(i) + "]";
    Status status = read_section(target.emplace_back(), value.items[i], at, section);
    if (!status.ok()) return status;
  }
  return Status::success();
}

}  // namespace arcas::sim
