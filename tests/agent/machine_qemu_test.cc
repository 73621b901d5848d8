// VirtualMachine on a real QEMU with a real guest: Debian's cloud kernel and a root file system of
// busybox. One boot serves most tests; they run in the order of this file.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

#include "agent/runtime/node_runtimes.h"
#include "agent/vm/virtual_machine.h"
#include "scratch.h"
#include "test_loop.h"

namespace arcas::agent::test {
namespace {

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::size_t times(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++count;
  }
  return count;
}

class VirtualMachineTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch_ = std::make_unique<Scratch>("machines");
    if (!machine_has("qemu-system-x86_64 qemu-img busybox python3", why_)) {
      why_ = "missing:" + why_;
    } else {
      const std::string guest = ARCAS_BINARY_DIR "/guest";
      why_ = shell(ARCAS_SOURCE_DIR "/tests/agent/guest_kernel.sh " + guest);
      if (why_.empty()) prepare(guest);
    }
    if (!why_.empty()) {
      std::printf("ALL TESTS SKIPPED: this machine runs no virtual machines here: %s\n",
                  why_.c_str());
    }
  }
  static void prepare(const std::string& guest) {
    why_ = shell("python3 " ARCAS_SOURCE_DIR "/scripts/make_images.py initrd " +
                 scratch_->path("initrd.gz") + " " ARCAS_SOURCE_DIR "/tests/agent/guest_init.sh " +
                 guest +
                 "/modules virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev "
                 "virtio_pci virtio_blk failover net_failover virtio_net button evdev");
    config_.name = "guest";
    config_.directory = scratch_->path("vm");
    config_.kernel = guest + "/vmlinuz";
    config_.initrd = scratch_->path("initrd.gz");
    config_.kernel_arguments = "quiet";
  }
  static void TearDownTestSuite() {
    machine_.reset();
    const std::string directory = scratch_->directory();
    scratch_.reset();
    EXPECT_EQ(shell("ls -d " + directory + " 2>/dev/null"), "");
    EXPECT_EQ(shell("cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c '" + directory +
                    "/[v]m'"),
              "0");
  }
  void SetUp() override {
    if (!why_.empty()) GTEST_SKIP() << why_;
  }

  static std::string log() { return text_of(console_log(config_.directory)); }
  /// Types a line at the guest's console, by the console's socket.
  static void type(const std::string& line) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, console_socket(config_.directory).c_str());
    const int console = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::connect(console, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    const std::string text = line + "\n";
    ASSERT_EQ(::write(console, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    sleep_milliseconds(50);
    ::close(console);
  }
  /// Runs a command in the guest until its output, marked so that the echo does not count, contains
  /// the words.
  static bool guest_says(const std::string& command, const std::string& words) {
    for (int round = 0; round < 30; ++round) {
      static int number = 0;
      const std::string mark = std::to_string(++number);
      type("echo m''ark" + mark + ": $(" + command + ")");
      const bool found =
          eventually([&] { return log().find("mark" + mark + ": ") != std::string::npos; }, 5'000);
      if (!found) continue;
      sleep_milliseconds(20);
      const std::string text = log();
      if (text.find(words, text.find("mark" + mark + ": ")) != std::string::npos) return true;
      sleep_milliseconds(100);
    }
    return false;
  }

  static inline std::unique_ptr<Scratch> scratch_;
  static inline std::string why_;
  static inline MachineConfig config_;
  static inline std::optional<VirtualMachine> machine_;
};

TEST_F(VirtualMachineTest, TheGuestBootsWithTheAcceleratorThatTheProbeFoundToWork) {
  config_.accelerator = probe_accelerator(config_.kernel, scratch_->path("probe"), seconds(2));
  // One that is stuck in a broken KVM takes its time to die.
  EXPECT_TRUE(eventually([] { return process_of(scratch_->path("probe")) == 0; }, 10'000))
      << "the probe leaves nothing behind";
  const auto begin = std::chrono::steady_clock::now();
  Expected<VirtualMachine> machine = VirtualMachine::start(config_);
  ASSERT_TRUE(machine.has_value()) << machine.error().message;
  const auto launched = std::chrono::steady_clock::now();
  machine_.emplace(std::move(machine).value());
  EXPECT_EQ(machine_->power(), PowerState::running);
  ASSERT_TRUE(eventually([] { return times(log(), "GUEST READY") == 1; }, 60'000)) << log();
  const auto ready = std::chrono::steady_clock::now();
  const auto ms = [](auto span) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
  };
  RecordProperty("launched_ms", ms(launched - begin));
  std::printf("accelerator %s, launched after %s ms, guest ready after %s ms\n",
              config_.accelerator == Accelerator::kvm ? "kvm" : "tcg", ms(launched - begin).c_str(),
              ms(ready - begin).c_str());
}

TEST_F(VirtualMachineTest, ASecondMachineInTheSameDirectoryIsRefused) {
  ASSERT_TRUE(machine_.has_value());
  const Expected<VirtualMachine> second = VirtualMachine::start(config_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, StatusCode::conflict);
}

TEST_F(VirtualMachineTest, ItsConsoleTakesInputAndKeepsALog) {
  ASSERT_TRUE(machine_.has_value());
  EXPECT_TRUE(guest_says("echo answer-$((6*7))", "answer-42"));
}

TEST_F(VirtualMachineTest, PauseStopsTimeInTheGuestAndResumeLetsItGoOn) {
  ASSERT_TRUE(machine_.has_value());
  const TimePoint begin = TestLoop::now();
  ASSERT_TRUE(machine_->pause().ok());
  std::printf("paused within %.1f ms\n", (TestLoop::now() - begin).seconds() * 1000);
  EXPECT_EQ(machine_->power(), PowerState::paused);
  EXPECT_EQ(machine_state_of(machine_->power()), "paused");
  type("echo par''ked");
  sleep_milliseconds(200);
  EXPECT_EQ(log().find("parked"), std::string::npos);
  ASSERT_TRUE(machine_->resume().ok());
  EXPECT_EQ(name_of(machine_->power()), "running");
  EXPECT_TRUE(guest_says("echo on", "on"));
}

TEST_F(VirtualMachineTest, RestoringASnapshotBringsTheGuestsMemoryBack) {
  ASSERT_TRUE(machine_.has_value());
  ASSERT_TRUE(guest_says("echo first > /tmp/file; cat /tmp/file", "first"));
  const TimePoint begin = TestLoop::now();
  const Status saved = machine_->snapshot("before");
  const TimePoint after_save = TestLoop::now();
  ASSERT_TRUE(saved.ok()) << saved.message;
  EXPECT_EQ(machine_->power(), PowerState::running);
  ASSERT_TRUE(guest_says("echo second > /tmp/file; cat /tmp/file", "second"));
  const TimePoint before_load = TestLoop::now();
  const Status loaded = machine_->restore("before");
  std::printf("256 MiB: snapshot %.0f ms, restore %.0f ms\n", (after_save - begin).seconds() * 1000,
              (TestLoop::now() - before_load).seconds() * 1000);
  ASSERT_TRUE(loaded.ok()) << loaded.message;
  EXPECT_EQ(machine_->power(), PowerState::running);
  EXPECT_TRUE(guest_says("cat /tmp/file", "first"));
  EXPECT_TRUE(machine_->delete_snapshot("before").ok());
  const Status absent = machine_->restore("never-made");
  EXPECT_FALSE(absent.ok());
  EXPECT_EQ(machine_->power(), PowerState::running) << "it goes on as it was";
  EXPECT_EQ(machine_->snapshot("a,b").code, StatusCode::invalid);
}

TEST_F(VirtualMachineTest, ProcessorsAndMemoryArePluggedInWhileItRuns) {
  ASSERT_TRUE(machine_.has_value());
  const Status more = machine_->set_cpus(2);
  ASSERT_TRUE(more.ok()) << more.message;
  EXPECT_EQ(machine_->cpus().value(), 2);
  EXPECT_TRUE(guest_says("cat /sys/devices/system/cpu/present", "0-1"));
  const Status larger = machine_->set_memory(config_.memory_bytes + (128 << 20));
  ASSERT_TRUE(larger.ok()) << larger.message;
  EXPECT_EQ(machine_->memory().value(), config_.memory_bytes + (128 << 20));
  EXPECT_TRUE(guest_says("ls /sys/devices/system/memory | grep -c memory", "3"));

  const Status saved = machine_->snapshot("plugged");
  ASSERT_TRUE(saved.ok()) << saved.message;
  const Status loaded = machine_->restore("plugged");
  ASSERT_TRUE(loaded.ok()) << loaded.message;
  EXPECT_TRUE(guest_says("cat /sys/devices/system/cpu/present", "0-1"));

  const Status fewer = machine_->set_cpus(1);
  EXPECT_EQ(fewer.ok(), config_.accelerator == Accelerator::kvm) << fewer.message;
  EXPECT_EQ(machine_->cpus().value(), fewer.ok() ? 1 : 2);
  EXPECT_EQ(machine_->set_cpus(100).message, "cpus: 100; allowed: 1..8");
  EXPECT_EQ(machine_->set_memory(config_.memory_bytes + 1).code, StatusCode::invalid);
}

TEST_F(VirtualMachineTest, AnAgentThatComesBackFindsItByItsSocket) {
  ASSERT_TRUE(machine_.has_value());
  const int process = process_of(config_.directory);
  machine_.reset();
  EXPECT_EQ(process_of(config_.directory), process) << "it belongs to nobody";
  Expected<VirtualMachine> adopted = VirtualMachine::adopt(config_.directory);
  ASSERT_TRUE(adopted.has_value()) << adopted.error().message;
  machine_.emplace(std::move(adopted).value());
  EXPECT_EQ(machine_->power(), PowerState::running);
  EXPECT_EQ(VirtualMachine::adopt(scratch_->path("nowhere")).error().code, StatusCode::unavailable);
}

TEST_F(VirtualMachineTest, ARebootedGuestComesUpAgainInTheSameProcess) {
  ASSERT_TRUE(machine_.has_value());
  const int process = process_of(config_.directory);
  const Status reset = machine_->reboot();
  ASSERT_TRUE(reset.ok()) << reset.message << text_of(config_.directory + "/qemu.log");
  EXPECT_TRUE(eventually([] { return times(log(), "GUEST READY") == 2; }, 60'000));
  EXPECT_EQ(process_of(config_.directory), process);
}

TEST_F(VirtualMachineTest, TheGuestShutsItselfDownWhenAsked) {
  ASSERT_TRUE(machine_.has_value());
  bool by_guest = false;
  const Status down = machine_->shut_down(seconds(10), by_guest);
  ASSERT_TRUE(down.ok()) << down.message;
  EXPECT_TRUE(by_guest) << log();
  EXPECT_EQ(machine_->power(), PowerState::shutdown);
  EXPECT_EQ(machine_state_of(machine_->power()), "stopped");
  EXPECT_EQ(process_of(config_.directory), 0);
  EXPECT_FALSE(machine_->pause().ok());
}

TEST_F(VirtualMachineTest, AGuestThatDoesNotListenIsEndedAfterTheGraceAndAKilledOneHasCrashed) {
  MachineConfig deaf = config_;
  deaf.directory = scratch_->path("deaf");
  Expected<VirtualMachine> machine = VirtualMachine::start(deaf);
  ASSERT_TRUE(machine.has_value()) << machine.error().message;
  bool by_guest = true;
  EXPECT_TRUE(machine->shut_down(milliseconds(100), by_guest).ok());
  EXPECT_FALSE(by_guest);
  EXPECT_EQ(process_of(deaf.directory), 0);

  Expected<VirtualMachine> second = VirtualMachine::start(deaf);
  ASSERT_TRUE(second.has_value()) << second.error().message;
  ::kill(process_of(deaf.directory), SIGKILL);
  EXPECT_TRUE(eventually([&] { return second->power() == PowerState::crashed; }, 2'000));
}

TEST_F(VirtualMachineTest, ADiskImageBootsUnderAnOverlayAndStaysAsItIs) {
  // A boot sector that writes a line to the serial port, and then halts.
  const unsigned char code[] = {0x31, 0xc0, 0x8e, 0xd8, 0xbe, 0x15, 0x7c, 0xac, 0x84, 0xc0, 0x74,
                                0x06, 0xba, 0xf8, 0x03, 0xee, 0xeb, 0xf5, 0xf4, 0xeb, 0xfd};
  std::string image(reinterpret_cast<const char*>(code), sizeof(code));
  image += "DISK BOOTED";
  image.resize(1 << 20, '\0');
  image[510] = '\x55';
  image[511] = '\xaa';
  scratch_->write("disk.img", image);
  MachineConfig config;
  config.name = "disk";
  config.directory = scratch_->path("disk");
  config.base_image = scratch_->path("disk.img");
  config.memory_bytes = 64 << 20;
  config.accelerator = config_.accelerator;
  Expected<VirtualMachine> machine = VirtualMachine::start(config);
  ASSERT_TRUE(machine.has_value()) << machine.error().message;
  EXPECT_TRUE(eventually(
      [&] {
        return text_of(console_log(config.directory)).find("DISK BOOTED") != std::string::npos;
      },
      15'000));
  const Status saved = machine->snapshot("one");
  EXPECT_TRUE(saved.ok()) << saved.message;
  EXPECT_TRUE(machine->restore("one").ok());
  EXPECT_TRUE(machine->kill().ok());
  EXPECT_EQ(text_of(config.base_image), image) << "snapshots go to the overlay";
  EXPECT_NE(shell("qemu-img info " + config.directory + "/disk.qcow2").find("disk.img"),
            std::string::npos);
}

TEST_F(VirtualMachineTest, APodThatIsAMachineIsStartedActedUponAdoptedAndStopped) {
  using Event = ports::RuntimeEvent::Type;
  shell("mkdir -p " + scratch_->path("agent/images/linux") + " && ln " + config_.initrd + " " +
        scratch_->path("agent/images/linux/initrd") + " && cp " + config_.kernel + " " +
        scratch_->path("agent/images/linux/vmlinuz"));
  TestLoop loop;
  std::vector<Event> events;
  NodeRuntimesConfig agent;
  agent.directory = scratch_->path("agent");
  agent.accelerator = config_.accelerator;
  agent.poll = milliseconds(20);
  NodeRuntimesPeers peers;
  std::string image = "linux";
  peers.document = [&](Uid) -> Expected<std::string> {
    return R"({"metadata": {"name": "vm", "uid": "uid-1"}, "spec": {"virtualMachine": {"name": "vm",
              "image": ")" +
           image + R"(", "resources": {"limits": {"cpu": 1, "memory": "256Mi"}}}}})";
  };
  peers.deliver = [&](ActorId, const ports::RuntimeEvent& event) { events.push_back(event.type); };
  const Uid pod = Uid::make(1, 1);
  const auto wait = [&](Event type) {
    return loop.run_until([&] { return !events.empty() && events.back() == type; }, seconds(10));
  };

  auto runtimes = std::make_unique<NodeRuntimes>(agent, loop.executor(), peers);
  image = "../vm";
  runtimes->start({}, pod, {});
  ASSERT_TRUE(wait(Event::failed));
  EXPECT_EQ(runtimes->report(pod).reason, "InvalidImageName");
  runtimes->stop({}, pod, {});
  ASSERT_TRUE(wait(Event::stopped));

  image = "linux";
  const TimePoint begin = TestLoop::now();
  runtimes->start({}, pod, {});
  ASSERT_TRUE(wait(Event::started)) << runtimes->report(pod).message;
  std::printf("a machine's pod is active after %.0f ms\n",
              (TestLoop::now() - begin).seconds() * 1000);
  EXPECT_EQ(name_of(runtimes->report(pod).power), "running");
  const auto act = [&](MachineAction action) {
    std::optional<Status> done;
    runtimes->machine_of(pod)->act(action, [&](Status status) { done = std::move(status); });
    EXPECT_TRUE(loop.run_until([&] { return done.has_value(); }, seconds(20)));
    return done.value_or(Status::invalid("no answer"));
  };
  EXPECT_TRUE(act({MachineAction::Kind::snapshot, "one", {}}).ok());
  EXPECT_TRUE(act({MachineAction::Kind::restore, "one", {}}).ok());
  EXPECT_FALSE(act({MachineAction::Kind::restore, "two", {}}).ok());
  EXPECT_TRUE(act({MachineAction::Kind::pause, "", {}}).ok());
  EXPECT_TRUE(loop.run_until([&] { return runtimes->report(pod).power == PowerState::paused; },
                             seconds(2)));

  const std::string directory = scratch_->path("agent/machines/uid-1");
  const int process = process_of(directory);
  runtimes = std::make_unique<NodeRuntimes>(agent, loop.executor(), peers);
  events.clear();
  runtimes->start({}, pod, {});
  ASSERT_TRUE(wait(Event::started));
  EXPECT_EQ(process_of(directory), process) << "adopted";
  EXPECT_TRUE(act({MachineAction::Kind::resume, "", {}}).ok());

  runtimes->stop({}, pod, milliseconds(100));
  ASSERT_TRUE(wait(Event::stopped));
  EXPECT_EQ(shell("ls -d " + directory + " 2>/dev/null"), "");
  EXPECT_EQ(process_of(directory), 0);
}

TEST_F(VirtualMachineTest, ErrorsNameTheFieldAndWhatIsAllowed) {
  MachineConfig bad = config_;
  bad.directory = scratch_->path("bad");
  bad.kernel = "/no/kernel";
  EXPECT_EQ(VirtualMachine::start(bad).error().message, "kernel: no file /no/kernel");
  bad = config_;
  bad.directory = scratch_->path("bad");
  bad.cpus = 99;
  EXPECT_EQ(VirtualMachine::start(bad).error().message, "cpus: 99; allowed: 1..8");
  bad.cpus = 1;
  bad.memory_bytes = 1;
  EXPECT_EQ(VirtualMachine::start(bad).error().message, "memory: 0 MiB; allowed: 32..4096 MiB");
  bad.base_image = "/no/disk";
  EXPECT_EQ(VirtualMachine::start(bad).error().message, "image: no file /no/disk");
  bad.kernel.clear();
  bad.base_image.clear();
  EXPECT_EQ(VirtualMachine::start(bad).error().message, "a kernel or an image must be given");
  EXPECT_EQ(shell("ls -d " + bad.directory + " 2>/dev/null"), "") << "nothing was made";
}

}  // namespace
}  // namespace arcas::agent::test
