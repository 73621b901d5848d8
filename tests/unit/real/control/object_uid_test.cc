#include "real/control/object_uid.h"

#include <gtest/gtest.h>

namespace arcas::real {
namespace {

TEST(ObjectUid, AUuidLeadsBackToItsUid) {
  const Uid uid = Uid::make(0x8001, 0x123456789abcULL);
  const std::string uuid = uuid_of(uid, 0xffffffffffffffffULL);
  EXPECT_EQ(uuid, "12345678-9abc-8fff-bfff-ffffffff8001");
  EXPECT_EQ(uid_of(uuid), uid);
  EXPECT_LT(uuid_of(Uid::make(1, 99), 5), uuid_of(Uid::make(1, 100), 5));
  EXPECT_NE(uuid_of(uid, 1), uuid_of(uid, 2));
}

TEST(ObjectUid, OtherTextsAreNobodys) {
  for (const char* text :
       {"", "x", "12345678-9abc-4fff-bfff-ffffffff8001", "1234567g-9abc-8fff-bfff-ffffffff8001",
        "00000000-0000-8fff-bfff-ffffffff0001", "12345678+9abc-8fff-bfff-ffffffff8001"}) {
    EXPECT_EQ(uid_of(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace arcas::real
