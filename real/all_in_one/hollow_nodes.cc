#include "real/all_in_one/hollow_nodes.h"

#include <cstdio>
#include <utility>

namespace arcas::real {

std::string hollow_address(Uid pod) {
  const std::uint64_t number = pod.sequence() & 0xffffffU;
  char text[20];
  std::snprintf(text, sizeof(text), "10.%u.%u.%u", static_cast<unsigned>(number >> 16U),
                static_cast<unsigned>(number >> 8U & 0xffU), static_cast<unsigned>(number & 0xffU));
  return text;
}

HollowNodes::HollowNodes(LocalAgents place, HollowNodesOptions options)
    : parts_(place),
      options_(std::move(options)),
      runtime_(
          place.catalog, options_.times,
          [this, alive = std::weak_ptr<bool>(alive_)](Duration wait, std::function<void()> work) {
            parts_.loop.at(parts_.loop.now() + wait, [alive, work = std::move(work)] {
              if (!alive.expired()) work();
            });
          },
          [this](ActorId agent, ports::RuntimeEvent event) {
            parts_.host.deliver(agent, [event](ports::Actor& actor) { actor.on_runtime(event); });
          }),
      shared_{place.host.ports(), &runtime_, &place.catalog, &place.profile, &place.endpoints} {
  for (std::uint32_t i = 0; i < options_.count; ++i) {
    ids_.push_back(parts_.host.reserve());
    agents_.emplace_back(shared_, ids_.back(), machine(i));
  }
}

HollowNodes::~HollowNodes() { stop(); }

model::Node HollowNodes::machine(std::uint32_t index) const {
  model::Catalog& catalog = parts_.catalog;
  char number[16];
  std::snprintf(number, sizeof(number), "%05u", index);
  const std::string name = options_.name_prefix + number;
  const std::string zone = std::string("zone-") + static_cast<char>('a' + index % options_.zones);
  model::Node node;
  node.id = catalog.nodes.intern(name);
  node.meta.name = {catalog.intern(name), 0};
  node.zone = catalog.zones.intern(zone);
  model::LabelSet labels;
  const auto label = [&](const char* key, const std::string& value) {
    labels.set(catalog.intern(key), catalog.intern(value));
  };
  label("kubernetes.io/hostname", name);
  label("kubernetes.io/os", "linux");
  label("kubernetes.io/arch", "amd64");
  label("topology.kubernetes.io/zone", zone);
  label("node.arcas.io/runtime", "hollow");
  node.meta.labels = catalog.label_sets.intern(std::move(labels));
  node.allocatable.set(model::kCpu, options_.cpu_milli);
  node.allocatable.set(model::kMemory, options_.memory_bytes);
  node.allocatable.set(model::kPods, options_.pods);
  node.container_runtime_ready = model::ConditionStatus::yes;
  node.vm_runtime_ready = model::ConditionStatus::yes;
  return node;
}

void HollowNodes::start() {
  for (std::size_t i = 0; i < ids_.size(); ++i) parts_.host.start(ids_[i], agents_[i]);
}

void HollowNodes::stop() {
  for (const ActorId id : ids_) parts_.host.stop(id);
}

}  // namespace arcas::real
