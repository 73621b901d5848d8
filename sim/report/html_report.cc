#include "sim/report/html_report.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "sim/report/report_assets.h"
#include "sim/report/report_json.h"
#include "sim/report/utf8_text.h"

namespace arcas::sim {
namespace {

/// As text in HTML, in elements and in attributes.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\0':
        out += "\xef\xbf\xbd";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string title_of(const std::vector<RunRecord>& runs) {
  std::string title;
  for (const RunRecord& run : runs) {
    title += (title.empty() ? "" : " and ") + run.scenario + " seed " + std::to_string(run.seed);
  }
  return escaped("arcas: " + title);
}

/// For readers without JavaScript.
std::string figures_of(const std::vector<RunRecord>& runs) {
  std::string out;
  for (const RunRecord& run : runs) {
    out += "<table><caption>" + escaped(run.scenario) +
           (run.well() ? ", as expected" : ", not as expected") + "</caption>\n";
    for (const auto& [name, value] : run.figures) {
      out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(name), value);
    }
    out += "</table>\n";
  }
  return out;
}

/// The template with what stands for each {{name}}. Looks at the template alone, so a name in what
/// is filled in stays as it is.
std::string fill_in(std::string_view page,
                    const std::vector<std::pair<std::string_view, std::string_view>>& parts) {
  std::string out;
  while (!page.empty()) {
    const std::size_t open = page.find("{{");
    const std::size_t close = page.find("}}", open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    out += page.substr(0, open);
    const std::string_view name = page.substr(open + 2, close - open - 2);
    for (const auto& [known, text] : parts) {
      if (name == known) out += text;
    }
    page.remove_prefix(close + 2);
  }
  out += page;
  return out;
}

}  // namespace

std::string html_report(const std::vector<RunRecord>& runs) {
  const std::string title = title_of(runs);
  const std::string figures = figures_of(runs);
  const std::string data = report_json(runs);
  return utf8_text(fill_in(kReportPage, {{"title", title},
                                         {"style", kReportStyle},
                                         {"figures", figures},
                                         {"data", data},
                                         {"script", kReportScript}}));
}

Status write_report(const std::string& path, const std::vector<RunRecord>& runs) {
  const std::string temporary = path + ".part";
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file << html_report(runs);
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(temporary, path, error);
  if (!file || error) {
    std::filesystem::remove(temporary, error);
    return Status::invalid(path + ": the report cannot be written");
  }
  return Status::success();
}

}  // namespace arcas::sim
