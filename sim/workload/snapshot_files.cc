#include "sim/workload/snapshot_files.h"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <filesystem>
#include <string_view>
#include <utility>

#include "sim/scenario/yaml_json.h"
#include "sim/scenario/yaml_source.h"

namespace arcas::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = std::size_t{1} << 16U;
constexpr std::size_t kMostYaml = std::size_t{16} << 20U;

/// A file in blocks, unpacked when it is gzip.
class Blocks {
 public:
  explicit Blocks(const std::string& path)
      : path_(path),
        file_(path == "-" ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path.c_str(), "rb")) {}
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;
  ~Blocks() {
    if (file_ != nullptr) gzclose(file_);
  }

  /// The next block; empty at the end.
  Expected<std::string_view> next() {
    if (file_ == nullptr) return Status::not_found(path_ + ": no such file, or not readable");
    const int got = gzread(file_, block_.data(), static_cast<unsigned>(block_.size()));
    int code = Z_OK;
    const char* what = gzerror(file_, &code);
    if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
      return Status::invalid(
          path_ + ": cannot be read: " + (code == Z_BUF_ERROR ? "the gzip file is cut off" : what));
    }
    if (got > 0 && path_.ends_with(".gz") && gzdirect(file_) == 1) {
      return Status::invalid(path_ + ": is called .gz and is no gzip file");
    }
    return std::string_view(block_.data(), static_cast<std::size_t>(got));
  }

 private:
  std::string path_;
  gzFile file_;
  std::vector<char> block_ = std::vector<char>(kBlock);
};

bool looks_like_json(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (start == std::string_view::npos) return true;
  // Two bytes of UTF-16, too: the reader of JSON has a word for it.
  return text[start] == '{' || text[start] == '[' || static_cast<unsigned char>(text[start]) > 0xf7;
}

Status read_yaml(const std::string& path, std::string text, Blocks& blocks,
                 manifest::SnapshotReader& reader) {
  for (;;) {
    const auto block = blocks.next();
    if (!block) return block.error();
    if (block->empty()) break;
    text += *block;
    if (text.size() > kMostYaml) {
      return Status::invalid(path + ": is larger than 16 MiB; allowed: that much YAML, or JSON " +
                             "(kubectl get … -o json) of any size");
    }
  }
  const auto document = parse_yaml(text, path);
  if (!document) return document.error();
  reader.take_file(path, to_json(*document));
  return Status::success();
}

Status read_file_into(const std::string& path, manifest::SnapshotReader& reader) {
  Blocks blocks(path);
  const std::string name = path == "-" ? "standard input" : path;
  auto block = blocks.next();
  if (!block) return block.error();
  if (!looks_like_json(*block)) return read_yaml(name, std::string(*block), blocks, reader);
  reader.begin_file(name);
  while (!block->empty()) {
    if (Status status = reader.write(*block); !status.ok()) return status;
    block = blocks.next();
    if (!block) return block.error();
  }
  return reader.end_file();
}

/// The files that a path stands for, in the order of their names.
Expected<std::vector<std::string>> files_of(const std::string& path) {
  std::error_code error;
  if (path == "-" || !fs::is_directory(path, error)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator it(path, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().string();
    std::string_view bare = name;
    if (bare.ends_with(".gz")) bare.remove_suffix(3);
    const bool ours = bare.ends_with(".json") || bare.ends_with(".yaml") || bare.ends_with(".yml");
    if (ours && it->is_regular_file(error)) files.push_back(name);
  }
  if (error) return Status::invalid(path + ": cannot be listed: " + error.message());
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    return Status::not_found(path + ": holds no file; allowed: .json, .yaml, .yml, also with .gz");
  }
  return files;
}

}  // namespace

Expected<LoadedSnapshot> load_snapshot(const std::vector<std::string>& paths) {
  LoadedSnapshot loaded;
  loaded.catalog = std::make_unique<model::Catalog>();
  manifest::SnapshotReader reader(*loaded.catalog);
  for (const std::string& path : paths) {
    const auto files = files_of(path);
    if (!files) return files.error();
    for (const std::string& file : *files) {
      if (Status status = read_file_into(file, reader); !status.ok()) return status;
    }
  }
  loaded.report = reader.finish(loaded.snapshot);
  if (!loaded.snapshot.nodes.empty()) return loaded;
  std::string text = (paths.empty() ? std::string("no file") : paths.front()) +
                     ": no node can be read; allowed: `kubectl get nodes,pods,… -o json`";
  for (const std::string& problem : loaded.report.problems) {
    if (problem.find("(Node ") != std::string::npos) return Status::invalid(text + "; " + problem);
  }
  return Status::invalid(text);
}

}  // namespace arcas::sim
