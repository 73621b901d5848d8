#include "real/all_in_one/pod_logs.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "real/all_in_one/log_requests.h"

namespace arcas::real {
namespace {

class PodLogTest : public testing::Test {
 protected:
  void TearDown() override { std::remove(path_.c_str()); }
  void write(const std::string& text) { std::ofstream(path_, std::ios::app) << text; }
  std::string read(PodLogOptions options, bool plain = false) {
    PodLogReader reader(path_, plain, std::move(options));
    return all(reader);
  }
  static std::string all(PodLogReader& reader) {
    std::string text;
    bool more = true;
    while (more) text += reader.read(more);
    return text;
  }
  std::string path_ = testing::TempDir() + "pod_logs_test.log";
};

TEST_F(PodLogTest, LinesComeWithoutTheRuntimesWords) {
  write(
      "2026-01-01T00:00:00.1Z stdout F one two\n2026-01-01T00:00:01.2Z stderr P par\n"
      "2026-01-01T00:00:01.3Z stderr F ted\n2026-01-01T00:00:02Z stdout F \n");
  EXPECT_EQ(read({}), "one two\nparted\n\n");
  PodLogOptions times;
  times.timestamps = true;
  times.tail_lines = 1;
  EXPECT_EQ(read(times), "2026-01-01T00:00:02Z \n");
}

TEST_F(PodLogTest, TheTailAndTheLimitCutAndWhatComesLaterFollows) {
  for (int i = 0; i < 30'000; ++i) write("T stdout F line " + std::to_string(i) + "\n");
  PodLogOptions tail;
  tail.tail_lines = 2;
  PodLogReader reader(path_, false, tail);
  EXPECT_EQ(all(reader), "line 29998\nline 29999\n");
  EXPECT_EQ(all(reader), "");
  write("T stdout F more\nT stdout F half");
  EXPECT_EQ(all(reader), "more\n") << "half a line waits";
  write(" a line\n");
  EXPECT_EQ(all(reader), "half a line\n");
  PodLogOptions limit;
  limit.limit_bytes = 9;
  EXPECT_EQ(read(limit), "line 0\nli");
  EXPECT_EQ(read({}).size(), [] {
    std::size_t size = std::string("more\nhalf a line\n").size();
    for (int i = 0; i < 30'000; ++i) size += ("line " + std::to_string(i) + "\n").size();
    return size;
  }());
}

TEST_F(PodLogTest, AConsoleIsPlainAndWhatIsNotThereIsEmpty) {
  EXPECT_EQ(read({}), "");
  write("boot\rlogin: ");
  EXPECT_EQ(read({}, true), "boot\rlogin: ");
}

TEST(PodLogOptionsTest, AreReadAndRefusedByName) {
  const auto good = parse_log_options({{"container", "c"},
                                       {"follow", "true"},
                                       {"previous", "false"},
                                       {"timestamps", "1"},
                                       {"tailLines", "7"},
                                       {"limitBytes", "0"},
                                       {"pretty", "x"}});
  ASSERT_TRUE(good);
  EXPECT_TRUE(good->follow && good->timestamps && !good->previous);
  EXPECT_EQ(good->tail_lines, 7);
  EXPECT_EQ(good->limit_bytes, 0);
  for (const auto& [name, value] :
       {std::pair("tailLines", "-1"), std::pair("tailLines", "x"), std::pair("limitBytes", "1e3"),
        std::pair("follow", "yes"), std::pair("sinceSeconds", "5")}) {
    const auto bad = parse_log_options({{name, value}});
    ASSERT_FALSE(bad) << name;
    EXPECT_NE(bad.error().message.find(name), std::string::npos);
    EXPECT_NE(bad.error().message.find("allowed"), std::string::npos);
  }
}

}  // namespace
}  // namespace arcas::real
