#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"

namespace arcas::sim {

/// Reads a text file line by line, plain or gzip-compressed. A line may have 1 MiB.
class LineReader {
 public:
  static Expected<LineReader> open(const std::string& path);
  LineReader(LineReader&&) noexcept;
  LineReader& operator=(LineReader&&) noexcept;
  ~LineReader();

  /// The next line without its end; `more` turns false behind the last one.
  Expected<std::string> next(bool& more);
  /// Number of the line given last, from 1.
  [[nodiscard]] std::uint64_t line() const { return line_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  struct File;
  bool fill();
  LineReader(std::string path, std::unique_ptr<File> file);
  std::string path_;
  std::unique_ptr<File> file_;
  std::uint64_t line_ = 0;
};

/// A CSV file with a header: cells by column name. Quoting is not used by the traces we read and is
/// refused, as are control characters.
class CsvReader {
 public:
  static Expected<CsvReader> open(const std::string& path, const std::vector<std::string>& columns);
  /// Moves to the next row; false at the end.
  Expected<bool> next();
  /// Cells in the order of `columns`.
  [[nodiscard]] const std::string& cell(std::size_t column) const {
    return cells_[places_[column]];
  }
  /// The cell as a whole number from `minimum` to `maximum`; `empty` stands for an empty cell, and
  /// none means that an empty cell is an error.
  Expected<std::int64_t> number(std::size_t column, std::int64_t minimum, std::int64_t maximum,
                                std::optional<std::int64_t> empty = std::nullopt) const;
  /// Number of the present line, from 1.
  [[nodiscard]] std::uint64_t line() const { return lines_.line(); }
  /// "path:line: column: what"
  [[nodiscard]] Status error(std::size_t column, const std::string& what) const;

 private:
  CsvReader(LineReader lines, std::vector<std::string> columns)
      : lines_(std::move(lines)), columns_(std::move(columns)) {}
  LineReader lines_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> places_;
  std::vector<std::string> cells_;
  std::size_t width_ = 0;
};

}  // namespace arcas::sim
