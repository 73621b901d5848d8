#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sim/scenario/scenario.h"

namespace arcas::sim {
namespace {

namespace fs = std::filesystem;

const char* const kSmall = R"(name: small
seed: 7
region:
  zones: [a, b, c]
  node_shapes:
    - {name: general, count: 9, cpu: 4, memory: 16Gi}
workload:
  total_pods: 30
  largest: 30
  pods:
    - {cpu: 250m, memory: 1Gi}
faults:
  - {kind: zone_power_loss, at: 5m, zone: b, lasts: 10m}
)";

Expected<Scenario> parse(const std::string& text, const LoadOptions& options = {}) {
  return parse_scenario(text, "file.yaml", options);
}

std::string error_of(const std::string& text, const LoadOptions& options = {}) {
  const auto scenario = parse(text, options);
  return scenario ? "no error" : scenario.error().message;
}

std::string with(std::string line) { return std::string(kSmall) + line + "\n"; }

std::string replaced(const std::string& what, const std::string& by) {
  std::string text = kSmall;
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

/// A folder of its own that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "arcas-scenario-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    const fs::path path = fs::path(path_) / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

 private:
  std::string path_;
};

TEST(ScenarioTest, TakesEveryValueOver) {
  const auto s = parse(kSmall);
  ASSERT_TRUE(s) << s.error().message;
  EXPECT_EQ(s->name, "small");
  EXPECT_EQ(s->seed, 7U);
  EXPECT_EQ(s->zones.size(), 3U);
  EXPECT_EQ(s->node_count(), 9);
  EXPECT_EQ(s->nodes[0].cpu_milli, 4000);
  EXPECT_EQ(s->nodes[0].memory_bytes, std::int64_t{16} << 30);
  EXPECT_EQ(s->workload.pods[0].cpu_milli, 250);
  EXPECT_EQ(s->faults[0].at, minutes(5));
  EXPECT_EQ(s->faults[0].lasts, minutes(10));
  EXPECT_EQ(s->profile.name, "arcas");
  EXPECT_EQ(s->faults[0].path, "faults[0]");
  EXPECT_EQ(s->faults[0].where, "file.yaml:13:5");
}

TEST(ScenarioTest, AnUnknownKeyIsNamedWithItsPlaceAndTheLikelyOne) {
  EXPECT_EQ(error_of(with("sead: 1")).substr(0, 64),
            "file.yaml:14:1: sead: is not a known key; did you mean \"seed\"?; ");
  const std::string nested = error_of(replaced("total_pods", "totalpods"));
  EXPECT_NE(nested.find("file.yaml:8:3: workload.totalpods: is not a known key"), std::string::npos)
      << nested;
  EXPECT_NE(nested.find("did you mean \"total_pods\"?"), std::string::npos) << nested;
  EXPECT_NE(nested.find("allowed: total_pods, smallest"), std::string::npos) << nested;
}

struct Refusal {
  const char* what;
  const char* by;
  const char* part;
};

TEST(ScenarioTest, EveryWrongValueIsRefusedWithPlaceFieldAndWhatIsAllowed) {
  const Refusal cases[] = {
      {"seed: 7", "seed: seven", "file.yaml:2:7: seed: \"seven\" is not a whole number"},
      {"seed: 7", "seed: -1", "seed: \"-1\" is out of range; allowed: a whole number from 0"},
      {"seed: 7", "seed: 99999999999999999999", "seed: \"99999999999999999999\" is not a whole"},
      {"seed: 7", "seed: [1]", "file.yaml:2:7: seed: is no number"},
      {"count: 9", "count: 9.5", "region.node_shapes[0].count: \"9.5\" is not a whole number"},
      {"count: 9", "count: 1e3", "region.node_shapes[0].count: \"1e3\" is not a whole number"},
      {"count: 9", "count: .nan", "region.node_shapes[0].count: \".nan\" is not a whole number"},
      {"cpu: 4,", "cpu: -4,", "region.node_shapes[0].cpu: \"-4\" is not an amount of cpu"},
      {"cpu: 4,", "cpu: 0,", "region.node_shapes[0].cpu: is 0"},
      {"16Gi", "16GB", "region.node_shapes[0].memory: \"16GB\" is not an amount of memory"},
      {"16Gi", "16Gi, pods: 0", "region.node_shapes[0].pods: \"0\" is out of range"},
      {"16Gi", "16Gi, extended: {gpu: 1}",
       "region.node_shapes[0].extended.gpu: \"1\" is not an ext"},
      {"at: 5m", "at: 5", "faults[0].at: \"5\" is not a duration; allowed: a number with a unit"},
      {"at: 5m", "at: -5m", "faults[0].at: \"-5m\" is not a duration"},
      {"at: 5m", "at: 5 minutes", "faults[0].at: \"5 minutes\" is not a duration"},
      {"at: 5m", "at: 999999999999999999999d", "faults[0].at: \"999999999999999999999d\" is not a"},
      {"at: 5m", "at: 9h", "faults[0]: would strike after the end of the run"},
      {"at: 5m", "at: 5m, after_settled: 1s", "faults[0].at: stands beside after_settled"},
      {"at: 5m,", "", "faults[0].at: is missing"},
      {"zone: b", "zone: d",
       "file.yaml:13:43: faults[0].zone: \"d\" is not a zone of this region; "
       "allowed: a, b, c"},
      {"zone: b,", "", "faults[0].zone: is missing; allowed: a zone_power_loss needs it"},
      {"zone: b", "zone: b, period: 1s", "faults[0].period: means nothing for a zone_power_loss"},
      {"lasts: 10m", "lasts: 0", "faults[0].lasts: is 0; allowed: above 0"},
      {"zone_power_loss", "earthquake",
       "faults[0].kind: \"earthquake\" is not a kind of fault; "
       "allowed: zone_power_loss, zone_partition"},
      {"[a, b, c]", "[a, b, a]", "file.yaml:4:17: region.zones[2]: \"a\" stands twice"},
      {"[a, b, c]", "[]", "region.zones: is not a list of zones; allowed: 1 to 16 names"},
      {"[a, b, c]", "[\"a\\x1b[2J\"]", "region.zones[0]: \"a?[2J\" is not a name"},
      {"[a, b, c]", "3", "region.zones: \"3\" is not a list of zones"},
      {"total_pods: 30", "total_pods: -30", "workload.total_pods: \"-30\" is out of range"},
      {"largest: 30", "largest: 10", "workload.mean: 30 is out of range; allowed: from smallest"},
      {"largest: 30", "largest: 2", "workload.largest: 2 is out of range; allowed: at least"},
      {"cpu: 250m", "cpu: 25", "workload.pods[0]: fits on no machine, not even on an empty one"},
      {"cpu: 250m", "cpu: 1e9", "workload.pods[0].cpu: \"1e9\" is not an amount of cpu"},
      {"name: small", "name: \"\"", "name: \"\" is not a name"},
      {"seed: 7", "profile: nomad",
       "file.yaml:2:10: profile: \"nomad\" is not a profile; allowed: "
       "arcas, kubernetes, arktos"},
      {"seed: 7", "parameters: {claim: true}",
       "parameters.claim: is not a known key; did you mean "
       "\"claims\"?"},
      {"seed: 7", "parameters: {claims: maybe}",
       "parameters.claims: \"maybe\" is not a truth value"},
      {"seed: 7", "parameters: {node_grace: 0s}", "parameters.node_grace: \"0s\" is too short"},
      {"seed: 7", "run: {sample_every: 0}", "run.sample_every: 0s is out of range"},
      {"seed: 7", "run: {limit: 300d, sample_every: 1s}",
       "run.sample_every: gives more than 1000000"},
      {"seed: 7", "run: {limit: 40000d}", "run.limit: \"40000d\" is not a duration"},
      {"seed: 7", "expect: [pods_lost = 0]", "expect[0]: \"pods_lost = 0\" is not an expectation"},
      {"seed: 7", "expect: [pods_lost == nan]", "expect[0]: \"pods_lost == nan\" is not an exp"},
      {"seed: 7", "expect: {pods_lost: 0}", "expect: is not a list"},
      {"seed: 7", "tenants: 0", "tenants: \"0\" is out of range"},
      {"seed: 7", "trace: {kind: openb}", "workload.total_pods: stands beside trace"},
      {"seed: 7", "heartbeats: sometimes", "heartbeats: \"sometimes\" is not known; allowed: "},
      {"seed: 7", "control_plane: {store_members: 100}",
       "control_plane.store_members: \"100\" is out"},
  };
  for (const Refusal& c : cases) {
    const std::string error = error_of(replaced(c.what, c.by));
    EXPECT_NE(error.find(c.part), std::string::npos) << c.by << "\n  gave: " << error;
    EXPECT_EQ(error.rfind("file.yaml", 0), 0U) << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

TEST(ScenarioTest, TooManyMachinesAreRefused) {
  std::string shapes;
  for (int i = 0; i < 3; ++i) {
    shapes += "    - {name: s" + std::to_string(i) + ", count: 1000000, cpu: 1, memory: 1Gi}\n";
  }
  const std::string line = "    - {name: general, count: 9, cpu: 4, memory: 16Gi}\n";
  EXPECT_NE(error_of(replaced(line, shapes)).find("makes more than 2000000 machines"),
            std::string::npos);
  EXPECT_NE(error_of(replaced("count: 9, cpu: 4, memory: 16Gi",
                              "count: 1000000, cpu: 4, memory: "
                              "900000Ti"))
                .find("region.node_shapes: hold more cpu or memory together"),
            std::string::npos);
}

TEST(ScenarioTest, DuplicateKeysAndShapesAreRefused) {
  EXPECT_NE(error_of(with("seed: 8")).find("file.yaml:14:1: duplicate key \"seed\""),
            std::string::npos);
  const std::string shape = "    - {name: general, count: 9, cpu: 4, memory: 16Gi}\n";
  EXPECT_NE(error_of(replaced(shape, shape + shape)).find("\"general\" stands twice"),
            std::string::npos);
}

TEST(ScenarioTest, EmptyAndBinaryAndTornFilesAreRefusedInOneLine) {
  EXPECT_NE(error_of("").find("the file is empty"), std::string::npos);
  EXPECT_NE(error_of("# only a comment\n").find("the file is empty"), std::string::npos);
  EXPECT_NE(error_of("~").find("the file is empty"), std::string::npos);
  EXPECT_NE(error_of(std::string("\x7f"
                                 "ELF\0\0\1",
                                 7))
                .find("not a text file"),
            std::string::npos);
  EXPECT_NE(error_of("region: [a, b").find("file.yaml:1:"), std::string::npos);
  EXPECT_NE(error_of("a: b: c").find("not YAML"), std::string::npos);
  EXPECT_NE(error_of("- a\n- b\n").find("is not a map"), std::string::npos);
  EXPECT_NE(error_of("just text").find("is not a map"), std::string::npos);
  EXPECT_NE(error_of("a: 1\n---\nb: 2\n").find("more than one YAML document"), std::string::npos);
}

TEST(ScenarioTest, AYamlBombIsRefusedAtOnce) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'i'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i) bomb += (i == 0 ? "*" : ", *") + before;
    bomb += "]\n";
  }
  EXPECT_NE(error_of(bomb).find("after expansion"), std::string::npos) << error_of(bomb);
}

TEST(ScenarioTest, DepthSizeAndNumberOfValuesAreLimited) {
  EXPECT_NE(error_of("a: " + std::string(100'000, '[')).find("nested deeper than 32"),
            std::string::npos);
  std::string many;
  for (int i = 0; i < 150'000; ++i) many += "k" + std::to_string(i) + ": 1\n";
  EXPECT_NE(error_of(many).find("more than 200000 values"), std::string::npos);
  EXPECT_NE(error_of(std::string((16U << 20U) + 1, ' ')).find("larger than 16 MiB"),
            std::string::npos);
  EXPECT_NE(error_of("a: &a [*a]").find("file.yaml:1:"), std::string::npos);
}

TEST(ScenarioTest, OverridesAreTypedByTheSameSchemaAndNameTheOption) {
  LoadOptions options;
  options.overrides = {"workload.total_pods=60", "region.node_shapes.0.count=12", "seed=3",
                       "region.zones=[b, x]", "parameters.node_grace=20s"};
  const auto s = parse(kSmall, options);
  ASSERT_TRUE(s) << s.error().message;
  EXPECT_EQ(s->workload.total_pods, 60);
  EXPECT_EQ(s->nodes[0].count, 12);
  EXPECT_EQ(s->seed, 3U);
  EXPECT_EQ(s->zones[1], "x");
  EXPECT_EQ(s->profile.node_grace, seconds(20));
}

TEST(ScenarioTest, AWrongOverrideIsRefusedUnderItsOwnName) {
  const std::pair<const char*, const char*> cases[] = {
      {"workload.total_pods=many", "--set workload.total_pods=many: workload.total_pods: \"many\""},
      {"workload.totl_pods=1",
       "--set workload.totl_pods=1: workload.totl_pods: is not a known key"},
      {"nothing", "--set nothing: is not an assignment; allowed: path=value"},
      {"=1", "--set =1: is not an assignment"},
      {"region.node_shapes.7.count=1", "\"7\" is not an index of the list"},
      {"region.node_shapes.x.count=1", "\"x\" is not an index of the list"},
      {"seed=", "--set seed=: is not a value"},
      {"seed=[1", "--set seed=[1: is not a value"},
      {"faults.0.zone=q", "--set faults.0.zone=q: faults[0].zone: \"q\" is not a zone"},
      {"region.zones=[a]", "file.yaml:13:43: faults[0].zone: \"b\" is not a zone of this region"},
  };
  for (const auto& [assignment, part] : cases) {
    LoadOptions options;
    options.overrides = {assignment};
    const std::string error = error_of(kSmall, options);
    EXPECT_NE(error.find(part), std::string::npos) << assignment << " gave " << error;
  }
  LoadOptions deep;
  deep.overrides = {std::string(100'000, '.') + "=1"};
  EXPECT_NE(error_of(kSmall, deep).find("the path is too deep"), std::string::npos);
}

TEST(ScenarioTest, TheProfileOfTheCommandLineWinsAndParametersStay) {
  LoadOptions options;
  options.profile = "kubernetes";
  const auto s =
      parse("parameters: {node_grace: 11s}\nprofile: arktos\n" + std::string(kSmall), options);
  ASSERT_TRUE(s) << s.error().message;
  EXPECT_EQ(s->profile.name, "kubernetes");
  EXPECT_EQ(s->profile.node_grace, seconds(11));
  EXPECT_FALSE(s->profile.zone_evidence);
  options.profile = "nomad";
  EXPECT_NE(error_of(kSmall, options).find("--profile nomad: profile: \"nomad\" is not a profile"),
            std::string::npos);
}

TEST(ScenarioTest, AScenarioExtendsAnotherMapByMap) {
  const Folder folder;
  (void)folder.write("base.yaml", kSmall);
  const auto s = load_scenario(
      folder.write("top.yaml", "extends: base.yaml\nname: top\nworkload: {total_pods: 5}\n"), {});
  ASSERT_TRUE(s) << s.error().message;
  EXPECT_EQ(s->name, "top");
  EXPECT_EQ(s->workload.total_pods, 5);
  EXPECT_EQ(s->workload.largest, 30);
  EXPECT_EQ(s->faults.size(), 1U);
}

TEST(ScenarioTest, ACircleOfBasesIsRefused) {
  const Folder folder;
  (void)folder.write("a.yaml", "extends: b.yaml\n");
  (void)folder.write("b.yaml", "extends: ./a.yaml\n");
  const auto s = load_scenario(folder.write("c.yaml", "extends: a.yaml\n"), {});
  ASSERT_FALSE(s);
  EXPECT_NE(s.error().message.find("extends: \"./a.yaml\" leads back to itself"), std::string::npos)
      << s.error().message;
  const auto self = load_scenario(folder.write("d.yaml", "extends: d.yaml\n"), {});
  ASSERT_FALSE(self);
  EXPECT_NE(self.error().message.find("leads back to itself"), std::string::npos);
}

TEST(ScenarioTest, ALongChainOfBasesIsRefused) {
  const Folder folder;
  std::string last;
  for (int i = 0; i < 40; ++i) {
    last = folder.write("s" + std::to_string(i) + ".yaml",
                        "extends: s" + std::to_string(i - 1) + ".yaml\n");
  }
  const auto s = load_scenario(last, {});
  ASSERT_FALSE(s);
  EXPECT_NE(s.error().message.find("is one base too many"), std::string::npos);
}

TEST(ScenarioTest, AnErrorInABaseNamesTheBase) {
  const Folder folder;
  (void)folder.write("base.yaml", "name: base\nsead: 4\n");
  const auto s = load_scenario(folder.write("top.yaml", "extends: base.yaml\n"), {});
  ASSERT_FALSE(s);
  EXPECT_NE(s.error().message.find("base.yaml:2:1: sead"), std::string::npos) << s.error().message;
}

TEST(ScenarioTest, FilesThatAreNotThereAndFoldersAreRefused) {
  EXPECT_FALSE(load_scenario("/nonexistent/x.yaml", {}));
  EXPECT_FALSE(load_scenario("/", {}));
  EXPECT_FALSE(load_scenario("/dev/zero", {}));
  const Folder folder;
  const auto s = load_scenario(folder.write("top.yaml", "extends: gone.yaml\n"), {});
  ASSERT_FALSE(s);
  EXPECT_NE(s.error().message.find("top.yaml:1:10: extends: \"gone.yaml\" cannot be read"),
            std::string::npos)
      << s.error().message;
}

TEST(ScenarioTest, EveryScenarioOfTheProjectIsValid) {
  int seen = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(ARCAS_SOURCE_DIR) / "scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    const auto s = load_scenario(entry.path().string(), {});
    ASSERT_TRUE(s) << s.error().message;
    EXPECT_EQ(s->name, entry.path().stem().string());
    EXPECT_FALSE(s->description.empty());
    EXPECT_FALSE(s->expectations.empty());
    ++seen;
  }
  EXPECT_GE(seen, 9);
}

TEST(ScenarioTest, TheExplanationNamesEveryParameter) {
  const std::string text = explain_format();
  for (const roles::ProfileField& field : roles::profile_fields()) {
    EXPECT_NE(text.find(field.name), std::string::npos) << field.name;
  }
  for (const char* key : {"total_pods", "after_settled", "zones", "expect", "extends"}) {
    EXPECT_NE(text.find(key), std::string::npos) << key;
  }
}

}  // namespace
}  // namespace arcas::sim
