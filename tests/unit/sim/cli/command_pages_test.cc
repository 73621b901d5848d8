#include "sim/cli/command_pages.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/cli/completion.h"

namespace arcas::sim {
namespace {

/// arcas sim run, and arcas drain.
CommandDescription tree() {
  CommandDescription run{"arcas sim run", "run", "Run it - quickly", {}, {}, ""};
  run.options.push_back({{"scenario"}, true, true, false, true, "", {}, "A file|name"});
  run.options.push_back({{"--help", "-h"}, false, false, false, false, "", {}, "Say this"});
  run.options.push_back({{"--seed"}, false, true, false, false, "from 0", {}, "Of every draw"});
  run.options.push_back({{"--profile"},
                         false,
                         true,
                         false,
                         false,
                         "",
                         {"kubernetes", "arcas", "arktos"},
                         "Whose parameters"});
  run.options.push_back(
      {{"--quiet", "-q"}, false, false, false, false, "", {}, "Don't show progress"});
  CommandDescription sim{"arcas sim", "sim", "Simulate a region", {}, {run}, ""};
  CommandDescription drain{"arcas drain", "drain", ".Empty nodes", {}, {}, ""};
  drain.options.push_back({{"nodes"}, true, true, true, false, "", {}, "Names"});
  return {"arcas", "arcas", "a test", {}, {sim, drain}, "Exit codes: some."};
}

class CommandPages : public ::testing::Test {
 protected:
  CommandDescription root_ = tree();
};

TEST_F(CommandPages, UsageNamesWhatIsAskedFor) {
  EXPECT_EQ(usage_of(root_), "arcas COMMAND");
  EXPECT_EQ(usage_of(root_.commands[0].commands[0]), "arcas sim run SCENARIO [OPTIONS]");
  EXPECT_EQ(usage_of(root_.commands[1]), "arcas drain [NODES…]");
  EXPECT_EQ(spelled(root_.commands[0].commands[0].options[2]), "--seed VALUE");
  EXPECT_EQ(spelled(root_.commands[0].commands[0].options[4]), "--quiet, -q");
}

TEST_F(CommandPages, MarkdownHasATableForEachCommand) {
  const std::string text = markdown_of(root_);
  EXPECT_NE(text.find("## arcas sim run\n"), std::string::npos) << text;
  EXPECT_NE(text.find("| `SCENARIO` | A file\\|name; required |"), std::string::npos) << text;
  EXPECT_NE(text.find("| `--profile VALUE` | Whose parameters: kubernetes, arcas, arktos |"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("## arcas sim\n"), std::string::npos) << "a group is no command";
}

TEST_F(CommandPages, AManualPageEscapesWhatTroffWouldTakeForItsOwn) {
  const std::string text = man_page(root_);
  EXPECT_EQ(text.find("\n.Empty"), std::string::npos) << text;
  EXPECT_NE(text.find("\n\\&.Empty nodes"), std::string::npos) << text;
  EXPECT_NE(text.find("Run it \\- quickly"), std::string::npos) << text;
  EXPECT_NE(text.find("arcas drain [NODES\\[u2026]]"), std::string::npos) << text;
  EXPECT_NE(man_page(root_.commands[0].commands[0]).find(".TH \"arcas\\-sim\\-run\" 1"),
            std::string::npos);
}

TEST_F(CommandPages, CompletionsKnowCommandsOptionsAndValues) {
  const auto bash = completion_script(root_, "bash");
  ASSERT_TRUE(bash);
  EXPECT_NE(bash->find("'arcas sim run') words='--help -h --seed --profile --quiet -q'"),
            std::string::npos)
      << *bash;
  EXPECT_NE(bash->find("'arcas sim run --profile') words='kubernetes arcas arktos'"),
            std::string::npos);
  const auto fish = completion_script(root_, "fish");
  ASSERT_TRUE(fish);
  EXPECT_NE(fish->find("-l quiet -s q -d 'Don'\\''t show progress'"), std::string::npos) << *fish;
  ASSERT_TRUE(completion_script(root_, "zsh"));
  EXPECT_NE(completion_script(root_, "csh").error().message.find("allowed: bash, zsh, fish"),
            std::string::npos);
}

TEST(ScenarioReference, HasTheWholeFormat) {
  EXPECT_NE(scenario_markdown().find("workload"), std::string::npos);
}

}  // namespace
}  // namespace arcas::sim
