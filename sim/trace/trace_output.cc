#include "sim/trace/trace_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

namespace arcas::sim {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16U;

bool fits_in_a_cell(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return c == ',' || c == '"' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

}  // namespace

/// A folder that is made where there is none, and goes again if it stays empty.
struct TraceOutput::Folder {
  ~Folder() {
    std::error_code ignored;
    if (made) std::filesystem::remove(path, ignored);  // not where there is a file in it
  }
  Status open() {
    namespace fs = std::filesystem;
    std::error_code error;
    if (fs::is_directory(path, error)) return Status::success();
    made = !fs::exists(path, error) && fs::create_directory(path, error);
    if (made) return Status::success();
    return Status::not_found(path.string() +
                             ": is no folder and cannot be made; allowed: a folder, or a new " +
                             "one in a folder that exists");
  }
  std::filesystem::path path;
  bool made = false;
};

/// A file under another name until it is complete.
struct TraceOutput::File {
  explicit File(std::string path_of_file) : path(std::move(path_of_file)) {
    handle = std::fopen((path + ".part").c_str(), "wb");
  }
  ~File() {
    if (handle != nullptr) std::fclose(handle);
    std::error_code ignored;
    std::filesystem::remove(path + ".part", ignored);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void flush(std::size_t at_least) {
    if (text.size() < at_least || handle == nullptr) return;
    good = good && std::fwrite(text.data(), 1, text.size(), handle) == text.size();
    text.clear();
  }
  Status close() {
    flush(0);
    good = good && handle != nullptr && std::fclose(std::exchange(handle, nullptr)) == 0;
    return good ? Status::success() : Status::invalid(path + ": cannot be written");
  }
  Status publish() const {
    std::error_code error;
    std::filesystem::rename(path + ".part", path, error);
    return error ? Status::invalid(path + ": " + error.message()) : Status::success();
  }

  std::string path;
  std::FILE* handle = nullptr;
  std::string text;
  bool good = true;
};

TraceOutput::TraceOutput(std::unique_ptr<Folder> folder, std::unique_ptr<File> nodes,
                         std::unique_ptr<File> pods)
    : folder_(std::move(folder)), node_file_(std::move(nodes)), pod_file_(std::move(pods)) {
  const auto head = [](File& file, const std::vector<std::string>& columns) {
    for (const std::string& column : columns) {
      file.text += (file.text.empty() ? "" : ",") + column;
    }
    file.text += '\n';
  };
  head(*node_file_, trace_node_columns());
  head(*pod_file_, trace_pod_columns());
}
TraceOutput::TraceOutput(TraceOutput&&) noexcept = default;
TraceOutput& TraceOutput::operator=(TraceOutput&&) noexcept = default;
TraceOutput::~TraceOutput() = default;

Expected<TraceOutput> TraceOutput::open(const ImportRequest& request) {
  namespace fs = std::filesystem;
  std::error_code error;
  auto folder = std::make_unique<Folder>();
  folder->path = request.folder;
  if (Status opened = folder->open(); !opened.ok()) return opened;
  std::unique_ptr<File> files[2];
  for (const int i : {0, 1}) {
    const std::string path =
        (fs::path(request.folder) / (i == 0 ? "nodes.csv" : "pods.csv")).string();
    if (fs::exists(path, error) && !request.force) {
      return Status::invalid(path + ": exists already; allowed: another folder, or --force");
    }
    for (const std::string& source : request.files) {
      if (fs::equivalent(source, path, error)) {
        return Status::invalid(path + ": is what is to be imported; allowed: another folder");
      }
    }
    files[i] = std::make_unique<File>(path);
    if (files[i]->handle == nullptr) return Status::invalid(path + ": cannot be written");
  }
  return TraceOutput(std::move(folder), std::move(files[0]), std::move(files[1]));
}

Status TraceOutput::check_name(const std::string& name, Names& names) {
  if (name.empty() || !fits_in_a_cell(name)) {
    return Status::invalid("the name is empty or holds commas, quotes or control characters");
  }
  if (!names.insert(hash_bytes(name)).second) {
    return Status::invalid("the name \"" + name.substr(0, 80) + "\" stands twice");
  }
  return Status::success();
}

Status TraceOutput::add(const TraceNode& node) {
  if (nodes_ == static_cast<std::int64_t>(kMostTraceNodes)) {
    return Status::exhausted("is one node too many; allowed: 1000000");
  }
  if (!fits_in_a_cell(node.gpu_model)) return Status::invalid("the model cannot stand in a cell");
  if (Status status = check_name(node.name, node_names_); !status.ok()) return status;
  ++nodes_;
  fmt::format_to(std::back_inserter(node_file_->text), "{},{},{},{},{}\n", node.name,
                 node.cpu_milli, node.memory_mib, node.gpus, node.gpu_model);
  node_file_->flush(kBlock);
  return Status::success();
}

Status TraceOutput::add_machines(std::int64_t count, TraceNode like) {
  for (std::int64_t i = 0; i < count; ++i) {
    like.name = "machine-" + std::to_string(i);
    if (Status status = add(like); !status.ok()) return status;
  }
  return Status::success();
}

Status TraceOutput::add(const TracePod& pod) {
  if (pods_ == static_cast<std::int64_t>(kMostTracePods)) {
    return Status::exhausted("is one pod too many; allowed: 10000000");
  }
  if (!fits_in_a_cell(pod.gpu_models)) return Status::invalid("the model cannot stand in a cell");
  const std::int64_t last = std::max(pod.created_seconds, pod.deleted_seconds);
  if (last > kMostTraceSeconds) {
    return Status::invalid("ends after second " + std::to_string(last) +
                           "; allowed: " + std::to_string(kMostTraceSeconds));
  }
  if (Status status = check_name(pod.name, pod_names_); !status.ok()) return status;
  ++pods_;
  last_second_ = std::max(last_second_, last);
  auto out = std::back_inserter(pod_file_->text);
  fmt::format_to(out, "{},{},{},{},{},{},{},", pod.name, pod.cpu_milli, pod.memory_mib, pod.gpus,
                 pod.gpu_milli, pod.gpu_models, pod.created_seconds);
  if (pod.deleted_seconds != TracePod::kNever) fmt::format_to(out, "{}", pod.deleted_seconds);
  pod_file_->text += '\n';
  pod_file_->flush(kBlock);
  return Status::success();
}

Status TraceOutput::finish() {
  for (File* file : {node_file_.get(), pod_file_.get()}) {
    if (Status status = file->close(); !status.ok()) return status;
  }
  for (const File* file : {node_file_.get(), pod_file_.get()}) {
    if (Status status = file->publish(); !status.ok()) return status;
  }
  return Status::success();
}

}  // namespace arcas::sim
