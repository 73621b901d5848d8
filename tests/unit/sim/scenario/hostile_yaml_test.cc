// Files that are broken, huge or made to hurt. Each must give one line that says where and what.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sim/scenario/scenario.h"
#include "sim/scenario/yaml_source.h"

namespace arcas::sim {
namespace {

std::string problem_of(const std::string& text) {
  const auto parsed = parse_yaml(text, "file.yaml");
  if (parsed) return "accepted";
  const std::string& message = parsed.error().message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  EXPECT_EQ(message.rfind("file.yaml", 0), 0U) << message;
  EXPECT_LT(message.size(), 2000U);
  return message;
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

TEST(HostileYaml, EmptyAndNothingButComments) {
  for (const char* text : {"", "\n\n", "# only this\n", "---\n", "~", "null\n"}) {
    EXPECT_TRUE(says(problem_of(text), "empty")) << text;
  }
}

TEST(HostileYaml, Binary) {
  EXPECT_TRUE(says(problem_of(std::string("name: a\0b", 9)), "not a text file"));
  EXPECT_TRUE(says(problem_of("\x7f"
                              "ELF\x02\x01\x01"),
                   "not a text file"));
  EXPECT_TRUE(says(problem_of(std::string("\xff\xfe"
                                          "n\0",
                                          4)),
                   "not a text file"));
}

TEST(HostileYaml, LargerThan16MiB) {
  EXPECT_TRUE(says(problem_of(std::string((16U << 20U) + 1, 'a')), "16 MiB"));
}

TEST(HostileYaml, SyntaxErrorsSayWhere) {
  EXPECT_EQ(problem_of("name: a\nzones: [a, b\nrun: {").rfind("file.yaml:", 0), 0U);
  EXPECT_NE(problem_of("a: b: c"), "accepted");
  EXPECT_NE(problem_of("a:\n\t- b"), "accepted");
  EXPECT_NE(problem_of("a: *nowhere"), "accepted");
  EXPECT_NE(problem_of("a: \"no end"), "accepted");
  EXPECT_NE(problem_of("? [a, b]\n: c"), "accepted");
}

TEST(HostileYaml, SeveralDocuments) {
  EXPECT_TRUE(says(problem_of("a: b\n---\nc: d\n"), "more than one"));
}

TEST(HostileYaml, DuplicateKeys) {
  const std::string message = problem_of("a: 1\nb: 2\na: 3\n");
  EXPECT_TRUE(says(message, "file.yaml:3:1: duplicate key \"a\"")) << message;
  EXPECT_TRUE(says(problem_of("{a: {b: 1, b: 2}}"), "duplicate key \"b\""));
}

TEST(HostileYaml, KeysWithLineBreaksStayOnOneLine) {
  EXPECT_TRUE(says(problem_of("{\"a\\nb\": 1, \"a\\nb\": 2}"), "duplicate key"));
}

TEST(HostileYaml, Depth) {
  const auto nested = [](std::size_t depth) {
    return "a: " + std::string(depth, '[') + "b" + std::string(depth, ']');
  };
  EXPECT_EQ(problem_of(nested(31)), "accepted");
  EXPECT_TRUE(says(problem_of(nested(32)), "deeper than 32"));
  EXPECT_NE(problem_of(nested(5'000)), "accepted");
  EXPECT_NE(problem_of(std::string(1'000'000, '[')), "accepted");
  EXPECT_NE(problem_of(std::string(1'000'000, '{')), "accepted");
}

TEST(HostileYaml, DepthThroughAliases) {
  std::string text = "a0: &a0 [b]\n";
  for (int i = 1; i < 60; ++i) {
    const std::string name = "a" + std::to_string(i);
    text += name + ": &" + name + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_TRUE(says(problem_of(text), "deeper than 32"));
}

TEST(HostileYaml, BillionLaughs) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) text += (j == 0 ? "" : ", ") + last;
    text += "]\n";
  }
  EXPECT_TRUE(says(problem_of(text), "200000 values"));
}

TEST(HostileYaml, MoreThan1000Aliases) {
  std::string text = "a: &a x\nb: [";
  for (int i = 0; i < 1000; ++i) text += "*a, ";
  EXPECT_EQ(problem_of(text + "x]"), "accepted");
  EXPECT_TRUE(says(problem_of(text + "*a]"), "1000 uses of aliases"));
}

TEST(HostileYaml, AnAliasToItself) { EXPECT_NE(problem_of("a: &a [*a]"), "accepted"); }

TEST(HostileYaml, ManyValuesAreRefusedAndManyKeysAreNot) {
  std::string list = "a: [";
  for (int i = 0; i < 250'000; ++i) list += "x,";
  EXPECT_TRUE(says(problem_of(list + "x]"), "200000 values"));
  std::string map;
  for (int i = 0; i < 99'000; ++i) map += "a_rather_long_key_" + std::to_string(i) + ": x\n";
  EXPECT_EQ(problem_of(map), "accepted");
}

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("arcas_" + std::string(test->name()) + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  static std::string load(const std::string& path) {
    const auto scenario = load_scenario(path, {});
    if (scenario) return "accepted: " + scenario->name;
    EXPECT_EQ(scenario.error().message.find('\n'), std::string::npos);
    return scenario.error().message;
  }
  std::filesystem::path folder_;
};

constexpr const char* kBase =
    "name: base\nseed: 5\nregion:\n  zones: [a, b]\n"
    "  node_shapes: [{name: m, count: 4, cpu: 8, memory: 16Gi}]\n";

TEST_F(Files, ThatAreNotThere) {
  EXPECT_TRUE(says(load((folder_ / "none.yaml").string()), "no such file"));
  EXPECT_TRUE(says(load(folder_.string()), "is a directory"));
  EXPECT_TRUE(says(load("/dev/zero"), "no such file"));
}

TEST_F(Files, ExtendsTakesTheBaseAndChangesIt) {
  write("base.yaml", kBase);
  const auto path =
      write("over.yaml", "extends: base.yaml\nname: over\nregion: {racks_per_zone: 9}");
  const auto scenario = load_scenario(path, {});
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->name, "over");
  EXPECT_EQ(scenario->seed, 5U);
  EXPECT_EQ(scenario->racks_per_zone, 9);
  EXPECT_EQ(scenario->zones.size(), 2U);
}

TEST_F(Files, CyclesOfExtends) {
  const auto own = write("own.yaml", "extends: own.yaml\n");
  EXPECT_TRUE(says(load(own), "leads back to itself"));
  write("b.yaml", "extends: ./c.yaml\n");
  write("c.yaml", "extends: ../" + folder_.filename().string() + "/a.yaml\n");
  EXPECT_TRUE(says(load(write("a.yaml", "extends: b.yaml\n")), "leads back to itself"));
}

TEST_F(Files, ExtendsOfSomethingElse) {
  EXPECT_TRUE(says(load(write("a.yaml", "extends: none.yaml\n")), "a.yaml:1:10: extends"));
  EXPECT_TRUE(says(load(write("b.yaml", "extends: [x]\n")), "extends"));
  write("broken.yaml", "name: [\n");
  EXPECT_TRUE(says(load(write("c.yaml", "extends: broken.yaml\n")), "broken.yaml:"));
}

TEST_F(Files, AnErrorInTheBaseNamesTheBase) {
  write("base.yaml", std::string(kBase) + "sed: 5\n");
  EXPECT_TRUE(says(load(write("over.yaml", "extends: base.yaml\n")), "base.yaml:6:"));
}

}  // namespace
}  // namespace arcas::sim
