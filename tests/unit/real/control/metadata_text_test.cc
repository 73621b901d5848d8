#include "real/control/metadata_text.h"

#include <gtest/gtest.h>

#include <memory>

namespace arcas::real {
namespace {

TEST(MetadataText, IsFoundWhereverItStandsAndNotInStringsOrBelow) {
  EXPECT_EQ(metadata_text(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{}})"),
            R"({"name":"a"})");
  EXPECT_EQ(metadata_text(
                R"({"spec":{"metadata":{"name":"no"},"x":[1,{"y":2}]},"metadata":{"b":"}\"{"}})"),
            R"({"b":"}\"{"})");
  EXPECT_EQ(metadata_text(R"({"a":"\"metadata\":{","n":1.5,"t":true})"), "");
  EXPECT_EQ(metadata_text(R"({})"), "");
  EXPECT_EQ(metadata_text(""), "");
  EXPECT_EQ(metadata_text(R"({"a":"never closed)"), "");
}

TEST(MetadataText, TellsOwnersAndWhetherAnObjectIsGoing) {
  Document document;
  document.key = {"pods", "t", "n", "p"};
  document.uid = "u";
  document.revision = 7;
  document.json = std::make_shared<const std::string>(
      R"({"kind":"Pod","metadata":{"name":"p","deletionTimestamp":"2026-01-01T00:00:00Z",
"finalizers":["foregroundDeletion"],"ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet",
"name":"s","uid":"x","blockOwnerDeletion":true},{"apiVersion":"v1","kind":"Node","name":"m","uid":"y"},
"nonsense"]}})");
  const controllers::CollectedObject object = collected_object(document);
  EXPECT_EQ(object.uid, "u");
  EXPECT_EQ(object.revision, 7U);
  EXPECT_TRUE(object.deleting);
  EXPECT_TRUE(object.foreground);
  EXPECT_FALSE(object.orphan);
  ASSERT_EQ(object.owners.size(), 2U);
  EXPECT_EQ(object.owners[0], (controllers::OwnerEntry{"apps/v1", "ReplicaSet", "s", "x", true}));
  EXPECT_FALSE(object.owners[1].blocks);
}

}  // namespace
}  // namespace arcas::real
