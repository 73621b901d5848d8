#include "sim/workload/snapshot_files.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace arcas::sim {
namespace {

namespace fs = std::filesystem;

const std::string kNode =
    R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","labels":)"
    R"({"topology.kubernetes.io/zone":"a"}},"spec":{"unschedulable":true,"taints":)"
    R"([{"key":"team","value":"red","effect":"NoSchedule"}]},"status":{"allocatable":)"
    R"({"cpu":"4","memory":"8Gi","pods":"50","nvidia.com/gpu":"2"},"conditions":)"
    R"([{"type":"Ready","status":"True"}]}})";

class SnapshotFilesTest : public testing::Test {
 protected:
  SnapshotFilesTest()
      : folder_(fs::path(testing::TempDir()) /
                ("snapshot-" +
                 std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::create_directories(folder_);
  }
  ~SnapshotFilesTest() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  std::string zip(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path;
  }
  static std::string error(const std::vector<std::string>& paths) {
    const auto loaded = load_snapshot(paths);
    return loaded ? "none" : loaded.error().message;
  }

  fs::path folder_;
};

TEST_F(SnapshotFilesTest, JsonYamlGzipAndFoldersTogether) {
  write("a.json", kNode);
  zip("b.json.gz",
      R"({"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"p"},"spec":)"
      R"({"nodeName":"n1","containers":[{"name":"c"}]}}]})");
  write("c.yaml",
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n"
        "    name: q\n  spec:\n    containers:\n    - name: c\n      resources:\n"
        "        requests: {cpu: 0.5, memory: \"128Mi\"}\n");
  write("notes.txt", "not read");
  const auto loaded = load_snapshot({folder_.string()});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->report.problem_count, 0U);
  ASSERT_EQ(loaded->snapshot.pods.size(), 2U);
  EXPECT_EQ(loaded->catalog->spec(loaded->snapshot.pods[1].pod.spec).requests.get(model::kCpu),
            500);
}

TEST_F(SnapshotFilesTest, BadFilesAreNamed) {
  const std::string node = write("node.json", kNode);
  EXPECT_NE(error({node, "no-such-file"}).find("no-such-file: no such file"), std::string::npos);
  EXPECT_NE(error({write("x.json.gz", kNode)}).find("is called .gz and is no gzip file"),
            std::string::npos);
  std::string zipped;
  {
    std::ifstream file(zip("whole.json.gz", kNode), std::ios::binary);
    zipped.assign(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_NE(error({write("cut.json.gz", zipped.substr(0, zipped.size() / 2))}).find("cut.json.gz"),
            std::string::npos);
  EXPECT_NE(error({write("cut.json", kNode.substr(0, 100))}).find("cut.json:1: ends in the middle"),
            std::string::npos);
  EXPECT_NE(error({write("bad.yaml", "a: [1\nb: 2")}).find("bad.yaml:"), std::string::npos);
  EXPECT_NE(error({write("empty.json", "")}).find("is empty"), std::string::npos);
  fs::create_directory(folder_ / "nothing");
  EXPECT_NE(error({(folder_ / "nothing").string()}).find("holds no file"), std::string::npos);
  EXPECT_NE(error({}).find("no node can be read"), std::string::npos);
  EXPECT_NE(
      error({write("pods.json", R"({"kind":"List","items":[]})")}).find("no node can be read"),
      std::string::npos);
  EXPECT_NE(error({write("n.json", R"({"kind":"Node","metadata":{"name":"n"}})")})
                .find("(Node n): cpu: is missing"),
            std::string::npos);
}

}  // namespace
}  // namespace arcas::sim
