#include "agent/runtime/environment.h"

#include <algorithm>

namespace arcas::agent {
namespace {

using Source = EnvironmentVariable::Source;

Status missing(const ContainerDocument& container, const std::string& what) {
  return Status::not_found("CreateContainerConfigError: container \"" + container.config.name +
                           "\": " + what);
}

/// Later ones of the same name take the place of earlier ones.
void put(Environment& environment, const std::string& name, std::string value) {
  const auto known = std::find_if(environment.begin(), environment.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  if (known != environment.end()) environment.erase(known);
  environment.emplace_back(name, std::move(value));
}

}  // namespace

std::string expanded(std::string_view text, const Environment& environment) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '$' || at + 1 == text.size()) {
      result += text[at];
    } else if (text[at + 1] == '$') {
      result += '$';
      ++at;
    } else if (const std::size_t end = text.find(')', at);
               text[at + 1] == '(' && end != std::string_view::npos) {
      const std::string_view name = text.substr(at + 2, end - at - 2);
      const auto known = std::find_if(environment.begin(), environment.end(),
                                      [&](const auto& entry) { return entry.first == name; });
      result += known == environment.end() ? text.substr(at, end + 1 - at)
                                           : std::string_view(known->second);
      at = end;
    } else {
      result += text[at];
    }
  }
  return result;
}

Expected<Environment> environment_of(const PodDocument& pod, const ContainerDocument& container,
                                     const ObjectSource& objects, const PodFacts& facts) {
  Environment result;
  const auto data_of = [&](bool secret, const std::string& name) {
    return objects ? objects({secret, pod.tenant, pod.name_space, name}) : std::nullopt;
  };
  for (const EnvironmentFrom& from : container.environment_from) {
    const std::optional<ObjectData> data = data_of(from.secret, from.object);
    if (!data && !from.optional) {
      return missing(container, "envFrom names \"" + from.object + "\", which does not exist");
    }
    if (!data) continue;
    for (const auto& [key, value] : *data) put(result, from.prefix + key, value);
  }
  for (const EnvironmentVariable& variable : container.environment) {
    if (variable.source == Source::value) {
      put(result, variable.name, expanded(variable.value, result));
      continue;
    }
    if (variable.source == Source::field || variable.source == Source::resource) {
      const Expected<std::string> value =
          variable.source == Source::field ? downward_field(pod, facts, variable.value)
                                           : downward_resource(pod, container, variable.resource);
      if (!value) return missing(container, "env " + variable.name + ": " + value.error().message);
      put(result, variable.name, *value);
      continue;
    }
    const bool secret = variable.source == Source::secret;
    const std::optional<ObjectData> data = data_of(secret, variable.object);
    if (data && data->contains(variable.key)) {
      put(result, variable.name, data->at(variable.key));
    } else if (!variable.optional) {
      return missing(container, "env " + variable.name + ": no key \"" + variable.key + "\" in " +
                                    (secret ? "secret" : "config map") + " \"" + variable.object +
                                    "\"");
    }
  }
  return result;
}

}  // namespace arcas::agent
