#include "sim/report/sqlite_file.h"

#include <sqlite3.h>

#include <cmath>

namespace arcas::sim {

void SqliteFile::Close::operator()(sqlite3* database) const { sqlite3_close(database); }
void SqliteFile::Finish::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

SqliteFile::SqliteFile(const std::string& path, Mode mode) {
  sqlite3* handle = nullptr;
  const int flags =
      mode == Mode::create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  note(code);
  // A file of somebody else's making may hold views and triggers; none of them is to run.
  if (mode == Mode::read) run("PRAGMA trusted_schema = OFF");
}

SqliteFile::~SqliteFile() = default;

void SqliteFile::note(int code) {
  if (code != SQLITE_OK && error_.empty()) error_ = sqlite3_errmsg(handle_.get());
}

void SqliteFile::run(const std::string& sql) {
  if (!failed()) note(sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr));
}

void SqliteFile::prepare(const std::string& sql) {
  statement_.reset();
  sqlite3_stmt* statement = nullptr;
  if (!failed()) note(sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &statement, nullptr));
  statement_.reset(statement);
}

void SqliteFile::bind(int place, std::int64_t value) {
  if (!failed()) note(sqlite3_bind_int64(statement_.get(), place, value));
}

void SqliteFile::bind(int place, double value) {
  if (!failed()) note(sqlite3_bind_double(statement_.get(), place, value));
}

void SqliteFile::bind(int place, const std::string& text) {
  if (failed()) return;
  note(sqlite3_bind_text(statement_.get(), place, text.data(), static_cast<int>(text.size()),
                         SQLITE_TRANSIENT));
}

void SqliteFile::bind_bytes(int place, const std::string& bytes) {
  if (failed()) return;
  note(sqlite3_bind_blob(statement_.get(), place, bytes.data(), static_cast<int>(bytes.size()),
                         SQLITE_TRANSIENT));
}

void SqliteFile::insert(std::initializer_list<Value> values) {
  int place = 0;
  for (const Value& value : values) {
    ++place;
    std::visit([&](const auto& v) { bind(place, v); }, value);
  }
  carry_out();
}

void SqliteFile::carry_out() {
  if (failed()) return;
  if (sqlite3_step(statement_.get()) != SQLITE_DONE) note(SQLITE_ERROR);
  sqlite3_reset(statement_.get());
}

bool SqliteFile::next() {
  if (failed()) return false;
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) note(code);
  return code == SQLITE_ROW;
}

std::int64_t SqliteFile::whole(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double SqliteFile::real(int column) const {
  const double value = sqlite3_column_double(statement_.get(), column);
  return std::isfinite(value) ? value : -1;
}

std::string SqliteFile::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void SqliteFile::close() {
  statement_.reset();
  handle_.reset();
}

}  // namespace arcas::sim
