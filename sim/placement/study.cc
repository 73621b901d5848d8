#include "sim/placement/study.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <ctime>
#include <optional>
#include <thread>
#include <utility>

#include "core/scheduler/policies/registry.h"

namespace arcas::sim {
namespace {

/// Seconds that this thread has computed.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// One run of the study and what came of it.
struct Job {
  const PlacementTrace* trace = nullptr;
  std::size_t cell = 0;
  std::uint64_t seed = 0;
  std::optional<PlacementResult> result;
  double cpu_s = 0;
};

void run_job(Job& job, const std::string& policy) {
  const double start = thread_seconds();
  auto result = run_placement(*job.trace, policy, job.seed);
  job.cpu_s = thread_seconds() - start;
  if (result) job.result = std::move(*result);
}

/// Works the jobs off; each thread takes the next one.
void run_jobs(std::vector<Job>& jobs, const std::vector<StudyCell>& cells,
              const StudyRequest& request) {
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) {
      run_job(jobs[i], cells[jobs[i].cell].policy);
      ++done;
    }
  };
  std::vector<std::jthread> threads;
  const std::size_t count = std::min<std::size_t>(std::max(1U, request.threads), jobs.size());
  for (std::size_t i = 0; i < count; ++i) threads.emplace_back(work);
  while (request.progress && done < jobs.size()) {
    request.progress(done, jobs.size());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

}  // namespace

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  if (values.empty()) return spread;
  double sum = 0;
  for (const double value : values) sum += value;
  spread.mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  if (values.size() > 1) {
    spread.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  }
  spread.least = *std::min_element(values.begin(), values.end());
  spread.most = *std::max_element(values.begin(), values.end());
  return spread;
}

std::vector<double> StudyCell::at(PercentSeries PlacementResult::*series,
                                  std::size_t percent) const {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const PlacementResult& run : runs) values.push_back((run.*series)[percent]);
  return values;
}

Expected<std::vector<StudyCell>> run_study(const StudyRequest& request) {
  for (const std::string& policy : request.policies) {
    if (const auto found = policies::find_policy(policy); !found) return found.error();
  }
  std::vector<PlacementTrace> traces;
  for (const std::string& workload : request.workloads) {
    auto trace = read_placement_trace(request.folder, workload);
    if (!trace) return trace.error();
    traces.push_back(std::move(*trace));
  }
  std::vector<StudyCell> cells;
  std::vector<Job> jobs;
  for (const PlacementTrace& trace : traces) {
    for (const std::string& policy : request.policies) {
      for (std::int64_t i = 0; i < request.seeds; ++i) {
        const std::uint64_t seed = request.first_seed + static_cast<std::uint64_t>(i);
        jobs.push_back({&trace, cells.size(), seed, std::nullopt, 0});
      }
      cells.push_back({trace.workload, policy, {}, 0});
    }
  }
  run_jobs(jobs, cells, request);
  for (Job& job : jobs) {
    StudyCell& cell = cells[job.cell];
    if (!job.result) return Status::invalid(cell.policy + " on " + cell.workload + ": refused");
    cell.cpu_s += job.cpu_s;
    cell.runs.push_back(std::move(*job.result));
  }
  return cells;
}

}  // namespace arcas::sim
