#include "real/control/job_expiries.h"

#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/controllers/job_expiry.h"
#include "real/api/deletion.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr const char* kJobs = "jobs.batch";
constexpr std::int64_t kNanoseconds = 1'000'000'000;

/// When its condition Complete or Failed became true.
std::optional<std::int64_t> finished_at(const json::object& job) {
  const json::value* conditions = value_at(job, "status.conditions");
  if (conditions == nullptr || !conditions->is_array()) return std::nullopt;
  for (const json::value& entry : conditions->get_array()) {
    if (!entry.is_object() || text_at(entry.get_object(), "status") != "True") continue;
    const std::string_view type = text_at(entry.get_object(), "type");
    if (type != "Complete" && type != "Failed") continue;
    const std::int64_t at = timestamp_of(text_at(entry.get_object(), "lastTransitionTime"));
    if (at > 0) return at;
  }
  return std::nullopt;
}

controllers::FinishedJob finished_job(const Document& document) {
  const json::object text = stored_object(*document.json);
  controllers::FinishedJob job;
  job.finished_at = finished_at(text);
  job.deleting = !text_at(text, "metadata.deletionTimestamp").empty();
  const json::value* keep = value_at(text, "spec.ttlSecondsAfterFinished");
  if (keep != nullptr && keep->is_int64()) job.keep = keep->get_int64();
  return job;
}

}  // namespace

JobExpiries::JobExpiries(DocumentFollower::Parts parts)
    : follower_(
          std::move(parts), {{kJobs, true, [this](const DocumentChange& c) { take(c); }}},
          [this](const Item& item) { sync(item); }, [this] { looks_at_.clear(); }) {}

void JobExpiries::take(const DocumentChange& change) {
  const DocumentKey& key = change.document.key;
  const Item item{key.tenant, key.name_space, key.name};
  const auto expires = change.type == DocumentChange::Type::removed
                           ? std::nullopt
                           : controllers::job_expires_at(finished_job(change.document));
  if (!expires) {
    looks_at_.erase(item);
    return;
  }
  const auto [known, fresh] = looks_at_.try_emplace(item, *expires);
  if (!fresh && std::exchange(known->second, *expires) == *expires) return;
  constexpr std::int64_t kLatest = 9'000'000'000;  // of times in nanoseconds: the year 2255
  if (*expires <= kLatest) follower_.mark_at(item, TimePoint{*expires * kNanoseconds});
}

void JobExpiries::sync(const Item& item) {
  const auto document = follower_.documents().get({kJobs, item.tenant, item.name_space, item.name});
  if (!document) return;
  const auto expires = controllers::job_expires_at(finished_job(*document));
  const std::int64_t now = follower_.now().ns / kNanoseconds;
  if (!expires || *expires > now) return;
  std::vector<DocumentWrite> writes;
  writes.push_back(
      deletion_of(*document, now, {std::nullopt, controllers::Propagation::foreground}));
  follower_.commit(item, std::move(writes));
}

}  // namespace arcas::real
