#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "core/whatif/prediction.h"
#include "sim/whatif/recovery.h"
#include "sim/workload/snapshot_files.h"

namespace arcas::sim {

/// A question about a cluster, in a user's words.
struct Question {
  /// "az-fail", "drain", "remove-nodes", "add-nodes", "scale", "scheduler" or "upgrade".
  std::string change;
  /// Of az-fail a zone; of drain names of nodes; of remove-nodes a label selector; of add-nodes
  /// SHAPExN; of scale a TARGET=N; of scheduler a file; of upgrade how many nodes at a time.
  std::vector<std::string> arguments{};
  std::string profile = "kubernetes";  ///< whose scheduler and parameters
  std::string scheduler_config{};      ///< a file with the present scheduler's; empty: the defaults
  bool with_hints = true;              ///< say what would fix it and which nodes could go
  bool with_recovery = true;           ///< simulate how long it takes until all is well again
};

struct Answer {
  std::string question;  ///< "zone zone-b fails"
  std::string profile;
  whatif::Prediction prediction;
  Recovery recovery;
};

/// Prediction and simulation run side by side, on two threads, and share nothing that changes.
/// Errors: words that mean nothing in the snapshot, with what is there; a file that is wrong.
Expected<Answer> answer(LoadedSnapshot& cluster, const Question& question);

/// For people.
std::string to_text(const Answer& answer, const LoadedSnapshot& cluster);
/// {"apiVersion":"arcas/v1","kind":"WhatIf",…}, stable order.
std::string to_json(const Answer& answer, const LoadedSnapshot& cluster);
/// What reading found: how much of each kind, what was left out, what was invented.
std::string to_text(const manifest::SnapshotReport& report);

}  // namespace arcas::sim
