#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <type_traits>
#include <variant>

#include "sim/scenario/scenario.h"
#include "sim/scenario/schema.h"

namespace arcas::sim {
namespace {

constexpr std::int64_t kMostNodes = 2'000'000;

/// `over` wins; maps merge key by key, everything else is replaced.
void merge(YamlValue& base, const YamlValue& over) {
  if (base.type != YamlValue::Type::map || over.type != YamlValue::Type::map) {
    base = over;
    return;
  }
  for (const auto& [key, value] : over.entries) {
    if (YamlValue* known = base.find(key)) {
      merge(*known, value);
    } else {
      base.entries.emplace_back(key, value);
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

/// "a.b[2].c" or "a.b.2.c" in parts; none when one of them is empty.
std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '.' || c == '[') {
      if (parts.back().empty()) return {};
      parts.emplace_back();
    } else if (c == ']') {
      if (i + 1 < path.size() && path[i + 1] != '.') return {};
    } else {
      parts.back() += c;
    }
  }
  if (parts.back().empty() ||
      std::count(path.begin(), path.end(), '[') != std::count(path.begin(), path.end(), ']')) {
    return {};
  }
  return parts;
}

std::optional<std::size_t> index_of(const std::string& text, std::size_t size) {
  std::size_t index = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, index);
  if (error != std::errc() || stop != end || index >= size) return std::nullopt;
  return index;
}

/// The deepest value on the way to a field, for messages: where it is, or ought to be.
const YamlValue& nearest(const YamlValue& root, const std::string& path) {
  const YamlValue* at = &root;
  for (const std::string& part : parts_of(path)) {
    const YamlValue* next = nullptr;
    if (at->type == YamlValue::Type::list) {
      const auto index = index_of(part, at->items.size());
      if (index) next = &at->items[*index];
    } else {
      next = at->find(part);
    }
    if (next == nullptr) break;
    at = next;
  }
  return *at;
}

void come_from(YamlValue& value, const std::string& origin) {
  value.file = origin;
  value.line = 0;
  for (YamlValue& item : value.items) come_from(item, origin);
  for (auto& entry : value.entries) come_from(entry.second, origin);
}

Status apply_override(YamlValue& root, const std::string& assignment) {
  const std::string origin = one_line("--set " + assignment.substr(0, 200));
  const std::size_t equals = assignment.find('=');
  const auto parts =
      equals == std::string::npos ? std::vector<std::string>{} : parts_of(assignment.substr(0, equals));
  if (parts.empty() || parts.size() > 32) {
    return Status::invalid(origin + ": is not an assignment; allowed: path=value, such as " +
                           "region.node_shapes[0].count=5");
  }
  auto value = parse_yaml(assignment.substr(equals + 1), origin);
  if (!value) return value.error();
  come_from(*value, origin);
  YamlValue* at = &root;
  for (const std::string& part : parts) {
    if (at->type == YamlValue::Type::list) {
      const auto index = index_of(part, at->items.size());
      if (!index) {
        return Status::invalid(origin + ": \"" + one_line(part) +
                               "\" is not an index of the list; allowed: 0 to " +
                               std::to_string(at->items.size()) + ", exclusive");
      }
      at = &at->items[*index];
      continue;
    }
    if (at->type != YamlValue::Type::map) {
      *at = YamlValue{};
      at->type = YamlValue::Type::map;
      at->file = origin;
    }
    if (at->find(part) == nullptr) {
      at->entries.emplace_back(part, YamlValue{});
      at->entries.back().second.file = origin;
    }
    at = at->find(part);
  }
  *at = *value;
  return Status::success();
}

/// A finding about several fields together, at the place of `path`.
class Whole {
 public:
  explicit Whole(const YamlValue& root) : root_(root) {}
  [[nodiscard]] Status wrong(const std::string& path, const std::string& what) const {
    return Status::invalid(one_line(nearest(root_, path).where() + ": " + path + ": " + what));
  }
  [[nodiscard]] Status missing(const std::string& path, const std::string& what) const {
    return wrong(path, "is missing; allowed: " + what);
  }

 private:
  const YamlValue& root_;
};

Status check_machines(const Scenario& s, const Whole& whole) {
  if (s.trace.kind.empty() && s.node_count() == 0) {
    return whole.missing("region.node_shapes", "at least one machine");
  }
  if (s.node_count() > kMostNodes) {
    return whole.wrong("region.node_shapes", std::to_string(s.node_count()) +
                                                 " machines are too many; allowed: " +
                                                 std::to_string(kMostNodes) + " together");
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < s.nodes.size(); ++i) {
    const std::string at = "region.node_shapes[" + std::to_string(i) + "]";
    if (s.nodes[i].cpu_milli == 0) return whole.missing(at + ".cpu", "cores that pods may use");
    if (s.nodes[i].memory_bytes == 0) {
      return whole.missing(at + ".memory", "bytes that pods may use");
    }
    if (!s.nodes[i].name.empty() && !names.insert(s.nodes[i].name).second) {
      return whole.wrong(at + ".name",
                         "\"" + s.nodes[i].name + "\" stands twice; allowed: different names");
    }
  }
  return Status::success();
}

Status check_workload(const WorkloadSpec& workload, const Whole& whole) {
  if (workload.total_pods > 0 && workload.pods.empty()) {
    return whole.missing("workload.pods", "at least one shape of pod");
  }
  if (workload.mean < workload.smallest || workload.mean > workload.largest) {
    return whole.wrong("workload.mean", std::to_string(workload.mean) +
                                            " is out of range; allowed: from smallest to largest");
  }
  if (workload.spread_soft_percent + workload.spread_hard_percent > 100) {
    return whole.wrong("workload.spread_soft_percent",
                       "with spread_hard_percent more than 100; allowed: 100 together");
  }
  return Status::success();
}

Status check_fault(const Scenario& s, const FaultLine& fault, const Whole& whole) {
  if (fault.kind.empty()) return whole.missing(fault.path + ".kind", "what breaks");
  if (fault.at.ns < 0 && fault.after_settled.ns < 0) {
    return whole.missing(fault.path + ".at", "at or after_settled: when it strikes");
  }
  if (fault.at.ns >= 0 && fault.after_settled.ns >= 0) {
    return whole.wrong(fault.path + ".at", "stands beside after_settled; allowed: one of them");
  }
  if (fault.zone.empty()) return Status::success();
  std::string names;
  for (const std::string& zone : s.zones) {
    if (zone == fault.zone) return Status::success();
    names += (names.empty() ? "" : ", ") + zone;
  }
  return whole.wrong(fault.path + ".zone", "\"" + fault.zone +
                                               "\" is not a zone of this region; allowed: " + names);
}

Status check_whole(const Scenario& s, const YamlValue& root) {
  const Whole whole(root);
  if (s.name.empty()) return whole.missing("name", "text");
  if (s.zones.empty()) return whole.missing("region.zones", "1 to 16 names");
  if (Status status = check_machines(s, whole); !status.ok()) return status;
  if (Status status = check_workload(s.workload, whole); !status.ok()) return status;
  for (const FaultLine& fault : s.faults) {
    if (Status status = check_fault(s, fault, whole); !status.ok()) return status;
  }
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

}  // namespace

std::int64_t Scenario::node_count() const {
  std::int64_t count = 0;
  for (const NodeShapeSpec& shape : nodes) count += shape.count;
  return count;
}

Expected<Scenario> parse_scenario(const std::string& text, const std::string& file,
                                  const LoadOptions& options) {
  auto parsed = parse_yaml(text, file);
  if (!parsed) return parsed.error();
  std::set<std::string> seen;
  auto root = with_bases(std::move(*parsed), file, seen);
  if (!root) return root.error();
  for (const std::string& assignment : options.overrides) {
    if (Status status = apply_override(*root, assignment); !status.ok()) return status;
  }
  Scenario scenario;
  scenario.file = file;
  if (!options.profile.empty()) {
    YamlValue value;
    value.type = YamlValue::Type::scalar;
    value.text = options.profile;
    value.file = "--profile " + options.profile;
    if (YamlValue* known = root->find("profile")) {
      *known = value;
    } else {
      root->entries.emplace_back("profile", value);
    }
  }
  // The profile first: parameters change it.
  if (YamlValue* parameters = root->find("parameters")) {
    auto entry = std::make_pair(std::string("parameters"), *parameters);
    std::erase_if(root->entries, [](const auto& e) { return e.first == "parameters"; });
    root->entries.push_back(std::move(entry));
  }
  if (Status status = read_section(scenario, *root, "", root_section()); !status.ok()) {
    return status;
  }
  if (Status status = check_whole(scenario, *root); !status.ok()) return status;
  return scenario;
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
  explain(out, "trace", trace_section());
  explain(out, "faults[]", fault_section());
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
