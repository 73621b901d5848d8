#include "real/all_in_one/local_node.h"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <filesystem>
#include <thread>
#include <utility>

#include "real/all_in_one/pod_status.h"
#include "real/all_in_one/stream_requests.h"
#include "real/api/object_text.h"
#include "real/control/object_uid.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr Duration kLook = milliseconds(300);
constexpr Duration kFollow = milliseconds(200);
constexpr std::int64_t kPods = 110;

std::int64_t memory_bytes() {
  return static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
}

bool contains_container(const json::object& pod, std::string_view name) {
  for (const char* list : {"spec.containers", "spec.initContainers"}) {
    const json::value* containers = value_at(pod, list);
    if (containers == nullptr || !containers->is_array()) continue;
    for (const json::value& entry : containers->get_array()) {
      if (entry.is_object() && text_at(entry.get_object(), "name") == name) return true;
    }
  }
  return false;
}

/// The one that a request names, or the first. Error: the pod has none of that name.
Expected<std::string> chosen_container(const json::object& pod, std::string_view name,
                                       const std::string& named) {
  std::string container = named;
  if (container.empty()) {
    const json::value* containers = value_at(pod, "spec.containers");
    const bool any = containers != nullptr && containers->is_array() &&
                     !containers->get_array().empty() && containers->get_array()[0].is_object();
    if (any) container = text_at(containers->get_array()[0].get_object(), "name");
  }
  if (contains_container(pod, container)) return container;
  return Status::invalid("container " + container + " is not valid for pod " + std::string(name));
}

/// The files "0.log", "1.log"… of a container's runs: the last, or the one before it.
std::optional<std::string> run_log(const std::string& folder, bool previous) {
  std::vector<int> runs;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename();
    int run = -1;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), run);
    if (error == std::errc() && std::string_view(stop) == ".log") runs.push_back(run);
  }
  std::sort(runs.begin(), runs.end());
  const std::size_t back = previous ? 2 : 1;
  if (runs.size() < back) return std::nullopt;
  return folder + '/' + std::to_string(runs[runs.size() - back]) + ".log";
}

}  // namespace

LocalNode::LocalNode(LocalAgents place, LocalNodeOptions options)
    : place_(std::move(place)), options_(std::move(options)), objects_(place_.documents) {
  agent::NodeRuntimesConfig config;
  config.directory = options_.directory;
  config.node_name = options_.name;
  config.node_address = options_.address;
  config.memory_capacity_bytes = memory_bytes();
  config.cri_socket = options_.containerd_socket;
  config.machines = options_.machines;
  config.volumes.allowed_host_paths = options_.host_paths;
  agent::NodeRuntimesPeers peers;
  peers.document = [this](Uid pod) { return pod_text(pod); };
  peers.objects = [this](const agent::ObjectName& name) { return objects_.find(name); };
  peers.deliver = [this](ActorId agent, const ports::RuntimeEvent& event) {
    place_.host.deliver(agent, [event](ports::Actor& actor) { actor.on_runtime(event); });
  };
  runtimes_ = std::make_unique<agent::NodeRuntimes>(config, executor(), peers);
  shared_ = {place_.host.ports(), runtimes_.get(), &place_.catalog, &place_.profile,
             &place_.endpoints};
}

LocalNode::~LocalNode() { stop(); }

agent::Executor LocalNode::executor() {
  EventLoop& loop = place_.loop;
  return {[&loop](std::function<void()> work) { loop.post(std::move(work)); },
          [&loop](Duration wait, std::function<void()> work) {
            loop.post([&loop, wait, work = std::move(work)]() mutable {
              loop.at(loop.now() + wait, std::move(work));
            });
          },
          [&loop] { return loop.now(); }};
}

model::Node LocalNode::machine() const {
  model::Catalog& catalog = place_.catalog;
  model::Node node;
  node.id = catalog.nodes.intern(options_.name);
  node.meta.name = {catalog.intern(options_.name), 0};
  model::LabelSet labels;
  const auto label = [&](const char* key, const std::string& value) {
    labels.set(catalog.intern(key), catalog.intern(value));
  };
  label("kubernetes.io/hostname", options_.name);
  label("kubernetes.io/os", "linux");
  label("kubernetes.io/arch", "amd64");
  node.meta.labels = catalog.label_sets.intern(std::move(labels));
  node.zone = ZoneId{0};
  node.allocatable.set(model::kCpu,
                       std::int64_t{std::max(1U, std::thread::hardware_concurrency())} * 1000);
  node.allocatable.set(model::kMemory, memory_bytes());
  node.allocatable.set(model::kPods, kPods);
  const auto runs = [](bool it) {
    return it ? model::ConditionStatus::yes : model::ConditionStatus::no;
  };
  node.container_runtime_ready = runs(!options_.containerd_socket.empty());
  node.vm_runtime_ready = runs(options_.machines);
  return node;
}

void LocalNode::start() {
  id_ = place_.host.reserve();
  agent_.emplace(shared_, id_, machine());
  place_.host.start(id_, *agent_);
  look();
}

void LocalNode::stop() {
  alive_.reset();
  if (id_.valid()) place_.host.stop(id_);
  runtimes_.reset();  // waits for what is under way; containers and machines go on
}

Expected<std::string> LocalNode::pod_text(Uid pod) {
  const std::optional<Document> document = place_.pod(pod);
  if (!document) return Status::not_found("the pod is gone");
  objects_.follow(stored_object(*document->json));
  pods_.try_emplace(pod, false);
  return *document->json;
}

// ---- status ----

void LocalNode::look() {
  place_.loop.at(place_.loop.now() + kLook, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    objects_.refresh();
    std::vector<Uid> gone;
    for (const auto& [pod, writing] : pods_) {
      if (!place_.pod(pod)) gone.push_back(pod);
    }
    for (const Uid pod : gone) pods_.erase(pod);
    for (const auto& [pod, writing] : pods_) {
      if (!writing) write_status(pod);
    }
    look();
  });
}

void LocalNode::write_status(Uid pod) {
  if (runtimes_->containers_of(pod) == nullptr && runtimes_->machine_of(pod) == nullptr) return;
  const std::optional<Document> document = place_.pod(pod);
  if (!document) return;
  json::object text = stored_object(*document->json);
  write_report(text, runtimes_->report(pod), options_.address, place_.loop.now());
  DocumentWrite write;
  write.verb = DocumentWrite::Verb::update;
  write.key = document->key;
  write.uid = document->uid;
  write.expected = document->revision;
  write.json = std::make_shared<const std::string>(stored_text(std::move(text)));
  if (*write.json == *document->json) return;
  pods_[pod] = true;
  place_.documents.commit({std::move(write)}, true,
                          [this, pod, alive = std::weak_ptr<bool>(alive_)](const DocumentCommit&) {
                            // Refused: somebody was quicker; the next look writes on top of that.
                            if (alive.expired()) return;
                            const auto found = pods_.find(pod);
                            if (found != pods_.end()) found->second = false;
                          });
}

// ---- streams ----

Expected<std::string> LocalNode::console(const Document& pod) const {
  const std::optional<Uid> uid = uid_of(pod.uid);
  if (uid) {
    if (agent::MachinePod* machine = runtimes_->machine_of(*uid)) return machine->console_path();
  }
  return Status::not_found("the pod is no virtual machine");
}

void LocalNode::stream_url(const Document& pod, const std::string& subresource,
                           const StreamOptions& options,
                           const std::function<void(const Expected<std::string>&)>& done) {
  const std::optional<Uid> uid = uid_of(pod.uid);
  agent::ContainerPod* containers = uid ? runtimes_->containers_of(*uid) : nullptr;
  if (containers == nullptr) {
    return done(Status::invalid("pod " + pod.key.name + " does not run (yet)"));
  }
  if (subresource == "portforward") return containers->port_forward_url(options.ports, done);
  const Expected<std::string> container =
      chosen_container(stored_object(*pod.json), pod.key.name, options.container);
  if (!container) return done(container.error());
  const agent::ContainerRuntime::Streams streams{options.channels.input, options.channels.output,
                                                 options.channels.errors,
                                                 options.channels.terminal};
  if (subresource == "attach") return containers->attach_url(*container, streams, done);
  containers->exec_url(*container, options.command, streams, done);
}

// ---- logs ----

Expected<LocalNode::LogFile> LocalNode::log_file(const Document& pod,
                                                 const PodLogOptions& options) const {
  const json::object text = stored_object(*pod.json);
  const std::optional<Uid> uid = uid_of(pod.uid);
  if (uid) {
    if (agent::MachinePod* machine = runtimes_->machine_of(*uid)) {
      return LogFile{machine->log_path(), true};
    }
  }
  const Expected<std::string> chosen = chosen_container(text, pod.key.name, options.container);
  if (!chosen) return chosen.error();
  const std::string& container = *chosen;
  const std::string folder = options_.directory + "/logs/" + pod.key.name_space + '_' +
                             pod.key.name + '_' + pod.uid + '/' + container;
  const auto path = run_log(folder, options.previous);
  if (path) return LogFile{*path, false};
  return Status::invalid((options.previous ? "previous terminated container \"" : "container \"") +
                         container + "\" in pod \"" + pod.key.name +
                         (options.previous ? "\" not found" : "\" is waiting to start"));
}

Status LocalNode::log(const Document& pod, PodLogOptions options,
                      const std::shared_ptr<ApiReply>& reply) {
  const Expected<LogFile> file = log_file(pod, options);
  if (!file) return file.error();
  reply->begin_stream("text/plain", 0);
  const bool follow = options.follow;
  auto reader = std::make_shared<PodLogReader>(file->path, file->plain, std::move(options));
  if (follow) {
    follow_log(std::move(reader), uid_of(pod.uid).value_or(Uid{}), reply);
  } else if (copy_log(*reader, *reply)) {
    reply->end();
  }
  return Status::success();
}

/// False when the reader has gone.
bool LocalNode::copy_log(PodLogReader& reader, ApiReply& reply) {
  bool more = true;
  while (more) {
    const std::string text = reader.read(more);
    if (!text.empty() && !reply.write(text)) return false;
  }
  return true;
}

/// Until the pod has gone, or who reads it.
void LocalNode::follow_log(std::shared_ptr<PodLogReader> reader, Uid pod,
                           std::shared_ptr<ApiReply> reply) {
  const bool there =
      runtimes_->containers_of(pod) != nullptr || runtimes_->machine_of(pod) != nullptr;
  if (!copy_log(*reader, *reply)) return;
  if (!there) return reply->end();
  place_.loop.at(place_.loop.now() + kFollow,
                 [this, alive = std::weak_ptr<bool>(alive_), reader, pod, reply]() mutable {
                   if (alive.expired()) return reply->end();
                   follow_log(std::move(reader), pod, std::move(reply));
                 });
}

}  // namespace arcas::real
