#include "core/scheduler/batch/batch_input.h"

#include <algorithm>

namespace arcas::scheduler::batch {
namespace {

std::string path(const char* list, std::size_t index, const char* field) {
  return std::string(list) + "[" + std::to_string(index) + "]." + field;
}

Status check_row(const ResourceRow& row, std::size_t kinds, bool may_be_negative,
                 const std::string& where) {
  if (row.size() > kinds) {
    return Status::invalid(where + " has " + std::to_string(row.size()) +
                           " amounts; resource_names has " + std::to_string(kinds) + " kinds");
  }
  for (std::size_t kind = 0; kind < row.size(); ++kind) {
    const std::int64_t low = may_be_negative ? -kMaxAmount : 0;
    if (row[kind] < low || row[kind] > kMaxAmount) {
      return Status::invalid(where + "[" + std::to_string(kind) + "] is " +
                             std::to_string(row[kind]) + "; allowed are " + std::to_string(low) +
                             " to " + std::to_string(kMaxAmount));
    }
  }
  return Status::success();
}

Status check_kinds(const PodClass& pods, std::size_t kinds, const std::string& where) {
  for (std::size_t i = 0; i < pods.node_kinds.size(); ++i) {
    if (pods.node_kinds[i] >= kinds) {
      return Status::invalid(where + " names kind " + std::to_string(pods.node_kinds[i]) +
                             "; kind_names has " + std::to_string(kinds));
    }
    if (i > 0 && pods.node_kinds[i - 1] >= pods.node_kinds[i]) {
      return Status::invalid(where + " is not ascending at position " + std::to_string(i) +
                             "; each kind is named once, lowest first");
    }
  }
  return Status::success();
}

Status check_class(const BatchInput& input, std::size_t index) {
  const PodClass& pods = input.classes[index];
  Status status =
      check_row(pods.demand, input.resource_names.size(), false, path("classes", index, "demand"));
  if (!status) return status;
  if (!pods.domain_limits.empty() && pods.domain_limits.size() != input.domain_names.size()) {
    return Status::invalid(path("classes", index, "domain_limits") + " has " +
                           std::to_string(pods.domain_limits.size()) +
                           " entries; allowed are none or one for each of the " +
                           std::to_string(input.domain_names.size()) + " domains");
  }
  if (pods.max_per_node == 0) {
    return Status::invalid(path("classes", index, "max_per_node") +
                           " is 0; allowed are 1 and more");
  }
  return check_kinds(pods, input.kind_names.size(), path("classes", index, "node_kinds"));
}

Status check_node(const BatchInput& input, std::size_t index) {
  const NodeRoom& node = input.nodes[index];
  if (!node.node.valid()) return Status::invalid(path("nodes", index, "node") + " is none");
  if (index > 0 && input.nodes[index - 1].node >= node.node) {
    return Status::invalid(path("nodes", index, "node") + " is " + std::to_string(node.node.index) +
                           " after " + std::to_string(input.nodes[index - 1].node.index) +
                           "; nodes come in ascending order, each once");
  }
  if (node.domain >= input.domain_names.size()) {
    return Status::invalid(path("nodes", index, "domain") + " is " + std::to_string(node.domain) +
                           "; domain_names has " + std::to_string(input.domain_names.size()));
  }
  if (node.kind >= input.kind_names.size()) {
    return Status::invalid(path("nodes", index, "kind") + " is " + std::to_string(node.kind) +
                           "; kind_names has " + std::to_string(input.kind_names.size()));
  }
  return check_row(node.free, input.resource_names.size(), true, path("nodes", index, "free"));
}

}  // namespace

Status validate(const BatchInput& input) {
  std::uint64_t pods = 0;
  for (std::size_t i = 0; i < input.classes.size(); ++i) {
    Status status = check_class(input, i);
    if (!status) return status;
    pods += input.classes[i].count;
  }
  if (pods > kMaxPods) {
    return Status::invalid("classes hold " + std::to_string(pods) + " pods; allowed are up to " +
                           std::to_string(kMaxPods));
  }
  for (std::size_t i = 0; i < input.nodes.size(); ++i) {
    Status status = check_node(input, i);
    if (!status) return status;
  }
  return Status::success();
}

bool allows_kind(const PodClass& pods, std::uint32_t kind) {
  return pods.node_kinds.empty() ||
         std::binary_search(pods.node_kinds.begin(), pods.node_kinds.end(), kind);
}

std::uint32_t slots(const PodClass& pods, const ResourceRow& free, std::uint32_t at_most) {
  std::int64_t count = at_most;
  for (std::size_t kind = 0; kind < pods.demand.size(); ++kind) {
    const std::int64_t demand = pods.demand[kind];
    if (demand == 0) continue;
    const std::int64_t room = amount(free, kind);
    if (room < demand) return 0;
    if (static_cast<Wide>(demand) * count > room) count = room / demand;
  }
  return static_cast<std::uint32_t>(count);
}

}  // namespace arcas::scheduler::batch
