#include "real/all_in_one/pod_status.h"

#include <boost/json.hpp>
#include <string_view>
#include <utility>

#include "real/api/object_text.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

/// The status that the container of this name has now; empty when it has none.
const json::object* known_status(const json::object& status, std::string_view list,
                                 std::string_view name) {
  const json::value* known = status.if_contains(list);
  if (known == nullptr || !known->is_array()) return nullptr;
  for (const json::value& entry : known->get_array()) {
    if (entry.is_object() && text_at(entry.get_object(), "name") == name) {
      return &entry.get_object();
    }
  }
  return nullptr;
}

json::object state_of(const agent::ContainerReport& report, const json::object* before,
                      TimePoint now) {
  const std::string_view known_start =
      before == nullptr ? "" : text_at(*before, "state.running.startedAt");
  const std::string started = known_start.empty() ? time_text(now) : std::string(known_start);
  switch (report.state) {
    case agent::ContainerState::running:
      return {{"running", json::object{{"startedAt", started}}}};
    case agent::ContainerState::exited: {
      const std::string_view ended =
          before == nullptr ? "" : text_at(*before, "state.terminated.finishedAt");
      json::object ending{
          {"exitCode", report.exit_code},
          {"reason", report.reason.empty()
                         ? std::string_view(report.exit_code == 0 ? "Completed" : "Error")
                         : std::string_view(report.reason)},
          {"startedAt", started},
          {"finishedAt", ended.empty() ? time_text(now) : std::string(ended)},
          {"containerID", "containerd://" + report.id}};
      if (!report.message.empty()) ending["message"] = report.message;
      return {{"terminated", std::move(ending)}};
    }
    default:
      break;
  }
  json::object waiting{{"reason", report.reason.empty() ? std::string_view("ContainerCreating")
                                                        : std::string_view(report.reason)}};
  if (!report.message.empty()) waiting["message"] = report.message;
  return {{"waiting", std::move(waiting)}};
}

json::object container_status(const agent::ContainerReport& report, const json::object* before,
                              std::string_view image, TimePoint now) {
  // A container that waits for its next run is told by why it waits.
  const bool waits = report.reason == "CrashLoopBackOff" || report.id.empty();
  agent::ContainerReport shown = report;
  if (waits) shown.state = agent::ContainerState::created;
  json::object status{{"name", report.name},         {"image", image},
                      {"imageID", report.image_id},  {"ready", report.ready},
                      {"started", report.started},   {"restartCount", report.restarts},
                      {"lastState", json::object()}, {"state", state_of(shown, before, now)}};
  if (!report.id.empty()) status["containerID"] = "containerd://" + report.id;
  return status;
}

void write_containers(json::object& pod, const agent::PodReport& report, TimePoint now) {
  json::object& status = object_at(pod, "status");
  for (const auto& [spec, list] : {std::pair("spec.initContainers", "initContainerStatuses"),
                                   std::pair("spec.containers", "containerStatuses")}) {
    const json::value* containers = value_at(pod, spec);
    if (containers == nullptr || !containers->is_array()) continue;
    json::array statuses;
    for (const json::value& entry : containers->get_array()) {
      if (!entry.is_object()) continue;
      const std::string_view name = text_at(entry.get_object(), "name");
      for (const agent::ContainerReport& container : report.containers) {
        if (container.name != name) continue;
        statuses.emplace_back(container_status(container, known_status(status, list, name),
                                               text_at(entry.get_object(), "image"), now));
      }
    }
    if (!statuses.empty()) status[list] = std::move(statuses);
  }
}

}  // namespace

void write_report(json::object& pod, const agent::PodReport& report,
                  const std::string& host_address, TimePoint now) {
  json::object& status = object_at(pod, "status");
  if (!host_address.empty()) status["hostIP"] = host_address;
  if (!report.address.empty()) {
    status["podIP"] = report.address;
    status["podIPs"] = json::array{json::object{{"ip", report.address}}};
  }
  if (!report.message.empty()) {
    status["message"] = report.message;
  } else {
    status.erase("message");
  }
  if (!report.is_machine) return write_containers(pod, report, now);
  json::object& machine = object_at(status, "virtualMachineStatus");
  machine["powerState"] = agent::name_of(report.power);
  machine["state"] = agent::machine_state_of(report.power);
}

}  // namespace arcas::real
