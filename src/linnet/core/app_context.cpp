// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/agreement.hpp>
#include <linnet/core/app_runtime.hpp>
#include <linnet/core/stop_request.hpp>
#include <linnet/core/text.hpp>

#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace linnet::core {
namespace {

// In the place of a signal's number.
constexpr int time_is_over = 1 << 20;

} // namespace

AppContext::AppContext(const AppDescription& app, const Options& options, std::string command,
                       MPI_Comm comm, double start)
    : name_(app.name), options_(&options), command_(std::move(command)), comm_(comm),
      start_(start) {
  MPI_Comm_rank(comm, &rank_);
  MPI_Comm_size(comm, &ranks_);
  quiet_ = options.boolean("-linnet_quiet");
  results_file_ = options.string("-linnet_results");
  if (options.is_set("-linnet_time_limit")) time_limit_ = options.real("-linnet_time_limit");
}

double AppContext::seconds() const { return MPI_Wtime() - start_; }

void AppContext::print(const char* format, ...) const {
  if (rank_ != 0 || quiet_) return;
  std::va_list arguments;
  va_start(arguments, format);
  std::vprintf(format, arguments);
  va_end(arguments);
  std::fflush(stdout);
}

void AppContext::warn(const std::string& text) const {
  if (rank_ == 0) std::fprintf(stderr, "%s: warning: %s\n", name_.c_str(), text.c_str());
}

std::string AppContext::find_file(std::string_view option, const std::string& file) const {
  const OptionSources& sources = options_->sources();
  const std::string folder = sources.folder(option);
  if (folder.empty() || file.starts_with('/')) return file;
  const std::string beside = (std::filesystem::path(folder) / file).string();
  // One rank looks, so that all take the same file.
  int choice = 0;
  on_first_rank(comm_, [&] {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return;
    if (!std::filesystem::exists(beside, ignored))
      throw_data(sources.place(option) + ": " + file +
                 " is neither in the working directory nor in the deck's folder " + folder);
    choice = 1;
  });
  MPI_Bcast(&choice, 1, MPI_INT, 0, comm_);
  return choice == 0 ? file : beside;
}

Progress AppContext::progress(std::string title, std::int64_t total) const {
  return Progress(std::move(title), total, Progress::default_style(rank_ == 0 && !quiet_));
}

void AppContext::defer_stops() { StopSignals::defer(); }

bool AppContext::stop_requested() {
  defer_stops();
  int cause = StopSignals::received();
  if (cause == 0 && time_limit_ > 0 && seconds() >= time_limit_) cause = time_is_over;
  MPI_Allreduce(MPI_IN_PLACE, &cause, 1, MPI_INT, MPI_MAX, comm_);
  if (cause == time_is_over)
    stop_reason_ = "-linnet_time_limit of " + number_text(time_limit_) + " s";
  else if (cause != 0)
    stop_reason_ = signal_name(cause);
  return cause != 0;
}

void AppContext::stop(const std::string& remedy) const {
  throw Error(ExitCode::stopped, "stopped by " + stop_reason_ + "; " + remedy);
}

} // namespace linnet::core
