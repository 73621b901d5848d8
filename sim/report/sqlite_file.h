#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

struct sqlite3;
struct sqlite3_stmt;

namespace arcas::sim {

/// A SQLite file and one statement at a time. Remembers the first error, so that callers need not
/// look at every row: after it nothing more is done.
class SqliteFile {
 public:
  using Value = std::variant<std::int64_t, double, std::string>;
  enum class Mode { create, read };

  SqliteFile(const std::string& path, Mode mode);
  ~SqliteFile();

  void run(const std::string& sql);
  void prepare(const std::string& sql);
  /// Carries out the prepared statement with these values.
  void insert(std::initializer_list<Value> values);
  void bind(int place, std::int64_t value);
  void bind(int place, double value);
  void bind(int place, const std::string& text);
  void bind_bytes(int place, const std::string& bytes);
  /// Carries out the prepared statement with what was bound.
  void carry_out();
  /// The next row of the prepared statement; false behind the last one.
  bool next();
  // Of the row. What is of another type comes as SQLite converts it; numbers are finite.
  [[nodiscard]] std::int64_t whole(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;

  [[nodiscard]] bool failed() const { return !error_.empty(); }
  [[nodiscard]] const std::string& error() const { return error_; }
  void fail(const std::string& what) {
    if (error_.empty()) error_ = what;
  }
  void close();

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  struct Finish {
    void operator()(sqlite3_stmt* statement) const;
  };
  void note(int code);
  std::unique_ptr<sqlite3, Close> handle_;
  std::unique_ptr<sqlite3_stmt, Finish> statement_;
  std::string error_;
};

}  // namespace arcas::sim
