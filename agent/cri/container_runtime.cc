#include "agent/cri/container_runtime.h"

#include <algorithm>
#include <tuple>

#include "agent/cri/messages.h"
#include "agent/cri/runtime.pb.h"

namespace arcas::agent {

namespace v1 = ::runtime::v1;

namespace {

constexpr Duration kQuick = seconds(10);  // look-ups
constexpr Duration kSlow = minutes(2);    // what starts or stops processes
constexpr Duration kPull = minutes(15);   // source: kubelet's largest image-pull deadline class

/// What is to be removed may be gone already.
Status gone_is_fine(Status status) {
  return status.code == StatusCode::not_found ? Status::success() : std::move(status);
}

std::string label_of(const google::protobuf::Map<std::string, std::string>& labels,
                     const char* name) {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string() : found->second;
}

ContainerState state_of(v1::ContainerState state) {
  switch (state) {
    case v1::CONTAINER_CREATED:
      return ContainerState::created;
    case v1::CONTAINER_RUNNING:
      return ContainerState::running;
    case v1::CONTAINER_EXITED:
      return ContainerState::exited;
    default:
      return ContainerState::unknown;
  }
}

}  // namespace

ContainerRuntime::ContainerRuntime(std::string socket_path, std::string handler)
    : channel_(std::move(socket_path)), handler_(std::move(handler)) {}

Expected<std::string> ContainerRuntime::version() {
  v1::VersionRequest request;
  v1::VersionResponse response;
  Status status = channel_.call("RuntimeService/Version", request, response, kQuick);
  if (!status.ok()) return status;
  return response.runtime_name() + " " + response.runtime_version();
}

Status ContainerRuntime::ready() {
  v1::StatusRequest request;
  v1::StatusResponse response;
  Status status = channel_.call("RuntimeService/Status", request, response, kQuick);
  if (!status.ok()) return status;
  for (const char* wanted : {"RuntimeReady", "NetworkReady"}) {
    const auto& conditions = response.status().conditions();
    const auto found = std::find_if(conditions.begin(), conditions.end(),
                                    [&](const auto& item) { return item.type() == wanted; });
    if (found == conditions.end()) {
      return {StatusCode::unavailable, std::string("the runtime does not report ") + wanted};
    }
    if (!found->status()) {
      return {StatusCode::unavailable, std::string(wanted) + " is false: " + found->message()};
    }
  }
  return Status::success();
}

Expected<std::string> ContainerRuntime::ensure_image(const std::string& image, PullPolicy policy) {
  if (image.empty() || image.find_first_of(" \t\n\"'\\") != std::string::npos) {
    return Status::invalid("InvalidImageName: \"" + image + "\" is no image reference");
  }
  if (policy != PullPolicy::always) {
    v1::ImageStatusRequest request;
    v1::ImageStatusResponse response;
    request.mutable_image()->set_image(image);
    Status status = channel_.call("ImageService/ImageStatus", request, response, kQuick);
    if (!status.ok()) {
      status.message = "InvalidImageName: \"" + image + "\": " + status.message;
      return status;
    }
    if (response.has_image()) return response.image().id();
    if (policy == PullPolicy::never) {
      return Status::not_found("ErrImageNeverPull: image \"" + image +
                               "\" is not on this node and imagePullPolicy is Never");
    }
  }
  v1::PullImageRequest request;
  v1::PullImageResponse response;
  request.mutable_image()->set_image(image);
  Status status = channel_.call("ImageService/PullImage", request, response, kPull);
  if (!status.ok()) {
    status.message = "ErrImagePull: image \"" + image + "\": " + status.message;
    return status;
  }
  return response.image_ref();
}

Expected<std::string> ContainerRuntime::run_sandbox(const SandboxConfig& config) {
  v1::RunPodSandboxRequest request;
  v1::RunPodSandboxResponse response;
  write(config, *request.mutable_config());
  request.set_runtime_handler(handler_);
  Status status = channel_.call("RuntimeService/RunPodSandbox", request, response, kSlow);
  if (!status.ok()) {
    status.message =
        "sandbox of pod " + config.name_space + "/" + config.name + ": " + status.message;
    return status;
  }
  return response.pod_sandbox_id();
}

Expected<std::string> ContainerRuntime::sandbox_address(const std::string& sandbox_id) {
  v1::PodSandboxStatusRequest request;
  v1::PodSandboxStatusResponse response;
  request.set_pod_sandbox_id(sandbox_id);
  Status status = channel_.call("RuntimeService/PodSandboxStatus", request, response, kQuick);
  if (!status.ok()) return status;
  return response.status().network().ip();
}

Status ContainerRuntime::remove_sandbox(const std::string& sandbox_id) {
  v1::Empty nothing;
  v1::StopPodSandboxRequest stop;
  stop.set_pod_sandbox_id(sandbox_id);
  Status status =
      gone_is_fine(channel_.call("RuntimeService/StopPodSandbox", stop, nothing, kSlow));
  if (!status.ok()) return status;
  v1::RemovePodSandboxRequest remove;
  remove.set_pod_sandbox_id(sandbox_id);
  return gone_is_fine(channel_.call("RuntimeService/RemovePodSandbox", remove, nothing, kSlow));
}

Expected<std::string> ContainerRuntime::create_container(const std::string& sandbox_id,
                                                         const SandboxConfig& sandbox,
                                                         const ContainerConfig& config) {
  v1::CreateContainerRequest request;
  v1::CreateContainerResponse response;
  request.set_pod_sandbox_id(sandbox_id);
  write(sandbox, *request.mutable_sandbox_config());
  write(config, sandbox, *request.mutable_config());
  Status status = channel_.call("RuntimeService/CreateContainer", request, response, kSlow);
  if (!status.ok()) {
    status.message = "CreateContainerError: container \"" + config.name + "\": " + status.message;
    return status;
  }
  return response.container_id();
}

Status ContainerRuntime::start_container(const std::string& container_id) {
  v1::StartContainerRequest request;
  v1::Empty nothing;
  request.set_container_id(container_id);
  Status status = channel_.call("RuntimeService/StartContainer", request, nothing, kSlow);
  if (!status.ok()) status.message = "RunContainerError: " + status.message;
  return status;
}

Status ContainerRuntime::stop_container(const std::string& container_id, Duration grace) {
  v1::StopContainerRequest request;
  v1::Empty nothing;
  request.set_container_id(container_id);
  request.set_timeout((grace.ns + 999'999'999) / 1'000'000'000);
  return gone_is_fine(
      channel_.call("RuntimeService/StopContainer", request, nothing, grace + kSlow));
}

Status ContainerRuntime::remove_container(const std::string& container_id) {
  v1::RemoveContainerRequest request;
  v1::Empty nothing;
  request.set_container_id(container_id);
  return gone_is_fine(channel_.call("RuntimeService/RemoveContainer", request, nothing, kSlow));
}

Expected<ContainerStatus> ContainerRuntime::container_status(const std::string& container_id) {
  v1::ContainerStatusRequest request;
  v1::ContainerStatusResponse response;
  request.set_container_id(container_id);
  Status status = channel_.call("RuntimeService/ContainerStatus", request, response, kQuick);
  if (!status.ok()) return status;
  const v1::ContainerStatus& from = response.status();
  ContainerStatus result;
  result.state = state_of(from.state());
  result.created_at_ns = from.created_at();
  result.started_at_ns = from.started_at();
  result.finished_at_ns = from.finished_at();
  result.exit_code = from.exit_code();
  result.reason = from.reason();
  result.message = from.message();
  result.image_id = from.image_ref();
  result.log_path = from.log_path();
  result.resources = read(from.resources().linux());
  return result;
}

Expected<ContainerStats> ContainerRuntime::container_stats(const std::string& container_id) {
  v1::ContainerStatsRequest request;
  v1::ContainerStatsResponse response;
  request.set_container_id(container_id);
  Status status = channel_.call("RuntimeService/ContainerStats", request, response, kQuick);
  if (!status.ok()) return status;
  const v1::ContainerStats& from = response.stats();
  return ContainerStats{from.cpu().timestamp(), from.cpu().usage_core_nano_seconds().value(),
                        from.memory().working_set_bytes().value(),
                        from.writable_layer().used_bytes().value()};
}

Status ContainerRuntime::update_resources(const std::string& container_id,
                                          const CgroupResources& resources) {
  v1::UpdateContainerResourcesRequest request;
  v1::Empty nothing;
  request.set_container_id(container_id);
  write(resources, *request.mutable_linux());
  return channel_.call("RuntimeService/UpdateContainerResources", request, nothing, kSlow);
}

Status ContainerRuntime::reopen_log(const std::string& container_id) {
  v1::ReopenContainerLogRequest request;
  v1::Empty nothing;
  request.set_container_id(container_id);
  return channel_.call("RuntimeService/ReopenContainerLog", request, nothing, kQuick);
}

Expected<ExecResult> ContainerRuntime::exec(const std::string& container_id,
                                            const std::vector<std::string>& command,
                                            Duration timeout) {
  v1::ExecSyncRequest request;
  v1::ExecSyncResponse response;
  request.set_container_id(container_id);
  for (const std::string& word : command) request.add_cmd(word);
  request.set_timeout(std::max<std::int64_t>(1, timeout.ns / 1'000'000'000));
  Status status = channel_.call("RuntimeService/ExecSync", request, response, timeout + seconds(5));
  if (!status.ok()) return status;
  return ExecResult{response.stdout(), response.stderr(), response.exit_code()};
}

Expected<std::vector<SandboxSummary>> ContainerRuntime::sandboxes(const std::string& pod_uid) {
  v1::ListPodSandboxRequest request;
  v1::ListPodSandboxResponse response;
  if (!pod_uid.empty()) {
    (*request.mutable_filter()->mutable_label_selector())[kPodUidLabel] = pod_uid;
  }
  Status status = channel_.call("RuntimeService/ListPodSandbox", request, response, kQuick);
  if (!status.ok()) return status;
  auto& items = *response.mutable_items();
  std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
    return std::make_tuple(a.created_at(), a.id()) < std::make_tuple(b.created_at(), b.id());
  });
  std::vector<SandboxSummary> result;
  for (const v1::PodSandbox& item : items) {
    const std::string uid = label_of(item.labels(), kPodUidLabel);
    if (uid.empty()) continue;
    result.push_back({item.id(), uid, item.metadata().name(), item.metadata().namespace_(),
                      item.metadata().attempt(), item.state() == v1::SANDBOX_READY});
  }
  return result;
}

Expected<std::vector<ContainerSummary>> ContainerRuntime::containers(const std::string& pod_uid) {
  v1::ListContainersRequest request;
  v1::ListContainersResponse response;
  if (!pod_uid.empty()) {
    (*request.mutable_filter()->mutable_label_selector())[kPodUidLabel] = pod_uid;
  }
  Status status = channel_.call("RuntimeService/ListContainers", request, response, kQuick);
  if (!status.ok()) return status;
  auto& items = *response.mutable_containers();
  std::sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
    return std::make_tuple(a.created_at(), a.id()) < std::make_tuple(b.created_at(), b.id());
  });
  std::vector<ContainerSummary> result;
  for (const v1::Container& item : items) {
    const std::string uid = label_of(item.labels(), kPodUidLabel);
    if (uid.empty()) continue;
    result.push_back({item.id(), item.pod_sandbox_id(), uid, item.metadata().name(),
                      item.metadata().attempt(), state_of(item.state())});
  }
  return result;
}

Expected<std::string> ContainerRuntime::exec_url(const std::string& container_id,
                                                 const std::vector<std::string>& command,
                                                 const Streams& streams) {
  v1::ExecRequest request;
  v1::StreamUrl response;
  request.set_container_id(container_id);
  for (const std::string& word : command) request.add_cmd(word);
  request.set_tty(streams.terminal);
  request.set_stdin(streams.input);
  request.set_stdout(streams.output);
  request.set_stderr(streams.errors && !streams.terminal);
  Status status = channel_.call("RuntimeService/Exec", request, response, kQuick);
  if (!status.ok()) return status;
  return response.url();
}

Expected<std::string> ContainerRuntime::attach_url(const std::string& container_id,
                                                   const Streams& streams) {
  v1::AttachRequest request;
  v1::StreamUrl response;
  request.set_container_id(container_id);
  request.set_tty(streams.terminal);
  request.set_stdin(streams.input);
  request.set_stdout(streams.output);
  request.set_stderr(streams.errors && !streams.terminal);
  Status status = channel_.call("RuntimeService/Attach", request, response, kQuick);
  if (!status.ok()) return status;
  return response.url();
}

Expected<std::string> ContainerRuntime::port_forward_url(const std::string& sandbox_id,
                                                         const std::vector<std::int32_t>& ports) {
  v1::PortForwardRequest request;
  v1::StreamUrl response;
  request.set_pod_sandbox_id(sandbox_id);
  for (const std::int32_t port : ports) request.add_port(port);
  Status status = channel_.call("RuntimeService/PortForward", request, response, kQuick);
  if (!status.ok()) return status;
  return response.url();
}

}  // namespace arcas::agent
