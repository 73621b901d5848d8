#include "core/manifest/scheduler_configuration.h"

#include <algorithm>

#include "core/manifest/plugin_arguments.h"
#include "core/manifest/plugin_sets.h"

namespace arcas::manifest {

using scheduler::SchedulerProfile;

namespace {

constexpr std::string_view kVersion = "kubescheduler.config.k8s.io/v1";
constexpr std::string_view kKind = "KubeSchedulerConfiguration";

void require_word(const Field& field, std::string_view word) {
  field.require();
  if (field.present() && field.text() != word) {
    field.refuse(quoted(field.text()) + " is unknown; allowed: " + std::string(word));
  }
}

void read_queue_times(const Field& root, SchedulerConfiguration& configuration) {
  constexpr std::int64_t kLongest = 9'000'000'000;  // what fits in nanoseconds
  const std::int64_t initial = root["podInitialBackoffSeconds"].integer(1, 1, kLongest);
  const std::int64_t most = root["podMaxBackoffSeconds"].integer(10, 1, kLongest);
  if (most < initial) {
    root["podMaxBackoffSeconds"].refuse(
        "is shorter than podInitialBackoffSeconds; allowed: at least " + std::to_string(initial));
  }
  configuration.pod_initial_backoff = seconds(initial);
  configuration.pod_max_backoff = seconds(most);
}

void read_profiles(const Field& list, std::int32_t percentage,
                   SchedulerConfiguration& configuration, model::Catalog& catalog) {
  const std::vector<Field> entries = list.elements();
  for (const Field& entry : entries) {
    SchedulerProfile profile = scheduler_profile_at(entry, percentage, catalog);
    if (entries.size() > 1) entry["schedulerName"].require();
    const bool repeated = std::any_of(
        configuration.profiles.begin(), configuration.profiles.end(),
        [&](const auto& other) { return other.scheduler_name == profile.scheduler_name; });
    if (repeated) {
      entry["schedulerName"].refuse(quoted(profile.scheduler_name) +
                                    " is the name of two profiles; allowed: distinct names");
    }
    configuration.profiles.push_back(std::move(profile));
  }
  if (configuration.profiles.empty()) {
    configuration.profiles.push_back(SchedulerProfile::kubernetes());
    configuration.profiles.back().percentage_of_nodes_to_score = percentage;
  }
}

}  // namespace

SchedulerProfile scheduler_profile_at(const Field& field, std::int32_t percentage,
                                      model::Catalog& catalog) {
  SchedulerProfile profile = SchedulerProfile::kubernetes();
  profile.percentage_of_nodes_to_score = percentage;
  if (!field.present()) return profile;
  field.allow_only({"schedulerName", "percentageOfNodesToScore", "plugins", "pluginConfig"});
  if (field["schedulerName"].present()) {
    field["schedulerName"].require();
    profile.scheduler_name = field["schedulerName"].text();
  }
  profile.percentage_of_nodes_to_score =
      field["percentageOfNodesToScore"].integer32(percentage, 0, 100);
  read_plugin_sets(field["plugins"], profile);
  read_plugin_config(field["pluginConfig"], profile, catalog);
  return profile;
}

Expected<SchedulerConfiguration> decode_scheduler_configuration(const boost::json::value& document,
                                                                model::Catalog& catalog) {
  const Reading reading(document);
  const Field root = reading.root();
  SchedulerConfiguration configuration;
  if (!root.present()) {
    root.refuse("is empty; allowed: a KubeSchedulerConfiguration");
    return reading.status();
  }
  root.allow_only({"apiVersion", "kind", "parallelism", "leaderElection", "clientConnection",
                   "enableProfiling", "enableContentionProfiling", "percentageOfNodesToScore",
                   "podInitialBackoffSeconds", "podMaxBackoffSeconds", "profiles", "extenders",
                   "delayCacheUntilActive"});
  require_word(root["apiVersion"], kVersion);
  require_word(root["kind"], kKind);
  configuration.parallelism = root["parallelism"].integer32(16, 1);
  if (!root["extenders"].elements().empty()) {
    root["extenders"].refuse("are not supported; allowed: none");
  }
  read_queue_times(root, configuration);
  const std::int32_t percentage = root["percentageOfNodesToScore"].integer32(0, 0, 100);
  read_profiles(root["profiles"], percentage, configuration, catalog);
  if (!reading.ok()) return reading.status();
  return configuration;
}

}  // namespace arcas::manifest
