#include "sim/report/html_report.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <limits>
#include <string>

#include "tests/support/recorded_run.h"

namespace arcas::sim {
namespace {

/// What stands between two marks.
std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  EXPECT_NE(begin, std::string::npos) << from;
  const std::size_t end = text.find(to, begin + from.size());
  EXPECT_NE(end, std::string::npos) << to;
  return text.substr(begin + from.size(), end - begin - from.size());
}

boost::json::value data_of(const std::string& html) {
  return boost::json::parse(
      between(html, "<script type=\"application/json\" id=\"data\">", "</script>"));
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

/// A region of 10,000 nodes, four tenant partitions, three zones, and a run of many rows.
RunRecord large_run() {
  RunRecord run = recorded_run();
  RunSeries& series = run.series;
  series.zones = {"zone-a", "zone-b", "zone-c"};
  series.resources = {"cpu", "memory", "pods", "nvidia.com/gpu"};
  series.capacity.assign(12, std::int64_t{1} << 50U);
  series.partitions = {"tp-0", "tp-1", "tp-2", "tp-3", "rp-0", "rp-1", "rp-2"};
  series.points.clear();
  for (std::int64_t i = 0; i < 2048; ++i) {
    RunSeries::Point& point = series.points.emplace_back();
    point.at_seconds = static_cast<double>(i) * 1.000001;
    point.pods = point.running = 3'000'000 - i;
    point.wait_p50_seconds = point.wait_p99_seconds = static_cast<double>(i) / 7;
    point.used.assign(12, (std::int64_t{1} << 49U) + i);
    for (auto* load : {&point.commits, &point.changes, &point.requests, &point.queue}) {
      load->assign(7, 10'000'000 + i);
    }
  }
  series.cells.clear();
  for (std::int64_t i = 0; i < 1536; ++i) {
    series.cells.push_back({series.zones[static_cast<std::size_t>(i / 512)], i / 128,
                            "zone-a-node-" + std::to_string(i * 7), 7});
  }
  series.frames.clear();
  for (int i = 0; i < 128; ++i) {
    series.frames.push_back({i * 2.0, std::string(1536 * 4, static_cast<char>(i))});
  }
  series.faults.assign(5'000, {1.5, 3.5, "host zone-a-node-77 stops"});
  run.notes.assign(5'000, {1.5, "scheduler-leads: tenant partition 3"});
  series.tenants.assign(RunSeries::kMostTenants, {"tenant-1", 2, 1, 500, 3, 0.25, 0.75});
  return run;
}

TEST(HtmlReport, StandsAloneAndAsksTheNetworkForNothing) {
  const std::string html = html_report({recorded_run()});
  EXPECT_EQ(html.rfind("<!doctype html>", 0), 0U);
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
  for (const char* outside :
       {"src=\"", "@import", "<link", "fetch(", "XMLHttpRequest", "WebSocket", "import("}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
  EXPECT_EQ(count_of(html, "url("), count_of(html, "url(#"));
  EXPECT_EQ(html.find("{{"), std::string::npos) << "a place was not filled in";
}

TEST(HtmlReport, HoldsTheWholeRecord) {
  const auto data = data_of(html_report({recorded_run()}));
  const auto& run = data.at("runs").at(0).as_object();
  EXPECT_EQ(run.at("scenario").as_string(), "small");
  EXPECT_EQ(run.at("seed").as_string(), "42");
  EXPECT_EQ(run.at("hash").as_string(), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(run.at("command").as_string(), "arcas sim run small --seed 42");
  EXPECT_FALSE(run.at("well").as_bool());
  EXPECT_EQ(run.at("points").at("t").as_array().size(), 2U);
  EXPECT_EQ(run.at("points").at("running").at(1).as_int64(), 1);
  EXPECT_EQ(run.at("used").at(3).at(1).as_int64(), 30);
  EXPECT_EQ(run.at("load").at("commits").at(1).at(1).as_int64(), 4);
  EXPECT_EQ(run.at("cells").at("zone"), (boost::json::array{0, 1, 1}));
  EXPECT_EQ(run.at("frames").at("levels").as_string(), "AAAAAAAAAAAAAAAA////////////////");
  EXPECT_EQ(run.at("faults").at(1).at(1).to_number<double>(), -1);
  EXPECT_EQ(run.at("tenants").at(0).at(0).as_string(), "tenant-1");
  EXPECT_EQ(run.at("recovery").as_array().size(), 101U);
  EXPECT_EQ(run.at("expectations").at(0).at(2).as_bool(), false);
}

TEST(HtmlReport, HostileNamesAreTextAndNeverMarkup) {
  const std::string evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&\"'";
  RunRecord run = recorded_run();
  run.scenario = run.description = run.profile = run.command = run.document = run.build = evil;
  run.notes[0].text = run.violations[0].text = run.violations[0].invariant = evil;
  run.expectations[0].text = run.expectations[0].seen = run.invariants[0].name = evil;
  run.figures[0].first = evil;
  run.series.zones[0] = run.series.cells[0].zone = evil;
  run.series.cells[1].first_node = run.series.faults[0].text = run.series.phases[0].name = evil;
  run.series.tenants[0].name = run.series.partitions[0] = run.series.resources[0] = evil;
  const std::string html = html_report({run, run});
  EXPECT_EQ(html.find("alert(1)</script>"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(count_of(html, "<script"), 2U);
  EXPECT_EQ(count_of(html, "</script>"), 2U);
  EXPECT_EQ(data_of(html).at("runs").at(1).at("scenario").as_string(), evil);
  // A name that looks like a place of the template is not filled in.
  run.scenario = "{{data}}";
  EXPECT_EQ(count_of(html_report({run}), "\"runs\":"), 1U);
}

TEST(HtmlReport, TextThatIsNoTextStaysHarmless) {
  RunRecord run = recorded_run();
  run.scenario =
      std::string("\xff\xc0\xaf\xed\xa0\x80\0 \x1b[31m \xc3\xa9\xf0\x9f\x98\x80\xe2", 21);
  run.figures[0].second = std::numeric_limits<double>::infinity();
  run.series.points[0].fairness = std::numeric_limits<double>::quiet_NaN();
  const std::string html = html_report({run});
  EXPECT_EQ(html.find('\0'), std::string::npos);
  const auto data = data_of(html);  // what is no UTF-8, NaN and infinity would be no JSON
  const std::string mark = "\xef\xbf\xbd";
  std::string shown;
  for (int i = 0; i < 6; ++i) shown += mark;
  shown += std::string("\0 \x1b[31m \xc3\xa9\xf0\x9f\x98\x80", 14) + mark;
  EXPECT_EQ(data.at("runs").at(0).at("scenario").as_string(), shown);
  EXPECT_EQ(data.at("runs").at(0).at("figures").at("nodes").to_number<double>(), -1);
  EXPECT_EQ(data.at("runs").at(0).at("points").at("fairness").at(0).to_number<double>(), -1);
}

TEST(HtmlReport, ARecordWithoutASeriesCanBeShown) {
  RunRecord run;
  run.scenario = "empty";
  const auto data = data_of(html_report({run}));
  EXPECT_TRUE(data.at("runs").at(0).at("points").at("t").as_array().empty());
  EXPECT_TRUE(data.at("runs").at(0).at("well").as_bool());
}

TEST(HtmlReport, ALargeRunStaysBelowThreeMegabytes) {
  const RunRecord run = large_run();
  const std::string html = html_report({run});
  EXPECT_LT(html.size(), 3'000'000U);
  const auto data = data_of(html);
  const auto& shown = data.at("runs").at(0).as_object();
  const auto& times = shown.at("points").at("t").as_array();
  EXPECT_LE(times.size(), 481U);
  EXPECT_GT(times.size(), 300U);
  EXPECT_EQ(times[0].to_number<double>(), 0);
  EXPECT_DOUBLE_EQ(times[times.size() - 1].to_number<double>(), 2047.002047);
  EXPECT_EQ(shown.at("notesLeftOut").to_number<int>(), 4'400);
  EXPECT_EQ(shown.at("faultsLeftOut").to_number<int>(), 4'000);
  EXPECT_GT(shown.at("frames").at("t").as_array().size(), 100U);
  // The worst wait of what was left out is not lost.
  EXPECT_NEAR(shown.at("points").at("p99").at(times.size() - 1).to_number<double>(), 2047.0 / 7,
              1e-5);
}

TEST(HtmlReport, IsWrittenWholeOrNotAtAll) {
  namespace fs = std::filesystem;
  std::string folder = (fs::temp_directory_path() / "arcas-html-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/report.html";
  ASSERT_TRUE(write_report(path, {recorded_run()}).ok());
  EXPECT_EQ(fs::file_size(path), html_report({recorded_run()}).size());
  const Status status = write_report(folder + "/no/report.html", {recorded_run()});
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.message.find(folder + "/no/report.html"), std::string::npos);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace arcas::sim
