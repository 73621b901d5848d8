#include "real/auth/audit_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "real/api/object_text.h"
#include "real/api/request_path.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxWaiting = 20'000;  // records
constexpr std::size_t kMaxText = 2048;

/// What a client sent, as text that every reader of JSON takes.
std::string cut(std::string_view text) {
  std::string result(text.substr(0, kMaxText));
  for (char& c : result) {
    if (static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return result;
}

/// Kubernetes's verb; empty for a path that is none.
std::string verb_of(const AuditRecord& record) {
  const std::string_view target = record.target;
  const std::size_t mark = std::min(target.find('?'), target.size());
  const auto path = parse_request_path(target.substr(0, mark));
  if (!path) return {};
  const std::string_view query = target.substr(mark);
  const bool watch = query.find("watch=true") != std::string_view::npos ||
                     query.find("watch=1") != std::string_view::npos;
  return std::string(request_verb(record.method, *path, watch));
}

}  // namespace

std::string audit_line(const AuditRecord& record) {
  char fraction[8];
  std::snprintf(fraction, sizeof(fraction), ".%03dZ", static_cast<int>(record.unix_ms % 1000));
  std::string time = timestamp_text(record.unix_ms / 1000);
  time.replace(time.size() - 1, 1, fraction);
  json::array groups;
  for (const std::string& group : record.user.groups) groups.emplace_back(group);
  const json::object line{{"time", std::move(time)},
                          {"user", record.user.name},
                          {"tenant", record.user.tenant},
                          {"groups", std::move(groups)},
                          {"address", record.address},
                          {"verb", verb_of(record)},
                          {"method", cut(record.method)},
                          {"path", cut(record.target)},
                          {"userAgent", cut(record.user_agent)},
                          {"code", record.code},
                          {"tookMicroseconds", record.took_us}};
  return json::serialize(line) + '\n';
}

AuditLog::AuditLog(std::string path, std::size_t max_bytes)
    : path_(std::move(path)), max_bytes_(max_bytes) {}

Expected<std::unique_ptr<AuditLog>> AuditLog::open(const std::string& path, std::size_t max_bytes) {
  std::unique_ptr<AuditLog> log(new AuditLog(path, max_bytes));
  if (!log->open_file()) {
    return Status::invalid(path + ": cannot be written: " + std::strerror(errno));
  }
  log->thread_ = std::thread([raw = log.get()] { raw->work(); });
  return log;
}

AuditLog::~AuditLog() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  if (file_ >= 0) ::close(file_);
}

bool AuditLog::open_file() {
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file_ < 0) return false;
  struct stat about {};
  size_ = ::fstat(file_, &about) == 0 ? static_cast<std::size_t>(about.st_size) : 0;
  return true;
}

void AuditLog::write(AuditRecord record) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) {
      ++dropped_;
      return;
    }
    waiting_.push_back(std::move(record));
  }
  changed_.notify_one();
}

void AuditLog::work() {
  for (;;) {
    std::deque<AuditRecord> records;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      records.swap(waiting_);
      lost_ += std::exchange(dropped_, 0);
    }
    std::string lines;
    if (lost_ > 0) {
      lines = json::serialize(json::object{{"dropped", lost_}}) + '\n';
    }
    for (const AuditRecord& record : records) lines += audit_line(record);
    if (size_ + lines.size() > max_bytes_ && size_ > 0) {
      ::close(file_);
      ::rename(path_.c_str(), (path_ + ".1").c_str());
      open_file();
    }
    const std::size_t before = size_;
    put(lines);
    lost_ = size_ == before ? lost_ + records.size() : 0;
  }
}

void AuditLog::put(const std::string& lines) {
  std::string_view rest = lines;
  while (!rest.empty() && file_ >= 0) {
    const ::ssize_t count = ::write(file_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      if (lost_ > 0) return;  // it was said
      std::fprintf(stderr, "arcas-server: %s: cannot be written: %s\n", path_.c_str(),
                   std::strerror(errno));
      return;
    }
    size_ += static_cast<std::size_t>(count);
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace arcas::real
