// What the words of a user mean in a snapshot.
#include <algorithm>
#include <charconv>
#include <set>
#include <string>

#include "core/model/quantity.h"
#include "core/model/selector_text.h"
#include "core/whatif/change.h"

namespace arcas::whatif {
namespace {

using model::Catalog;
using model::Snapshot;

constexpr std::size_t kMostListed = 12;
constexpr std::int64_t kMostNodes = 100'000;
constexpr std::int64_t kMostReplicas = 1'000'000;

/// "a, b and 7 more".
template <class Names>
std::string some_of(const Names& names) {
  std::string text;
  std::size_t count = 0;
  for (const std::string& name : names) {
    if (count == kMostListed) break;
    text += (count++ == 0 ? "" : ", ") + name;
  }
  if (names.size() > count) text += " and " + std::to_string(names.size() - count) + " more";
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// A whole number up to `most`; nothing else behind it.
bool read_number(std::string_view text, std::int64_t most, std::int64_t& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size() && number >= 0 && number <= most;
}

/// "8cpu,32Gi,zone=a": amounts of a machine that is not there yet.
Expected<model::Node> node_of_amounts(std::string_view text, const Snapshot& snapshot,
                                      Catalog& catalog) {
  const Status malformed =
      Status::invalid("\"" + std::string(text) +
                      "\" is no shape; allowed: the name of a node, an instance type, or " +
                      "amounts such as 8cpu,32Gi or 8cpu,32Gi,zone=a");
  model::Node node;
  node.ready = node.container_runtime_ready = model::ConditionStatus::yes;
  node.allocatable.set(model::kPods, 110);
  model::LabelSet labels;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (part.starts_with("zone=")) {
      const auto zone = zone_named(part.substr(5), snapshot, catalog);
      if (!zone) return zone.error();
      node.zone = zone->zone;
      labels.set(catalog.intern("topology.kubernetes.io/zone"), catalog.intern(part.substr(5)));
      continue;
    }
    const bool cpu = part.ends_with("cpu");
    const auto amount = model::Quantity::parse(cpu ? part.substr(0, part.size() - 3) : part);
    if (!amount) return malformed;
    const auto units = amount->amount(cpu ? 3 : 0);
    if (!units || *units <= 0) return malformed;
    node.allocatable.set(cpu ? model::kCpu : model::kMemory, *units);
  }
  if (node.allocatable.get(model::kCpu) == 0 || node.allocatable.get(model::kMemory) == 0) {
    return malformed;
  }
  node.meta.labels = catalog.label_sets.intern(std::move(labels));
  return node;
}

struct ShortKind {
  std::string_view word;
  std::string_view kind;
};
constexpr ShortKind kShortKinds[] = {{"deploy", "deployment"},
                                     {"rs", "replicaset"},
                                     {"sts", "statefulset"},
                                     {"rc", "replicationcontroller"}};

}  // namespace

std::vector<std::size_t> upgrade_order(const Snapshot& snapshot, const Catalog& catalog) {
  std::vector<std::pair<std::pair<std::string, std::string>, std::size_t>> order;
  for (std::size_t i = 0; i < snapshot.nodes.size(); ++i) {
    const model::Node& node = snapshot.nodes[i];
    order.push_back({{node.zone.valid() ? catalog.zones.text(node.zone) : std::string(),
                      catalog.nodes.text(node.id)},
                     i});
  }
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> places;
  for (const auto& [names, place] : order) places.push_back(place);
  return places;
}

std::string workload_text(const model::SnapshotWorkload& workload, const Catalog& catalog) {
  std::string text = catalog.text(workload.kind) + " ";
  if (workload.name_space.valid()) text += catalog.namespace_name(workload.name_space) + "/";
  return text + catalog.text(workload.name);
}

Expected<ZoneFails> zone_named(std::string_view name, const Snapshot& snapshot,
                               const Catalog& catalog) {
  std::set<std::string> zones;
  for (const model::Node& node : snapshot.nodes) {
    if (!node.zone.valid()) continue;
    const std::string& zone = catalog.zones.text(node.zone);
    if (zone == name) return ZoneFails{node.zone};
    zones.insert(zone);
  }
  if (zones.empty()) {
    return Status::not_found("no node has the label topology.kubernetes.io/zone, so there are no " +
                             std::string("zones; allowed: files in which nodes have it"));
  }
  return Status::not_found("\"" + std::string(name) +
                           "\" is no zone of any node; allowed: " + some_of(zones));
}

Expected<std::vector<NodeId>> nodes_named(const std::vector<std::string>& names,
                                          const Snapshot& snapshot, const Catalog& catalog) {
  std::vector<NodeId> nodes;
  for (const std::string& name : names) {
    const NodeId id = catalog.nodes.find(name);
    const bool known = std::any_of(snapshot.nodes.begin(), snapshot.nodes.end(),
                                   [id](const model::Node& node) { return node.id == id; });
    if (!id.valid() || !known) {
      std::vector<std::string> all;
      for (const model::Node& node : snapshot.nodes) all.push_back(catalog.nodes.text(node.id));
      std::sort(all.begin(), all.end());
      return Status::not_found("\"" + name + "\" is no node; allowed: " + some_of(all));
    }
    nodes.push_back(id);
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

Expected<std::vector<NodeId>> nodes_selected(std::string_view selector, const Snapshot& snapshot,
                                             Catalog& catalog) {
  const auto parsed = model::SelectorText::parse(selector);
  if (!parsed) return parsed.error();
  const model::Selector rules = parsed->interned(catalog);
  std::vector<NodeId> nodes;
  for (const model::Node& node : snapshot.nodes) {
    if (model::matches(rules, catalog.label_sets[node.meta.labels], catalog)) {
      nodes.push_back(node.id);
    }
  }
  std::sort(nodes.begin(), nodes.end());
  if (!nodes.empty()) return nodes;
  return Status::not_found("\"" + std::string(selector) +
                           "\" selects no node; allowed: labels that " +
                           "nodes have, such as topology.kubernetes.io/zone=a");
}

Expected<AddNodes> nodes_to_add(std::string_view text, const Snapshot& snapshot, Catalog& catalog) {
  constexpr std::string_view kTimes = "×";
  std::size_t times = text.rfind(kTimes);
  std::size_t width = kTimes.size();
  if (times == std::string_view::npos) {
    times = text.find_last_of("xX*");
    width = 1;
  }
  std::int64_t count = 0;
  if (times == std::string_view::npos || times == 0 ||
      !read_number(text.substr(times + width), kMostNodes, count) || count < 1) {
    return Status::invalid("\"" + std::string(text) +
                           "\" does not say how many; allowed: SHAPExN " +
                           "with N from 1 to 100000, such as m5.xlarge×3 or 8cpu,32Gix2");
  }
  const std::string_view shape = text.substr(0, times);
  AddNodes add;
  add.count = static_cast<std::uint32_t>(count);
  for (const model::Node& node : snapshot.nodes) {
    const model::LabelSet& labels = catalog.label_sets[node.meta.labels];
    bool alike = catalog.nodes.text(node.id) == shape;
    for (const char* key :
         {"node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"}) {
      const StringId id = catalog.strings.find(key);
      const StringId value = id.valid() ? labels.get(id) : StringId{};
      alike = alike || (value.valid() && catalog.text(value) == shape);
    }
    if (!alike) continue;
    add.like = node;
    return add;
  }
  auto node = node_of_amounts(shape, snapshot, catalog);
  if (!node) return node.error();
  add.like = std::move(*node);
  return add;
}

Expected<Scale> scale_of(std::string_view text, const Snapshot& snapshot, const Catalog& catalog) {
  const std::size_t equals = text.rfind('=');
  std::int64_t replicas = 0;
  if (equals == std::string_view::npos || equals == 0 ||
      !read_number(text.substr(equals + 1), kMostReplicas, replicas)) {
    return Status::invalid("\"" + std::string(text) +
                           "\" is no target; allowed: [KIND/][NAMESPACE/]NAME=REPLICAS with "
                           "replicas from 0 to 1000000");
  }
  std::vector<std::string> parts;
  std::string_view rest = text.substr(0, equals);
  for (std::size_t slash = 0; slash != std::string_view::npos;) {
    slash = rest.find('/');
    parts.emplace_back(rest.substr(0, slash));
    if (slash != std::string_view::npos) rest.remove_prefix(slash + 1);
  }
  const auto is_kind = [&](const std::string& word, const std::string& kind) {
    std::string wanted = lower(word);
    for (const ShortKind& known : kShortKinds) {
      if (wanted == known.word) wanted = known.kind;
    }
    const std::string have = lower(kind);
    return wanted == have || wanted == have + "s";
  };
  std::vector<std::uint32_t> found;
  std::set<std::string> all;
  for (std::uint32_t i = 0; i < snapshot.workloads.size(); ++i) {
    const model::SnapshotWorkload& w = snapshot.workloads[i];
    if (w.owner != model::SnapshotWorkload::kNone ||
        w.type != model::SnapshotWorkload::Type::replacing) {
      continue;
    }
    const std::string& kind = catalog.text(w.kind);
    const std::string& name_space = catalog.namespace_name(w.name_space);
    all.insert(workload_text(w, catalog));
    if (parts.back() != catalog.text(w.name) || parts.size() > 3) continue;
    const bool fits = parts.size() == 1 ||
                      (parts.size() == 2 && (parts[0] == name_space || is_kind(parts[0], kind))) ||
                      (parts.size() == 3 && is_kind(parts[0], kind) && parts[1] == name_space);
    if (fits) found.push_back(i);
  }
  if (found.size() == 1) return Scale{found.front(), static_cast<std::int32_t>(replicas)};
  if (found.empty()) {
    return Status::not_found("\"" + std::string(text.substr(0, equals)) +
                             "\" is no workload; allowed: " + some_of(all));
  }
  std::vector<std::string> candidates;
  for (const std::uint32_t i : found) {
    candidates.push_back(workload_text(snapshot.workloads[i], catalog));
  }
  return Status::invalid("\"" + std::string(text.substr(0, equals)) +
                         "\" could be several; allowed: one of " + some_of(candidates));
}

}  // namespace arcas::whatif
