#include "sim/cli/explain_batch.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <map>
#include <string_view>
#include <vector>

#include "sim/cli/cli.h"
#include "sim/run/simulation.h"

namespace arcas::sim {
namespace {

using scheduler::BatchReason;
using scheduler::batch::Bottleneck;

/// The pods of one tenant partition that wait.
struct Waiting {
  std::vector<Uid> pods;
  std::map<Uid, scheduler::BatchName> names;
};

std::map<std::uint32_t, Waiting> waiting_pods(const RegionRun& run) {
  std::map<std::uint32_t, Waiting> partitions;
  const model::Catalog& catalog = run.catalog();
  run.for_each_pod([&](const model::Pod& pod) {
    if (pod.node.valid() || pod.terminal() || pod.meta.terminating()) return;
    Waiting& waiting = partitions[pod.meta.uid.partition()];
    waiting.pods.push_back(pod.meta.uid);
    std::string name =
        fmt::format("{}/{}/{}", catalog.tenants.text(pod.meta.tenant),
                    catalog.namespace_name(pod.meta.name_space), catalog.text(pod.meta.name.base));
    if (pod.meta.owner.uid.valid()) name += "-*";
    waiting.names[pod.meta.uid] = {std::move(name), pod.meta.tenant};
  });
  return partitions;
}

std::string_view name_of(Bottleneck::Kind kind) {
  static constexpr std::array<std::string_view, 5> kNames{"no-node", "node-size", "limits",
                                                          "resource", "fragmentation"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string text_of(const std::string& scheduler, const BatchReason& reason) {
  std::string text = fmt::format("{}: {} of {} waiting pods find places as one batch\n", scheduler,
                                 reason.placed, reason.wanted);
  if (reason.bound > reason.placed) {
    text += fmt::format("  a perfect placement might place {}\n", reason.bound);
  }
  if (reason.left_out > 0) {
    text += fmt::format("  {} more are decided one by one: no flow expresses their rules\n",
                        reason.left_out);
  }
  for (const Bottleneck& bottleneck : reason.bottlenecks) {
    text += fmt::format("  {:>7} pods: {}\n", bottleneck.pods, bottleneck.text);
  }
  return text;
}

boost::json::object json_of(std::uint32_t partition, const BatchReason& reason) {
  boost::json::array bottlenecks;
  for (const Bottleneck& bottleneck : reason.bottlenecks) {
    boost::json::object entry{{"kind", name_of(bottleneck.kind)},
                              {"pods", bottleneck.pods},
                              {"short_by", bottleneck.short_by},
                              {"text", bottleneck.text}};
    if (bottleneck.resource.valid())
      entry["resource"] = reason.resources[bottleneck.resource.index];
    boost::json::array zones;
    for (const std::uint32_t domain : bottleneck.domains)
      zones.emplace_back(reason.domains[domain]);
    entry["zones"] = std::move(zones);
    boost::json::array pods;
    for (const std::uint32_t c : bottleneck.classes) pods.emplace_back(reason.classes[c].name);
    entry["of"] = std::move(pods);
    entry["others_compete"] = bottleneck.others_compete;
    bottlenecks.push_back(std::move(entry));
  }
  boost::json::object object{{"tenant_partition", partition},
                             {"wanted", reason.wanted},
                             {"placed", reason.placed},
                             {"left_out", reason.left_out},
                             {"bottlenecks", std::move(bottlenecks)}};
  if (reason.bound > 0) object["bound"] = reason.bound;
  return object;
}

int fail(const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return kUsage;
}

}  // namespace

int explain_batch(Simulation& simulation, std::optional<TimePoint> at, const std::string& tenant,
                  bool json) {
  RegionRun& run = simulation.run();
  while (!at || (!run.engine().empty() && run.engine().next_time() <= *at)) {
    if (!simulation.advance(1)) break;
  }
  if (!simulation.status().ok()) return fail(simulation.status().message);
  std::optional<TenantId> viewer;
  if (!tenant.empty()) {
    viewer = run.catalog().tenants.find(tenant);
    if (!viewer->valid()) {
      return fail("--tenant " + tenant + ": no such tenant; allowed: one of the run's tenants");
    }
  }
  const TimePoint now = at.value_or(run.now());
  std::string text = fmt::format("at {}\n", to_string(now - TimePoint{}));
  boost::json::array partitions;
  for (const auto& [partition, waiting] : waiting_pods(run)) {
    const std::string name = fmt::format("tenant partition {}", partition);
    scheduler::Scheduler* decider = run.decider_of(waiting.pods.front());
    if (decider == nullptr) {
      text += name + ": nobody leads its schedulers now\n";
      partitions.push_back({{"tenant_partition", partition}, {"leader", nullptr}});
      continue;
    }
    const auto naming = [&names = waiting.names](Uid uid, const scheduler::PodEntry&) {
      return names.at(uid);
    };
    const auto reason = decider->explain_batch(waiting.pods, naming, viewer);
    if (!reason) return fail(name + ": " + reason.error().message);
    if (viewer && reason->wanted + reason->left_out == 0) continue;
    text += text_of(name, *reason);
    partitions.push_back(json_of(partition, *reason));
  }
  if (partitions.empty()) text += "no pod waits\n";
  if (json) {
    text = boost::json::serialize(boost::json::object{{"at_seconds", (now - TimePoint{}).seconds()},
                                                      {"partitions", partitions}}) +
           "\n";
  }
  std::fputs(text.c_str(), stdout);
  return kOk;
}

}  // namespace arcas::sim
