// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Everything an mpirun app does before and after its own work: --help, --version, decks, checked
/// options, start and end of MPI and PETSc, signals, time limit, one line per user error and the
/// exit code on all ranks.
#pragma once

#include <linnet/core/options.hpp>
#include <linnet/core/progress.hpp>

#include <functional>
#include <string>
#include <vector>

namespace linnet::core {

/// What run_app must know of an app.
struct AppDescription {
  std::string name = {};                  ///< as in "diffusion: ...", and own prefix "-diffusion_"
  std::string summary = {};               ///< one sentence for --help
  std::vector<std::string> examples = {}; ///< command lines for --help
  OptionTable options = {}; ///< without the common group -linnet_*, which run_app adds
  PetscErrorCode (*initialize)() = nullptr; ///< LinnetInitialize
};

/// What the body of an app is given.
class AppContext {
public:
  AppContext(const AppDescription& app, const Options& options, std::string command, MPI_Comm comm,
             double start);

  [[nodiscard]] MPI_Comm comm() const { return comm_; }
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int ranks() const { return ranks_; }
  [[nodiscard]] const Options& options() const { return *options_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  /// The command line as the user typed it, for results and output files.
  [[nodiscard]] const std::string& command() const { return command_; }
  /// The decks as text, for output files; empty without decks.
  [[nodiscard]] const std::string& deck() const { return options_->sources().deck_text(); }
  [[nodiscard]] bool quiet() const { return quiet_; }
  /// File of -linnet_results; empty when not asked for.
  [[nodiscard]] const std::string& results_file() const { return results_file_; }
  /// Wall-clock seconds since run_app began.
  [[nodiscard]] double seconds() const;

  /// printf on rank 0's stdout, silent with -linnet_quiet. Not collective.
  void print(const char* format, ...) const __attribute__((format(printf, 2, 3)));
  /// "app: warning: text" on rank 0's stderr. Not collective.
  void warn(const std::string& text) const;
  /// The path of @p file, which the value of @p option names: from the working directory where it
  /// is there, else from the folder of the deck that holds the option. @throws a data Error that
  /// names both when it is in neither; a path without such a choice is returned as it is.
  /// Collective.
  [[nodiscard]] std::string find_file(std::string_view option, const std::string& file) const;
  /// A progress display of @p total steps; rank 0 shows it. Not collective.
  [[nodiscard]] Progress progress(std::string title, std::int64_t total) const;

  /// Loops that ask stop_requested() call it before their first step: from now on SIGTERM, SIGINT
  /// and SIGUSR1 wait for that question. Until then, and in runs without such a loop, they end the
  /// run at once with exit code 5. Not collective; call it on all ranks.
  static void defer_stops();
  /// True on all ranks once any of them got SIGTERM, SIGINT or SIGUSR1, or once -linnet_time_limit
  /// is over. Time loops ask once per step, write a checkpoint and call stop(). Collective.
  [[nodiscard]] bool stop_requested();
  /// Ends the run with exit code 5; @p remedy says what was saved and how to go on. Call it on all
  /// ranks.
  [[noreturn]] void stop(const std::string& remedy) const;

private:
  std::string name_;
  const Options* options_;
  std::string command_;
  MPI_Comm comm_;
  double start_;
  double time_limit_ = 0; // 0: none
  int rank_ = 0;
  int ranks_ = 1;
  bool quiet_ = false;
  std::string results_file_;
  std::string stop_reason_;
};

/// The work of an app. Returns PETSc's error code or throws core::Error. A file or other thing that
/// only some ranks look at belongs in together() (core/agreement.hpp).
using AppBody = std::function<PetscErrorCode(AppContext&)>;

/// The main function of an app; returns its exit code, the same on all ranks: 0 to 5 as in
/// core::ExitCode, 55 to 98 PETSc's own codes. Initialises and finalises MPI, PETSc and Kokkos.
/// Collective on MPI_COMM_WORLD.
int run_app(int argc, char** argv, const AppDescription& app, const AppBody& body);

/// The options every app has: -linnet_quiet, -linnet_results, -linnet_time_limit, ...
const OptionTable& common_options();

} // namespace linnet::core
