#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "agent/runtime/background.h"
#include "agent/runtime/container_pod.h"
#include "agent/runtime/machine_pod.h"
#include "agent/runtime/pod_task.h"
#include "core/ports/node_runtime.h"

namespace arcas::agent {

struct NodeRuntimesConfig {
  std::string directory;  ///< the agent's own, absolute; made if it is not there
  std::string control_group = "/arcas";
  std::string node_name;
  std::string node_address;
  std::int64_t memory_capacity_bytes = 0;
  std::string cri_socket;  ///< empty: this node runs no containers
  std::string cri_handler;
  bool machines = true;                        ///< this node runs virtual machines
  Accelerator accelerator = Accelerator::tcg;  ///< see probe_accelerator
  VolumePolicy volumes;
  Duration poll = milliseconds(200);  ///< how often containers and machines are looked at
};

/// What the runtimes need to know of the cluster, and whom they tell.
struct NodeRuntimesPeers {
  /// The pod's API object as JSON text. Called on the loop.
  std::function<Expected<std::string>(Uid)> document;
  ObjectSource objects;
  std::function<void(ActorId, const ports::RuntimeEvent&)> deliver;
};

/// The NodeRuntime port on real runtimes: containers on a CRI server, virtual machines on QEMU, by
/// what the pod is. A runtime that is away, or hangs, holds up its own pods alone.
///
/// Lives on the loop; nothing here blocks it. Nothing needs to be saved: what runs is found again
/// by the pod's uid when the role starts it anew.
class NodeRuntimes final : public ports::NodeRuntime {
 public:
  NodeRuntimes(NodeRuntimesConfig config, Executor executor, NodeRuntimesPeers peers);
  ~NodeRuntimes() override;

  void start(ActorId self, Uid pod, SpecId spec) override;
  void stop(ActorId self, Uid pod, Duration grace) override;

  /// Arktos's conditions ContainerRuntimeReady and VmRuntimeReady; the error says what is amiss.
  [[nodiscard]] Status container_runtime_ready() const { return containers_ready_; }
  [[nodiscard]] Status machine_runtime_ready() const;

  [[nodiscard]] PodReport report(Uid pod) const;
  /// Null when the pod is not here or not of that kind.
  [[nodiscard]] ContainerPod* containers_of(Uid pod) const;
  [[nodiscard]] MachinePod* machine_of(Uid pod) const;

  /// Removes what an earlier agent left and the role has not claimed by now.
  void remove_unclaimed();

 private:
  struct Entry {
    std::shared_ptr<PodTask> task;
    std::shared_ptr<ContainerPod> containers;
    std::shared_ptr<MachinePod> machine;
    std::string uid;  // as the API writes it
  };

  Status take_up(ActorId self, Uid pod);
  void on_event(ActorId self, Uid pod, ports::RuntimeEvent::Type type);
  void poll();

  NodeRuntimesConfig config_;
  NodeRuntimesPeers peers_;
  std::shared_ptr<ContainerRuntime> runtime_;  // null without a socket
  PodContext context_;
  Status containers_ready_;
  std::map<Uid, Entry> pods_;
  bool polling_ = false;
  std::unique_ptr<Background> background_;  // last: its end waits for what uses the rest
};

}  // namespace arcas::agent
