#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// An amount of one resource that a node must have free.
struct AskedResource {
  ResourceId kind;
  std::int64_t amount = 0;
};

/// What the filter compares with a node's free amounts, besides room for one more pod: kinds that
/// the pod asks more than nothing of and the profile does not ignore. Cost: O(resource kinds).
std::vector<AskedResource> asked_resources(const model::Catalog& catalog, const Demand& demand,
                                           const FitArguments& arguments);

/// NodeResourcesFit: room for one more pod and for every resource that it asks for; all that is
/// short is reported. Extended resources that the profile ignores are not looked at.
/// Cost: O(resources asked for) a node.
std::unique_ptr<FilterPlugin> make_node_resources_fit_filter(const Cycle& cycle);
/// By the profile's strategy over its resources, weighted. Not normalised. Cost: O(resources).
std::unique_ptr<ScorePlugin> make_node_resources_fit_score(const Cycle& cycle);

}  // namespace arcas::scheduler
