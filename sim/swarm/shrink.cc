#include "sim/swarm/shrink.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace arcas::sim {
namespace {

std::int64_t number_of(const YamlValue& value) {
  std::int64_t number = -1;
  const char* end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, number);
  return error == std::errc() && stop == end ? number : -1;
}

void set_number(YamlValue& value, std::int64_t number) { value.text = std::to_string(number); }

std::size_t size_of(const YamlValue* list) { return list == nullptr ? 0 : list->items.size(); }

}  // namespace

YamlValue* entry_at(YamlValue& root, const std::string& path) {
  YamlValue* at = &root;
  for (std::size_t from = 0; at != nullptr && from <= path.size();) {
    const std::size_t dot = std::min(path.find('.', from), path.size());
    at = at->find(path.substr(from, dot - from));
    from = dot + 1;
  }
  return at;
}

bool erase_at(YamlValue& root, const std::string& path) {
  const std::size_t dot = path.rfind('.');
  YamlValue* parent = dot == std::string::npos ? &root : entry_at(root, path.substr(0, dot));
  if (parent == nullptr) return false;
  const std::string key = path.substr(dot == std::string::npos ? 0 : dot + 1);
  return std::erase_if(parent->entries, [&](const YamlEntry& e) { return e.key == key; }) > 0;
}

bool same_failure(const Outcome& a, const Outcome& b) {
  if (a.failure != b.failure || a.ran_in_full != b.ran_in_full) return false;
  return a.failure != "crash" || a.text == b.text;
}

Shrinker::Shrinker(YamlValue failing, Outcome outcome, Trial trial, std::uint64_t most_trials,
                   Progress progress)
    : best_(std::move(failing)),
      outcome_(std::move(outcome)),
      trial_(std::move(trial)),
      most_trials_(most_trials),
      progress_(std::move(progress)) {}

bool Shrinker::attempt(const std::string& what, const Edit& edit) {
  if (trials_ >= most_trials_) return false;
  YamlValue candidate = best_;
  if (!edit(candidate)) return false;
  ++trials_;
  Outcome outcome = trial_(candidate);
  if (!same_failure(outcome, outcome_)) return false;
  best_ = std::move(candidate);
  outcome_ = std::move(outcome);
  progress_(what, trials_);
  return true;
}

/// What comes after a violation does not matter, and a shorter run makes the other trials cheaper.
void Shrinker::end_soon_after_the_failure() {
  if (outcome_.at_seconds < 0) return;
  const auto limit = static_cast<std::int64_t>(std::ceil(outcome_.at_seconds)) + 1;
  attempt("run.limit", [limit](YamlValue& root) {
    YamlValue* value = entry_at(root, "run.limit");
    if (value == nullptr || value->text == std::to_string(limit) + "s") return false;
    value->text = std::to_string(limit) + "s";
    return true;
  });
}

bool Shrinker::drop_items(const std::string& path) {
  bool any = false;
  std::size_t chunk = size_of(entry_at(best_, path));
  while (chunk > 0) {
    for (std::size_t from = 0; from < size_of(entry_at(best_, path));) {
      const bool gone = attempt(path, [&](YamlValue& root) {
        auto& items = entry_at(root, path)->items;
        const std::size_t until = std::min(from + chunk, items.size());
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(from),
                    items.begin() + static_cast<std::ptrdiff_t>(until));
        return true;
      });
      any = any || gone;
      if (!gone) from += chunk;
    }
    chunk /= 2;
  }
  return any;
}

bool Shrinker::drop_keys(const std::string& path, bool whole_map) {
  if (whole_map && attempt(path, [&](YamlValue& root) { return erase_at(root, path); })) {
    return true;
  }
  bool any = false;
  const YamlValue* map = entry_at(best_, path);
  if (map == nullptr) return false;
  std::vector<std::string> keys;
  for (const YamlEntry& entry : map->entries) keys.push_back(entry.key);
  for (const std::string& key : keys) {
    const std::string full = path + "." + key;
    any = attempt(full, [&](YamlValue& root) { return erase_at(root, full); }) || any;
  }
  return any;
}

bool Shrinker::lower(const std::string& path, std::int64_t least) {
  bool any = false;
  const YamlValue* value = entry_at(best_, path);
  std::int64_t step = value == nullptr ? 0 : number_of(*value) - least;
  while (step > 0) {
    const bool lowered = attempt(path, [&](YamlValue& root) {
      YamlValue* number = entry_at(root, path);
      const std::int64_t next = number_of(*number) - step;
      if (next < least) return false;
      set_number(*number, next);
      return true;
    });
    any = any || lowered;
    if (!lowered) step /= 2;
  }
  return any;
}

bool Shrinker::lower_counts(const std::string& list, const std::string& key, std::int64_t least) {
  bool any = false;
  for (std::size_t i = 0; i < size_of(entry_at(best_, list)); ++i) {
    const auto number = [&](YamlValue& root) { return entry_at(root, list)->items[i].find(key); };
    const YamlValue* value = number(best_);
    std::int64_t step = value == nullptr ? 0 : number_of(*value) - least;
    while (step > 0) {
      const bool lowered = attempt(list + "." + key, [&](YamlValue& root) {
        YamlValue* count = number(root);
        const std::int64_t next = number_of(*count) - step;
        if (next < least) return false;
        set_number(*count, next);
        return true;
      });
      any = any || lowered;
      if (!lowered) step /= 2;
    }
  }
  return any;
}

const YamlValue& Shrinker::run() {
  for (bool smaller = true; smaller && trials_ < most_trials_;) {
    smaller = false;
    const auto note = [&smaller](bool changed) { smaller = smaller || changed; };
    end_soon_after_the_failure();
    note(drop_items("faults"));
    note(lower_counts("faults", "count", 1));
    note(drop_items("workload.changes"));
    note(lower_counts("workload.changes", "replicas", 0));
    note(drop_items("workload.jobs"));
    note(lower_counts("workload.jobs", "count", 1));
    note(lower_counts("workload.jobs", "completions", 1));
    note(drop_items("workload.daemon_sets"));
    note(lower("workload.total_pods", 0));
    note(drop_items("workload.pods"));
    for (const char* key : {"spread_soft_percent", "spread_hard_percent", "budget_percent"}) {
      const std::string path = std::string("workload.") + key;
      note(attempt(path, [&](YamlValue& root) { return erase_at(root, path); }));
    }
    note(lower_counts("region.node_shapes", "count", 1));
    note(lower("region.racks_per_zone", 1));
    note(drop_items("region.zones"));
    note(lower("control_plane.tenant_partitions", 1));
    note(lower("control_plane.api_servers_per_zone", 1));
    note(lower("control_plane.store_members", 1));
    note(lower("tenants", 1));
    note(drop_keys("parameters", true));
  }
  end_soon_after_the_failure();
  return best_;
}

}  // namespace arcas::sim
