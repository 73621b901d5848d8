#include "sim/scenario/scheduler_file.h"

#include <algorithm>
#include <boost/json.hpp>

#include "core/manifest/scheduler_configuration.h"
#include "sim/scenario/consistency.h"
#include "sim/scenario/yaml_json.h"
#include "sim/scenario/yaml_source.h"

namespace arcas::sim {
namespace {

using scheduler::PluginId;
using scheduler::SchedulerProfile;

/// The message with the place of the field that it begins with.
Status located(const Status& status, const YamlValue& root) {
  const std::string path = status.message.substr(0, status.message.find(": "));
  return {status.code, one_line(locate(root, path).where() + ": " + status.message)};
}

/// Where SchedulerProfile::arcas has it: only the cheapest filters come before.
void put_runtime_in_front(SchedulerProfile& profile) {
  auto& filters = profile.filters;
  std::erase(filters, PluginId::node_runtime_ready);
  const auto place = std::find_if(filters.begin(), filters.end(), [](PluginId plugin) {
    return plugin != PluginId::node_unschedulable && plugin != PluginId::node_name;
  });
  filters.insert(place, PluginId::node_runtime_ready);
}

}  // namespace

Expected<SchedulerProfile> parse_scheduler_file(const std::string& text, const std::string& file,
                                                bool honour_percentage, model::Catalog& catalog) {
  const auto root = parse_yaml(text, file);
  if (!root) return root.error();
  const boost::json::value document = to_json(*root);
  auto configuration = manifest::decode_scheduler_configuration(document, catalog);
  if (!configuration) return located(configuration.error(), *root);
  auto& profiles = configuration->profiles;
  const auto usual = std::find_if(profiles.begin(), profiles.end(), [](const auto& profile) {
    return profile.scheduler_name == "default-scheduler";
  });
  SchedulerProfile profile = usual == profiles.end() ? profiles.front() : *usual;
  put_runtime_in_front(profile);
  if (!honour_percentage) profile.percentage_of_nodes_to_score = 100;
  return profile;
}

Expected<SchedulerProfile> read_scheduler_file(const std::string& file, bool honour_percentage,
                                               model::Catalog& catalog) {
  const auto text = read_file(file);
  if (!text) return text.error();
  return parse_scheduler_file(*text, file, honour_percentage, catalog);
}

}  // namespace arcas::sim
