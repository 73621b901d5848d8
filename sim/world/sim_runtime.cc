#include "sim/world/sim_runtime.h"

#include <algorithm>
#include <limits>

#include "core/base/check.h"

namespace arcas::sim {
namespace {

Duration draw(const RandomStream& stream, std::uint64_t key, Duration low, Duration high) {
  const auto span = static_cast<std::uint64_t>(high.ns - low.ns) + 1;
  const std::uint64_t bits = stream.stream({}, key).at(0);
  return low + Duration{static_cast<std::int64_t>(RandomStream::scale(bits, span))};
}

void check_range(Duration low, Duration high) { ARCAS_CHECK(low.ns >= 0 && low <= high); }

}  // namespace

SimRuntime::SimRuntime(const RuntimeConfig& config, const model::Catalog& catalog,
                       std::uint32_t node_count, RandomStream stream)
    : config_(config),
      catalog_(&catalog),
      start_stream_(stream.stream("start")),
      stop_stream_(stream.stream("stop")),
      failure_stream_(stream.stream("failure")),
      image_stream_(stream.stream("image")),
      nodes_(node_count) {
  check_range(config.container_start_min, config.container_start_max);
  check_range(config.vm_boot_min, config.vm_boot_max);
  check_range(config.stop_min, config.stop_max);
  ARCAS_CHECK(config.image_bytes_min >= 0 && config.image_bytes_min <= config.image_bytes_max);
  ARCAS_CHECK(config.parallel_pulls > 0);
  ARCAS_CHECK(config.pull_bytes_per_second >= config.parallel_pulls);
}

void SimRuntime::set_image_bytes(StringId image, std::int64_t bytes) {
  ARCAS_CHECK(bytes >= 0);
  if (image.index >= image_sizes_.size()) image_sizes_.resize(std::size_t{image.index} + 1, -1);
  image_sizes_[image.index] = bytes;
}

// ---- slots ----

SimRuntime::Slot& SimRuntime::slot(std::uint32_t index) {
  return (*chunks_[index / kChunk])[index % kChunk];
}
const SimRuntime::Slot& SimRuntime::slot(std::uint32_t index) const {
  return (*chunks_[index / kChunk])[index % kChunk];
}

std::uint32_t SimRuntime::find(NodeId node, Uid pod) const {
  const std::uint32_t* entry = first_.find(pod);
  if (entry == nullptr || *entry == 0) return kNone;  // second copies exist only beside a first
  if (slot(*entry - 1).node == node.index) return *entry - 1;
  if (others_.empty()) return kNone;
  const auto it = others_.find({pod, node.index});
  return it == others_.end() ? kNone : it->second;
}

std::uint32_t SimRuntime::add(NodeId node, Uid pod, SpecId spec) {
  if (free_ == kNone) {
    const auto base = static_cast<std::uint32_t>(chunks_.size()) * kChunk;
    chunks_.push_back(std::make_unique<std::array<Slot, kChunk>>());
    for (std::uint32_t i = kChunk; i > 0; --i) {
      slot(base + i - 1).next = free_;
      free_ = base + i - 1;
    }
  }
  const std::uint32_t index = free_;
  Slot& entry = slot(index);
  free_ = entry.next;
  const std::uint32_t generation = entry.generation;
  Node& home = nodes_[node.index];
  entry = Slot{};
  entry.pod = pod;
  entry.spec = spec;
  entry.node = node.index;
  entry.generation = generation;
  entry.state = State::starting;
  entry.previous = home.last;
  (home.last == kNone ? home.first : slot(home.last).next) = index;
  home.last = index;
  home.pods += 1;

  std::uint32_t& first = first_.at(pod);
  if (first == 0) {
    first = index + 1;
    first_.acquire(pod);
    entry.indexed = true;
  } else {
    others_.emplace(std::pair{pod, node.index}, index);
  }
  return index;
}

void SimRuntime::remove(std::uint32_t index) {
  Slot& entry = slot(index);
  Node& home = nodes_[entry.node];
  (entry.previous == kNone ? home.first : slot(entry.previous).next) = entry.next;
  (entry.next == kNone ? home.last : slot(entry.next).previous) = entry.previous;
  home.pods -= 1;

  if (!entry.indexed) {
    others_.erase({entry.pod, entry.node});
  } else if (const auto other = others_.lower_bound({entry.pod, 0});
             other != others_.end() && other->first.first == entry.pod) {
    slot(other->second).indexed = true;
    first_.at(entry.pod) = other->second + 1;
    others_.erase(other);
  } else {
    first_.release(entry.pod);
  }
  entry.generation += 1;
  entry.state = State::absent;
  entry.next = free_;
  free_ = index;
}

// ---- images ----

const SimRuntime::SpecFacts& SimRuntime::facts(SpecId spec) {
  if (spec.index >= spec_facts_.size()) spec_facts_.resize(catalog_->spec_count());
  SpecFacts& facts = spec_facts_[spec.index];
  if (facts.known) return facts;
  const model::PodSpec& value = catalog_->spec(spec);
  facts.known = true;
  facts.vm = value.workload == model::WorkloadType::vm;
  constexpr std::int64_t kLongest = std::numeric_limits<std::int64_t>::max() / 4'000'000'000;
  facts.run_ns =
      value.run_seconds < 0 ? -1 : seconds(std::min<std::int64_t>(value.run_seconds, kLongest)).ns;
  if (facts.vm) {
    if (value.vm.image.valid()) facts.images.push_back(value.vm.image.index);
  } else {
    for (const model::Container& container : value.containers) {
      const std::uint32_t image = container.image.index;
      const bool known =
          std::find(facts.images.begin(), facts.images.end(), image) != facts.images.end();
      if (container.image.valid() && !known) facts.images.push_back(image);
    }
  }
  return facts;
}

std::int64_t SimRuntime::image_bytes(std::uint32_t image) {
  if (image >= image_sizes_.size()) image_sizes_.resize(std::size_t{image} + 1, -1);
  std::int64_t& bytes = image_sizes_[image];
  if (bytes < 0) {
    bytes = draw(image_stream_, image, {config_.image_bytes_min}, {config_.image_bytes_max}).ns;
  }
  return bytes;
}

void SimRuntime::keep_image(Node& node, std::uint32_t image) {
  node.images.push_back(image);
  if (config_.image_cache_bytes == 0) return;
  node.image_bytes += image_bytes(image);
  std::size_t drop = 0;
  while (node.image_bytes > config_.image_cache_bytes && drop + 1 < node.images.size()) {
    node.image_bytes -= image_bytes(node.images[drop++]);
  }
  node.images.erase(node.images.begin(), node.images.begin() + static_cast<std::ptrdiff_t>(drop));
}

void SimRuntime::settle_pulls(TimePoint now, Node& node) {
  if (node.pulls.empty()) return;
  std::size_t kept = 0;
  for (const Pull& pull : node.pulls) {  // by ready_at, see pull()
    if (pull.ready_at <= now.ns) {
      keep_image(node, pull.image);
    } else {
      node.pulls[kept++] = pull;
    }
  }
  node.pulls.resize(kept);
  if (kept == 0) std::vector<Pull>().swap(node.pulls);
}

TimePoint SimRuntime::pull(TimePoint now, Node& node, std::uint32_t image) {
  // Each pull takes the lane that is free first. Those times never decrease from pull to pull, so
  // the lanes' last pulls are the `parallel_pulls` that end last.
  const std::size_t lanes = config_.parallel_pulls;
  const std::size_t count = node.pulls.size();
  const std::int64_t earliest = std::max(now.ns, registry_back_ns_);
  const std::int64_t begins =
      count < lanes ? earliest : std::max(earliest, node.pulls[count - lanes].ready_at);
  const std::int64_t share = config_.pull_bytes_per_second / config_.parallel_pulls;
  const auto takes =
      static_cast<unsigned __int128>(static_cast<std::uint64_t>(image_bytes(image))) *
      1'000'000'000U / static_cast<std::uint64_t>(share);
  const Pull added{image, begins + static_cast<std::int64_t>(takes)};
  const auto place =
      std::upper_bound(node.pulls.begin(), node.pulls.end(), added,
                       [](const Pull& a, const Pull& b) { return a.ready_at < b.ready_at; });
  node.pulls.insert(place, added);
  return {added.ready_at};
}

TimePoint SimRuntime::images_ready(TimePoint now, Node& node, const SpecFacts& spec) {
  TimePoint ready = now;
  settle_pulls(now, node);
  for (const std::uint32_t image : spec.images) {
    const auto have = std::find(node.images.begin(), node.images.end(), image);
    if (have != node.images.end()) {
      if (config_.image_cache_bytes > 0) std::rotate(have, have + 1, node.images.end());
      continue;
    }
    const auto under_way = std::find_if(node.pulls.begin(), node.pulls.end(),
                                        [&](const Pull& p) { return p.image == image; });
    const TimePoint at =
        under_way != node.pulls.end() ? TimePoint{under_way->ready_at} : pull(now, node, image);
    ready = std::max(ready, at);
  }
  return ready;
}

bool SimRuntime::has_image(NodeId node, StringId image, TimePoint now) const {
  const Node& home = nodes_[node.index];
  for (const Pull& pull : home.pulls) {
    if (pull.image == image.index) return pull.ready_at <= now.ns;
  }
  return std::find(home.images.begin(), home.images.end(), image.index) != home.images.end();
}

// ---- operations ----

namespace {

RuntimeOutcome at_once(NodeId node, Uid pod, ports::RuntimeEvent::Type type) {
  RuntimeOutcome outcome;
  outcome.has_event = true;
  outcome.node = node;
  outcome.event = {type, pod};
  return outcome;
}

}  // namespace

RuntimeOutcome SimRuntime::wait(std::uint32_t index, TimePoint at) {
  Slot& entry = slot(index);
  entry.generation += 1;
  RuntimeOutcome outcome;
  outcome.has_timer = true;
  outcome.token = {index, entry.generation};
  outcome.at = at;
  return outcome;
}

RuntimeOutcome SimRuntime::start(TimePoint now, NodeId node, Uid pod, SpecId spec) {
  ARCAS_CHECK(node.index < nodes_.size() && pod.valid());
  if (const std::uint32_t there = find(node, pod); there != kNone) {
    if (slot(there).state != State::running) return {};
    return at_once(node, pod, ports::RuntimeEvent::Type::started);
  }
  const SpecFacts& spec_facts = facts(spec);
  const TimePoint ready = images_ready(now, nodes_[node.index], spec_facts);
  const Duration takes =
      spec_facts.vm ? draw(start_stream_, pod.value, config_.vm_boot_min, config_.vm_boot_max)
                    : draw(start_stream_, pod.value, config_.container_start_min,
                           config_.container_start_max);
  return wait(add(node, pod, spec), ready + takes);
}

RuntimeOutcome SimRuntime::stop(TimePoint now, NodeId node, Uid pod, Duration grace) {
  ARCAS_CHECK(node.index < nodes_.size());
  const std::uint32_t index = find(node, pod);
  if (index == kNone) return at_once(node, pod, ports::RuntimeEvent::Type::stopped);
  Slot& entry = slot(index);
  const Duration limit = std::max(grace, Duration{0});
  const Duration takes =
      std::min(limit, draw(stop_stream_, pod.value, config_.stop_min, config_.stop_max));
  const TimePoint at = now + takes;
  if (entry.state == State::stopping && entry.stops_at <= at.ns) return {};
  entry.state = State::stopping;
  entry.stops_at = at.ns;
  return wait(index, at);
}

RuntimeOutcome SimRuntime::complete(TimePoint now, RuntimeToken token) {
  if (token.slot >= chunks_.size() * kChunk) return {};
  const Slot& entry = slot(token.slot);
  if (entry.generation != token.generation) return {};
  switch (entry.state) {
    case State::starting:
      return finish_start(now, token.slot);
    case State::running:
      return gone(now, token.slot, StopCause::succeeded, ports::RuntimeEvent::Type::succeeded);
    case State::stopping:
      return gone(now, token.slot, StopCause::stopped, ports::RuntimeEvent::Type::stopped);
    case State::absent:
      break;
  }
  return {};
}

RuntimeOutcome SimRuntime::finish_start(TimePoint now, std::uint32_t index) {
  Slot& entry = slot(index);
  const NodeId node{entry.node};
  if (config_.start_failures_per_million > 0) {
    const std::uint64_t bits = failure_stream_.stream({}, entry.pod.value).at(0);
    if (RandomStream::scale(bits, 1'000'000) < config_.start_failures_per_million) {
      return gone(now, index, StopCause::stopped, ports::RuntimeEvent::Type::failed);
    }
  }
  const Uid pod = entry.pod;
  entry.state = State::running;
  entry.ran = true;
  entry.generation += 1;
  running_ += 1;
  const std::int64_t run_ns = spec_facts_[entry.spec.index].run_ns;
  RuntimeOutcome outcome;
  if (run_ns >= 0) outcome = wait(index, now + Duration{run_ns});
  outcome.has_event = true;
  outcome.node = node;
  outcome.event = {ports::RuntimeEvent::Type::started, pod};
  if (observer_ != nullptr) observer_->on_running(pod, node, now);
  return outcome;
}

RuntimeOutcome SimRuntime::gone(TimePoint now, std::uint32_t index, StopCause cause,
                                ports::RuntimeEvent::Type type) {
  const Slot& entry = slot(index);
  const NodeId node{entry.node};
  const Uid pod = entry.pod;
  const bool ran = entry.ran;
  remove(index);
  if (ran) {
    running_ -= 1;
    if (observer_ != nullptr) observer_->on_stopped(pod, node, cause, now);
  }
  return at_once(node, pod, type);
}

void SimRuntime::crash(TimePoint now, NodeId node) {
  ARCAS_CHECK(node.index < nodes_.size());
  Node& home = nodes_[node.index];
  settle_pulls(now, home);
  std::vector<Pull>().swap(home.pulls);
  while (home.first != kNone) {
    gone(now, home.first, StopCause::host_crash, ports::RuntimeEvent::Type::stopped);
  }
}

SimRuntime::State SimRuntime::state(NodeId node, Uid pod) const {
  const std::uint32_t index = find(node, pod);
  return index == kNone ? State::absent : slot(index).state;
}

}  // namespace arcas::sim
