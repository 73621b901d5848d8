#include "real/all_in_one/pod_logs.h"

#include <algorithm>
#include <fstream>

namespace arcas::real {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

/// Where the last `lines` lines of the file begin. Cost: what is read from the end.
std::uint64_t begin_of_tail(std::ifstream& file, std::uint64_t size, std::int64_t lines) {
  constexpr std::uint64_t kBlock = 65'536;
  std::string block;
  std::uint64_t end = size;
  std::int64_t seen = 0;
  while (end > 0) {
    const std::uint64_t begin = end > kBlock ? end - kBlock : 0;
    block.resize(end - begin);
    file.seekg(static_cast<std::streamoff>(begin));
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    for (std::uint64_t i = end; i > begin; --i) {
      if (block[i - 1 - begin] != '\n' || i == size) continue;
      if (++seen == lines) return i;
    }
    end = begin;
  }
  return 0;
}

/// The part after "TIME STREAM F "; `time` is the first word.
std::string_view text_of_line(std::string_view line, std::string_view& time, bool& whole) {
  std::size_t at = line.find(' ');
  time = line.substr(0, at);
  whole = true;
  for (int word = 0; word < 2 && at != std::string_view::npos; ++word) {
    const std::size_t next = line.find(' ', at + 1);
    if (word == 1) whole = line.substr(at + 1, next - at - 1) != "P";
    at = next;
  }
  return at == std::string_view::npos ? std::string_view() : line.substr(at + 1);
}

}  // namespace

std::string PodLogReader::read(bool& more) {
  more = false;
  std::ifstream file(path_, std::ios::binary);
  if (!file) return "";
  file.seekg(0, std::ios::end);
  const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(file.tellg(), 0));
  if (!begun_ && options_.tail_lines) {
    position_ = *options_.tail_lines == 0 ? size : begin_of_tail(file, size, *options_.tail_lines);
  }
  begun_ = true;
  if (size < position_) position_ = 0;  // begun anew
  std::string bytes(std::min<std::uint64_t>(size - position_, kMostBytes), '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(position_));
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (!plain_) {  // whole lines alone, but for one that fills all there is room for
    const std::size_t end = bytes.rfind('\n');
    if (end != std::string::npos) {
      bytes.resize(end + 1);
    } else if (bytes.size() < kMostBytes) {
      bytes.clear();
    }
  }
  position_ += bytes.size();
  more = !bytes.empty() && position_ < size;
  std::string text = plain_ ? std::move(bytes) : formatted(bytes);
  if (options_.limit_bytes) {
    const std::int64_t left = std::max<std::int64_t>(*options_.limit_bytes - given_, 0);
    if (static_cast<std::int64_t>(text.size()) > left) text.resize(static_cast<std::size_t>(left));
    more = more && left > static_cast<std::int64_t>(text.size());
  }
  given_ += static_cast<std::int64_t>(text.size());
  return text;
}

std::string PodLogReader::formatted(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    std::string_view time;
    bool whole = true;
    const std::string_view line = text_of_line(bytes.substr(0, end), time, whole);
    if (options_.timestamps) text.append(time).append(" ");
    text.append(line);
    if (whole) text += '\n';
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return text;
}

}  // namespace arcas::real
