#include "core/access/service_account.h"

#include <gtest/gtest.h>

namespace arcas::access {
namespace {

const std::vector<std::string> kAudiences{"https://here"};

ServiceAccountToken good() {
  ServiceAccountToken token;
  token.issuer = "https://here";
  token.audiences = {"other", "https://here"};
  token.tenant = "blue";
  token.name_space = "team";
  token.name = "robot";
  token.uid = "u";
  token.not_before = 100;
  token.expires_at = 200;
  return token;
}

bool holds(const ServiceAccountToken& token, std::int64_t now = 150) {
  return check_token(token, "https://here", kAudiences, now).ok();
}

TEST(ServiceAccountToken, HoldsBetweenItsTimesForItsAudience) {
  EXPECT_TRUE(holds(good()));
  EXPECT_TRUE(holds(good(), 100));
  EXPECT_FALSE(holds(good(), 99));
  EXPECT_TRUE(holds(good(), 199));
  EXPECT_FALSE(holds(good(), 200));
  ServiceAccountToken elsewhere = good();
  elsewhere.audiences = {"vault"};
  EXPECT_FALSE(holds(elsewhere));
  ServiceAccountToken foreign = good();
  foreign.issuer = "https://there";
  EXPECT_FALSE(holds(foreign));
}

TEST(ServiceAccountToken, NamesAnAccountThatThereCanBe) {
  ServiceAccountToken token = good();
  token.name_space = "team:other";
  EXPECT_FALSE(holds(token)) << "would read as another account's name";
  token = good();
  token.name = "a:b";
  EXPECT_FALSE(holds(token));
  token = good();
  token.tenant = "all";
  EXPECT_FALSE(holds(token));
  token = good();
  token.uid.clear();
  EXPECT_FALSE(holds(token));
}

TEST(ServiceAccountToken, ItsUserIsOfItsTenantAndOfTheGroupsOfItsNamespace) {
  const User user = user_of(good());
  EXPECT_EQ(user.name, "system:serviceaccount:team:robot");
  EXPECT_EQ(user.tenant, "blue");
  EXPECT_EQ(user.groups,
            (std::vector<std::string>{"system:serviceaccounts", "system:serviceaccounts:team"}));
}

TEST(TokenLifetime, IsAnHourUnlessSomebodySaysWithinBounds) {
  EXPECT_EQ(*token_lifetime(std::nullopt), 3600);
  EXPECT_EQ(*token_lifetime(600), 600);
  EXPECT_FALSE(token_lifetime(599));
  EXPECT_FALSE(token_lifetime((std::int64_t{1} << 32) + 1));
  EXPECT_FALSE(token_lifetime(-1));
}

}  // namespace
}  // namespace arcas::access
