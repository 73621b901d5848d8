#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "core/manifest/snapshot_reader.h"
#include "core/model/catalog.h"
#include "core/model/snapshot.h"

namespace arcas::sim {

/// A cluster out of files, and what reading them found.
struct LoadedSnapshot {
  std::unique_ptr<model::Catalog> catalog;  ///< of all ids in it
  model::Snapshot snapshot;
  manifest::SnapshotReport report;
};

/// Reads what `kubectl get nodes,pods,… -o json` printed, into one or several files: JSON, or YAML
/// of at most 16 MiB, plain or gzip; a folder stands for the files below it whose names end so; "-"
/// is standard input. Bad objects are left out and reported. Memory: the snapshot, one object and
/// 64 KiB. Errors name the file, and for JSON the line: a file that cannot be read, is no JSON or
/// YAML, is cut off, is called .gz and is none; files without a single node.
Expected<LoadedSnapshot> load_snapshot(const std::vector<std::string>& paths);

}  // namespace arcas::sim
