#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <string>

#include "tests/support/trace_import_case.h"

namespace arcas::sim {

std::string TraceImportTest::compressed(const std::string& name, const std::string& text) {
  const std::string path = (folder_ / name).string();
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return path;
}

namespace {

constexpr const char* kVms =
    "vm_id,batch_id,arrival_s,vcpu,mem_gib,lifetime_bin_lo_s,lifetime_bin_hi_s,censored\n";
constexpr const char* kJobs = "timestamp,duration,num_gpus,gpu_time,cluster\n";

TEST_F(TraceImportTest, OpenbComesThroughAsItIs) {
  const std::string nodes =
      "sn,cpu_milli,memory_mib,gpu,model\nn1,64000,262144,2,P100\nn2,96000,1000,0,\n";
  const std::string pods =
      "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,creation_time,deletion_time\n"
      "p1,1000,2048,1,500,T4|P100,10,20\np2,1,0,0,0,,5,\n";
  const auto report = import("openb", {write("n.csv", nodes), compressed("p.csv.gz", pods)});
  EXPECT_EQ(lines("nodes.csv"), (Lines{"sn,cpu_milli,memory_mib,gpu,model",
                                       "n1,64000,262144,2,P100", "n2,96000,1000,0,"}));
  EXPECT_EQ(lines("pods.csv")[1], "p1,1000,2048,1,500,T4|P100,10,20");
  EXPECT_EQ(lines("pods.csv")[2], "p2,1,0,0,0,,5,");
  EXPECT_TRUE(report.invented.empty());
  EXPECT_EQ(report.rows, 4);
  EXPECT_EQ(report.span_seconds, 20);
}

TEST_F(TraceImportTest, AnOpenbListWithoutTimesGetsSome) {
  const auto report =
      import("openb", {write("n.csv", "sn,cpu_milli,memory_mib,gpu,model\nn,1,1,0,\n"),
                       write("p.csv", "name,cpu_milli,memory_mib,num_gpu,gpu_milli\np,1,1,0,0\n")});
  EXPECT_EQ(lines("pods.csv")[1], "p,1,1,0,0,,0,");
  ASSERT_EQ(report.invented.size(), 2U);
  EXPECT_NE(report.invented[0].find("all pods arrive at 0"), std::string::npos);
}

TEST_F(TraceImportTest, AzureVmsCountFromTheFirstAndLiveForTheMiddleOfTheirBin) {
  const auto report =
      import("azure-vm", {write("v.csv", std::string(kVms) + "7,0,1800300,8,14,3600,7200,0\n"
                                                             "8,0,1800000,1,0.75,300,300,0\n"
                                                             "9,1,1800000,2,1.75,300,300,1\n")});
  EXPECT_EQ(lines("pods.csv"), (Lines{lines("pods.csv")[0], "vm-7,8000,14336,0,0,,300,5700",
                                      "vm-8,1000,768,0,0,,0,300", "vm-9,2000,1792,0,0,,0,"}));
  EXPECT_EQ(report.nodes, 2'000);
  EXPECT_EQ(lines("nodes.csv")[1], "machine-0,48000,393216,0,");
  EXPECT_NE(report.invented[0].find("2000 machines, 48 cores each"), std::string::npos);
  EXPECT_FALSE(report.left_out.empty());
}

TEST_F(TraceImportTest, MachinesThatAreAskedForAreNotInvented) {
  request_.machines = {3, 4'000, 2'048, 0};
  const auto report =
      import("azure-vm", {write("v.csv", std::string(kVms) + "7,0,0,8,14,0,0,0\n")});
  EXPECT_EQ(lines("nodes.csv").size(), 4U);
  EXPECT_EQ(lines("nodes.csv")[3], "machine-2,4000,2048,0,");
  for (const std::string& sentence : report.invented) {
    EXPECT_EQ(sentence.find("machines"), std::string::npos) << sentence;
  }
}

TEST_F(TraceImportTest, PhillysGangsComeInPiecesOfAMachine) {
  import("philly", {write("j.csv", std::string(kJobs) + "2017-09-20 22:06:17,100.5,1,100.5,a\n"
                                                        "2016-02-29 00:00:00,60,20,1200,b\n")});
  const auto pods = lines("pods.csv");
  ASSERT_EQ(pods.size(), 5U);
  // 569 days later, 2016 being a leap year.
  EXPECT_EQ(pods[1], "job-2,4000,32768,1,1000,,49241177,49241278");
  EXPECT_EQ(pods[2], "job-3-0,32000,262144,8,1000,,0,60");
  EXPECT_EQ(pods[4], "job-3-2,16000,131072,4,1000,,0,60");
  EXPECT_EQ(lines("nodes.csv")[1], "machine-0,64000,524288,8,");
}

TEST_F(TraceImportTest, SwfTakesItsMachinesFromTheHeader) {
  const auto report =
      import("swf", {write("j.swf",
                           "; MaxNodes: 4\n; MaxProcs: 8\n;\n"
                           "  1 100 -1 60 3 -1 -1 3 -1 2048 1 1 1 -1 -1 -1 -1 -1\n"
                           "  2 90 10 5 1 -1 -1 -1 -1 -1 1 1 1 -1 -1 -1 -1 -1 {12,13}\n")});
  EXPECT_EQ(report.nodes, 4);
  EXPECT_EQ(lines("nodes.csv")[1], "machine-0,2000,8192,0,");
  EXPECT_EQ(lines("pods.csv"), (Lines{lines("pods.csv")[0], "job-1-0,2000,4,0,0,,10,70",
                                      "job-1-1,1000,2,0,0,,10,70", "job-2,1000,512,0,0,,0,5"}));
}

TEST_F(TraceImportTest, SwfTakesMachinesFromAFileOfTheirOwn) {
  import("swf", {write("j.swf", "1 0 0 9 90 -1 -1 90 -1 -1 1 1 1 -1 -1 -1 -1 -1\n"),
                 write("m", "0\tzewura\t2\t80\t1\t529426432\n1\tzegox\t1\t12\t1\t94035968\n")});
  EXPECT_EQ(lines("nodes.csv"), (Lines{lines("nodes.csv")[0], "zewura-0,80000,517018,0,",
                                       "zewura-1,80000,517018,0,", "zegox-0,12000,91832,0,"}));
  EXPECT_EQ(lines("pods.csv")[1], "job-1-0,80000,40960,0,0,,0,9");
}

TEST_F(TraceImportTest, HuaweiVmsArriveInTheirOrder) {
  const auto report =
      import("huawei", {write("m.csv", "row,CPU1,RAM1,CPU2,RAM2\n0,16,32,32,64\n1,8,8,0,0\n"),
                        write("v.csv",
                              "seq,flavor_vcpus,flavor_ram,numa,strategy,group,domain\n"
                              "0,8,16,1,fault_domain,0,1\n1,4,4,2,,,\n")});
  EXPECT_EQ(lines("nodes.csv")[1], "host-0,48000,98304,0,");
  EXPECT_EQ(lines("pods.csv")[2], "vm-1,4000,4096,0,0,,1,");
  EXPECT_NE(report.left_out[0].find("NUMA"), std::string::npos);
}

TEST_F(TraceImportTest, FunctionsLiveWhileMinutesNeedThem) {
  // 60 invocations of 2 s keep two instances busy.
  const std::string calls =
      write("i.csv",
            "HashOwner,HashApp,HashFunction,Trigger,1,2,3,4\no,a,f,http,60,60,1,0\n"
            "o,a,g,http,0,1,0,2\n");
  const std::string times =
      write("d.csv", "HashOwner,HashApp,HashFunction,Average\no,a,f,2000.0\n");
  const std::string memory =
      write("m.csv", "HashOwner,HashApp,SampleCount,AverageAllocatedMb\no,a,9,120.5\n");
  const auto report = import("azure-functions", {calls, times, memory});
  EXPECT_EQ(lines("pods.csv"),
            (Lines{lines("pods.csv")[0], "fn-2-0,250,121,0,0,,0,120", "fn-2-1,250,121,0,0,,0,180",
                   "fn-3-0,250,121,0,0,,60,120", "fn-3-1,250,121,0,0,,180,240"}));
  EXPECT_NE(report.invented.back().find("1 functions without duration"), std::string::npos);
}

TEST_F(TraceImportTest, BadRowsAreCountedAndNamed) {
  std::string text = kVms;
  for (int i = 0; i < 30; ++i) text += "x,0,never,1,1,0,0,0\n";
  text +=
      "1,0,0,1,1,0,0,0\n1,0,0,1,1,0,0,0\n2,0,0,1,1,9,8,0\n3,0,0,-1,1,0,0,0\n4,0,0,nan,1,0,0,0\n5,"
      "0\n\"6\",0,0,1,1,0,0,0\n7,0,0,1,1e300,0,0,0\n8,0,0,1,1,0,0,0\n";
  const auto report = import("azure-vm", {write("v.csv", text)});
  EXPECT_EQ(report.pods, 2);
  EXPECT_EQ(report.rows, 39);
  EXPECT_EQ(report.bad_rows, 37);
  ASSERT_EQ(report.bad.size(), ImportReport::kMostBad);
  EXPECT_NE(report.bad[0].find("v.csv:2: arrival_s: \"never\" is not a whole number"),
            std::string::npos)
      << report.bad[0];
}

TEST_F(TraceImportTest, EveryKindOfBadRowSaysWhatIsWrong) {
  const auto first_bad = [this](const std::string& kind, const std::vector<std::string>& files) {
    request_.force = true;
    const ImportReport report = import(kind, files);
    return report.bad.empty() ? "nothing is bad" : report.bad[0];
  };
  const std::string good = "9,0,0,1,1,0,0,0\n";
  const auto vm = [&](const std::string& row) {
    return first_bad("azure-vm", {write("v.csv", kVms + good + row)});
  };
  EXPECT_NE(vm("9,0,0,1,1,0,0,0\n").find("v.csv:3: the name \"vm-9\" stands twice"),
            std::string::npos);
  EXPECT_NE(vm("2,0,0,1,1,9,8,0\n").find("lifetime_bin_hi_s"), std::string::npos);
  EXPECT_NE(vm("3,0,0,-1,1,0,0,0\n").find("vcpu: \"-1\" is not a number"), std::string::npos);
  EXPECT_NE(vm("5,0\n").find("v.csv:3: 2 cells; allowed: 8"), std::string::npos);
  const auto job = [&](const std::string& row) {
    return first_bad(
        "philly",
        {write("j.csv", kJobs + std::string("2017-01-01 00:00:00,1,1,1,a\n") + row + "\n")});
  };
  EXPECT_NE(job("2017-13-01 00:00:00,1,1,1,a")
                .find("j.csv:3: timestamp: \"2017-13-01 00:00:00\" is no time"),
            std::string::npos);
  EXPECT_NE(job("2017-01-01,1,1,1,a").find("is no time"), std::string::npos);
  EXPECT_NE(job("2017-01-01 00:00:00,1,0,1,a").find("num_gpus"), std::string::npos);
  const auto swf = [&](const std::string& row) {
    return first_bad(
        "swf", {write("j.swf", "1 0 0 9 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1\n" + row + "\n")});
  };
  EXPECT_NE(swf("2 0 0 -1 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1")
                .find("j.swf:2: field 4, the run time, is -1"),
            std::string::npos);
  EXPECT_NE(swf("2 0 0").find("3 fields; allowed: 18"), std::string::npos);
  EXPECT_NE(swf("2 0 0 x 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1").find("field 4 is not a number"),
            std::string::npos);
  EXPECT_NE(swf("1 0 0 9 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1").find("\"job-1\" stands twice"),
            std::string::npos);
  EXPECT_NE(swf("2 0 0 9 -1 -1 -1 -1 -1 -1 1 1 1 -1 -1 -1 -1 -1").find("the processors, are -1"),
            std::string::npos);
}

TEST_F(TraceImportTest, FilesThatCannotBeReadAreErrorsAndLeaveNothing) {
  EXPECT_NE(error("azure-vm", {(folder_ / "no.csv").string()}).find("no such file"),
            std::string::npos);
  EXPECT_NE(error("azure-vm", {write("v.csv.gz", std::string(kVms) + "1,0,0,1,1,0,0,0\n")})
                .find("v.csv.gz:1: is named .gz and is not compressed"),
            std::string::npos);
  std::string torn;
  for (int i = 0; i < 20'000; ++i) torn += std::to_string(i * 7919 % 10'007) + ",0,0,1,1,0,0,0\n";
  const std::string path = compressed("t.csv.gz", kVms + torn);
  fs::resize_file(path, fs::file_size(path) / 2);
  EXPECT_NE(error("azure-vm", {path}).find("cannot be read"), std::string::npos);
  EXPECT_NE(error("azure-vm", {write("e.csv", "")}).find("the file is empty"), std::string::npos);
  EXPECT_NE(error("azure-vm", {write("w.csv", "a,b\n1,2\n")}).find("column \"vm_id\" is missing"),
            std::string::npos);
  EXPECT_NE(error("azure-vm", {write("b.csv", std::string(kVms) + "1,0,x,1,1,0,0,0\n")})
                .find("no row gave a pod; the first that is wrong: "),
            std::string::npos);
  EXPECT_NE(error("azure-vm", {write("l.csv", kVms + std::string(3 << 20, 'x'))})
                .find("longer than 1 MiB"),
            std::string::npos);
  EXPECT_NE(error("azure-vm", {folder_.string()}).find("is a folder"), std::string::npos);
}

TEST_F(TraceImportTest, WrongRequestsAreRefused) {
  EXPECT_NE(error("borg", {"x"}).find("\"borg\" is not a kind of trace; allowed: openb, azure-vm"),
            std::string::npos);
  EXPECT_NE(error("openb", {"x"}).find("openb: 1 files; allowed: NODES.csv PODS.csv"),
            std::string::npos);
  request_.folder = (folder_ / "no" / "where").string();
  request_.kind = "azure-vm";
  request_.files = {write("v.csv", std::string(kVms) + "1,0,0,1,1,0,0,0\n")};
  EXPECT_NE(import_trace(request_).error().message.find("is no folder"), std::string::npos);
}

TEST_F(TraceImportTest, ANewFolderIsMadeAndDoesNotOutliveARefusal) {
  const fs::path folder = folder_ / "new";
  request_.folder = folder.string();
  request_.kind = "azure-vm";
  request_.files = {write("e.csv", "")};
  EXPECT_FALSE(import_trace(request_));
  EXPECT_FALSE(fs::exists(folder));
  request_.files = {write("v.csv", std::string(kVms) + "1,0,0,1,1,0,0,0\n")};
  EXPECT_TRUE(import_trace(request_));
  EXPECT_TRUE(fs::exists(folder / "pods.csv"));
}

TEST_F(TraceImportTest, NothingIsOverwrittenUnlessAskedForNorTheSourceEver) {
  const std::string vms = write("v.csv", std::string(kVms) + "1,0,0,1,1,0,0,0\n");
  import("azure-vm", {vms});
  request_.kind = "azure-vm";
  const auto again = import_trace(request_);
  ASSERT_FALSE(again);
  EXPECT_NE(
      again.error().message.find("nodes.csv: exists already; allowed: another folder, or --force"),
      std::string::npos);
  request_.force = true;
  EXPECT_TRUE(import_trace(request_));
  request_.kind = "openb";
  request_.files = {request_.folder + "/nodes.csv", request_.folder + "/pods.csv"};
  EXPECT_NE(import_trace(request_).error().message.find("is what is to be imported"),
            std::string::npos);
  EXPECT_EQ(lines("pods.csv").size(), 2U);
}

}  // namespace
}  // namespace arcas::sim
