#include "agent/runtime/node_runtimes.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <set>

namespace arcas::agent {

using Event = ports::RuntimeEvent::Type;

NodeRuntimes::NodeRuntimes(NodeRuntimesConfig config, Executor executor, NodeRuntimesPeers peers)
    : config_(std::move(config)),
      peers_(std::move(peers)),
      background_(std::make_unique<Background>(std::move(executor))) {
  if (config_.cri_socket.empty()) {
    containers_ready_ = {StatusCode::unavailable, "this node has no container runtime"};
  } else {
    runtime_ = std::make_shared<ContainerRuntime>(config_.cri_socket, config_.cri_handler);
  }
  context_.background = background_.get();
  context_.directory = config_.directory;
  context_.control_group = config_.control_group;
  context_.node_name = config_.node_name;
  context_.node_address = config_.node_address;
  context_.objects = peers_.objects;
  context_.volumes = config_.volumes;
  poll();
}

NodeRuntimes::~NodeRuntimes() { background_.reset(); }

Status NodeRuntimes::machine_runtime_ready() const {
  if (config_.machines) return Status::success();
  return {StatusCode::unavailable, "this node has no runtime for virtual machines"};
}

Status NodeRuntimes::take_up(ActorId self, Uid pod) {
  const Expected<std::string> text = peers_.document(pod);
  if (!text) return text.error();
  boost::system::error_code fault;
  const boost::json::value document = boost::json::parse(*text, fault);
  if (fault) return Status::invalid("the pod's document is no JSON: " + fault.message());
  Expected<PodDocument> decoded = decode_pod_document(document, config_.memory_capacity_bytes);
  if (!decoded) return decoded.error();
  const auto notify = [this, self, pod](Event type) { on_event(self, pod, type); };
  Entry entry;
  entry.uid = decoded->uid;
  if (decoded->machine) {
    if (!config_.machines) return machine_runtime_ready();
    entry.machine = std::make_shared<MachinePod>(context_, std::move(decoded).value(),
                                                 config_.accelerator, notify);
    entry.task = entry.machine;
  } else {
    if (!runtime_) return containers_ready_;
    entry.containers =
        std::make_shared<ContainerPod>(context_, runtime_, std::move(decoded).value(), notify);
    entry.task = entry.containers;
  }
  pods_[pod] = std::move(entry);
  return Status::success();
}

void NodeRuntimes::start(ActorId self, Uid pod, SpecId /*spec*/) {
  if (pods_.contains(pod)) return;
  const Status taken = take_up(self, pod);
  if (taken.ok()) return pods_[pod].task->start();
  background_->after({}, [this, self, pod] { peers_.deliver(self, {Event::failed, pod}); });
}

void NodeRuntimes::stop(ActorId self, Uid pod, Duration grace) {
  // One that an earlier agent started is taken up only to be stopped.
  if (!pods_.contains(pod) && !take_up(self, pod).ok()) {
    background_->after({}, [this, self, pod] { peers_.deliver(self, {Event::stopped, pod}); });
    return;
  }
  pods_[pod].task->stop(grace);
}

void NodeRuntimes::on_event(ActorId self, Uid pod, Event type) {
  // The task may be the caller, so it goes only afterwards.
  if (type == Event::stopped) {
    background_->after({}, [this, pod, keep = pods_[pod].task] { pods_.erase(pod); });
  }
  background_->after({}, [this, self, pod, type] { peers_.deliver(self, {type, pod}); });
}

void NodeRuntimes::poll() {
  for (const auto& [pod, entry] : pods_) {
    if (entry.machine) entry.machine->observe();
  }
  if (runtime_ && !std::exchange(polling_, true)) {
    struct Lists {
      Status status;
      std::map<std::string, ContainerState> containers;
      std::set<std::string> ready_sandboxes;
    };
    const auto look = [runtime = runtime_] {
      Lists lists;
      const Expected<std::vector<ContainerSummary>> containers = runtime->containers();
      const Expected<std::vector<SandboxSummary>> sandboxes = runtime->sandboxes();
      if (!containers) lists.status = containers.error();
      if (!sandboxes) lists.status = sandboxes.error();
      if (!lists.status.ok()) return lists;
      for (const ContainerSummary& item : *containers) lists.containers[item.id] = item.state;
      for (const SandboxSummary& item : *sandboxes) {
        if (item.ready) lists.ready_sandboxes.insert(item.id);
      }
      return lists;
    };
    background_->run(look, [this](const Lists& lists) {
      polling_ = false;
      containers_ready_ = lists.status;
      if (!lists.status.ok()) return;
      for (const auto& [pod, entry] : pods_) {
        if (entry.containers) entry.containers->observe(lists.containers, lists.ready_sandboxes);
      }
    });
  }
  background_->after(config_.poll, [this] { poll(); });
}

PodReport NodeRuntimes::report(Uid pod) const {
  const auto found = pods_.find(pod);
  return found == pods_.end() ? PodReport{} : found->second.task->report();
}

ContainerPod* NodeRuntimes::containers_of(Uid pod) const {
  const auto found = pods_.find(pod);
  return found == pods_.end() ? nullptr : found->second.containers.get();
}

MachinePod* NodeRuntimes::machine_of(Uid pod) const {
  const auto found = pods_.find(pod);
  return found == pods_.end() ? nullptr : found->second.machine.get();
}

void NodeRuntimes::remove_unclaimed() {
  if (!runtime_) return;
  background_->run([runtime = runtime_] { return runtime->sandboxes(); },
                   [this](Expected<std::vector<SandboxSummary>> sandboxes) {
                     if (!sandboxes)
                       return background_->after(seconds(1), [this] { remove_unclaimed(); });
                     std::set<std::string> claimed;
                     for (const auto& [pod, entry] : pods_) claimed.insert(entry.uid);
                     for (const SandboxSummary& sandbox : *sandboxes) {
                       if (claimed.contains(sandbox.pod_uid)) continue;
                       background_->run([runtime = runtime_,
                                         id = sandbox.id] { return runtime->remove_sandbox(id); },
                                        [](Status) {});
                     }
                   });
}

}  // namespace arcas::agent
