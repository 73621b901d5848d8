#include "core/controllers/cron_job.h"

#include <gtest/gtest.h>

namespace arcas::controllers {
namespace {

constexpr std::int64_t kNoon = 1'769'860'800;  // 2026-01-31T12:00:00Z, a Saturday
constexpr std::int64_t kHour = 3'600;
constexpr std::int64_t kDay = 86'400;

CronSchedule schedule(std::string_view text) {
  const Expected<CronSchedule> parsed = CronSchedule::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().message);
  return *parsed;
}

std::int64_t next(std::string_view text, std::int64_t after = kNoon) {
  return schedule(text).next(after).value_or(-1);
}

TEST(CronSchedule, TimesAreFound) {
  EXPECT_EQ(next("* * * * *"), kNoon + 60);
  EXPECT_EQ(next("* * * * *", kNoon + 59), kNoon + 60);
  EXPECT_EQ(next("*/15 * * * *"), kNoon + 15 * 60);
  EXPECT_EQ(next("5/20 * * * *", kNoon + 26 * 60), kNoon + 45 * 60);
  EXPECT_EQ(next("0 9-17/4 * * *"), kNoon + kHour);
  EXPECT_EQ(next("30 3 * * *"), kNoon + 15 * kHour + 30 * 60);
  EXPECT_EQ(next("0 0 * * mon"), kNoon + kDay + 12 * kHour) << "Monday, 2 February";
  EXPECT_EQ(next("0 0 * * 7"), next("0 0 * * sun"));
  EXPECT_EQ(next("0 12 29 feb *"), 1'835'438'400) << "2028-02-29T12:00:00Z";
  EXPECT_EQ(next("0 0 13 * fri"), kNoon + 5 * kDay + 12 * kHour) << "Friday, or the 13th";
  EXPECT_EQ(next("@hourly"), kNoon + kHour);
  EXPECT_EQ(next("@yearly"), 1'798'761'600) << "2027-01-01T00:00:00Z";
  EXPECT_EQ(next("0 0 30 2 *"), -1) << "never";
}

TEST(CronSchedule, TheLatestIsTheOneBeforeTheNext) {
  for (const char* text : {"*/7 * * * *", "3,33 */5 * * *", "0 0 1,15 * wed", "15 10 * 3-9 1-5"}) {
    const CronSchedule times = schedule(text);
    std::int64_t at = kNoon;
    for (int i = 0; i < 200; ++i) {
      const std::int64_t following = times.next(at).value();
      ASSERT_GT(following, at) << text;
      ASSERT_EQ(times.latest(following, at), following) << text;
      ASSERT_EQ(times.latest(following - 1, at), std::nullopt) << text;
      ASSERT_EQ(times.latest(following + 59, at), following) << text;
      at = following;
    }
  }
}

TEST(CronSchedule, WhatIsWrongIsNamedWithWhatIsAllowed) {
  const auto refused = [](std::string_view text, std::string_view why) {
    const Expected<CronSchedule> parsed = CronSchedule::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().message.find(why), std::string::npos) << parsed.error().message;
  };
  refused("", "has 0 fields: five are expected");
  refused("* * * *", "has 4 fields");
  refused("* * * * * *", "has 6 fields");
  refused("60 * * * *", "minute '60': allowed are *, 0 to 59");
  refused("* 24 * * *", "hour '24'");
  refused("* * 0 * *", "day of month '0': allowed are *, 1 to 31");
  refused("* * * foo *", "month 'foo': allowed are *, 1 to 12 or jan to dec");
  refused("* * * * 8", "day of week '8'");
  refused("5-3 * * * *", "minute '5-3'");
  refused("*/0 * * * *", "minute '*/0'");
  refused("1//2 * * * *", "minute '1//2'");
  refused("1,,2 * * * *", "minute '1,,2'");
  refused("99999999999999 * * * *", "minute");
  refused("@sometimes", "five are expected");
}

TEST(CronJob, OfMissedTimesOnlyTheLastCounts) {
  const auto plan = plan_cron_job({}, schedule("*/5 * * * *"), kNoon + 61, kNoon - kDay, {});
  EXPECT_EQ(plan.start, kNoon);
  EXPECT_EQ(plan.look_again, kNoon + 5 * 60);
  EXPECT_FALSE(plan_cron_job({}, schedule("*/5 * * * *"), kNoon + 61, kNoon, {}).start);
}

TEST(CronJob, WhatIsOlderThanTheDeadlineIsLetPass) {
  CronJobSpec spec;
  spec.starting_deadline = 60;
  EXPECT_EQ(plan_cron_job(spec, schedule("@hourly"), kNoon + 60, kNoon - kDay, {}).start, kNoon);
  EXPECT_FALSE(plan_cron_job(spec, schedule("@hourly"), kNoon + 62, kNoon - kDay, {}).start);
}

TEST(CronJob, ConcurrencyIsObeyed) {
  const std::vector<CronJobRun> runs{{"before", kNoon - kHour, false, false}};
  CronJobSpec spec;
  const auto with = [&](CronJobSpec::Concurrency concurrency) {
    spec.concurrency = concurrency;
    return plan_cron_job(spec, schedule("@hourly"), kNoon, kNoon - kHour, runs);
  };
  EXPECT_EQ(with(CronJobSpec::Concurrency::allow).start, kNoon);
  EXPECT_TRUE(with(CronJobSpec::Concurrency::allow).remove.empty());
  EXPECT_FALSE(with(CronJobSpec::Concurrency::forbid).start);
  EXPECT_EQ(with(CronJobSpec::Concurrency::replace).start, kNoon);
  EXPECT_EQ(with(CronJobSpec::Concurrency::replace).remove, std::vector<std::string>{"before"});
  spec.suspended = true;
  EXPECT_FALSE(with(CronJobSpec::Concurrency::allow).start);
  EXPECT_FALSE(with(CronJobSpec::Concurrency::allow).look_again);
}

TEST(CronJob, TheHistoryKeepsTheNewest) {
  std::vector<CronJobRun> runs;
  for (int i = 0; i < 6; ++i) {
    runs.push_back({"good" + std::to_string(i), kNoon - i * kHour, true, false});
    runs.push_back({"bad" + std::to_string(i), kNoon - i * kHour, false, true});
  }
  CronJobSpec spec;
  spec.suspended = true;
  spec.keep_failed = 5;
  EXPECT_EQ(plan_cron_job(spec, schedule("@hourly"), kNoon, kNoon, runs).remove,
            (std::vector<std::string>{"good5", "good4", "good3", "bad5"}));
}

}  // namespace
}  // namespace arcas::controllers
