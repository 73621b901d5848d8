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

std::string time_of(std::int64_t unix_ns, const std::string& otherwise) {
  return unix_ns > 0 ? time_text(TimePoint{unix_ns}) : otherwise;
}

json::object exit_text(const agent::ContainerExit& exit, const std::string& started,
                       const std::string& finished) {
  json::object ending{
      {"exitCode", exit.code},
      {"reason", exit.reason.empty() ? std::string_view(exit.code == 0 ? "Completed" : "Error")
                                     : std::string_view(exit.reason)},
      {"startedAt", time_of(exit.started_at_ns, started)},
      {"finishedAt", time_of(exit.finished_at_ns, finished)},
      {"containerID", "containerd://" + exit.id}};
  if (!exit.message.empty()) ending["message"] = exit.message;
  return ending;
}

/// How the run that the report shows has ended.
json::object ending_of(const agent::ContainerReport& report, const std::string& started,
                       const json::object* before, TimePoint now) {
  const std::string_view known =
      before == nullptr ? "" : text_at(*before, "state.terminated.finishedAt");
  const std::string finished = known.empty() ? time_text(now) : std::string(known);
  if (report.last_exit) return exit_text(*report.last_exit, started, finished);
  return exit_text({report.id, report.exit_code, report.reason, report.message, 0, 0}, started,
                   finished);
}

json::object state_of(const agent::ContainerReport& report, const json::object* before,
                      TimePoint now) {
  const std::string_view known_start =
      before == nullptr ? "" : text_at(*before, "state.running.startedAt");
  const std::string started = known_start.empty() ? time_text(now) : std::string(known_start);
  switch (report.state) {
    case agent::ContainerState::running:
      return {{"running", json::object{{"startedAt", started}}}};
    case agent::ContainerState::exited:
      return {{"terminated", ending_of(report, started, before, now)}};
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
  // What went before the present state: told with the times that the runtime knows, so that it
  // stays the same at each look.
  const bool goes_on = shown.state != agent::ContainerState::exited;
  if (goes_on && report.last_exit && report.last_exit->finished_at_ns > 0) {
    status["lastState"] = json::object{{"terminated", exit_text(*report.last_exit, "", "")}};
  } else if (const json::value* known =
                 before == nullptr ? nullptr : before->if_contains("lastState");
             known != nullptr && known->is_object()) {
    status["lastState"] = *known;
  }
  if (!report.id.empty()) status["containerID"] = "containerd://" + report.id;
  return status;
}

std::string_view known_condition(const json::object& status, std::string_view type) {
  const json::value* list = status.if_contains("conditions");
  if (list == nullptr || !list->is_array()) return {};
  for (const json::value& entry : list->get_array()) {
    if (entry.is_object() && text_at(entry.get_object(), "type") == type) {
      return text_at(entry.get_object(), "status");
    }
  }
  return {};
}

/// What probes say: a pod that runs is Running before it is ready, and may stop being ready. The
/// roles read it from the document, as all that concerns them.
void write_readiness(json::object& status, bool ready, TimePoint now) {
  const std::string_view phase = text_at(status, "phase");
  if (phase != "Pending" && phase != "Running") return;
  status["phase"] = "Running";
  if (!status.contains("startTime")) status["startTime"] = time_text(now);
  const std::string_view wanted = ready ? "True" : "False";
  if (known_condition(status, "Initialized") != "True") {
    set_condition(status, ConditionText{"Initialized", "True"}, now);
  }
  for (const char* type : {"Ready", "ContainersReady"}) {
    if (known_condition(status, type) == wanted) continue;
    ConditionText condition{type, wanted};
    if (!ready) condition.reason = "ContainersNotReady";
    set_condition(status, condition, now);
  }
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
  if (report.ready) write_readiness(status, *report.ready, now);
  if (!report.is_machine) return write_containers(pod, report, now);
  json::object& machine = object_at(status, "virtualMachineStatus");
  machine["powerState"] = agent::name_of(report.power);
  machine["state"] = agent::machine_state_of(report.power);
}

}  // namespace arcas::real
