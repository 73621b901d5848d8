// The Alibaba GPU trace of 2023: its lists are the form itself. Source: Weng et al., USENIX ATC
// 2023; github.com/alibaba/clusterdata, cluster-trace-gpu-v2023/csv.
#include "sim/trace/importers.h"

namespace arcas::sim {
namespace {

/// Some of the published pod lists have only the first five columns.
constexpr std::size_t kColumnsOfAll = 5;

Expected<CsvReader> open_pods(const std::string& path) {
  const std::vector<std::string>& columns = trace_pod_columns();
  const auto cut = columns.begin() + kColumnsOfAll;
  return CsvReader::open(path, {columns.begin(), cut}, {cut, columns.end()});
}

}  // namespace

Status import_openb(Import& import) {
  auto nodes = CsvReader::open(import.request.files[0], trace_node_columns());
  if (!nodes) return nodes.error();
  Status status = each_row(*nodes, import, [&](const CsvReader& csv) {
    const auto node = trace_node(csv);
    return node ? at_row(csv, import.output.add(*node)) : node.error();
  });
  if (!status.ok()) return status;
  auto pods = open_pods(import.request.files[1]);
  if (!pods) return pods.error();
  const bool timeless = !pods->has(6);
  if (timeless) import.invent("times: the list has none; all pods arrive at 0 and stay");
  if (!pods->has(5)) import.invent("GPU models: the list names none; any will do");
  return each_row(*pods, import, [&](const CsvReader& csv) {
    const auto pod = trace_pod(csv, timeless);
    return pod ? at_row(csv, import.output.add(*pod)) : pod.error();
  });
}

}  // namespace arcas::sim
