#include "sim/run/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace arcas::sim {
namespace {

class StoryTest : public testing::Test {
 protected:
  StoryTest() {
    for (int i = 0; i < 12; ++i) catalog.nodes.intern("a-node-" + std::to_string(i));
  }
  void commit(Uid pod, std::uint32_t node, TimePoint now) {
    ports::ChangeBatch batch;
    batch.revision = 9;
    ports::PodChange& change = batch.pods.emplace_back();
    change.type = ports::ChangeType::modified;
    change.pod.meta.uid = pod;
    change.pod.meta.name = {catalog.intern("web"), 0};
    change.pod.node = NodeId{node};
    story.on_commit(PartitionId{1}, batch, now);
  }
  static std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  model::Catalog catalog;
  Story story{catalog};
  Uid one = Uid::make(1, 14);
  Uid other = Uid::make(1, 141);
};

TEST_F(StoryTest, TellsOfThePodThatIsNamedAndOfNoOther) {
  commit(one, 3, TimePoint{} + seconds(1));
  commit(other, 3, TimePoint{} + seconds(2));
  story.on_running(one, NodeId{3}, TimePoint{} + seconds(3));
  story.on_running(other, NodeId{3}, TimePoint{} + seconds(3));
  EXPECT_EQ(story.tell("pod 1/14 of tenant x runs twice", 10),
            "        1.000000 s  pod 1/14 (web) is pending on a-node-3  [partition 1 revision 9]\n"
            "        3.000000 s  pod 1/14 runs on a-node-3\n");
}

TEST_F(StoryTest, FaultsStandAmongTheLinesOfThePod) {
  commit(one, 3, TimePoint{} + seconds(1));
  story.on_event("zone a loses power", TimePoint{} + seconds(2));
  story.on_stopped(one, NodeId{3}, TimePoint{} + seconds(2));
  const std::string told = story.tell("pod 1/14", 10);
  EXPECT_EQ(lines(told), 3U);
  EXPECT_LT(told.find("loses power"), told.find("runs no more"));
}

TEST_F(StoryTest, ANodeIsNotTakenForOneWhoseNameItBegins) {
  model::Node node;
  node.id = NodeId{1};
  ports::ChangeBatch batch;
  batch.objects.push_back({ports::ChangeType::modified, node});
  story.on_commit(PartitionId{256}, batch, TimePoint{});
  EXPECT_EQ(story.tell("node a-node-11 is full", 10), "");
  EXPECT_EQ(lines(story.tell("node a-node-1 is full", 10)), 1U);
}

TEST_F(StoryTest, ManyFaultsDoNotPushOutWhatItIsAbout) {
  commit(one, 3, TimePoint{} + seconds(1));
  for (int i = 0; i < 100; ++i) story.on_event("zone a is cut off", TimePoint{} + seconds(2));
  const std::string told = story.tell("pod 1/14", 10);
  EXPECT_EQ(lines(told), 11U);
  EXPECT_NE(told.find("pod 1/14"), std::string::npos);
}

TEST_F(StoryTest, WithoutANameItTellsTheLastLinesOfAll) {
  for (int i = 0; i < 30; ++i) commit(one, 3, TimePoint{} + seconds(i));
  EXPECT_EQ(lines(story.tell("", 10)), 10U);
}

}  // namespace
}  // namespace arcas::sim
