#include "sim/whatif/answer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <future>
#include <utility>

#include "core/roles/profile.h"
#include "sim/scenario/scheduler_file.h"

namespace arcas::sim {
namespace {

using whatif::Change;

/// What a question means: the change, and what of it the simulator is to run.
struct Meant {
  Change change;
  std::string text;
};

std::vector<std::string> names_of(const std::vector<NodeId>& nodes, const model::Catalog& catalog) {
  std::vector<std::string> names;
  for (const NodeId node : nodes) names.push_back(catalog.nodes.text(node));
  return names;
}

std::string counted(std::size_t count) {
  return count == 1 ? "1 node" : fmt::format("{} nodes", count);
}

Status exactly_one(const Question& question, const char* what) {
  if (question.arguments.size() == 1 && !question.arguments.front().empty()) {
    return Status::success();
  }
  return Status::invalid(fmt::format("{}: {} arguments; allowed: one, {}", question.change,
                                     question.arguments.size(), what));
}

Expected<Meant> drained(const std::vector<NodeId>& nodes, bool removed,
                        const model::Catalog& catalog) {
  Meant meant;
  const std::vector<std::string> names = names_of(nodes, catalog);
  const std::string which =
      nodes.size() <= 5 ? fmt::format("{}", fmt::join(names, ", ")) : counted(nodes.size());
  meant.text = which + (removed ? " removed" : " drained");
  if (removed) {
    meant.change = whatif::RemoveNodes{nodes};
  } else {
    meant.change = whatif::Drain{nodes};
  }
  return meant;
}

Expected<Meant> upgraded(const Question& question) {
  std::int64_t batch = 0;
  const std::string& text = question.arguments.front();
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), batch);
  if (error != std::errc() || stop != text.data() + text.size() || batch < 1 || batch > 1'000'000) {
    return Status::invalid("upgrade: \"" + text + "\" nodes at a time; allowed: 1 to 1000000");
  }
  Meant meant;
  meant.change = whatif::Upgrade{static_cast<std::uint32_t>(batch)};
  meant.text = fmt::format("all nodes upgraded, {} at a time", batch);
  return meant;
}

Expected<Meant> meant_by(const Question& q, LoadedSnapshot& cluster) {
  model::Catalog& catalog = *cluster.catalog;
  const model::Snapshot& snapshot = cluster.snapshot;
  if (q.change == "drain") {
    if (q.arguments.empty()) return Status::invalid("drain: no node; allowed: names of nodes");
    const auto nodes = whatif::nodes_named(q.arguments, snapshot, catalog);
    return nodes ? drained(*nodes, false, catalog) : Expected<Meant>(nodes.error());
  }
  if (Status status = exactly_one(q, "see --help"); !status.ok()) return status;
  const std::string& argument = q.arguments.front();
  Meant meant;
  if (q.change == "az-fail") {
    const auto zone = whatif::zone_named(argument, snapshot, catalog);
    if (!zone) return zone.error();
    meant.change = *zone;
    meant.text = "zone " + argument + " fails";
    return meant;
  }
  if (q.change == "remove-nodes") {
    const auto nodes = whatif::nodes_selected(argument, snapshot, catalog);
    return nodes ? drained(*nodes, true, catalog) : Expected<Meant>(nodes.error());
  }
  if (q.change == "add-nodes") {
    const auto add = whatif::nodes_to_add(argument, snapshot, catalog);
    if (!add) return add.error();
    meant.text = counted(add->count) + " added: " + argument;
    meant.change = *add;
    return meant;
  }
  if (q.change == "scale") {
    const auto scale = whatif::scale_of(argument, snapshot, catalog);
    if (!scale) return scale.error();
    meant.text = fmt::format("{} scaled to {}",
                             whatif::workload_text(snapshot.workloads[scale->workload], catalog),
                             scale->replicas);
    meant.change = *scale;
    return meant;
  }
  if (q.change == "scheduler") {
    auto profile = read_scheduler_file(argument, q.profile == "kubernetes", catalog);
    if (!profile) return profile.error();
    meant.text = "the scheduler configured by " + argument;
    meant.change = whatif::OtherScheduler{std::move(*profile)};
    return meant;
  }
  if (q.change == "upgrade") return upgraded(q);
  return Status::invalid("\"" + q.change + "\" is no change; allowed: az-fail, drain, " +
                         "remove-nodes, add-nodes, scale, scheduler, upgrade");
}

}  // namespace

Expected<Answer> answer(LoadedSnapshot& cluster, const Question& question) {
  auto profile = roles::Profile::named(question.profile);
  if (!profile) return profile.error();
  scheduler::SchedulerProfile plugins = question.profile == "arcas"
                                            ? scheduler::SchedulerProfile::arcas()
                                            : scheduler::SchedulerProfile::kubernetes();
  if (!question.scheduler_config.empty()) {
    auto read = read_scheduler_file(question.scheduler_config, false, *cluster.catalog);
    if (!read) return read.error();
    plugins = std::move(*read);
    profile->scheduler_profile = plugins;
  }
  auto meant = meant_by(question, cluster);
  if (!meant) return meant.error();
  Answer answer;
  answer.question = meant->text;
  answer.profile = question.profile;
  std::future<Recovery> recovery;
  if (question.with_recovery) {
    // The prediction gives new names to the catalog, so the simulation has one of its own.
    recovery = std::async(std::launch::async, prepared_recovery(cluster.snapshot, *cluster.catalog,
                                                                *profile, meant->change));
  } else {
    answer.recovery.why_not = "it was not asked for";
  }
  answer.prediction = whatif::predict(cluster.snapshot, *cluster.catalog, plugins, meant->change,
                                      question.with_hints);
  if (recovery.valid()) answer.recovery = recovery.get();
  return answer;
}

}  // namespace arcas::sim
