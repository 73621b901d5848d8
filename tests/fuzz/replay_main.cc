// Drives a fuzz target without libFuzzer: its corpus, then mutations of it drawn from a fixed seed.
// The same arguments feed the same bytes on every machine.
//
//   <name>_fuzz <corpus folder or file> [mutations, default 20000] [seed, default 1]
//
// On a crash the input that caused it is in crash-<target>.bin of the working folder; give that
// file as the corpus with 0 mutations to see it again.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// Called by the sanitizers before they end the process; absent without them.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMaxSize = 1U << 16U;

Bytes current;           // what the target is reading: the signal handler saves it
std::string crash_file;  // where it is saved

void save_current() {
  const int file = ::open(crash_file.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
  if (file < 0) return;
  std::size_t done = 0;
  while (done < current.size()) {
    const ssize_t wrote = ::write(file, current.data() + done, current.size() - done);
    if (wrote <= 0) break;
    done += static_cast<std::size_t>(wrote);
  }
  ::close(file);
}

extern "C" void on_crash(int signal) {
  save_current();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
  }
  /// In [0, bound); 0 for bound 0. The bias is below 2^-40 for the bounds used here.
  std::size_t below(std::size_t bound) {
    return bound == 0 ? 0 : static_cast<std::size_t>(next() % bound);
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(next() & 0xffU); }

 private:
  std::uint64_t state_;
};

auto at(Bytes& bytes, std::size_t offset) {
  return bytes.begin() + static_cast<std::ptrdiff_t>(offset);
}

void insert_token(Bytes& bytes, Dice& dice) {
  static constexpr std::string_view kTokens[] = {"0",
                                                 "-1",
                                                 "9223372036854775807",
                                                 "-9223372036854775808",
                                                 "1e309",
                                                 "nan",
                                                 "{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ":",
                                                 ",",
                                                 "\n",
                                                 "\t",
                                                 "\"",
                                                 "'",
                                                 "#",
                                                 "&a",
                                                 "*a",
                                                 "<<:",
                                                 "null",
                                                 "true",
                                                 "\xff",
                                                 "%",
                                                 "-",
                                                 "..."};
  const std::string_view token = kTokens[dice.below(std::size(kTokens))];
  bytes.insert(at(bytes, dice.below(bytes.size() + 1)), token.begin(), token.end());
}

/// Copies a piece of `other` over or into `bytes`.
void splice(Bytes& bytes, const Bytes& other, Dice& dice) {
  if (other.empty()) return;
  const std::size_t from = dice.below(other.size());
  const std::size_t length = 1 + dice.below(std::min<std::size_t>(other.size() - from, 64));
  const auto first = other.begin() + static_cast<std::ptrdiff_t>(from);
  bytes.insert(at(bytes, dice.below(bytes.size() + 1)), first,
               first + static_cast<std::ptrdiff_t>(length));
}

void erase_piece(Bytes& bytes, Dice& dice) {
  if (bytes.empty()) return;
  const std::size_t from = dice.below(bytes.size());
  const std::size_t length = 1 + dice.below(std::min<std::size_t>(bytes.size() - from, 32));
  bytes.erase(at(bytes, from), at(bytes, from + length));
}

void mutate(Bytes& bytes, const std::vector<Bytes>& corpus, Dice& dice) {
  switch (dice.below(7)) {
    case 0:
      if (!bytes.empty()) bytes[dice.below(bytes.size())] ^= std::uint8_t(1U << dice.below(8));
      break;
    case 1:
      if (!bytes.empty()) bytes[dice.below(bytes.size())] = dice.byte();
      break;
    case 2:
      bytes.insert(at(bytes, dice.below(bytes.size() + 1)), dice.byte());
      break;
    case 3:
      erase_piece(bytes, dice);
      break;
    case 4:
      insert_token(bytes, dice);
      break;
    case 5:
      splice(bytes, corpus[dice.below(corpus.size())], dice);
      break;
    default:
      bytes.resize(dice.below(bytes.size() + 1));
      break;
  }
  if (bytes.size() > kMaxSize) bytes.resize(kMaxSize);
}

void feed(Bytes bytes) {
  current = std::move(bytes);
  // An exact copy on the heap: a sanitizer sees a read one byte past the end.
  const std::vector<std::uint8_t> exact(current.begin(), current.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

std::vector<Bytes> read_corpus(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(path)) {
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
  } else if (std::filesystem::exists(path)) {
    files.push_back(path);
  }
  std::vector<Bytes> corpus;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return corpus;
}

bool parse_count(const char* text, std::uint64_t& value) {
  const char* end = text + std::strlen(text);
  const auto [stop, error] = std::from_chars(text, end, value);
  return error == std::errc() && stop == end;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t mutations = 20000;
  std::uint64_t seed = 1;
  if (argc < 2 || argc > 4 || (argc > 2 && !parse_count(argv[2], mutations)) ||
      (argc > 3 && !parse_count(argv[3], seed))) {
    std::fprintf(stderr, "usage: %s <corpus folder or file> [mutations] [seed]\n", argv[0]);
    return 2;
  }
  const std::string target = std::filesystem::path(argv[0]).filename().string();
  crash_file = "crash-" + target + ".bin";
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGILL}) {
    std::signal(signal, on_crash);
  }
  if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(save_current);

  std::vector<Bytes> corpus = read_corpus(argv[1]);
  const std::size_t files = corpus.size();
  if (files == 0) corpus.emplace_back();
  for (const Bytes& bytes : corpus) feed(bytes);
  Dice dice(seed);
  for (std::uint64_t i = 0; i < mutations; ++i) {
    Bytes bytes = corpus[dice.below(corpus.size())];
    const std::size_t steps = 1 + dice.below(8);
    for (std::size_t step = 0; step < steps; ++step) mutate(bytes, corpus, dice);
    feed(std::move(bytes));
  }
  std::printf("%s: %zu corpus files and %llu mutations (seed %llu) survived\n", target.c_str(),
              files, static_cast<unsigned long long>(mutations),
              static_cast<unsigned long long>(seed));
  return 0;
}
