#include "real/auth/private_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace arcas::real {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Status failed(const std::string& path, const char* what) {
  return Status::invalid(path + ": " + what + ": " + std::strerror(errno));
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ::ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Status write_private_file(const std::string& path, const std::string& text) {
  const std::string draft = path + ".new";
  ::unlink(draft.c_str());
  {
    const Descriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.number() < 0) return failed(draft, "cannot be made");
    if (!write_all(file.number(), text) || ::fsync(file.number()) != 0) {
      return failed(draft, "cannot be written");
    }
  }
  if (::rename(draft.c_str(), path.c_str()) != 0) return failed(path, "cannot be replaced");
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor holder(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (holder.number() < 0 || ::fsync(holder.number()) != 0) {
    return failed(folder, "cannot be made durable");
  }
  return Status::success();
}

Expected<std::string> read_private_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) {
    if (errno == ENOENT) return Status::not_found(path + ": there is no such file");
    return failed(path, "cannot be opened");
  }
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return failed(path, "cannot be looked at");
  if (!S_ISREG(about.st_mode)) return Status::invalid(path + ": is no file");
  if ((about.st_mode & 077U) != 0) {
    return Status::invalid(path + ": others may read it; allowed is mode 0600");
  }
  std::string text;
  std::array<char, 4096> part;
  for (;;) {
    const ::ssize_t count = ::read(file.number(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path, "cannot be read");
    if (count == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(count));
    if (text.size() > kMaxBytes) return Status::invalid(path + ": has more than 1 MiB");
  }
}

Status make_private_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return Status::success();
  return failed(path, "cannot be made");
}

}  // namespace arcas::real
