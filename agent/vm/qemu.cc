#include "agent/vm/qemu.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace arcas::agent {

namespace files = std::filesystem;

namespace {

constexpr const char* kProgram = "qemu-system-x86_64";
constexpr std::int64_t kMebibyte = 1 << 20;
constexpr int kHotplugPorts = 4;

std::string disk_of(const MachineConfig& config) { return config.directory + "/disk.qcow2"; }

/// QEMU's own quoting: a comma in a value is doubled.
std::string quoted(const std::string& value) {
  std::string result;
  for (const char c : value) {
    result += c;
    if (c == ',') result += c;
  }
  return result;
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

bool reads_image(const std::string& path, std::string& format) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 4> magic{};
  if (!file.read(magic.data(), magic.size())) return false;
  format = std::memcmp(magic.data(), "QFI\xfb", 4) == 0 ? "qcow2" : "raw";
  return true;
}

/// A socket that is bound refuses connections until it listens; the kernel's table tells the two
/// apart without a connection, of which the monitor takes one only.
bool is_listening(const std::string& path) {
  std::istringstream table(text_of("/proc/net/unix"));
  for (std::string line; std::getline(table, line);) {
    constexpr const char* kAcceptsConnections = " 00010000 ";
    if (line.ends_with(" " + path) && line.find(kAcceptsConnections) != std::string::npos) {
      return true;
    }
  }
  return false;
}

/// Runs QEMU in a session of its own, with init as its parent, and waits until its monitor listens.
/// (QEMU's own -daemonize does not go together with its sandbox.) The pipe closes when it ends.
Status run_detached(const std::vector<std::string>& words, const std::string& directory) {
  const std::string log = directory + "/qemu.log";
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::array<int, 2> lifeline{};
  if (::pipe2(lifeline.data(), O_CLOEXEC) != 0) return Status::exhausted("no pipe left");
  const int middle = ::fork();
  if (middle < 0) return Status::exhausted("no process left");
  if (middle == 0) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
    ::dup2(output, 1);
    ::dup2(output, 2);
    ::dup2(lifeline[1], 3);  // not closed on exec
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(lifeline[1]);
  ::waitpid(middle, nullptr, 0);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  bool ended = false;
  bool listens = false;
  while (!ended && !listens && std::chrono::steady_clock::now() < until) {
    pollfd waiting{lifeline[0], POLLIN, 0};
    ended = ::poll(&waiting, 1, 2) > 0;
    listens = process_of(directory) != 0 && is_listening(qmp_socket(directory));
  }
  ::close(lifeline[0]);
  if (!ended && listens) return Status::success();
  std::string output = text_of(log);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  if (output.empty()) output = ended ? "it ended at once; is it installed?" : "it does not listen";
  return Status::invalid(words[0] + ": " + output);
}

}  // namespace

std::string qmp_socket(const std::string& directory) { return directory + "/qmp.sock"; }
std::string console_socket(const std::string& directory) { return directory + "/console.sock"; }
std::string console_log(const std::string& directory) { return directory + "/console.log"; }

Status validate(const MachineConfig& config) {
  const auto missing = [](const std::string& path) {
    std::error_code ignored;
    return !path.empty() && !files::is_regular_file(path, ignored);
  };
  if (!config.directory.starts_with('/') || config.directory.size() > 90) {
    return Status::invalid("directory: must be absolute and of 90 characters at most, not \"" +
                           config.directory + "\"");
  }
  if (config.kernel.empty() && config.base_image.empty()) {
    return Status::invalid("a kernel or an image must be given");
  }
  for (const auto& [field, path] :
       {std::pair("kernel", &config.kernel), std::pair("initrd", &config.initrd),
        std::pair("image", &config.base_image), std::pair("seed", &config.seed_image)}) {
    if (missing(*path)) return Status::not_found(std::string(field) + ": no file " + *path);
  }
  if (config.cpus < 1 || config.cpus > config.most_cpus || config.most_cpus > 255) {
    return Status::invalid("cpus: " + std::to_string(config.cpus) + "; allowed: 1.." +
                           std::to_string(config.most_cpus));
  }
  if (config.memory_bytes < 32 * kMebibyte || config.memory_bytes > config.most_memory_bytes) {
    return Status::invalid("memory: " + std::to_string(config.memory_bytes / kMebibyte) +
                           " MiB; allowed: 32.." +
                           std::to_string(config.most_memory_bytes / kMebibyte) + " MiB");
  }
  return Status::success();
}

std::vector<std::string> qemu_command(const MachineConfig& config) {
  const std::string dir = quoted(config.directory);
  const bool kvm = config.accelerator == Accelerator::kvm;
  std::vector<std::string> words = {
      kProgram,
      "-nodefaults",
      "-no-user-config",
      "-display",
      "none",
      "-name",
      "guest=" + quoted(config.name),
      "-machine",
      std::string("q35,accel=") + (kvm ? "kvm" : "tcg"),
      "-cpu",
      kvm ? "host" : "max",
      "-smp",
      "cpus=" + std::to_string(config.cpus) + ",maxcpus=" + std::to_string(config.most_cpus),
      "-m",
      "size=" + std::to_string(config.memory_bytes / kMebibyte) +
          "M,slots=16,maxmem=" + std::to_string(config.most_memory_bytes / kMebibyte) + "M",
      "-pidfile",
      config.directory + "/pid",
      "-qmp",
      "unix:" + qmp_socket(dir) + ",server=on,wait=off",
      "-chardev",
      "socket,id=console,path=" + console_socket(dir) +
          ",server=on,wait=off,logappend=on,logfile=" + console_log(dir),
      "-serial",
      "chardev:console",
      "-blockdev",
      "driver=qcow2,node-name=disk,file.driver=file,file.filename=" + quoted(disk_of(config)),
      "-sandbox",
      "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"};
  const auto add = [&](std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
  };
  for (int port = 0; port < kHotplugPorts; ++port) {
    const std::string number = std::to_string(port);
    add({"-device", "pcie-root-port,id=port" + number + ",chassis=" + std::to_string(port + 1)});
  }
  if (!config.base_image.empty()) add({"-device", "virtio-blk-pci,drive=disk,id=root,bootindex=1"});
  if (!config.seed_image.empty()) {
    add({"-blockdev",
         "driver=raw,node-name=seed,read-only=on,file.driver=file,file.filename=" +
             quoted(config.seed_image),
         "-device", "virtio-blk-pci,drive=seed,id=seed"});
  }
  if (!config.kernel.empty()) {
    add({"-kernel", config.kernel, "-append",
         "console=ttyS0 panic=-1 memhp_default_state=online " + config.kernel_arguments});
    if (!config.initrd.empty()) add({"-initrd", config.initrd});
  }
  return words;
}

Status run_program(const std::vector<std::string>& words, Duration timeout) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Status::exhausted("no pipe left");
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int pid = ::fork();
  if (pid < 0) return Status::exhausted("no process left");
  if (pid == 0) {
    ::dup2(ends[1], 1);
    ::dup2(ends[1], 2);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string output;
  bool late = false;
  const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(timeout.ns);
  int state = 0;
  // A daemon may keep the pipe open, so the end of the process counts, not that of its output.
  while (true) {
    pollfd waiting{ends[0], POLLIN, 0};
    char bytes[4096];
    if (::poll(&waiting, 1, 2) > 0 && (waiting.revents & POLLIN) != 0) {
      const ssize_t count = ::read(ends[0], bytes, sizeof(bytes));
      if (count > 0 && output.size() < 65536) output.append(bytes, static_cast<std::size_t>(count));
      if (count > 0) continue;
    }
    if (::waitpid(pid, &state, WNOHANG) == pid) break;
    if (std::chrono::steady_clock::now() > until && !late) {
      late = true;
      ::kill(pid, SIGKILL);
    }
    if ((waiting.revents & POLLHUP) != 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ::close(ends[0]);
  if (late)
    return {StatusCode::unavailable, words[0] + " did not end within " + to_string(timeout)};
  if (WIFEXITED(state) && WEXITSTATUS(state) == 0) return Status::success();
  if (WIFEXITED(state) && WEXITSTATUS(state) == 127)
    return Status::not_found("no program " + words[0]);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return Status::invalid(words[0] + ": " + output);
}

Status launch(const MachineConfig& config) {
  const Status valid = validate(config);
  if (!valid.ok()) return valid;
  if (process_of(config.directory) != 0) {
    return Status::conflict("a machine runs in " + config.directory + " already");
  }
  std::error_code fault;
  files::create_directories(config.directory, fault);
  if (fault) return Status::invalid("directory " + config.directory + ": " + fault.message());
  files::permissions(config.directory, files::perms::owner_all, fault);
  if (!files::exists(disk_of(config), fault)) {
    std::vector<std::string> words = {"qemu-img", "create", "-q", "-f", "qcow2"};
    if (!config.base_image.empty()) {
      std::string format;
      if (!reads_image(config.base_image, format)) {
        return Status::invalid("image: " + config.base_image + " cannot be read");
      }
      words.insert(words.end(), {"-b", config.base_image, "-F", format});
    }
    words.push_back(disk_of(config));
    if (config.base_image.empty()) words.push_back("1G");  // holds snapshots; sparse
    const Status made = run_program(words, seconds(30));
    if (!made.ok()) return made;
  }
  return run_detached(qemu_command(config), config.directory);
}

int process_of(const std::string& directory) {
  const int pid = std::atoi(text_of(directory + "/pid").c_str());
  if (pid <= 1) return 0;
  const std::string command = text_of("/proc/" + std::to_string(pid) + "/cmdline");
  return command.find(directory + "/pid") == std::string::npos ? 0 : pid;
}

Accelerator probe_accelerator(const std::string& kernel, const std::string& directory,
                              Duration patience) {
  const int device = ::open("/dev/kvm", O_RDWR | O_CLOEXEC);
  if (device < 0) return Accelerator::tcg;
  ::close(device);
  MachineConfig config;
  config.name = "probe";
  config.directory = directory;
  config.memory_bytes = 128 * kMebibyte;
  config.kernel = kernel;
  config.kernel_arguments = "earlyprintk=ttyS0";
  config.accelerator = Accelerator::kvm;
  if (!launch(config).ok()) return Accelerator::tcg;
  bool spoke = false;
  const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(patience.ns);
  while (!spoke && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    spoke = text_of(console_log(directory)).find("Linux version") != std::string::npos;
  }
  if (const int pid = process_of(directory); pid != 0) ::kill(pid, SIGKILL);
  return spoke ? Accelerator::kvm : Accelerator::tcg;
}

}  // namespace arcas::agent
