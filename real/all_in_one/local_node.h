#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/runtime/node_runtimes.h"
#include "core/roles/node_agent.h"
#include "real/all_in_one/pod_logs.h"
#include "real/all_in_one/pod_objects.h"
#include "real/api/api.h"
#include "real/control/control_plane.h"

namespace arcas::real {

struct StreamOptions;

/// The machine that the control plane runs on as a node of it.
struct LocalNodeOptions {
  std::string name;
  std::string directory;          ///< the agent's own, absolute: volumes, logs, machines, images
  std::string containerd_socket;  ///< empty: it runs no containers
  bool machines = false;          ///< it runs virtual machines
  std::vector<std::string> host_paths;  ///< that pods may mount
  std::string address = "127.0.0.1";
};

/// The core's node agent on real runtimes (containerd, QEMU) in the process of the control plane.
/// It adds to the status of its pods what only the runtimes know.
class LocalNode {
 public:
  LocalNode(LocalAgents place, LocalNodeOptions options);
  ~LocalNode();

  void start();
  void stop();

  /// Answers with a container's log or a machine's console. `pod` is bound to this node. An error
  /// says why there is none, and then nothing has been answered.
  Status log(const Document& pod, PodLogOptions options, const std::shared_ptr<ApiReply>& reply);
  /// The socket of a machine's console. Error, code not_found: the pod is no machine here.
  [[nodiscard]] Expected<std::string> console(const Document& pod) const;
  /// The runtime's URL for a stream ("exec", "attach", "portforward") of a pod of containers.
  /// Later, on the loop. Errors say what is missing: the container, or that it does not run.
  void stream_url(const Document& pod, const std::string& subresource, const StreamOptions& options,
                  const std::function<void(const Expected<std::string>&)>& done);
  [[nodiscard]] const std::string& name() const { return options_.name; }

 private:
  struct LogFile {
    std::string path;
    bool plain = false;
  };
  [[nodiscard]] model::Node machine() const;
  [[nodiscard]] agent::Executor executor();
  Expected<std::string> pod_text(Uid pod);
  void look();
  void write_status(Uid pod);
  [[nodiscard]] Expected<LogFile> log_file(const Document& pod, const PodLogOptions& options) const;
  static bool copy_log(PodLogReader& reader, ApiReply& reply);
  void follow_log(std::shared_ptr<PodLogReader> reader, Uid pod, std::shared_ptr<ApiReply> reply);

  LocalAgents place_;
  LocalNodeOptions options_;
  PodObjects objects_;
  std::map<Uid, bool> pods_;  // taken up here; true while a write of its status is under way
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::unique_ptr<agent::NodeRuntimes> runtimes_;
  roles::NodeAgentContext shared_;
  std::optional<roles::NodeAgent> agent_;
  ActorId id_;
};

}  // namespace arcas::real
