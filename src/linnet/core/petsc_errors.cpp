// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/petsc_errors.hpp>

#include <linnet/core/text.hpp>

#include <string_view>

namespace linnet::core {
namespace {

// PETSc's own sources are C (.c, .cxx, .cu); ours and those of the apps are .cpp and .hpp.
bool is_our_file(std::string_view file) {
  return file.ends_with(".cpp") || file.find("linnet/") != std::string_view::npos;
}

std::string one_line(std::string_view text) {
  std::vector<std::string> parts;
  for (const auto& part : split(text, '\n'))
    if (!part.empty()) parts.push_back(part);
  return joined(parts, " ");
}

bool is_file_error(PetscErrorCode code) {
  return code == PETSC_ERR_FILE_OPEN || code == PETSC_ERR_FILE_READ ||
         code == PETSC_ERR_FILE_WRITE || code == PETSC_ERR_FILE_UNEXPECTED;
}

bool is_convergence_error(PetscErrorCode code) {
  return code == PETSC_ERR_NOT_CONVERGED || code == PETSC_ERR_CONV_FAILED;
}

std::string_view text_between(std::string_view text, std::string_view before,
                              std::string_view after) {
  const auto begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + before.size());
  return text.substr(0, after.empty() ? std::string_view::npos : text.find(after));
}

// What to do about refusals that PETSc words for its developers.
struct Remedy {
  PetscErrorCode code;
  std::string_view says; // part of PETSc's message
  std::string_view text;
};

constexpr std::string_view per_rank =
    "; it works on one rank only: take -pc_type bjacobi or asm, which use ilu or icc within each "
    "rank, or -pc_type hypre, gamg or boxmg";
constexpr Remedy remedies[] = {
    {PETSC_ERR_MISSING_FACTOR, "matrix type mpi", per_rank},
    {PETSC_ERR_SUP, "SeqAIJ", per_rank},
    {PETSC_ERR_SUP, "different mat and pmat",
     "; take a -pc_type that is free of this, such as sor, gamg, hypre or boxmg"},
};

std::string_view remedy_for(PetscErrorCode code, std::string_view message) {
  for (const Remedy& remedy : remedies)
    if (remedy.code == code && message.find(remedy.says) != std::string_view::npos)
      return remedy.text;
  return {};
}

} // namespace

// Before PetscInitialize too: that call refuses options itself.
PetscErrors::PetscErrors() {
  if (PetscPushErrorHandler(handle, this) != PETSC_SUCCESS) throw std::bad_alloc();
}

PetscErrors::~PetscErrors() { static_cast<void>(PetscPopErrorHandler()); }

PetscErrorCode PetscErrors::handle(MPI_Comm comm, int line, const char* function, const char* file,
                                   PetscErrorCode code, PetscErrorType type, const char* message,
                                   void* context) {
  auto& self = *static_cast<PetscErrors*>(context);
  if (type == PETSC_ERROR_INITIAL) {
    self.code_ = code;
    self.message_ = one_line(message != nullptr ? message : "");
    self.function_ = function != nullptr ? function : "";
    self.ours_ = is_our_file(file != nullptr ? file : "");
  }
  if (self.is_user_error()) return code;
  // PETSc's own handler would let the other ranks of a collective error sleep and abort; here they
  // return and end together with the first.
  int rank = 0;
  if (comm != PETSC_COMM_SELF && comm != MPI_COMM_NULL) MPI_Comm_rank(comm, &rank);
  if (rank == 0)
    static_cast<void>(PetscTraceBackErrorHandler(PETSC_COMM_SELF, line, function, file, code, type,
                                                 message, nullptr));
  return code;
}

bool PetscErrors::is_refused_option() const {
  return !ours_ && function_.starts_with("PetscOptions");
}

bool PetscErrors::is_user_error() const {
  if (is_refused_option() || is_file_error(code_) || is_convergence_error(code_)) return true;
  switch (code_) {
  case PETSC_ERR_USER_INPUT:
  case PETSC_ERR_ARG_UNKNOWN_TYPE:
  case PETSC_ERR_SUP:
  case PETSC_ERR_MISSING_FACTOR: return true;
  default: return false;
  }
}

// PETSc names the factorization and not the option that asked for it.
std::string PetscErrors::asked_factor(const OptionSources& sources) const {
  const std::string factor = lower_case(text_between(message_, "factorization type ", " and "));
  const std::string name = factor.empty() ? "" : sources.name_of_value(factor);
  return name.empty() ? "" : sources.place(name) + ": ";
}

std::string PetscErrors::refused_option(const OptionSources& sources) const {
  const std::string_view named = text_between(message_, " for -", ". Available");
  if (!named.empty()) return "-" + std::string(named);
  std::string_view value = text_between(message_, "Input string ", " has ");
  if (value.empty()) value = text_between(message_, "logical value: ", "");
  if (value.empty()) value = text_between(message_, " type ", " ");
  if (value.empty() || code_ == PETSC_ERR_ARG_UNKNOWN_TYPE)
    value = std::string_view(message_).substr(message_.find_last_of(' ') + 1);
  return value.empty() ? "" : sources.name_of_value(trimmed(value));
}

Outcome PetscErrors::outcome(PetscErrorCode code, const OptionSources& sources,
                             const OptionTable& table) const {
  const int number = static_cast<int>(code);
  const auto coded = [](ExitCode exit) { return static_cast<int>(exit); };
  const std::string tail = " (PETSc error " + std::to_string(number) + " in " + function_ + ")";
  if (!raised())
    return {number > 0 && number < 126 ? number : 1, "PETSc error " + std::to_string(number)};
  if (is_convergence_error(code_)) return {coded(ExitCode::not_converged), message_};
  if (ours_ && code_ == PETSC_ERR_USER_INPUT) return {coded(ExitCode::usage), message_};
  if (ours_ && is_file_error(code_)) return {coded(ExitCode::data), message_};
  if (is_refused_option() || code_ == PETSC_ERR_ARG_UNKNOWN_TYPE) {
    const std::string name = refused_option(sources);
    return {table.owns(name) ? coded(ExitCode::usage) : number,
            (name.empty() ? "" : sources.place(name) + ": ") + message_ + tail};
  }
  if (is_user_error())
    return {number,
            asked_factor(sources) + message_ + tail + std::string(remedy_for(code_, message_))};
  const bool petsc_code = !ours_ || code_ != PETSC_ERR_LIB;
  return {petsc_code ? number : coded(ExitCode::internal), "internal error: " + message_ + tail};
}

} // namespace linnet::core
