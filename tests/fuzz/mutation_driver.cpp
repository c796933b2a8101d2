// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Runs a fuzz target without libFuzzer: every file of the corpus, then a fixed number of random
// changes of them. Each input gets limited time and memory.
//   usage: PROGRAM CORPUS_FOLDER [WORDS_FILE] [--mutations N] [--seed S]
#include "mutator.hpp"
#include "target.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace {

constexpr unsigned seconds_per_input = 10;
[[maybe_unused]] constexpr std::size_t bytes_per_input = std::size_t{1} << 30;

struct Arguments {
  std::string corpus, words;
  std::uint64_t mutations = 1000, seed = 1;
};

// For the handlers of signals: what the target is reading, and where to leave it when it dies.
const std::string* current_input = nullptr;
std::string crash_file;

void save_input() {
  if (current_input == nullptr) return;
  const int file = open(crash_file.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
  const auto written = write(file, current_input->data(), current_input->size());
  close(file);
  const char* note = written < 0 ? "input lost\n" : "the input is in the file beside the program: ";
  for (const char* part : {note, crash_file.c_str(), "\n"})
    if (write(STDERR_FILENO, part, std::strlen(part)) < 0) return;
}

void die(int signal) {
  const char* note = signal == SIGALRM ? "the input takes too long\n" : "the target crashed\n";
  if (write(STDERR_FILENO, note, std::strlen(note)) > 0) save_input();
  _exit(1);
}

#ifdef __SANITIZE_ADDRESS__
// The limit is in ASAN_OPTIONS: max_allocation_size_mb, with allocator_may_return_null for C
// libraries that can go on without the memory. operator new never returns null, it ends the
// program.
void limit_memory() {
  __sanitizer_set_death_callback(save_input);
  for (const int signal : {SIGABRT, SIGALRM}) std::signal(signal, die);
}
#else
void limit_memory() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + bytes_per_input;
  setrlimit(RLIMIT_AS, &limit);
  for (const int signal : {SIGABRT, SIGALRM, SIGSEGV, SIGBUS, SIGFPE}) std::signal(signal, die);
}
#endif

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> read_corpus(const std::string& folder) {
  std::set<std::filesystem::path> paths; // sorted, unlike the folder
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.insert(entry.path());
  std::vector<std::string> seeds;
  for (const auto& path : paths) seeds.push_back(content(path));
  return seeds;
}

/// libFuzzer's form: one "word" per line, with \xNN for bytes; # begins a comment.
std::vector<std::string> read_words(const std::string& path) {
  std::vector<std::string> words;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.size() < 3 || line.front() != '"' || line.back() != '"') continue;
    std::string word;
    for (std::size_t i = 1; i + 1 < line.size(); ++i) {
      if (line[i] == '\\' && line[i + 1] == 'x') {
        word += static_cast<char>(std::stoi(line.substr(i + 2, 2), nullptr, 16));
        i += 3;
      } else {
        if (line[i] == '\\') ++i;
        word += line[i];
      }
    }
    words.push_back(word);
  }
  return words;
}

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int a = 1; a < argc; ++a) {
    const std::string word = argv[a];
    if (a + 1 < argc && word == "--mutations")
      arguments.mutations = std::stoull(argv[++a]);
    else if (a + 1 < argc && word == "--seed")
      arguments.seed = std::stoull(argv[++a]);
    else
      (arguments.corpus.empty() ? arguments.corpus : arguments.words) = word;
  }
  return arguments;
}

void run(const std::string& input) {
  current_input = &input;
  alarm(seconds_per_input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  alarm(0);
  current_input = nullptr;
}

} // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  LLVMFuzzerInitialize(&argc, &argv);
  const auto seeds = read_corpus(arguments.corpus);
  if (seeds.empty()) {
    std::fprintf(stderr, "no corpus in '%s'\n", arguments.corpus.c_str());
    return 1;
  }
  crash_file = std::string(argv[0]) + ".crash";
  limit_memory();
  for (const auto& seed : seeds) run(seed);
  linnet::fuzz::Mutator mutator(arguments.seed, seeds, read_words(arguments.words));
  for (std::uint64_t n = 0; n < arguments.mutations; ++n) run(mutator.next());
  std::printf("%zu seeds, %llu mutations\n", seeds.size(),
              static_cast<unsigned long long>(arguments.mutations));
  return 0;
}
