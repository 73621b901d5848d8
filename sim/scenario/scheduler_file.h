#pragma once

#include <string>

#include "core/base/expected.h"
#include "core/model/catalog.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::sim {

/// The profile of a KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1, YAML or JSON) that
/// drives a run: the one named default-scheduler, or else the first. NodeRuntimeReady runs in front
/// whatever the file says, as virtual machines need it. Outside `honour_percentage`
/// percentageOfNodesToScore is 100.
/// Errors: "file:line:column: profiles[0].plugins.score.enabled[0].weight: 0 is out of range;
/// allowed: 1..2147483647". Limits as of parse_yaml.
Expected<scheduler::SchedulerProfile> parse_scheduler_file(const std::string& text,
                                                           const std::string& file,
                                                           bool honour_percentage,
                                                           model::Catalog& catalog);
/// The same from a file of at most 16 MiB.
Expected<scheduler::SchedulerProfile> read_scheduler_file(const std::string& file,
                                                          bool honour_percentage,
                                                          model::Catalog& catalog);

}  // namespace arcas::sim
