#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <type_traits>
#include <variant>

#include "sim/scenario/consistency.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/scheduler_file.h"
#include "sim/scenario/schema.h"

namespace arcas::sim {
namespace {

constexpr std::size_t kMaxBases = 16;  // of one scenario, one extending the other
constexpr std::size_t kMaxDepth = 32;  // of a path given to --set

/// `over` wins; maps merge key by key, everything else is replaced.
void merge(YamlValue& base, const YamlValue& over) {
  if (base.type != YamlValue::Type::map || over.type != YamlValue::Type::map) {
    base = over;
    return;
  }
  // What is missing in the end is missing in the file that was asked for.
  base.file = over.file;
  base.line = over.line;
  base.column = over.column;
  for (const auto& [key, value] : over.entries) {
    if (YamlValue* known = base.find(key)) {
      merge(*known, value);
    } else {
      base.entries.push_back({key, value});
    }
  }
}

Expected<YamlValue> with_bases(YamlValue root, const std::string& file,
                               std::set<std::string>& seen) {
  if (root.type != YamlValue::Type::map) {
    return Status::invalid(root.where() + ": is not a map; allowed: key: value");
  }
  seen.insert(std::filesystem::weakly_canonical(file).string());
  const YamlValue* extends = root.find("extends");
  if (extends == nullptr) return root;
  if (seen.size() > kMaxBases) {
    return refuse(*extends, "extends", "is one base too many", std::to_string(kMaxBases));
  }
  if (extends->type != YamlValue::Type::scalar || extends->text.empty()) {
    return refuse(*extends, "extends", "is not the name of a file", "a file beside this one");
  }
  const auto path = std::filesystem::path(file).parent_path() / extends->text;
  if (seen.contains(std::filesystem::weakly_canonical(path).string())) {
    return refuse(*extends, "extends", "leads back to itself", "a file that does not extend this");
  }
  const auto text = read_file(path.string());
  if (!text) return refuse(*extends, "extends", "cannot be read", "a file beside this one");
  auto parsed = parse_yaml(*text, path.string());
  if (!parsed) return parsed.error();
  auto base = with_bases(std::move(*parsed), path.string(), seen);
  if (!base) return base;
  merge(*base, root);
  return base;
}

/// "a.b[2].c" or "a.b.2.c" in parts; none when one of them is empty or a bracket stands alone.
std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts(1);
  bool inside = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == ']') {
      if (!inside || (i + 1 < path.size() && path[i + 1] != '.' && path[i + 1] != '[')) return {};
      inside = false;
    } else if (c == '.' || c == '[') {
      if (inside || parts.back().empty()) return {};
      inside = c == '[';
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (inside || parts.back().empty()) return {};
  return parts;
}

void come_from(YamlValue& value, const std::string& origin) {
  value.file = origin;
  value.line = 0;
  value.key_line = 0;
  for (YamlValue& item : value.items) come_from(item, origin);
  for (auto& entry : value.entries) come_from(entry.value, origin);
}

/// The item of a list or the entry of a map, made where it is missing; null: no such item.
YamlValue* child_of(YamlValue& value, const std::string& part, const std::string& origin) {
  if (value.type == YamlValue::Type::list) {
    std::size_t index = 0;
    const char* end = part.data() + part.size();
    const auto [stop, error] = std::from_chars(part.data(), end, index);
    if (error != std::errc() || stop != end || index >= value.items.size()) return nullptr;
    return &value.items[index];
  }
  if (value.type != YamlValue::Type::map) {
    value = YamlValue{};
    value.type = YamlValue::Type::map;
    come_from(value, origin);
  }
  if (value.find(part) == nullptr) {
    value.entries.push_back({part, YamlValue{}});
    come_from(value.entries.back().value, origin);
  }
  return value.find(part);
}

Status apply_override(YamlValue& root, const std::string& assignment) {
  const std::string origin = "--set " + assignment.substr(0, 200);
  const std::size_t equals = assignment.find('=');
  const std::string path = assignment.substr(0, equals);
  if (static_cast<std::size_t>(std::count(path.begin(), path.end(), '.')) >= kMaxDepth) {
    return Status::invalid("--set: the path is too deep; allowed: 32 levels");
  }
  const auto parts = parts_of(path);
  if (equals == std::string::npos || parts.empty()) {
    return Status::invalid(origin + ": is not an assignment; allowed: path=value");
  }
  auto value = parse_yaml(assignment.substr(equals + 1), origin);
  if (!value) return Status::invalid(origin + ": is not a value; allowed: path=value");
  come_from(*value, origin);
  YamlValue* at = &root;
  for (const std::string& part : parts) {
    YamlValue* next = child_of(*at, part, origin);
    if (next == nullptr) {
      return Status::invalid(origin + ": \"" + part +
                             "\" is not an index of the list; allowed: 0 to " +
                             std::to_string(at->items.size()) + ", exclusive");
    }
    at = next;
  }
  *at = *value;
  return Status::success();
}

std::string value_of(const roles::ProfileField& field, const roles::Profile& profile) {
  return std::visit(
      [&profile](auto member) -> std::string {
        const auto value = profile.*member;
        using Value = std::remove_cv_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, Duration>) {
          return to_string(value);
        } else if constexpr (std::is_same_v<Value, bool>) {
          return value ? "true" : "false";
        } else if constexpr (std::is_same_v<Value, std::int64_t>) {
          return std::to_string(value);
        } else {
          return std::string(value);
        }
      },
      field.member);
}

template <class T>
void explain(std::string& out, const char* title, const Section<T>& section) {
  out += std::string(title) + "\n";
  for (const Field<T>& field : section) {
    std::string line = "  " + std::string(field.name);
    line.resize(std::max<std::size_t>(line.size() + 1, 26), ' ');
    line += field.allowed;
    line.resize(std::max<std::size_t>(line.size() + 1, 54), ' ');
    out += line + field.meaning + "\n";
  }
  out += "\n";
}

/// Reads the scheduler's file once for its errors; a run reads it again with its own catalog.
Status check_scheduler_file(Scenario& scenario, const LoadOptions& options) {
  if (!options.scheduler_config.empty()) {
    scenario.scheduler_config = options.scheduler_config;
    scenario.scheduler_config_where = "--scheduler-config";
  }
  if (scenario.scheduler_config.empty()) return Status::success();
  model::Catalog catalog;
  const auto profile = read_scheduler_file(scenario.scheduler_config, true, catalog);
  if (profile) return Status::success();
  if (profile.error().code != StatusCode::not_found) return profile.error();
  return Status::invalid(scenario.scheduler_config_where + ": " + profile.error().message);
}

Expected<YamlValue> tree_of(const std::string& text, const std::string& file,
                            const LoadOptions& options) {
  auto parsed = parse_yaml(text, file);
  if (!parsed) return parsed.error();
  std::set<std::string> seen;
  auto root = with_bases(std::move(*parsed), file, seen);
  if (!root) return root.error();
  for (const std::string& assignment : options.overrides) {
    if (Status status = apply_override(*root, assignment); !status.ok()) return status;
  }
  std::erase_if(root->entries, [](const YamlEntry& entry) { return entry.key == "extends"; });
  if (!options.profile.empty()) {
    YamlValue value;
    value.type = YamlValue::Type::scalar;
    value.text = options.profile;
    value.file = "--profile " + options.profile;
    if (YamlValue* known = root->find("profile")) {
      *known = value;
    } else {
      root->entries.push_back({"profile", value});
    }
  }
  return root;
}

Expected<Scenario> scenario_of(YamlValue* root, const std::string& file,
                               const LoadOptions& options) {
  Scenario scenario;
  scenario.file = file;
  // The profile first: parameters change it.
  if (YamlValue* parameters = root->find("parameters")) {
    auto entry = YamlEntry{"parameters", *parameters};
    std::erase_if(root->entries, [](const auto& e) { return e.key == "parameters"; });
    root->entries.push_back(std::move(entry));
  }
  if (Status status = read_section(scenario, *root, "", root_section()); !status.ok()) {
    return status;
  }
  if (Status status = check_consistency(scenario, *root); !status.ok()) return status;
  if (Status status = check_scheduler_file(scenario, options); !status.ok()) return status;
  return scenario;
}

Expected<Scenario> parse(const std::string& text, const std::string& file,
                         const LoadOptions& options) {
  auto root = tree_of(text, file, options);
  if (!root) return root.error();
  return scenario_of(&*root, file, options);
}

}  // namespace

Expected<YamlValue> load_scenario_tree(const std::string& path, const LoadOptions& options) {
  const auto text = read_file(path);
  if (!text) return text.error();
  return tree_of(*text, path, options);
}

Expected<YamlValue> override_scenario_tree(const YamlValue& root, const LoadOptions& options) {
  YamlValue changed = root;
  for (const std::string& assignment : options.overrides) {
    if (Status status = apply_override(changed, assignment); !status.ok()) return status;
  }
  return changed;
}

Expected<Scenario> scenario_of_tree(YamlValue root, const std::string& file) {
  return scenario_of(&root, file, {});
}

std::int64_t Scenario::node_count() const {
  std::int64_t count = 0;
  for (const NodeShapeSpec& shape : nodes) count += shape.count;
  return count;
}

Expected<Scenario> parse_scenario(const std::string& text, const std::string& file,
                                  const LoadOptions& options) {
  auto scenario = parse(text, file, options);
  if (scenario) return scenario;
  return Status{scenario.error().code, one_line(scenario.error().message)};
}

Expected<Scenario> load_scenario(const std::string& path, const LoadOptions& options) {
  const auto text = read_file(path);
  if (!text) return text.error();
  return parse_scenario(*text, path, options);
}

std::string explain_format() {
  std::string out =
      "A scenario is a YAML map. Durations: 250us, 1.5s, 10m, 2h, 3d. Cores: 2, 0.5, 250m.\n"
      "Bytes: 512Mi, 16Gi, 2G. Unknown keys are errors.\n\n";
  explain(out, "(top level)", root_section());
  explain(out, "region", region_section());
  explain(out, "region.node_shapes[]", node_shape_section());
  explain(out, "region.node_shapes[].taints[]", taint_section());
  explain(out, "region.network", network_section());
  explain(out, "region.machines", machines_section());
  explain(out, "control_plane", control_plane_section());
  explain(out, "workload", workload_section());
  explain(out, "workload.pods[]", pod_shape_section());
  explain(out, "workload.pods[].tolerations[]", toleration_section());
  explain(out, "workload.daemon_sets[]", daemon_set_section());
  explain(out, "workload.jobs[]", job_section());
  explain(out, "workload.changes[]", change_section());
  explain(out, "workload.daemon_sets[].pod, workload.jobs[].pod and workload.changes[].pod",
          pod_section());
  explain(out, "trace", trace_section());
  explain(out, "faults[]", fault_section());
  explain(out, "scheduler", scheduler_section());
  explain(out, "run", run_section());
  out +=
      "expect[]\n  metric operator number, e.g. \"pods_lost == 0\"; operators: == != < <= > >=. A "
      "figure that\n  this run does not have meets no condition.\n\n"
      "parameters (with the values of profile arcas)\n";
  for (const roles::ProfileField& field : roles::profile_fields()) {
    std::string line = "  " + std::string(field.name);
    line.resize(std::max<std::size_t>(line.size() + 1, 34), ' ');
    line += value_of(field, roles::Profile::arcas());
    line.resize(std::max<std::size_t>(line.size() + 1, 54), ' ');
    out += line + std::string(field.meaning) + "\n";
  }
  return out;
}

}  // namespace arcas::sim
