#pragma once

#include <map>
#include <set>
#include <vector>

#include "agent/cri/container_runtime.h"
#include "agent/runtime/pod_task.h"
#include "core/node/pod_lifecycle.h"

namespace arcas::agent {

/// A pod of containers: node::PodLifecycle decides, the CRI server does. What runs already under
/// the pod's uid is adopted. Calls that block run in the background.
class ContainerPod final : public PodTask, public std::enable_shared_from_this<ContainerPod> {
 public:
  ContainerPod(PodContext& context, std::shared_ptr<ContainerRuntime> runtime, PodDocument document,
               Notify notify);

  void start() override;
  void stop(Duration grace) override;
  [[nodiscard]] PodReport report() const override;

  /// What the server's lists say of all containers and of the sandboxes that are ready, from time
  /// to time. A sandbox that is missing twice in a row is lost, and the pod is set up anew.
  void observe(const std::map<std::string, ContainerState>& states,
               const std::set<std::string>& ready_sandboxes);
  /// Changes what a running container may use, without a restart.
  void resize(const std::string& container, const CgroupResources& resources,
              std::function<void(Status)> done);
  /// Runs a command in a container and gives its output.
  void exec(const std::string& container, std::vector<std::string> command, Duration timeout,
            std::function<void(Expected<ExecResult>)> done);

  using GiveUrl = std::function<void(const Expected<std::string>&)>;
  /// URLs of the CRI server's streaming end, later. Errors, code invalid: the container, or the
  /// pod, does not run.
  void exec_url(const std::string& container, const std::vector<std::string>& command,
                const ContainerRuntime::Streams& streams, const GiveUrl& done);
  void attach_url(const std::string& container, const ContainerRuntime::Streams& streams,
                  const GiveUrl& done);
  void port_forward_url(const std::vector<std::int32_t>& ports, const GiveUrl& done);

 private:
  struct Slot {
    std::string id;
    std::string image_id;
    std::string reason;
    std::string message;
    std::int32_t exit_code = 0;
    ContainerState state = ContainerState::created;
    bool asking = false;  // its status is being asked for
    std::optional<ContainerExit> last_exit;
    std::optional<node::ProbeKind> failed_probe;  // since the last start
    CgroupResources resources;
  };
  /// What there is of the pod when the agent takes it up.
  struct Found {
    Status status;
    std::string sandbox;
    std::string address;
    struct Run {
      std::size_t container = 0;
      std::uint32_t attempt = 0;
      std::string id;
      ContainerStatus status;
    };
    std::vector<Run> runs;
  };

  Found set_up();
  Status find_runs(Found& found);
  void on_set_up(Found found);
  void sync();
  void perform(const node::LifecycleEffect& effect);
  void start_container(std::size_t index, std::uint32_t attempt);
  void stop_container(std::size_t index, Duration grace);
  void run_probe(std::size_t index, node::ProbeKind kind, Duration timeout);
  void ask_for_status(std::size_t index);
  void on_ended(std::size_t index, const ContainerStatus& status);
  void begin_anew();
  void tear_down();
  Status remove_everything();
  /// The id of a container that runs.
  [[nodiscard]] Expected<std::string> running_id(const std::string& container) const;
  [[nodiscard]] std::size_t index_of(const std::string& container) const;
  [[nodiscard]] SandboxConfig sandbox_config() const;
  [[nodiscard]] PodFacts facts(const std::string& address) const;
  void tell_ready(bool ready);
  void refresh_volumes();

  PodContext& context_;
  std::shared_ptr<ContainerRuntime> runtime_;
  PodDocument document_;
  Notify notify_;
  PodVolumes volumes_;
  node::PodLifecycle life_;
  std::vector<Slot> slots_;
  std::string sandbox_;
  std::string address_;
  std::string reason_;
  std::string message_;
  std::uint32_t set_up_attempts_ = 0;
  bool set_up_done_ = false;
  bool setting_up_ = false;
  bool stopping_ = false;
  bool tearing_down_ = false;
  bool told_started_ = false;
  std::optional<bool> ready_;  // since it runs
  TimePoint refreshed_;        // its volumes
  bool refreshing_ = false;
  bool sandbox_missing_ = false;  // when last looked
  TimePoint tick_at_ = TimePoint::max();
};

}  // namespace arcas::agent
