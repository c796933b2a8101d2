// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/app_runtime.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/build_info.hpp>
#include <linnet/core/ineffective_options.hpp>
#include <linnet/core/petsc_errors.hpp>
#include <linnet/core/stop_request.hpp>
#include <linnet/core/text.hpp>
#include <linnet/core/unused_options.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace linnet::core {
namespace {

// How long a rank that failed waits for the others before it ends them all.
constexpr double patience_seconds = 2.0;

using Words = std::vector<std::string>;

std::string broadcast(std::string text) {
  int size = static_cast<int>(text.size());
  MPI_Bcast(&size, 1, MPI_INT, 0, MPI_COMM_WORLD);
  text.resize(static_cast<std::size_t>(size));
  MPI_Bcast(text.data(), size, MPI_CHAR, 0, MPI_COMM_WORLD);
  return text;
}

int world_rank() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int world_size() {
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

// As PETSc does it: one rank reads, so that a deck need only lie on the first node.
std::string read_on_first_rank(const std::string& file) {
  Outcome mine;
  std::string text;
  if (world_rank() == 0) {
    try {
      text = read_deck_file(file);
    } catch (...) {
      mine = outcome_of_current_exception();
    }
  }
  const Outcome all = agree(MPI_COMM_WORLD, mine);
  if (all.exit_code != 0) throw Error(static_cast<ExitCode>(all.exit_code), all.message);
  return broadcast(std::move(text));
}

std::string environment_options() {
  const char* text = std::getenv("PETSC_OPTIONS");
  return broadcast(text != nullptr ? text : "");
}

OptionTable full_table(const AppDescription& app) {
  OptionTable table = app.options;
  return table.own("-" + app.name + "_").append(common_options());
}

std::string help_text(const AppDescription& app, const OptionTable& table) {
  std::string text = app.name + ": " + app.summary + "\n\nUsage:\n";
  for (const auto& example : app.examples) text += "  " + example + "\n";
  text += "Options, on the command line or in a deck without the dash; PETSc's options work too "
          "(-help lists those that the run reads):\n";
  return text + table.help() +
         "Exit codes: 0 success, 1 internal error, 2 wrong option or deck, 3 not converged,\n"
         "  4 wrong data file, 5 stopped by time or signal, 55-98 PETSc's own.\n";
}

// True when the words ask for text instead of a run, which rank 0 then has printed.
bool answered(const AppDescription& app, const OptionTable& table, const Words& words) {
  const auto asks = [&](const char* word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  std::string text;
  if (asks("--help") || asks("-h"))
    text = help_text(app, table);
  else if (asks("--version") || asks("-version"))
    text = version_text();
  if (text.empty()) return false;
  if (world_rank() == 0) std::fputs(text.c_str(), stdout);
  return true;
}

// The life of one run between MPI_Init and MPI_Finalize.
class Run {
public:
  Run(const AppDescription& app, Words words, std::string program, double start)
      : app_(app), table_(full_table(app)), sources_(read_on_first_rank), words_(std::move(words)),
        program_(std::move(program)), start_(start) {
    MPI_Comm_dup(MPI_COMM_WORLD, &comm_);
  }
  ~Run() { MPI_Comm_free(&comm_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  Run(Run&&) = delete;
  Run& operator=(Run&&) = delete;

  int execute(const AppBody& body) {
    if (answered(app_, table_, words_)) return 0;
    // Every rank does the same up to the body, so the first verdict needs no patience.
    Outcome outcome = settle([&] { sources_.read(words_, environment_options()); });
    if (outcome.exit_code != 0) return report(outcome);
    PetscErrors errors;
    outcome = settle([&] { start_petsc(errors); });
    if (outcome.exit_code != 0) return report(outcome);
    outcome = settle([&] { work(errors, body); });
    int code = report(outcome);
    if (came_to_an_end(code)) code = report_unused(code);
    return finalize(errors, code);
  }

private:
  template <class Work>
  Outcome settle(Work&& piece) {
    Outcome mine;
    try {
      piece();
    } catch (const PetscFailure& failure) {
      mine = failure.outcome;
    } catch (...) {
      mine = outcome_of_current_exception();
    }
    return agree_or_abort(comm_, mine, app_.name + ": ", patience_seconds);
  }

  struct PetscFailure {
    Outcome outcome;
  };

  void fail_on(PetscErrorCode code, const PetscErrors& errors) const {
    if (code != PETSC_SUCCESS) throw PetscFailure{errors.outcome(code, sources_, table_)};
  }

  void start_petsc(const PetscErrors& errors) {
    arguments_ = sources_.ordered_arguments();
    arguments_.insert(arguments_.begin(), program_);
    for (auto& argument : arguments_) pointers_.push_back(argument.data());
    pointers_.push_back(nullptr);
    int count = static_cast<int>(arguments_.size());
    char** first = pointers_.data();
    help_ = help_text(app_, table_) + "\n";
    fail_on(PetscInitialize(&count, &first, nullptr, help_.c_str()), errors);
  }

  // PETSc writes -log_view and its like only now, so that this may fail because of the user.
  int finalize(PetscErrors& errors, int code) {
    errors.forget();
    const Outcome outcome = settle([&] { fail_on(PetscFinalize(), errors); });
    return code != 0 ? code : report(outcome);
  }

  void work(PetscErrors& errors, const AppBody& body) {
    options_.emplace_back(table_, sources_);
    const Options& options = options_.front();
    options.check_names();
    options.check_values();
    check_effect(options);
    if (app_.initialize != nullptr) fail_on(app_.initialize(), errors);
    const StopSignals signals(world_rank() == 0 ? app_.name : "", world_size() > 1);
    AppContext context(app_, options, command(), PETSC_COMM_WORLD, start_);
    errors.forget();
    try {
      fail_on(body(context), errors);
    } catch (const Error& error) {
      // LINNET_CHECK has thrown for a PETSc call; what that call said is the better line.
      if (error.code() != ExitCode::internal || !errors.raised()) throw;
      fail_on(errors.code(), errors);
    }
  }

  void check_effect(const Options& options) const {
    const std::string policy = options.choice("-linnet_unused_options");
    const auto lines = ineffective_options(options);
    if (policy == "ignore" || lines.empty()) return;
    if (policy == "error") throw_usage(joined(lines, "; "));
    if (world_rank() == 0) warn(lines);
  }

  void warn(const std::vector<std::string>& lines) const {
    for (const auto& line : lines)
      std::fprintf(stderr, "%s: warning: %s\n", app_.name.c_str(), line.c_str());
  }

  [[nodiscard]] std::string command() const {
    std::string text = program_;
    for (const auto& word : words_) {
      const bool plain =
          !word.empty() && word.find_first_of(" \t'\"$&;|<>*?()") == std::string::npos;
      text += plain ? " " + word : " '" + word + "'";
    }
    return text;
  }

  int report(const Outcome& outcome) const {
    if (outcome.exit_code != 0 && world_rank() == 0) {
      std::fflush(stdout);
      std::fprintf(stderr, "%s: %s\n", app_.name.c_str(), outcome.message.c_str());
    }
    return outcome.exit_code;
  }

  // What a run cut short has not read may well be right.
  static bool came_to_an_end(int code) {
    const auto exit = static_cast<ExitCode>(code);
    return code == 0 || exit == ExitCode::not_converged || exit == ExitCode::stopped;
  }

  int report_unused(int code) const {
    if (options_.empty()) return code;
    const std::string policy = options_.front().choice("-linnet_unused_options");
    if (policy == "ignore") return code;
    const auto lines = unused_options(options_.front());
    if (lines.empty()) return code;
    // PETSc would say the same again.
    static_cast<void>(PetscOptionsSetValue(nullptr, "-options_left", "no"));
    const bool fatal = policy == "error" && code == 0;
    if (world_rank() == 0) {
      if (fatal)
        std::fprintf(stderr, "%s: %s\n", app_.name.c_str(), joined(lines, "; ").c_str());
      else
        warn(lines);
    }
    return fatal ? static_cast<int>(ExitCode::usage) : code;
  }

  const AppDescription& app_;
  OptionTable table_;
  OptionSources sources_;
  Words words_;
  std::string program_;
  double start_;
  MPI_Comm comm_ = MPI_COMM_NULL;
  std::vector<Options> options_; // one, once PETSc runs
  Words arguments_;              // PETSc keeps pointers into these until PetscFinalize
  std::vector<char*> pointers_;
  std::string help_;
};

} // namespace

const OptionTable& common_options() {
  static const OptionTable table = [] {
    OptionTable common;
    common.own("-linnet_").group("Every app");
    common.add({.name = "-linnet_quiet",
                .kind = OptionKind::boolean,
                .default_text = "no",
                .help = "print no report and no progress"});
    common.add({.name = "-linnet_results",
                .help = "write the named numbers of the run to this "
                        "JSON file"});
    common.add({.name = "-linnet_time_limit",
                .kind = OptionKind::real,
                .help = "stop with a checkpoint after this time",
                .unit = "seconds",
                .range = above(0)});
    common.add({.name = "-linnet_threads",
                .kind = OptionKind::integer,
                .default_text = "1",
                .help = "threads of each rank",
                .range = between(1, 4096)});
    common.add({.name = "-linnet_unused_options",
                .kind = OptionKind::choice,
                .default_text = "warn",
                .help = "what to do with options that nobody asked for or that have no effect",
                .choices = {"error", "warn", "ignore"}});
    return common;
  }();
  return table;
}

int run_app(int argc, char** argv, const AppDescription& app, const AppBody& body) {
  int initialised = 0, provided = 0;
  MPI_Initialized(&initialised);
  // Before PETSc: --help and errors in decks must be said once, not once per rank.
  if (initialised == 0) MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  const double start = MPI_Wtime();
  int code = static_cast<int>(ExitCode::internal);
  try {
    Run run(app, Words(argv + std::min(argc, 1), argv + argc), argc > 0 ? argv[0] : app.name,
            start);
    code = run.execute(body);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: internal error: %s\n", app.name.c_str(), error.what());
    MPI_Abort(MPI_COMM_WORLD, code);
  }
  if (initialised == 0) MPI_Finalize();
  return code;
}

} // namespace linnet::core
