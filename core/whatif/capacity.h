#pragma once

#include <cstdint>
#include <vector>

#include "core/whatif/prediction.h"
#include "core/whatif/trial.h"

namespace arcas::whatif {

/// For each shape of machine that the snapshot has, up to eight of the commonest: how many more of
/// them would take the pods that are left. They come in the zones in turn in which nodes take pods.
/// The number is what the scheduler needs, adding in steps of what the pods ask for; not proven to
/// be the least. `trial` is as before afterwards; it should not preempt.
std::vector<ShapeOption> nodes_needed(Trial& trial, const model::Snapshot& snapshot,
                                      model::Catalog& catalog, const std::vector<PodPlace>& left);

struct Spare {
  std::vector<NodeId> nodes;
  bool complete = true;
};
/// Nodes that could go, one after another, the emptiest first: every pod of theirs that a
/// controller makes finds another place. Nodes with bare pods stay. The search ends after 32 nodes
/// in a row that could not go. `trial` is as if they had gone afterwards; it should not preempt.
Spare spare_nodes(Trial& trial, const model::Snapshot& snapshot);

/// A new machine like one there is; in a zone, if one is given. `number` names it.
model::Node another_node(const model::Node& like, ZoneId zone, std::uint32_t number,
                         model::Catalog& catalog);

/// Whether new pods may come: schedulable, ready, without a taint of Kubernetes's own.
bool takes_pods(const model::Node& node, const model::Catalog& catalog);

}  // namespace arcas::whatif
