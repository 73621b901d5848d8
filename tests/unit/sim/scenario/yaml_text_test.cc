#include "sim/scenario/yaml_text.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "sim/scenario/scenario.h"

namespace arcas::sim {
namespace {

void expect_same(const YamlValue& a, const YamlValue& b) {
  ASSERT_EQ(a.type, b.type) << a.text << " and " << b.text;
  EXPECT_EQ(a.text, b.text);
  ASSERT_EQ(a.items.size(), b.items.size());
  for (std::size_t i = 0; i < a.items.size(); ++i) expect_same(a.items[i], b.items[i]);
  ASSERT_EQ(a.entries.size(), b.entries.size());
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    EXPECT_EQ(a.entries[i].key, b.entries[i].key);
    expect_same(a.entries[i].value, b.entries[i].value);
  }
}

TEST(YamlText, WhatIsWrittenParsesToTheSameValue) {
  const auto value = parse_yaml(
      "a: {b: [1, two, {c: 'x: y'}], d: [], e: {}}\n"
      "f: \"line\\nbreak \\\" \\\\ quote\"\n"
      "'g h': [{i: -3}, {j: '# no comment'}]\n"
      "expect: [pods_lost == 0, recovery_seconds.p99 <= 60]\n"
      "k: ''\n",
      "a.yaml");
  ASSERT_TRUE(value) << value.error().message;
  const auto again = parse_yaml(to_yaml(*value), "b.yaml");
  ASSERT_TRUE(again) << again.error().message << "\n" << to_yaml(*value);
  expect_same(*value, *again);
}

TEST(YamlText, EveryScenarioThatComesWithArcasSurvivesTheWayThroughItsText) {
  std::size_t files = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(ARCAS_SOURCE_DIR) + "/scenarios")) {
    if (file.path().extension() != ".yaml") continue;
    ++files;
    const auto tree = load_scenario_tree(file.path().string(), {});
    ASSERT_TRUE(tree) << tree.error().message;
    const auto again = parse_yaml(to_yaml(*tree), "again.yaml");
    ASSERT_TRUE(again) << again.error().message;
    expect_same(*tree, *again);
  }
  EXPECT_GT(files, 5U);
}

}  // namespace
}  // namespace arcas::sim
