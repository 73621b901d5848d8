#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/access/user.h"
#include "core/base/expected.h"

namespace arcas::real {

/// A request that was answered (or a watch that began).
struct AuditRecord {
  std::int64_t unix_ms = 0;  ///< when it came
  std::int64_t took_us = 0;
  access::User user;  ///< without a name: nobody knows
  std::string address;
  std::string method;
  std::string target;
  std::string user_agent;
  std::uint16_t code = 0;
};

/// One JSON object a line, as text: time, user, tenant, groups, address, verb, path, code… Texts
/// are cut at 2 KiB. No bodies, no tokens.
std::string audit_line(const AuditRecord& record);

/// A file of such lines (0600), written by a thread of its own, so that no request waits for it. At
/// `max_bytes` it becomes FILE.1, in the place of the one before. When the disk does not keep up or
/// refuses, lines are dropped, and a line says how many as soon as one can be written.
class AuditLog {
 public:
  /// Errors name the file.
  static Expected<std::unique_ptr<AuditLog>> open(const std::string& path, std::size_t max_bytes);
  ~AuditLog();  ///< writes what waits
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  void write(AuditRecord record);  ///< from any thread

 private:
  AuditLog(std::string path, std::size_t max_bytes);
  bool open_file();
  void work();
  void put(const std::string& lines);

  std::string path_;
  std::size_t max_bytes_;
  int file_ = -1;
  std::size_t size_ = 0;  // of the file
  std::size_t lost_ = 0;  // lines, of the writing thread
  std::mutex mutex_;      // guards what follows
  std::condition_variable changed_;
  std::deque<AuditRecord> waiting_;
  std::size_t dropped_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace arcas::real
