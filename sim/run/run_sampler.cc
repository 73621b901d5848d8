#include "sim/run/run_sampler.h"

#include <algorithm>
#include <utility>

namespace arcas::sim {
namespace {

double seconds_of(TimePoint at) { return (at - TimePoint{}).seconds(); }

/// Every second row goes; what is per row and not from the beginning is taken over.
void halve(std::vector<RunSeries::Point>& points) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points.size(); i += 2) {
    RunSeries::Point point = std::move(points[std::min(i + 1, points.size() - 1)]);
    point.wait_p50_seconds = std::max(point.wait_p50_seconds, points[i].wait_p50_seconds);
    point.wait_p99_seconds = std::max(point.wait_p99_seconds, points[i].wait_p99_seconds);
    point.wait_max_seconds = std::max(point.wait_max_seconds, points[i].wait_max_seconds);
    points[kept++] = std::move(point);
  }
  points.resize(kept);
}

}  // namespace

RunSampler::RunSampler(Sources sources)
    : sources_(std::move(sources)),
      map_(sources_.region, sources_.catalog, sources_.allocatable_of) {
  for (std::uint32_t z = 0; z < sources_.region.zone_count(); ++z) {
    series_.zones.push_back(sources_.region.zone_name(ZoneId{z}));
  }
  nodes_up_ = sources_.region.node_count();
  name_partitions();
  list_resources();
  series_.cells = map_.shape();
  add_frame(TimePoint{}, true);
}

void RunSampler::name_partitions() {
  const auto serve = [this](const std::vector<roles::Instance>& instances) {
    const auto partition = static_cast<std::uint16_t>(series_.partitions.size() - 1);
    for (const roles::Instance& instance : instances) {
      if (instance.actor.index >= partition_of_actor_.size()) {
        partition_of_actor_.resize(std::size_t{instance.actor.index} + 1, kNoPartition);
      }
      partition_of_actor_[instance.actor.index] = partition;
    }
  };
  for (const auto& partition : sources_.endpoints.tenant_partitions) {
    series_.partitions.push_back(name_of(partition.id));
    serve(partition.api_servers);
  }
  for (const auto& partition : sources_.endpoints.resource_partitions) {
    series_.partitions.push_back(name_of(partition.id));
    serve(partition.node_managers);
  }
  for (auto* counts : {&commits_, &changes_, &requests_, &queue_}) {
    counts->assign(series_.partitions.size(), 0);
  }
}

void RunSampler::list_resources() {
  std::vector<bool> offered(sources_.catalog.resources.size(), false);
  for (std::uint32_t i = 0; i < sources_.region.node_count(); ++i) {
    for (const auto& item : sources_.allocatable_of(NodeId{i}).items()) {
      if (item.amount > 0) offered[item.kind.index] = true;
    }
  }
  column_of_resource_.assign(offered.size(), ResourceId::kNone);
  for (std::uint32_t kind = 0; kind < offered.size(); ++kind) {
    if (!offered[kind]) continue;
    column_of_resource_[kind] = static_cast<std::uint32_t>(series_.resources.size());
    series_.resources.push_back(sources_.catalog.resources.text(ResourceId{kind}));
  }
  series_.capacity.assign(series_.zones.size() * series_.resources.size(), 0);
  used_ = series_.capacity;
  for (std::uint32_t i = 0; i < sources_.region.node_count(); ++i) {
    zone_of_node_.push_back(sources_.region.zone_of(HostId{i}).index);
    for (const auto& item : sources_.allocatable_of(NodeId{i}).items()) {
      if (item.amount <= 0) continue;
      series_.capacity[zone_of_node_[i] * series_.resources.size() +
                       column_of_resource_[item.kind.index]] += item.amount;
    }
  }
}

std::size_t RunSampler::column(PartitionId partition) const {
  if (partition.index < kFirstResourcePartition) return partition.index - 1;
  return sources_.endpoints.tenant_partitions.size() + partition.index - kFirstResourcePartition;
}

void RunSampler::on_commit(PartitionId partition, const ports::ChangeBatch& batch, TimePoint now) {
  advance(now);
  const std::size_t at = column(partition);
  ++commits_[at];
  changes_[at] += static_cast<std::int64_t>(batch.pods.size() + batch.objects.size());
  if (!batch.moves.empty()) return take_arrivals(at, batch);
  for (const ports::PodChange& change : batch.pods) take_pod(at, change, now);
  for (const ports::ObjectChange& change : batch.objects) {
    const auto* node = std::get_if<model::Node>(&change.object);
    if (node == nullptr || !node->id.valid()) continue;
    const NodeFacts* before = sources_.facts.node(node->id.index);
    const bool was =
        before != nullptr && before->exists && before->ready == model::ConditionStatus::yes;
    const bool is =
        change.type != ports::ChangeType::removed && node->ready == model::ConditionStatus::yes;
    if (was == is) continue;
    nodes_ready_ += is ? 1 : -1;
    map_.set_ready(node->id, is);
  }
}

/// Pods that came with their tenant wait in another queue from now on.
void RunSampler::take_arrivals(std::size_t partition, const ports::ChangeBatch& batch) {
  for (const ports::PodChange& change : batch.pods) {
    const model::Pod& pod = change.pod;
    if (pod.node.valid() || pod.meta.terminating() || pod.terminal()) continue;
    ++queue_[partition];
    --queue_[column(batch.moves.front().other)];
  }
}

void RunSampler::take_pod(std::size_t partition, const ports::PodChange& change, TimePoint now) {
  const model::Pod& pod = change.pod;
  const ObjectFacts* known = sources_.facts.find(pod.meta.uid);
  const ObjectFacts before = known == nullptr ? ObjectFacts{} : *known;
  const bool exists = change.type != ports::ChangeType::removed;
  const bool active = exists && !pod.meta.terminating() && !pod.terminal();
  const bool waits = active && !pod.node.valid();
  const bool waited = before.active() && !before.bound();
  const std::int64_t change_of_active = (active ? 1 : 0) - (before.active() ? 1 : 0);
  pods_ += change_of_active;
  queue_[partition] += (waits ? 1 : 0) - (waited ? 1 : 0);
  if (change_of_active != 0) fairness_.change(pod.meta.tenant, change_of_active, 0, 0);
  if (exists && pod.node.valid() && (!before.exists() || !before.bound())) {
    const Duration wait = now - pod.meta.created_at;
    waits_.add(wait);
    fairness_.bound(pod.meta.tenant, wait);
  }
  const bool resized = before.running_on != ObjectFacts::kNone && before.spec != pod.spec.index &&
                       before.spec != ObjectFacts::kNone;
  if (!resized) return;
  carry(NodeId{before.running_on}, before.spec, before.tenant, -1);
  carry(NodeId{before.running_on}, pod.spec.index, before.tenant, 1);
}

void RunSampler::runs(Uid pod, NodeId node, std::int64_t sign, TimePoint now) {
  advance(now);
  running_ += sign;
  const ObjectFacts* entry = sources_.facts.find(pod);
  if (entry == nullptr || entry->spec == ObjectFacts::kNone) return;
  fairness_.change(TenantId{entry->tenant}, 0, sign, 0);
  carry(node, entry->spec, entry->tenant, sign);
}

void RunSampler::carry(NodeId node, std::uint32_t spec, std::uint32_t tenant, std::int64_t sign) {
  const std::size_t row = zone_of_node_[node.index] * series_.resources.size();
  std::int64_t cpu = 0;
  std::int64_t memory = 0;
  for (const ClusterFacts::Request& request : sources_.facts.requests(spec)) {
    const std::int64_t amount = sign * request.amount;
    if (request.kind == model::kCpu.index) cpu = amount;
    if (request.kind == model::kMemory.index) memory = amount;
    const std::uint32_t column = request.kind < column_of_resource_.size()
                                     ? column_of_resource_[request.kind]
                                     : ResourceId::kNone;
    if (column != ResourceId::kNone) used_[row + column] += amount;
  }
  map_.carry(node, cpu, memory);
  fairness_.change(TenantId{tenant}, 0, 0, cpu);
}

void RunSampler::on_host(NodeId node, bool up, TimePoint now) {
  advance(now);
  nodes_up_ += up ? 1 : -1;
  map_.set_up(node, up);
}

void RunSampler::on_fault(const FaultAction& action, TimePoint now) {
  advance(now);
  faults_.on_action(action, sources_.region, now);
}

/// Ends the row under way. After a quiet time there is another row right before what happens now.
void RunSampler::close_row(TimePoint now) {
  add_point(row_ends_);
  const TimePoint quiet_until{now.ns / row_.ns * row_.ns};
  const bool was_quiet = quiet_until > row_ends_;
  if (was_quiet) add_point(quiet_until);
  add_frame(row_ends_, was_quiet);
  if (series_.points.size() > kMostPoints) {
    halve(series_.points);
    row_ = row_ * 2;
  }
  row_ends_ = TimePoint{(now.ns / row_.ns + 1) * row_.ns};
}

void RunSampler::add_point(TimePoint at) {
  const OutcomeTracker::Figures figures = sources_.outcome.figures();
  RunSeries::Point& point = series_.points.emplace_back();
  point.at_seconds = seconds_of(at);
  point.pods = pods_;
  for (const std::int64_t waiting : queue_) point.waiting += waiting;
  point.running = running_;
  point.lost = figures.pods_lost;
  point.displaced = figures.pods_displaced;
  point.recovered = figures.pods_recovered;
  point.evictions = figures.evictions;
  point.decisions = sources_.decisions();
  point.nodes_up = nodes_up_;
  point.nodes_ready = nodes_ready_;
  if (waits_.count() > 0) {
    point.wait_p50_seconds = waits_.quantile(50).seconds();
    point.wait_p99_seconds = waits_.quantile(99).seconds();
    point.wait_max_seconds = waits_.longest().seconds();
    waits_.clear();
  }
  point.fairness = fairness_.jain();
  point.used = used_;
  point.commits = commits_;
  point.changes = changes_;
  point.requests = requests_;
  point.queue = queue_;
}

void RunSampler::add_frame(TimePoint at, bool surely) {
  std::vector<RunSeries::Frame>& frames = series_.frames;
  const double gap = frame_gap_.seconds();
  if (!surely && !frames.empty() && seconds_of(at) < frames.back().at_seconds + gap) return;
  std::string levels = map_.levels();
  if (!frames.empty() && frames.back().levels == levels) return;
  frames.push_back({seconds_of(at), std::move(levels)});
  if (frames.size() <= kMostFrames) return;
  // The first stays.
  std::size_t kept = 0;
  for (std::size_t i = 0; i < frames.size(); i += 2) std::swap(frames[kept++], frames[i]);
  frames.resize(kept);
  frame_gap_ = frame_gap_ * 2;
}

RunSeries RunSampler::series(TimePoint now) {
  if (series_.points.empty() || seconds_of(now) > series_.points.back().at_seconds) {
    add_point(now);
    add_frame(now, true);
  }
  RunSeries series = series_;
  for (const FaultLog::Entry& entry : faults_.entries()) {
    series.faults.push_back(
        {seconds_of(entry.begins), entry.ends.ns < 0 ? -1 : seconds_of(entry.ends), entry.text});
  }
  series.faults_left_out = static_cast<std::int64_t>(faults_.left_out());
  series.tenants = tenants_by_fate();
  series.tenant_count = static_cast<std::int64_t>(fairness_.tenants().size());
  series.recovery_quantiles = recovery_quantiles();
  return series;
}

std::vector<RunSeries::Tenant> RunSampler::tenants_by_fate() const {
  std::vector<RunSeries::Tenant> tenants;
  for (std::uint32_t i = 0; i < fairness_.tenants().size(); ++i) {
    const TenantFairness::Tenant& t = fairness_.tenants()[i];
    if (t.active == 0 && t.bound == 0) continue;
    RunSeries::Tenant& row = tenants.emplace_back();
    row.name = sources_.catalog.tenants.text(TenantId{i});
    row.pods = t.active;
    row.running = t.running;
    row.cpu_milli = t.cpu_milli;
    row.bound = t.bound;
    if (t.bound == 0) continue;
    row.wait_mean_seconds = (t.waited / t.bound).seconds();
    row.wait_max_seconds = t.longest_wait.seconds();
  }
  // By the share that runs, then by what it waited; names decide among equals.
  const auto share = [](const RunSeries::Tenant& t) {
    return t.pods == 0 ? 1.0 : static_cast<double>(t.running) / static_cast<double>(t.pods);
  };
  const auto worse = [share](const RunSeries::Tenant& a, const RunSeries::Tenant& b) {
    if (share(a) != share(b)) return share(a) < share(b);
    if (a.wait_mean_seconds != b.wait_mean_seconds)
      return a.wait_mean_seconds > b.wait_mean_seconds;
    return a.name < b.name;
  };
  std::sort(tenants.begin(), tenants.end(), worse);
  if (tenants.size() > RunSeries::kMostTenants) tenants.resize(RunSeries::kMostTenants);
  return tenants;
}

std::vector<double> RunSampler::recovery_quantiles() const {
  std::vector<std::uint32_t> sorted = sources_.outcome.recovery_ms();
  std::vector<double> quantiles;
  if (sorted.empty()) return quantiles;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t percent = 0; percent <= 100; ++percent) {
    const std::size_t rank = std::max<std::size_t>((sorted.size() * percent + 99) / 100, 1);
    quantiles.push_back(sorted[rank - 1] / 1000.0);
  }
  return quantiles;
}

}  // namespace arcas::sim
