#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace arcas::real {

/// What a client wants to see of a log.
struct PodLogOptions {
  std::string container;
  bool follow = false;
  bool previous = false;
  bool timestamps = false;
  std::optional<std::int64_t> tail_lines;
  std::optional<std::int64_t> limit_bytes;
};

/// Reads the file of one container's run, or of a machine's console, on and on. The files of
/// containers are in the CRI's format: time, stream, F or P (a part of a line), text. The name of a
/// file is never a client's to choose.
class PodLogReader {
 public:
  /// `plain`: the file has no such format.
  PodLogReader(std::string path, bool plain, PodLogOptions options)
      : path_(std::move(path)), plain_(plain), options_(std::move(options)) {}

  /// What has been written since the last call, as the client wants it. At most 1 MiB a call, so
  /// that an answer never holds more; `more` says that there is more already.
  std::string read(bool& more);

 private:
  [[nodiscard]] std::string formatted(std::string_view bytes);

  std::string path_;
  bool plain_;
  PodLogOptions options_;
  std::uint64_t position_ = 0;
  std::int64_t given_ = 0;
  bool begun_ = false;
};

}  // namespace arcas::real
