#include "agent/runtime/downward.h"

#include <map>
#include <string_view>
#include <thread>

namespace arcas::agent {
namespace {

/// Lines key="value", as Kubernetes writes them.
std::string lines_of(const std::map<std::string, std::string>& entries) {
  std::string text;
  for (const auto& [key, value] : entries) {
    if (!text.empty()) text += '\n';
    text += key + "=\"";
    for (const char c : value) {
      if (c == '\n') {
        text += "\\n";
        continue;
      }
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text;
}

/// The key in "metadata.labels['key']"; nothing when `path` is no such thing.
std::optional<std::string> key_in(std::string_view path, std::string_view field) {
  if (!path.starts_with(field)) return std::nullopt;
  path.remove_prefix(field.size());
  if (path.size() < 5 || !path.starts_with("['") || !path.ends_with("']")) return std::nullopt;
  return std::string(path.substr(2, path.size() - 4));
}

std::string at(const std::map<std::string, std::string>& entries, const std::string& key) {
  const auto found = entries.find(key);
  return found == entries.end() ? std::string() : found->second;
}

}  // namespace

Expected<std::string> downward_field(const PodDocument& pod, const PodFacts& facts,
                                     const std::string& path) {
  const std::map<std::string, std::string> fields = {
      {"metadata.name", pod.name},
      {"metadata.namespace", pod.name_space},
      {"metadata.uid", pod.uid},
      {"spec.nodeName", facts.node_name},
      {"spec.serviceAccountName", pod.service_account},
      {"status.podIP", facts.pod_address},
      {"status.podIPs", facts.pod_address},
      {"status.hostIP", facts.node_address},
      {"status.hostIPs", facts.node_address}};
  if (const auto found = fields.find(path); found != fields.end()) return found->second;
  if (path == "metadata.labels") return lines_of(pod.labels);
  if (path == "metadata.annotations") return lines_of(pod.annotations);
  if (const auto key = key_in(path, "metadata.labels")) return at(pod.labels, *key);
  if (const auto key = key_in(path, "metadata.annotations")) return at(pod.annotations, *key);
  return Status::not_found("no field " + path);
}

Expected<std::string> downward_resource(const PodDocument& pod, const ContainerDocument& container,
                                        const ResourceReference& reference) {
  const ContainerDocument* of = &container;
  for (const ContainerDocument& other : pod.containers) {
    if (other.config.name == reference.container) of = &other;
  }
  if (!reference.container.empty() && of->config.name != reference.container) {
    return Status::not_found("no container \"" + reference.container + '"');
  }
  const auto found = of->amounts.find(reference.resource);
  std::int64_t milli = found == of->amounts.end() ? 0 : found->second;
  if (milli == 0 && reference.resource == "limits.cpu") {
    milli = std::int64_t{std::max(1U, std::thread::hardware_concurrency())} * 1000;
  }
  if (milli == 0 && reference.resource == "limits.memory") milli = pod.node_memory_bytes * 1000;
  const std::int64_t divisor = std::max<std::int64_t>(reference.divisor_milli, 1);
  return std::to_string(milli / divisor + (milli % divisor > 0 ? 1 : 0));
}

}  // namespace arcas::agent
