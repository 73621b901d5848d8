#include "real/control/cron_jobs.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "real/api/job_pods.h"
#include "real/api/object_text.h"
#include "real/control/pod_documents.h"
#include "real/control/status_edits.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr const char* kCronJobs = "cronjobs.batch";
constexpr const char* kJobs = "jobs.batch";
constexpr std::int64_t kNanoseconds = 1'000'000'000;

std::int64_t seconds_of(TimePoint time) { return time.ns / kNanoseconds; }

controllers::CronJobSpec spec_of(const json::object& document) {
  using Concurrency = controllers::CronJobSpec::Concurrency;
  controllers::CronJobSpec spec;
  const std::string_view policy = text_at(document, "spec.concurrencyPolicy");
  if (policy == "Forbid") spec.concurrency = Concurrency::forbid;
  if (policy == "Replace") spec.concurrency = Concurrency::replace;
  const auto number = [&](std::string_view path) -> std::optional<std::int64_t> {
    const json::value* value = value_at(document, path);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    return std::max<std::int64_t>(integer_at(document, path), 0);
  };
  spec.starting_deadline = number("spec.startingDeadlineSeconds");
  const auto limit = [&](std::string_view path, std::size_t otherwise) {
    const std::optional<std::int64_t> given = number(path);
    return given ? static_cast<std::size_t>(*given) : otherwise;
  };
  spec.keep_succeeded = limit("spec.successfulJobsHistoryLimit", spec.keep_succeeded);
  spec.keep_failed = limit("spec.failedJobsHistoryLimit", spec.keep_failed);
  const json::value* suspend = value_at(document, "spec.suspend");
  spec.suspended = suspend != nullptr && suspend->is_bool() && suspend->get_bool();
  return spec;
}

const json::object* cron_job_behind(const json::object& job) {
  const json::value* owners = value_at(job, "metadata.ownerReferences");
  if (owners == nullptr || !owners->is_array()) return nullptr;
  for (const json::value& owner : owners->get_array()) {
    if (owner.is_object() && text_at(owner.get_object(), "kind") == "CronJob") {
      return &owner.get_object();
    }
  }
  return nullptr;
}

bool has_condition(const json::object& job, std::string_view type) {
  const json::value* conditions = value_at(job, "status.conditions");
  if (conditions == nullptr || !conditions->is_array()) return false;
  return std::any_of(conditions->get_array().begin(), conditions->get_array().end(),
                     [&](const json::value& entry) {
                       return entry.is_object() && text_at(entry.get_object(), "type") == type &&
                              text_at(entry.get_object(), "status") == "True";
                     });
}

json::object object_or_empty(const json::object& holder, std::string_view path) {
  const json::value* value = value_at(holder, path);
  return value != nullptr && value->is_object() ? value->get_object() : json::object();
}

}  // namespace

Status check_cron_job(const json::object& document) {
  const std::string_view zone = text_at(document, "spec.timeZone");
  if (!zone.empty() && zone != "UTC" && zone != "Etc/UTC") {
    return Status::invalid("spec.timeZone: '" + std::string(zone) +
                           "' is not supported: allowed are UTC and Etc/UTC");
  }
  const auto parsed = controllers::CronSchedule::parse(text_at(document, "spec.schedule"));
  return parsed ? Status::success() : Status::invalid("spec.schedule: " + parsed.error().message);
}

CronJobs::CronJobs(DocumentFollower::Parts parts)
    : follower_(
          std::move(parts),
          {{kCronJobs, true, [this](const DocumentChange& c) { take_cron_job(c); }},
           {kJobs, true, [this](const DocumentChange& c) { take_job(c); }}},
          [this](const Item& item) { sync(item); },
          [this] {
            jobs_.clear();
            looks_at_.clear();
          }) {}

void CronJobs::take_cron_job(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  follower_.mark({key.tenant, key.name_space, key.name});
}

void CronJobs::take_job(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  const json::object text = stored_object(*change.document.json);
  json::object before;
  const json::object* owner = cron_job_behind(text);
  const bool freed = owner == nullptr && change.before != nullptr;
  if (freed) {
    before = stored_object(*change.before);
    owner = cron_job_behind(before);
  }
  if (owner == nullptr) return;
  const Item item{key.tenant, key.name_space, std::string(text_at(*owner, "name"))};
  follower_.mark(item);
  if (freed || change.type == DocumentChange::Type::removed) {
    jobs_[item].erase(key.name);
    if (jobs_[item].empty()) jobs_.erase(item);
    return;
  }
  JobState state;
  state.owner_uid = text_at(*owner, "uid");
  state.uid = change.document.uid;
  state.run.name = key.name;
  state.run.started_at = timestamp_of(text_at(text, "metadata.creationTimestamp"));
  state.run.succeeded = has_condition(text, "Complete");
  state.run.failed = has_condition(text, "Failed");
  state.ended_at = timestamp_of(text_at(text, "status.completionTime"));
  jobs_[item][key.name] = std::move(state);
}

void CronJobs::sync(const Item& item) {
  const auto document =
      follower_.documents().get({kCronJobs, item.tenant, item.name_space, item.name});
  if (!document) return;  // its Jobs are the garbage collector's
  Writes writes;
  std::vector<controllers::CronJobRun> runs;
  json::array active;
  std::int64_t last_success = 0;
  const auto known = jobs_.find(item);
  if (known != jobs_.end()) {
    for (const auto& [name, job] : known->second) {
      if (job.owner_uid != document->uid) continue;  // of an earlier one
      runs.push_back(job.run);
      if (job.run.succeeded) last_success = std::max(last_success, job.ended_at);
      if (job.run.succeeded || job.run.failed) continue;
      active.emplace_back(json::object{{"apiVersion", "batch/v1"},
                                       {"kind", "Job"},
                                       {"name", name},
                                       {"namespace", item.name_space},
                                       {"uid", job.uid}});
    }
  }
  const json::object cron_job = stored_object(*document->json);
  const auto schedule = controllers::CronSchedule::parse(text_at(cron_job, "spec.schedule"));
  const bool runs_on = schedule && text_at(cron_job, "metadata.deletionTimestamp").empty() &&
                       !follower_.is_ending(item);
  std::optional<std::int64_t> started;
  if (runs_on) {
    const std::int64_t now = seconds_of(follower_.now());
    std::int64_t last = timestamp_of(text_at(cron_job, "status.lastScheduleTime"));
    if (last == 0) last = timestamp_of(text_at(cron_job, "metadata.creationTimestamp"));
    const auto plan = controllers::plan_cron_job(spec_of(cron_job), *schedule, now, last, runs);
    for (const std::string& job : plan.remove) remove(item, job, writes);
    if (plan.start) create(item, cron_job, *plan.start, writes);
    if (plan.look_again) look_again(item, *plan.look_again);
    started = plan.start;
  }
  follower_.draft(
      document->key,
      [&](json::object& text) {
        json::object& status = object_at(text, "status");
        status.erase("active");
        if (!active.empty()) status["active"] = active;
        if (started) status["lastScheduleTime"] = timestamp_text(*started);
        if (last_success != 0) status["lastSuccessfulTime"] = timestamp_text(last_success);
      },
      writes);
  follower_.commit(item, std::move(writes));
}

void CronJobs::create(const Item& item, const json::object& cron_job, std::int64_t due,
                      Writes& writes) {
  // As Kubernetes names them, so that one time never makes two Jobs.
  const std::string name = item.name + '-' + std::to_string(due / 60);
  const DocumentKey key{kJobs, item.tenant, item.name_space, name};
  if (follower_.documents().get(key)) return;
  follower_.draft(
      key,
      [&](json::object& job) {
        job["apiVersion"] = "batch/v1";
        job["kind"] = "Job";
        json::object& metadata = object_at(job, "metadata");
        const json::object labels = object_or_empty(cron_job, "spec.jobTemplate.metadata.labels");
        if (!labels.empty()) metadata["labels"] = labels;
        json::object annotations =
            object_or_empty(cron_job, "spec.jobTemplate.metadata.annotations");
        annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] = timestamp_text(due);
        metadata["annotations"] = std::move(annotations);
        metadata["generation"] = 1;
        metadata["ownerReferences"] = json::array{owner_reference(cron_job)};
        job["spec"] = object_or_empty(cron_job, "spec.jobTemplate.spec");
        job["status"] = json::object();
      },
      writes);
  DocumentWrite& write = writes.back();
  json::object job = stored_object(*write.json);
  select_own_pods(job);
  write.json = std::make_shared<const std::string>(stored_text(std::move(job)));
}

void CronJobs::remove(const Item& item, const std::string& job, Writes& writes) const {
  const auto document = follower_.documents().get({kJobs, item.tenant, item.name_space, job});
  if (document) DocumentFollower::draft_removal(*document, writes);
}

void CronJobs::look_again(const Item& item, std::int64_t at) {
  std::int64_t& known = looks_at_[item];
  if (known == at) return;
  known = at;
  follower_.mark_at(item, TimePoint{at * kNanoseconds});
}

}  // namespace arcas::real
