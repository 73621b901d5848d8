#include "core/access/pod_quota.h"

#include <string_view>
#include <utility>

namespace arcas::access {
namespace {

constexpr std::string_view kRequests = "requests.";

/// The resource whose requests a word bounds; empty: it bounds something else.
std::string_view requested_resource(std::string_view word) {
  if (word.starts_with(kRequests)) return word.substr(kRequests.size());
  return word == "cpu" || word == "memory" || word == "ephemeral-storage" ? word
                                                                          : std::string_view();
}

void add_to_list(std::string& list, std::string_view item) {
  if (!list.empty()) list += ',';
  list += item;
}

/// Those who do not say how much they ask for; extended resources need not be asked for.
std::string silent_containers(const std::vector<ContainerDemand>& containers,
                              std::string_view resource) {
  std::string names;
  if (resource != "cpu" && resource != "memory") return names;
  for (const ContainerDemand& container : containers) {
    if (!container.requests.contains(resource)) add_to_list(names, container.name);
  }
  return names;
}

}  // namespace

Expected<Amounts> charged(const QuotaAmounts& quota,
                          const std::vector<ContainerDemand>& containers) {
  const ContainerDemand pod = demand_of_pod(containers);
  Amounts used = quota.used;
  std::string silent, requested, before, limited;
  for (const auto& [word, bound] : quota.hard) {
    model::Quantity wanted = *model::Quantity::parse("1");
    if (word != "pods") {
      const std::string_view resource = requested_resource(word);
      if (resource.empty()) continue;
      if (const std::string names = silent_containers(containers, resource); !names.empty()) {
        silent += (silent.empty() ? "" : "; ") + word + " for: " + names;
      }
      const auto request = pod.requests.find(resource);
      if (request == pod.requests.end() || request->second.is_zero()) continue;
      wanted = request->second;
    }
    model::Quantity& sum = used.try_emplace(word, *model::Quantity::parse("0")).first->second;
    const std::string already = sum.text();
    sum.add(wanted);
    if (sum.compare(bound) <= 0) continue;
    add_to_list(requested, word + '=' + wanted.text());
    add_to_list(before, word + '=' + already);
    add_to_list(limited, word + '=' + bound.text());
  }
  if (!silent.empty()) {
    return Status{StatusCode::forbidden,
                  "failed quota: " + quota.name + ": must specify " + silent};
  }
  if (!requested.empty()) {
    return Status{StatusCode::forbidden, "exceeded quota: " + quota.name +
                                             ", requested: " + requested + ", used: " + before +
                                             ", limited: " + limited};
  }
  return used;
}

}  // namespace arcas::access
