#include "agent/vm/virtual_machine.h"

#include <signal.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "agent/vm/json_reading.h"

namespace arcas::agent {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMebibyte = 1 << 20;
/// Source: Arktos's unified vertical scaling of containers and VMs.
constexpr std::int64_t kDimmMebibytes[] = {2048, 1024, 512, 128};

constexpr Duration kPressAgainAfter = seconds(2);

void sleep_for(Duration duration) {
  std::this_thread::sleep_for(std::chrono::nanoseconds(duration.ns));
}

bool is_snapshot_name(const std::string& name) {
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  });
}

PowerState power_of(std::string_view status) {
  if (status == "running") return PowerState::running;
  if (status == "paused" || status == "prelaunch" || status == "inmigrate" ||
      status == "postmigrate" || status == "save-vm" || status == "restore-vm") {
    return PowerState::paused;
  }
  if (status == "suspended") return PowerState::suspended;
  if (status == "shutdown") return PowerState::shutdown;
  return PowerState::crashed;  // guest-panicked, internal-error, io-error, watchdog
}

}  // namespace

std::string_view name_of(PowerState state) {
  constexpr std::string_view kNames[] = {"nostate",  "running", "paused",
                                         "shutdown", "crashed", "suspended"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view machine_state_of(PowerState state) {
  constexpr std::string_view kNames[] = {"stopped", "active", "paused",
                                         "stopped", "error",  "suspended"};
  return kNames[static_cast<std::size_t>(state)];
}

Expected<VirtualMachine> VirtualMachine::start(const MachineConfig& config) {
  const Status launched = launch(config);
  if (!launched.ok()) return launched;
  return adopt(config.directory);
}

Expected<VirtualMachine> VirtualMachine::adopt(const std::string& directory) {
  Expected<std::unique_ptr<QmpSession>> session =
      QmpSession::connect(qmp_socket(directory), seconds(10));
  if (!session) return session.error();
  return VirtualMachine(directory, std::move(session).value());
}

Status VirtualMachine::execute(std::string_view command, const std::string& arguments) {
  const Expected<std::string> result = session_->execute(command, arguments);
  return result ? Status::success() : result.error();
}

void VirtualMachine::read_events() {
  QmpEvent event;
  while (session_->next_event(event, Duration{})) {
    if (event.name == "SHUTDOWN" && event.data.find("\"guest\":true") != std::string::npos) {
      guest_shut_down_ = true;
    }
  }
}

PowerState VirtualMachine::power() {
  const Expected<std::string> answer = session_->execute("query-status");
  read_events();
  if (!answer) return guest_shut_down_ ? PowerState::shutdown : PowerState::crashed;
  return power_of(text_in(member(parse_json(*answer), "status")));
}

Status VirtualMachine::pause() { return execute("stop"); }
Status VirtualMachine::resume() { return execute("cont"); }
Status VirtualMachine::reboot() { return execute("system_reset"); }

bool VirtualMachine::wait_for_end(Duration timeout) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(timeout.ns);
  while (process_of(directory_) != 0) {
    read_events();
    if (std::chrono::steady_clock::now() >= until) return false;
    sleep_for(milliseconds(5));
  }
  read_events();
  return true;
}

Status VirtualMachine::shut_down(Duration grace, bool& by_guest) {
  by_guest = false;
  // A paused guest cannot obey.
  if (power() == PowerState::paused) (void)resume();
  // A guest that is still booting misses the button, so it is pressed again.
  for (Duration waited; waited < grace; waited += kPressAgainAfter) {
    if (!execute("system_powerdown").ok() && process_of(directory_) != 0) break;
    if (wait_for_end(std::min(kPressAgainAfter, grace - waited))) {
      by_guest = guest_shut_down_;
      return Status::success();
    }
  }
  return kill();
}

Status VirtualMachine::kill() {
  (void)execute("quit");
  if (wait_for_end(seconds(2))) return Status::success();
  if (const int pid = process_of(directory_); pid != 0) ::kill(pid, SIGKILL);
  if (wait_for_end(seconds(5))) return Status::success();
  return {StatusCode::unavailable, "the machine in " + directory_ + " cannot be killed"};
}

Status VirtualMachine::run_job(std::string_view command, const std::string& arguments,
                               const std::string& job) {
  const Status begun = execute(command, arguments);
  if (!begun.ok()) return begun;
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (std::chrono::steady_clock::now() < until) {
    const Expected<std::string> answer = session_->execute("query-jobs");
    if (!answer) return answer.error();
    const json::value jobs = parse_json(*answer);
    for (const json::value& entry : elements(jobs)) {
      if (text_in(member(entry, "id")) != job) continue;
      if (text_in(member(entry, "status")) != "concluded") continue;
      const std::string why = text_in(member(entry, "error"));
      (void)execute("job-dismiss", R"({"id":")" + job + R"("})");
      if (why.empty()) return Status::success();
      return Status::invalid(std::string(command) + ": " + why);
    }
    sleep_for(milliseconds(5));
  }
  return {StatusCode::unavailable, std::string(command) + ": not done after 2 minutes"};
}

Status VirtualMachine::snapshot(const std::string& name) {
  if (!is_snapshot_name(name)) {
    return Status::invalid("snapshot name \"" + name + "\"; allowed: letters, digits, - and .");
  }
  const std::string job = "save" + std::to_string(jobs_++);
  return run_job(
      "snapshot-save",
      R"({"job-id":")" + job + R"(","tag":")" + name + R"(","vmstate":"disk","devices":["disk"]})",
      job);
}

Status VirtualMachine::restore(const std::string& name) {
  if (!is_snapshot_name(name)) {
    return Status::invalid("snapshot name \"" + name + "\"; allowed: letters, digits, - and .");
  }
  const bool ran = power() == PowerState::running;
  const Status paused = pause();
  if (!paused.ok()) return paused;
  const std::string job = "load" + std::to_string(jobs_++);
  const Status loaded = run_job(
      "snapshot-load",
      R"({"job-id":")" + job + R"(","tag":")" + name + R"(","vmstate":"disk","devices":["disk"]})",
      job);
  if (ran) {
    const Status resumed = resume();
    if (loaded.ok()) return resumed;
  }
  return loaded;
}

Status VirtualMachine::delete_snapshot(const std::string& name) {
  if (!is_snapshot_name(name)) return Status::invalid("snapshot name \"" + name + "\"");
  const std::string job = "delete" + std::to_string(jobs_++);
  return run_job("snapshot-delete",
                 R"({"job-id":")" + job + R"(","tag":")" + name + R"(","devices":["disk"]})", job);
}

bool VirtualMachine::accelerated() {
  const Expected<std::string> answer = session_->execute("query-kvm");
  const json::value state = answer ? parse_json(*answer) : json::value();
  const bool* enabled = member(state, "enabled").if_bool();
  return enabled != nullptr && *enabled;
}

Expected<std::int32_t> VirtualMachine::cpus() {
  const Expected<std::string> answer = session_->execute("query-cpus-fast");
  if (!answer) return answer.error();
  return static_cast<std::int32_t>(elements(parse_json(*answer)).size());
}

Status VirtualMachine::set_cpus(std::int32_t count) {
  const Expected<std::string> answer = session_->execute("query-hotpluggable-cpus");
  if (!answer) return answer.error();
  const json::value slots = parse_json(*answer);
  std::vector<const json::value*> free;
  std::vector<std::string> plugged;  // ours, by their names
  std::int32_t present = 0;
  for (const json::value& slot : elements(slots)) {
    const std::string path = text_in(member(slot, "qom-path"));
    if (path.empty()) {
      free.push_back(&slot);
      continue;
    }
    ++present;
    if (path.find("/peripheral/cpu") != std::string::npos) {
      plugged.push_back(path.substr(path.rfind('/') + 1));
    }
  }
  const auto most = present + static_cast<std::int32_t>(free.size());
  const auto least = present - static_cast<std::int32_t>(plugged.size());
  if (count < least || count > most) {
    return Status::invalid("cpus: " + std::to_string(count) +
                           "; allowed: " + std::to_string(least) + ".." + std::to_string(most));
  }
  if (count < present && !accelerated()) {
    return Status::invalid("cpus: " + std::to_string(count) + " is less than the " +
                           std::to_string(present) +
                           " there are; without KVM they stay until the machine is started anew");
  }
  const auto place = [](const json::value& slot) {
    const json::value& props = member(slot, "props");
    return std::pair(number_in(member(props, "socket-id")), number_in(member(props, "core-id")));
  };
  std::sort(free.begin(), free.end(), [&](auto* a, auto* b) { return place(*a) < place(*b); });
  for (std::size_t next = 0; present < count; ++next, ++present) {
    const json::value& props = member(*free[next], "props");
    json::object arguments = props.is_object() ? props.get_object() : json::object();
    arguments["driver"] = text_in(member(*free[next], "type"));
    arguments["id"] = "cpu" + std::to_string(present);
    const Status added = execute("device_add", json::serialize(arguments));
    if (!added.ok()) return added;
  }
  std::sort(plugged.begin(), plugged.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), a) > std::pair(b.size(), b);
  });
  for (std::size_t next = 0; present > count; ++next, --present) {
    const Status removed = execute("device_del", R"({"id":")" + plugged[next] + R"("})");
    if (!removed.ok()) return removed;
  }
  return Status::success();
}

Expected<std::int64_t> VirtualMachine::memory() {
  const Expected<std::string> answer = session_->execute("query-memory-size-summary");
  if (!answer) return answer.error();
  const json::value summary = parse_json(*answer);
  return number_in(member(summary, "base-memory")) + number_in(member(summary, "plugged-memory"));
}

Status VirtualMachine::plug_dimm(std::int64_t bytes, std::size_t number) {
  const std::string suffix = std::to_string(number);
  const Status made =
      execute("object-add", R"({"qom-type":"memory-backend-ram","id":"memory)" + suffix +
                                R"(","size":)" + std::to_string(bytes) + "}");
  if (!made.ok()) return made;
  const Status added = execute("device_add", R"({"driver":"pc-dimm","id":"dimm)" + suffix +
                                                 R"(","memdev":"memory)" + suffix + R"("})");
  if (!added.ok()) (void)execute("object-del", R"({"id":"memory)" + suffix + R"("})");
  return added;
}

Status VirtualMachine::set_memory(std::int64_t bytes) {
  const Expected<std::int64_t> present = memory();
  if (!present) return present.error();
  const Expected<std::string> answer = session_->execute("query-memory-devices");
  if (!answer) return answer.error();
  std::int64_t missing = (bytes - *present) / kMebibyte;
  if ((bytes - *present) % (128 * kMebibyte) != 0) {
    return Status::invalid("memory: the change must be a multiple of 128 MiB, not " +
                           std::to_string(missing) + " MiB");
  }
  const json::value devices = parse_json(*answer);
  std::vector<std::pair<std::int64_t, std::string>> dimms;
  std::size_t next = 0;
  for (const json::value& device : elements(devices)) {
    const json::value& data = member(device, "data");
    const std::string id = text_in(member(data, "id"));
    if (!id.starts_with("dimm")) continue;
    dimms.emplace_back(number_in(member(data, "size")) / kMebibyte, id);
    next = std::max(next, static_cast<std::size_t>(std::atoi(id.c_str() + 4)) + 1);
  }
  for (const std::int64_t size : kDimmMebibytes) {
    while (missing >= size) {
      const Status added = plug_dimm(size * kMebibyte, next++);
      if (!added.ok()) return added;
      missing -= size;
    }
  }
  std::sort(dimms.rbegin(), dimms.rend());
  for (const auto& [size, id] : dimms) {
    if (missing > -size) continue;
    const Status removed = execute("device_del", R"({"id":")" + id + R"("})");
    if (!removed.ok()) return removed;
    missing += size;
  }
  if (missing == 0) return Status::success();
  return Status::invalid("memory: " + std::to_string(-missing) +
                         " MiB less cannot be had: no DIMMs of that size are plugged in");
}

}  // namespace arcas::agent
