#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "core/base/expected.h"
#include "core/base/hash.h"
#include "sim/trace/trace_import.h"
#include "sim/workload/openb_rows.h"

namespace arcas::sim {

/// Writes nodes.csv and pods.csv; both appear whole, or neither, when finish() is called.
class TraceOutput {
 public:
  static Expected<TraceOutput> open(const ImportRequest& request);
  TraceOutput(TraceOutput&&) noexcept;
  TraceOutput& operator=(TraceOutput&&) noexcept;
  ~TraceOutput();

  /// Refuses, with what is wrong, a name that stands twice or cannot stand in a list, and more than
  /// the lists may have.
  Status add(const TraceNode& node);
  Status add(const TracePod& pod);
  /// As many nodes that are alike, called machine-0 and so on.
  Status add_machines(std::int64_t count, TraceNode like);
  [[nodiscard]] std::int64_t nodes() const { return nodes_; }
  [[nodiscard]] std::int64_t pods() const { return pods_; }
  /// From 0 to the last time that a pod named.
  [[nodiscard]] std::int64_t last_second() const { return last_second_; }
  Status finish();

 private:
  struct Folder;
  struct File;
  TraceOutput(std::unique_ptr<Folder> folder, std::unique_ptr<File> nodes,
              std::unique_ptr<File> pods);
  using Names = boost::unordered_flat_set<std::uint64_t, StableHash>;
  static Status check_name(const std::string& name, Names& names);

  std::unique_ptr<Folder> folder_;  // outlives the files
  std::unique_ptr<File> node_file_;
  std::unique_ptr<File> pod_file_;
  Names node_names_;  // hashes: two names in 10,000,000 share one once in 370,000 traces
  Names pod_names_;
  std::int64_t nodes_ = 0;
  std::int64_t pods_ = 0;
  std::int64_t last_second_ = 0;
};

}  // namespace arcas::sim
