#pragma once

#include <string>

#include "sim/report/run_record.h"

namespace arcas::sim {

/// The record of a run that something went wrong in, with at least one of everything: two zones,
/// two resources, two partitions, three cells at two times.
inline RunRecord recorded_run() {
  RunRecord run;
  run.scenario = "small";
  run.description = "what it shows";
  run.profile = "arcas";
  run.seed = 42;
  run.trace_hash = "0123456789abcdef0123456789abcdef";
  run.build = "fedcba9876543210fedcba9876543210";
  run.command = "arcas sim run small --seed 42";
  run.document = "name: small\n";
  run.figures = {{"nodes", 3}, {"pods", 2}, {"recovery_seconds.p50", 4.5}, {"interrupted", 0}};
  run.notes = {{1.5, "zone a loses power"}};
  run.violations = {{2.5, "I01", "text"}};
  run.expectations = {{"pods_lost == 0", "1", false}, {"nodes == 3", "3", true}};
  run.invariants = {{"I01 revision-order", 7}};
  RunSeries& series = run.series;
  series.zones = {"a", "b"};
  series.resources = {"cpu", "memory"};
  series.capacity = {1000, 100, 2000, 200};
  series.partitions = {"tp-0", "rp-0"};
  RunSeries::Point& first = series.points.emplace_back();
  first.used = {0, 0, 0, 0};
  first.commits = first.changes = {1, 2};
  first.requests = first.queue = {0, 0};
  RunSeries::Point& second = series.points.emplace_back();
  second = {1.0,    2,      1,      1,     1,   1,    0,   1,
            5,      2,      3,      0.25,  0.5, 0.75, 0.5, {500, 10, 0, 30},
            {3, 4}, {5, 6}, {7, 8}, {1, 0}};
  series.cells = {{"a", 0, "a-node-0", 1}, {"b", 1, "b-node-1", 1}, {"b", 1, "b-node-2", 1}};
  series.frames = {{0.0, std::string(12, '\0')}, {1.0, std::string(12, '\xff')}};
  series.faults = {{1.5, 3.5, "zone a loses power"}, {2.0, -1, "host b-node-1 stops"}};
  series.phases = {{0, "building"}, {1, "running"}};
  series.tenants = {{"tenant-1", 2, 1, 500, 3, 0.25, 0.75}};
  series.tenant_count = 2;
  series.recovery_quantiles = std::vector<double>(101, 4.5);
  return run;
}

}  // namespace arcas::sim
