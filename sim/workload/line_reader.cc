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

/// A cell for a message: printable, and not too long.
std::string shown(const std::string& text) {
  std::string out = text.substr(0, 80);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) c = '?';
  }
  return out;
}

}  // namespace

struct LineReader::File {
  gzFile handle = nullptr;
  std::array<char, 1U << 16U> buffer{};
  std::size_t at = 0;
  std::size_t filled = 0;
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

Status LineReader::error(const std::string& what) const {
  return Status::invalid(path_ + ":" + std::to_string(line_ + 1) + ":1: " + what);
}

/// Refills the buffer; false at the end of the file.
Expected<bool> LineReader::fill() {
  const int got = gzread(file_->handle, file_->buffer.data(),
                         static_cast<unsigned>(file_->buffer.size()));
  int code = 0;
  const char* what = gzerror(file_->handle, &code);
  if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) return error(what);
  file_->at = 0;
  file_->filled = static_cast<std::size_t>(got);
  return got > 0;
}

Expected<std::string> LineReader::next(bool& more) {
  std::string line;
  more = false;
  while (true) {
    if (file_->at == file_->filled) {
      const auto filled = fill();
      if (!filled) return filled.error();
      if (!*filled) break;
    }
    more = true;
    const char* begin = file_->buffer.data() + file_->at;
    const char* end = file_->buffer.data() + file_->filled;
    const char* stop = std::find(begin, end, '\n');
    line.append(begin, stop);
    if (line.size() > kMaxLine) return error("the line is longer than 1 MiB; allowed: 1 MiB");
    file_->at += static_cast<std::size_t>(stop - begin) + (stop == end ? 0 : 1);
    if (stop != end) break;
  }
  if (line.find('\0') != std::string::npos) return error("not a text file");
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (more) ++line_;
  return line;
}

Expected<CsvReader> CsvReader::open(const std::string& path,
                                    const std::vector<std::string>& columns) {
  auto lines = LineReader::open(path);
  if (!lines) return lines.error();
  CsvReader reader(std::move(*lines), columns);
  bool more = false;
  const auto header = reader.lines_.next(more);
  if (!header) return header.error();
  if (!more) return Status::invalid(path + ":1:1: the file is empty; it begins with a header line");
  const auto names = split(*header);
  reader.width_ = names.size();
  for (const std::string& column : columns) {
    const auto at = std::find(names.begin(), names.end(), column);
    if (at == names.end()) {
      return Status::invalid(path + ":1:1: column \"" + column + "\" is missing; the header is \"" +
                             shown(*header) + "\"");
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
    if (const std::size_t quote = line->find('"'); quote != std::string::npos) {
      return Status::invalid(lines_.path() + ":" + std::to_string(lines_.line()) + ":" +
                             std::to_string(quote + 1) + ": a quoted cell; allowed: plain cells");
    }
    cells_ = split(*line);
    if (cells_.size() != width_) {
      return Status::invalid(lines_.path() + ":" + std::to_string(lines_.line()) + ":1: " +
                             std::to_string(cells_.size()) + " cells; allowed: " +
                             std::to_string(width_) + ", as in the header");
    }
    return true;
  }
}

Status CsvReader::error(std::size_t column, const std::string& what) const {
  std::size_t character = 1;
  for (std::size_t i = 0; i < places_[column]; ++i) character += cells_[i].size() + 1;
  return Status::invalid(lines_.path() + ":" + std::to_string(lines_.line()) + ":" +
                         std::to_string(character) + ": " + columns_[column] + ": \"" +
                         shown(cell(column)) + "\" " + what);
}

Expected<std::int64_t> CsvReader::number(std::size_t column, std::int64_t minimum,
                                         std::int64_t empty, std::int64_t maximum) const {
  const std::string& text = cell(column);
  if (text.empty()) return empty;
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc() || stop != end || value < minimum || value > maximum) {
    return error(column, "is not a whole number; allowed: from " + std::to_string(minimum) +
                             " to " + std::to_string(maximum));
  }
  return value;
}

}  // namespace arcas::sim
