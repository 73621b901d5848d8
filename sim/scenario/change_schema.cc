// The keys of workload.changes: what users do while the region runs.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/schema.h"

namespace arcas::sim {
namespace {

/// Which keys an operation has beside op and at; '!' marks those it cannot do without.
struct OperationKeys {
  std::string_view op;
  std::vector<std::string_view> keys;
};

const std::vector<OperationKeys>& operations() {
  static const std::vector<OperationKeys> all{
      {"create", {"!deployment", "tenant", "!replicas", "!pod"}},
      {"scale", {"!deployment", "!replicas"}},
      {"update", {"!deployment"}},
      {"delete", {"!deployment"}},
      {"cordon", {"!node"}},
      {"uncordon", {"!node"}},
      {"drain", {"!node"}},
      {"delete_pods", {"!deployment", "count"}},
      {"move_tenant", {"!tenant", "!to"}},
  };
  return all;
}

Status read_op(ChangeSpec& change, const YamlValue& value, const std::string& path) {
  std::string names;
  for (const OperationKeys& known : operations()) {
    if (value.text == known.op) {
      change.op = value.text;
      return Status::success();
    }
    names += (names.empty() ? "" : ", ") + std::string(known.op);
  }
  return refuse(value, path, "is not an operation", names);
}

/// A key that the operation does not look at would be something that the author did not mean.
Status check_keys(const ChangeSpec& change, const YamlValue& value, const std::string& path) {
  if (change.op.empty()) return refuse(value, path + ".op", "is missing", "what is done");
  if (change.at.ns < 0) return refuse(value, path + ".at", "is missing", "a time");
  const auto known = std::find_if(operations().begin(), operations().end(),
                                  [&](const OperationKeys& k) { return k.op == change.op; });
  std::string names = "op, at";
  for (const std::string_view key : known->keys) {
    const std::string name(key.front() == '!' ? key.substr(1) : key);
    names += ", " + name;
    if (key.front() == '!' && value.find(name) == nullptr) {
      return refuse(value, path + "." + name, "is missing", "a " + change.op + " needs it");
    }
  }
  for (const auto& [key, entry] : value.entries) {
    if ((", " + names + ",").find(", " + key + ",") != std::string::npos) continue;
    return refuse(entry, path + "." + key, "means nothing for a " + change.op, names);
  }
  return Status::success();
}

}  // namespace

const Section<ChangeSpec>& change_section() {
  using S = ChangeSpec;
  static const Section<S> section{
      {"op", "create, scale, update, delete, cordon, uncordon, drain, delete_pods, move_tenant",
       "what is done", read_op},
      {"at", "duration", "since the start of the run",
       [](S& s, const YamlValue& v, const std::string& p) { return read_duration(s.at, v, p); }},
      {"deployment", "name", "of the workload (app-0, app-1, …), or of a create",
       [](S& s, const YamlValue& v, const std::string& p) {
         return read_name(s.deployment, v, p);
       }},
      {"replicas", "0 … 100000", "create, scale: pods from then on",
       [](S& s, const YamlValue& v, const std::string& p) {
         return read_integer(s.replicas, v, p, 0, 100'000);
       }},
      {"tenant", "1 … tenants", "create: whose; 1; move_tenant: which",
       [](S& s, const YamlValue& v, const std::string& p) {
         return read_integer(s.tenant, v, p, 1, 1'000'000);
       }},
      {"pod", "map", "create: what runs",
       [](S& s, const YamlValue& v, const std::string& p) {
         return read_section(s.pod, v, p, pod_section());
       }},
      {"node", "number or name", "cordon, uncordon, drain: 12 is zone-b-node-12 of zone-b",
       [](S& s, const YamlValue& v, const std::string& p) { return read_name(s.node, v, p); }},
      {"to", "tp-0, tp-1, …", "move_tenant: the tenant partition that has it from then on",
       [](S& s, const YamlValue& v, const std::string& p) { return read_name(s.to, v, p); }},
      {"count", "1 … 100000", "delete_pods: how many, the oldest first; 1",
       [](S& s, const YamlValue& v, const std::string& p) {
         return read_integer(s.count, v, p, 1, 100'000);
       }},
  };
  return section;
}

Status take_changes(std::vector<ChangeSpec>& target, const YamlValue& value,
                    const std::string& path) {
  Status status = read_list(target, value, path, change_section());
  for (std::size_t i = 0; status.ok() && i < target.size(); ++i) {
    target[i].path = path + "[" + std::to_string(i) + "]";
    target[i].where = value.items[i].where();
    status = check_keys(target[i], value.items[i], target[i].path);
  }
  return status;
}

}  // namespace arcas::sim
