#include "sim/run/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace arcas::sim {
namespace {

std::string pod_name(Uid pod) { return fmt::format("pod {}/{}", pod.partition(), pod.sequence()); }

/// What a commit made of a pod, in words.
std::string state_of(const ports::PodChange& change, const model::Catalog& catalog) {
  static constexpr const char* kPhases[] = {"pending", "running", "succeeded",
                                            "failed",  "unknown", "without a node by wish"};
  const model::Pod& pod = change.pod;
  if (change.type == ports::ChangeType::removed) return "is removed";
  std::string text = change.type == ports::ChangeType::added ? "is created" : "is";
  text += fmt::format(" {}", kPhases[static_cast<std::size_t>(pod.phase)]);
  if (pod.node.valid()) text += " on " + catalog.nodes.text(pod.node);
  if (pod.meta.terminating()) text += ", to be deleted";
  if (pod.reason.valid()) text += " (" + catalog.text(pod.reason) + ")";
  return text;
}

std::string state_of(const model::Node& node, const model::Catalog& catalog) {
  static constexpr const char* kReady[] = {"Unknown", "not ready", "ready"};
  std::string text = kReady[static_cast<std::size_t>(node.ready)];
  if (node.unschedulable) text += ", cordoned";
  for (const model::Taint& taint : node.taints) text += ", tainted " + catalog.text(taint.key);
  return text + fmt::format(", agent epoch {}", node.agent_epoch);
}

/// The pods that a text names as "pod PARTITION/SEQUENCE".
std::set<std::uint64_t> pods_in(const std::string& text) {
  std::set<std::uint64_t> pods;
  for (std::size_t at = text.find("pod "); at != std::string::npos;
       at = text.find("pod ", at + 4)) {
    const char* end = text.data() + text.size();
    std::uint32_t partition = 0;
    std::uint64_t sequence = 0;
    const auto slash = std::from_chars(text.data() + at + 4, end, partition);
    if (slash.ec != std::errc() || slash.ptr == end || *slash.ptr != '/') continue;
    if (std::from_chars(slash.ptr + 1, end, sequence).ec != std::errc()) continue;
    pods.insert(Uid::make(partition, sequence).value);
  }
  return pods;
}

}  // namespace

void Story::add(Line line) {
  lines_.push_back(std::move(line));
  if (lines_.size() > kKept) lines_.pop_front();
}

void Story::on_commit(PartitionId partition, const ports::ChangeBatch& changes, TimePoint now) {
  for (const ports::PodChange& change : changes.pods) {
    const Uid uid = change.pod.meta.uid;
    add({now,
         fmt::format("{} ({}) {}  [partition {} revision {}]", pod_name(uid),
                     catalog_.name_text(change.pod.meta.name), state_of(change, catalog_),
                     partition.index, changes.revision),
         uid, change.pod.node});
  }
  for (const ports::ObjectChange& change : changes.objects) {
    if (const auto* node = std::get_if<model::Node>(&change.object)) {
      add({now,
           fmt::format("Node {} is {}  [partition {} revision {}]", catalog_.nodes.text(node->id),
                       state_of(*node, catalog_), partition.index, changes.revision),
           Uid{}, node->id});
    }
  }
}

void Story::on_running(Uid pod, NodeId node, TimePoint now) {
  add({now, fmt::format("{} runs on {}", pod_name(pod), catalog_.nodes.text(node)), pod, node});
}

void Story::on_stopped(Uid pod, NodeId node, TimePoint now) {
  add({now, fmt::format("{} runs no more on {}", pod_name(pod), catalog_.nodes.text(node)), pod,
       node});
}

void Story::on_event(const std::string& text, TimePoint now) {
  add({now, text, Uid{}, NodeId{}, true});
}

std::string Story::tell(const std::string& about, std::size_t most) const {
  const std::set<std::uint64_t> pods = pods_in(about);
  std::set<std::uint32_t> nodes;
  for (std::uint32_t i = 0; i < catalog_.nodes.size(); ++i) {
    const std::string& name = catalog_.nodes.text(NodeId{i});
    const std::size_t at = about.find(name);
    if (at == std::string::npos) continue;
    const std::size_t end = at + name.size();
    if (end == about.size() || about[end] < '0' || about[end] > '9') nodes.insert(i);
  }
  const auto concerned = [&](const Line& line) {
    if (pods.empty() && nodes.empty()) return true;
    if (line.pod.valid() && !pods.empty()) return pods.contains(line.pod.value);
    return !line.pod.valid() && nodes.contains(line.node.index);
  };
  std::vector<const Line*> told;
  std::size_t common = 0;
  std::size_t about_them = 0;
  for (auto line = lines_.rbegin(); line != lines_.rend() && about_them < most; ++line) {
    const bool is_common = line->common && common < most;
    if (!concerned(*line) && !is_common) continue;
    (line->common ? common : about_them) += 1;
    told.push_back(&*line);
  }
  std::string out;
  for (auto line = told.rbegin(); line != told.rend(); ++line) {
    out += fmt::format("  {:>14.6f} s  {}\n", ((*line)->at - TimePoint{}).seconds(), (*line)->text);
  }
  return out;
}

}  // namespace arcas::sim
