#include "sim/workload/line_reader.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace arcas::sim {
namespace {

constexpr std::size_t kMaxLine = 1U << 20U;

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
  auto file = std::make_unique<File>();
  file->handle = gzopen(path.c_str(), "rb");
  if (file->handle == nullptr) return Status::not_found(path + ": no such file, or not readable");
  return LineReader(path, std::move(file));
}

Expected<std::string> LineReader::next(bool& more) {
  std::string line;
  std::array<char, 4096> buffer{};
  while (true) {
    const char* got = gzgets(file_->handle, buffer.data(), static_cast<int>(buffer.size()));
    if (got == nullptr) {
      int code = 0;
      const char* what = gzerror(file_->handle, &code);
      if (code != Z_OK && code != Z_STREAM_END) {
        return Status::invalid(path_ + ":" + std::to_string(line_ + 1) + ": " + what);
      }
      more = !line.empty();
      if (more) ++line_;
      return line;
    }
    line += got;
    if (line.size() > kMaxLine) {
      return Status::invalid(path_ + ":" + std::to_string(line_ + 1) +
                             ": the line is longer than 1 MiB; allowed: 1 MiB");
    }
    if (line.back() != '\n') continue;
    line.pop_back();
    if (!line.empty() && line.back() == '\r') line.pop_back();
    ++line_;
    more = true;
    return line;
  }
}

Expected<CsvReader> CsvReader::open(const std::string& path,
                                    const std::vector<std::string>& columns) {
  auto lines = LineReader::open(path);
  if (!lines) return lines.error();
  CsvReader reader(std::move(*lines), columns);
  bool more = false;
  const auto header = reader.lines_.next(more);
  if (!header) return header.error();
  if (!more) return Status::invalid(path + ":1: the file is empty; it begins with a header line");
  const auto names = split(*header);
  reader.width_ = names.size();
  for (const std::string& column : columns) {
    const auto at = std::find(names.begin(), names.end(), column);
    if (at == names.end()) {
      return Status::invalid(path + ":1: column \"" + column + "\" is missing; the header is \"" +
                             header->substr(0, 200) + "\"");
    }
    reader.places_.push_back(static_cast<std::size_t>(at - names.begin()));
  }
  return reader;
}

Expected<bool> CsvReader::next() {
  while (true) {
    bool more = false;
    const auto line = lines_.next(more);
    if (!line) return line.error();
    if (!more) return false;
    if (line->empty()) continue;
    cells_ = split(*line);
    if (cells_.size() != width_) {
      return Status::invalid(lines_.path() + ":" + std::to_string(lines_.line()) + ": " +
                             std::to_string(cells_.size()) + " cells; allowed: " +
                             std::to_string(width_) + ", as in the header");
    }
    return true;
  }
}

Status CsvReader::error(std::size_t column, const std::string& what) const {
  return Status::invalid(lines_.path() + ":" + std::to_string(lines_.line()) + ": " +
                         columns_[column] + ": \"" + cell(column).substr(0, 80) + "\" " + what);
}

Expected<std::int64_t> CsvReader::number(std::size_t column, std::int64_t minimum,
                                         std::int64_t empty) const {
  const std::string& text = cell(column);
  if (text.empty()) return empty;
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  constexpr std::int64_t kMaximum = 1'000'000'000'000'000;
  if (problem != std::errc() || stop != end || value < minimum || value > kMaximum) {
    return error(column, "is not a whole number; allowed: from " + std::to_string(minimum) +
                             " to " + std::to_string(kMaximum));
  }
  return value;
}

}  // namespace arcas::sim
