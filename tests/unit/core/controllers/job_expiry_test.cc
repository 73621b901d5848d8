#include "core/controllers/job_expiry.h"

#include <gtest/gtest.h>

#include <limits>

namespace arcas::controllers {
namespace {

TEST(JobExpiry, AFinishedJobGoesWhenItsTimeIsOverAndOthersStay) {
  EXPECT_EQ(job_expires_at({100, 30}), 130);
  EXPECT_EQ(job_expires_at({100, 0}), 100) << "at once";
  EXPECT_EQ(job_expires_at({100, -5}), 100);
  EXPECT_FALSE(job_expires_at({std::nullopt, 30})) << "it has not finished";
  EXPECT_FALSE(job_expires_at({100, std::nullopt})) << "nobody asked for it";
  EXPECT_FALSE(job_expires_at({100, 30, true})) << "it is on its way";
  EXPECT_FALSE(job_expires_at({100, std::numeric_limits<std::int64_t>::max()}));
}

}  // namespace
}  // namespace arcas::controllers
