#include "core/manifest/object_stream.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace arcas::manifest {
namespace {

struct Read {
  std::vector<std::string> objects;  // "index kind-of-list text"
  Status status;
};

/// Feeds the text in pieces of that many bytes.
Read read(std::string_view text, std::size_t piece) {
  Read result;
  ObjectStream stream([&](const ObjectStream::Object& object) {
    result.objects.push_back((object.of_list ? std::to_string(object.index) : "-") + " " +
                             std::string(object.list_kind) + " " +
                             boost::json::serialize(object.value));
  });
  for (std::size_t i = 0; i < text.size() && result.status.ok(); i += piece) {
    result.status = stream.write(text.substr(i, piece));
  }
  if (result.status.ok()) result.status = stream.finish();
  return result;
}

/// The same whatever the pieces.
std::vector<std::string> objects_of(std::string_view text) {
  const Read whole = read(text, text.size());
  EXPECT_TRUE(whole.status.ok()) << whole.status.message;
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 4096U}) {
    EXPECT_EQ(read(text, piece).objects, whole.objects) << piece;
  }
  return whole.objects;
}

using Texts = std::vector<std::string>;

TEST(ObjectStream, GivesTheItemsOfAList) {
  EXPECT_EQ(
      objects_of(R"({"kind":"PodList","items":[{"a":1},{"b":[true,null,"x\n\u00e9"]}],"z":{}})"),
      (Texts{R"(0 PodList {"a":1})", R"(1 PodList {"b":[true,null,"x\né"]})"}));
}

TEST(ObjectStream, KubectlWritesTheKindBehindTheItems) {
  EXPECT_EQ(objects_of(R"({"apiVersion":"v1","items":[{"kind":"Pod"}],"kind":"List"})"),
            (Texts{R"(0  {"kind":"Pod"})"}));
}

TEST(ObjectStream, ADocumentThatIsNoListIsOneObject) {
  EXPECT_EQ(objects_of(R"( {"kind":"Node","spec":{"items":[1]}} )"),
            (Texts{R"(-  {"kind":"Node","spec":{"items":[1]}})"}));
  EXPECT_EQ(objects_of(R"({"kind":"X","items":{"a":1}})"),
            (Texts{R"(-  {"kind":"X","items":{"a":1}})"}));
}

TEST(ObjectStream, ArraysEmptyListsAndSeveralDocuments) {
  EXPECT_EQ(objects_of("[{\"a\":1},2]"), (Texts{R"(0  {"a":1})", "1  2"}));
  EXPECT_EQ(objects_of(R"({"items":[]})"), Texts{});
  EXPECT_EQ(objects_of(R"({"items":null,"kind":"List"})"), Texts{});
  EXPECT_EQ(objects_of("{\"a\":1}\n{\"b\":2}\n\n[{\"c\":3}]\n"),
            (Texts{R"(-  {"a":1})", R"(-  {"b":2})", R"(0  {"c":3})"}));
  EXPECT_EQ(objects_of("\xef\xbb\xbf{\"a\":1}"), Texts{R"(-  {"a":1})"});
}

TEST(ObjectStream, SaysWhereATextIsCutOff) {
  const Read cut = read("{\"items\":[{\"a\":1},\n{\"b\":", 100);
  EXPECT_EQ(cut.objects.size(), 1U);
  EXPECT_EQ(cut.status.message, "2: ends in the middle of item 1; the file is cut off");
  EXPECT_NE(read("{\"kind\":\"Pod\"", 100).status.message.find("the document"), std::string::npos);
}

TEST(ObjectStream, RefusesWhatIsNoListOfObjects) {
  const auto error = [](std::string_view text) { return read(text, 4096).status.message; };
  EXPECT_NE(error("").find("is empty"), std::string::npos);
  EXPECT_NE(error("  \n").find("is empty"), std::string::npos);
  EXPECT_NE(error("12 ").find("is no object"), std::string::npos);
  EXPECT_NE(error("\"text\"").find("is no object"), std::string::npos);
  EXPECT_NE(error("No resources found").find("is no JSON"), std::string::npos);
  EXPECT_NE(error("{\"items\":[{]}").find("in item 0"), std::string::npos);
  EXPECT_NE(error("{\"a\":1}}").find("is no JSON"), std::string::npos);
  EXPECT_NE(error("\xff\xfe{").find("UTF-16"), std::string::npos);
  EXPECT_NE(error(std::string(100, '[')).find("64 levels"), std::string::npos);
}

TEST(ObjectStream, AnObjectMayHave16MiBAndAListAnySize) {
  const std::string big = "{\"a\":\"" + std::string(std::size_t{17} << 20U, 'x') + "\"}";
  EXPECT_NE(read("[{}," + big + "]", 65536).status.message.find("item 1 is larger than 16 MiB"),
            std::string::npos);
  EXPECT_NE(read(big, 65536).status.message.find("larger than 16 MiB"), std::string::npos);
  std::string many = "[";
  for (int i = 0; i < 40; ++i) {
    many += (i == 0 ? "" : ",") + ("{\"a\":\"" + std::string(std::size_t{1} << 20U, 'x') + "\"}");
  }
  EXPECT_EQ(read(many + "]", 65536).objects.size(), 40U);
}

}  // namespace
}  // namespace arcas::manifest
