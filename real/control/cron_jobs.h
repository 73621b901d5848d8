#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"
#include "core/controllers/cron_job.h"
#include "real/control/document_follower.h"

namespace arcas::real {

/// What is wrong with the schedule of a CronJob's document, with its field; ok: nothing.
Status check_cron_job(const boost::json::object& document);

/// Runs CronJobs over documents, as controllers::plan_cron_job says: makes Jobs, takes away the
/// oldest finished ones, keeps the status. Times are UTC; another time zone is refused.
class CronJobs {
 public:
  explicit CronJobs(DocumentFollower::Parts parts);

  void start() { follower_.start(); }
  void stop() { follower_.stop(); }

 private:
  using Item = DocumentFollower::Item;
  using Writes = std::vector<DocumentWrite>;
  struct JobState {
    std::string owner_uid;
    std::string uid;
    controllers::CronJobRun run;
    std::int64_t ended_at = 0;
  };
  using Jobs = std::map<std::string, JobState>;

  void take_cron_job(const DocumentChange& change);
  void take_job(const DocumentChange& change);
  void sync(const Item& item);
  void create(const Item& item, const boost::json::object& cron_job, std::int64_t due,
              Writes& writes);
  void remove(const Item& item, const std::string& job, Writes& writes) const;
  void look_again(const Item& item, std::int64_t at);

  std::map<Item, Jobs> jobs_;              // of each CronJob, by name
  std::map<Item, std::int64_t> looks_at_;  // when it is looked at again
  DocumentFollower follower_;
};

}  // namespace arcas::real
