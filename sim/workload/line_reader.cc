#include "sim/workload/line_reader.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <utility>

namespace arcas::sim {
namespace {

constexpr std::size_t kMaxLine = std::size_t{1} << 20U;
constexpr std::size_t kBlock = std::size_t{1} << 16U;

/// Whether a line may be a row of text.
bool readable(const std::string& line) {
  return std::none_of(line.begin(), line.end(), [](char c) {
    return c == '"' || (static_cast<unsigned char>(c) < 0x20 && c != '\t');
  });
}

/// At most 80 bytes, and nothing that a terminal would obey.
std::string printable(const std::string& text) {
  std::string out = text.substr(0, 80);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return out;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t from = 0;
  while (true) {
    const std::size_t comma = line.find(',', from);
    cells.push_back(line.substr(from, comma == std::string::npos ? comma : comma - from));
    if (comma == std::string::npos) return cells;
    from = comma + 1;
  }
}

}  // namespace

struct LineReader::File {
  gzFile handle = nullptr;
  std::vector<char> block = std::vector<char>(kBlock);
  std::size_t at = 0;
  std::size_t size = 0;
  bool looked = false;  // at whether it is compressed
  ~File() {
    if (handle != nullptr) gzclose(handle);
  }
};

LineReader::LineReader(std::string path, std::unique_ptr<File> file)
    : path_(std::move(path)), file_(std::move(file)) {}
LineReader::LineReader(LineReader&&) noexcept = default;
LineReader& LineReader::operator=(LineReader&&) noexcept = default;
LineReader::~LineReader() = default;

Expected<LineReader> LineReader::open(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return Status::invalid(path + ": is a folder; allowed: a file");
  auto file = std::make_unique<File>();
  file->handle = gzopen(path.c_str(), "rb");
  if (file->handle == nullptr) return Status::not_found(path + ": no such file, or not readable");
  return LineReader(path, std::move(file));
}

Status LineReader::fail(const std::string& what) {
  broken_ = true;
  return Status::invalid(path_ + ":" + std::to_string(line_ + 1) + ": " + what);
}

/// Reads the next block; false at the end or on an error.
bool LineReader::fill() {
  const int got = gzread(file_->handle, file_->block.data(), static_cast<unsigned>(kBlock));
  file_->at = 0;
  file_->size = got > 0 ? static_cast<std::size_t>(got) : 0;
  return got > 0;
}

Expected<std::string> LineReader::next(bool& more) {
  std::string line;
  more = true;
  while (true) {
    if (file_->at == file_->size && !fill()) {
      int code = Z_OK;
      const char* what = gzerror(file_->handle, &code);
      if (code != Z_OK && code != Z_STREAM_END) {
        return fail("cannot be read: " + std::string(what));
      }
      more = !line.empty();
      if (more) ++line_;
      return line;
    }
    if (!file_->looked && path_.ends_with(".gz") && gzdirect(file_->handle) == 1) {
      return fail("is named .gz and is not compressed by gzip; allowed: gzip, or another name");
    }
    file_->looked = true;
    const char* from = file_->block.data() + file_->at;
    const std::size_t left = file_->size - file_->at;
    const auto* end = static_cast<const char*>(std::memchr(from, '\n', left));
    const std::size_t size = end == nullptr ? left : static_cast<std::size_t>(end - from);
    line.append(from, size);
    file_->at += size + (end == nullptr ? 0 : 1);
    if (line.size() > kMaxLine) {
      return fail("the line is longer than 1 MiB; allowed: 1 MiB");
    }
    if (end == nullptr) continue;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    ++line_;
    return line;
  }
}

Expected<CsvReader> CsvReader::open(const std::string& path,
                                    const std::vector<std::string>& columns,
                                    const std::vector<std::string>& optional) {
  auto lines = LineReader::open(path);
  if (!lines) return lines.error();
  CsvReader reader(std::move(*lines), columns);
  bool more = false;
  const auto header = reader.lines_.next(more);
  if (!header) return header.error();
  if (!more) return Status::invalid(path + ":1: the file is empty; it begins with a header line");
  if (!readable(*header)) {
    return Status::invalid(path +
                           ":1: not a CSV file without quotes; it begins with a header line");
  }
  const auto names = split(*header);
  reader.width_ = names.size();
  for (const std::string& column : columns) {
    const auto at = std::find(names.begin(), names.end(), column);
    if (at != names.end() && std::find(at + 1, names.end(), column) != names.end()) {
      return Status::invalid(path + ":1: column \"" + column +
                             "\" stands twice; allowed: each column once");
    }
    if (at == names.end()) {
      return Status::invalid(path + ":1: column \"" + column + "\" is missing; the header is \"" +
                             printable(*header) + "\"");
    }
    reader.places_.push_back(static_cast<std::size_t>(at - names.begin()));
  }
  for (const std::string& column : optional) {
    const auto at = std::find(names.begin(), names.end(), column);
    reader.columns_.push_back(column);
    reader.places_.push_back(at == names.end() ? kNowhere
                                               : static_cast<std::size_t>(at - names.begin()));
  }
  return reader;
}

Expected<CsvReader> CsvReader::open_without_header(const std::string& path,
                                                   const std::vector<std::string>& columns) {
  auto lines = LineReader::open(path);
  if (!lines) return lines.error();
  CsvReader reader(std::move(*lines), columns);
  reader.has_header_ = false;
  reader.width_ = columns.size();
  for (std::size_t i = 0; i < columns.size(); ++i) reader.places_.push_back(i);
  return reader;
}

Expected<bool> CsvReader::next() {
  while (true) {
    bool more = false;
    const auto line = lines_.next(more);
    if (!line) return line.error();
    if (!more) return false;
    if (line->empty()) continue;
    if (!readable(*line)) {
      return Status::invalid(lines_.path() + ":" + std::to_string(lines_.line()) +
                             ": holds quotes or control characters; allowed: plain cells");
    }
    cells_ = split(*line);
    if (cells_.size() != width_) {
      return Status::invalid(lines_.path() + ":" + std::to_string(lines_.line()) + ": " +
                             std::to_string(cells_.size()) + " cells; allowed: " +
                             std::to_string(width_) + (has_header_ ? ", as in the header" : ""));
    }
    return true;
  }
}

Status CsvReader::error(std::size_t column, const std::string& what) const {
  return Status::invalid(lines_.path() + ":" + std::to_string(lines_.line()) + ": " +
                         columns_[column] + ": \"" + printable(cell(column)) + "\" " + what);
}

Expected<std::int64_t> CsvReader::number(std::size_t column, std::int64_t minimum,
                                         std::int64_t maximum,
                                         std::optional<std::int64_t> empty) const {
  const std::string& text = cell(column);
  if (text.empty() && empty) return *empty;
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc() || stop != end || value < minimum || value > maximum) {
    return error(column, "is not a whole number; allowed: from " + std::to_string(minimum) +
                             " to " + std::to_string(maximum));
  }
  return value;
}

Expected<std::int64_t> CsvReader::thousandths(std::size_t column, std::int64_t minimum,
                                              std::int64_t maximum) const {
  const std::string& text = cell(column);
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc() || stop != end || !(value >= static_cast<double>(minimum)) ||
      !(value <= static_cast<double>(maximum))) {
    return error(column, "is not a number; allowed: from " + std::to_string(minimum) + " to " +
                             std::to_string(maximum));
  }
  // Less a millionth: 0.7 × 1000 is not to become 701.
  return static_cast<std::int64_t>(std::ceil(value * 1000 - 1e-6));
}

Expected<std::int64_t> CsvReader::share_of(std::size_t column, std::int64_t whole,
                                           std::int64_t most) const {
  const std::string& text = cell(column);
  double share = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, share);
  if (problem != std::errc() || stop != end || !(share >= 0)) {
    return error(column, "is not a number; allowed: from 0");
  }
  const double amount = share * static_cast<double>(whole);
  if (!(amount <= static_cast<double>(most))) {
    return error(column, "of " + std::to_string(whole) + " is more than " + std::to_string(most) +
                             "; allowed: less");
  }
  // Less a millionth: 0.7 of 1000 is not to become 701.
  return static_cast<std::int64_t>(std::ceil(amount - 1e-6));
}

}  // namespace arcas::sim
