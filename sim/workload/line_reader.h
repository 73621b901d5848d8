#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"

namespace arcas::sim {

/// Reads a text file line by line, plain or gzip-compressed. A line may have 1 MiB. A file that is
/// named .gz and is not compressed is refused.
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
  /// After an error: nothing behind it can be read.
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  struct File;
  bool fill();
  Status fail(const std::string& what);
  LineReader(std::string path, std::unique_ptr<File> file);
  std::string path_;
  std::unique_ptr<File> file_;
  std::uint64_t line_ = 0;
  bool broken_ = false;
};

/// A CSV file with a header: cells by column name. Quoting is not used by the traces we read and is
/// refused, as are control characters.
class CsvReader {
 public:
  /// `optional` columns follow `columns`; one that the file lacks is empty in every row.
  static Expected<CsvReader> open(const std::string& path, const std::vector<std::string>& columns,
                                  const std::vector<std::string>& optional = {});
  /// A file without a header: its columns are these, in this order, and no others.
  static Expected<CsvReader> open_without_header(const std::string& path,
                                                 const std::vector<std::string>& columns);
  /// Moves to the next row; false at the end. After an error about one row the next call goes on
  /// behind it, unless the file is broken().
  Expected<bool> next();
  [[nodiscard]] bool broken() const { return lines_.broken(); }
  /// Cells in the order of `columns`.
  [[nodiscard]] const std::string& cell(std::size_t column) const {
    static const std::string kEmpty;
    return has(column) ? cells_[places_[column]] : kEmpty;
  }
  /// Whether the file has this column; only optional ones can be missing.
  [[nodiscard]] bool has(std::size_t column) const { return places_[column] != kNowhere; }
  /// The cell as a whole number from `minimum` to `maximum`; `empty` stands for an empty cell, and
  /// none means that an empty cell is an error.
  Expected<std::int64_t> number(std::size_t column, std::int64_t minimum, std::int64_t maximum,
                                std::optional<std::int64_t> empty = std::nullopt) const;
  /// The cell as a number from `minimum` to `maximum`, in thousandths, rounded up: "0.75" is 750.
  Expected<std::int64_t> thousandths(std::size_t column, std::int64_t minimum,
                                     std::int64_t maximum) const;
  /// The cell as a share of `whole`, rounded up: "0.25" of 8000 is 2000. From 0 to `most`.
  Expected<std::int64_t> share_of(std::size_t column, std::int64_t whole, std::int64_t most) const;
  /// Number of the present line, from 1.
  [[nodiscard]] std::uint64_t line() const { return lines_.line(); }
  /// "path:line"
  [[nodiscard]] std::string place() const {
    return lines_.path() + ":" + std::to_string(lines_.line());
  }
  /// "path:line: column: what"
  [[nodiscard]] Status error(std::size_t column, const std::string& what) const;

 private:
  static constexpr std::size_t kNowhere = ~std::size_t{0};
  CsvReader(LineReader lines, std::vector<std::string> columns)
      : lines_(std::move(lines)), columns_(std::move(columns)) {}
  LineReader lines_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> places_;
  std::vector<std::string> cells_;
  std::size_t width_ = 0;
  bool has_header_ = true;
};

}  // namespace arcas::sim
