#include "core/scheduler/best_score.h"

#include <gtest/gtest.h>

#include "core/base/rng.h"

namespace arcas::scheduler {
namespace {

TEST(BestScore, HasNoneWhileAllAreRefused) {
  BestScore scores;
  EXPECT_FALSE(scores.best());
  scores.reset(5);
  EXPECT_FALSE(scores.best());
  scores.set(3, 1.5);
  EXPECT_EQ(scores.best(), 3U);
  scores.set(3, PolicySession::kRefused);
  EXPECT_FALSE(scores.best());
}

TEST(BestScore, IsTheFirstOfTheHighestAsALookAtAllSays) {
  RandomStream random(7);
  for (const std::size_t size : {1U, 2U, 7U, 64U, 100U}) {
    BestScore scores;
    scores.reset(size);
    std::vector<double> all(size, PolicySession::kRefused);
    for (int i = 0; i < 500; ++i) {
      const std::size_t at = random.below(size);
      const bool refused = random.below(4) == 0;
      all[at] = refused ? PolicySession::kRefused : -static_cast<double>(random.below(6));
      scores.set(at, all[at]);
      std::optional<std::size_t> best;
      for (std::size_t k = 0; k < size; ++k) {
        if (all[k] > (best ? all[*best] : PolicySession::kRefused)) best = k;
      }
      ASSERT_EQ(scores.best(), best) << "size " << size << " step " << i;
    }
  }
}

}  // namespace
}  // namespace arcas::scheduler
