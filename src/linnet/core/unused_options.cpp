// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/unused_options.hpp>

#include <linnet/core/text.hpp>

#include <algorithm>
#include <string_view>

namespace linnet::core {
namespace {

// Read in PetscInitialize or PetscFinalize, or by other means than the database.
bool is_silent(std::string_view name) {
  static constexpr std::string_view beginnings[] = {"-options_",
                                                    "-malloc",
                                                    "-log_",
                                                    "-info",
                                                    "-dll_",
                                                    "-memory_",
                                                    "-objects_",
                                                    "-citations",
                                                    "-on_error",
                                                    "-fp_trap",
                                                    "-debug",
                                                    "-start_in_",
                                                    "-stop_for_",
                                                    "-skip_petscrc",
                                                    "-checkstack",
                                                    "-version",
                                                    "-help",
                                                    "-prefix_",
                                                    "-use_gpu_",
                                                    "-cuda_",
                                                    "-hip_",
                                                    "-sycl_",
                                                    "-device_",
                                                    "-mpi_",
                                                    "-history",
                                                    "-nox",
                                                    "-petsc_",
                                                    "-error_",
                                                    "-process_",
                                                    "-saws",
                                                    "-get_total_flops",
                                                    "-mpidump",
                                                    "-not_shared_",
                                                    "-shared_",
                                                    "-tmp",
                                                    "-display",
                                                    "-no_signal_handler",
                                                    "-viewfromoptions",
                                                    "-python",
                                                    "-x_virtual"};
  return std::any_of(std::begin(beginnings), std::end(beginnings),
                     [&](std::string_view begin) { return name.starts_with(begin); });
}

// The names that decks use most, for "did you mean".
const std::vector<std::string>& common_petsc_names() {
  static const std::vector<std::string> names{"-ksp_type",
                                              "-ksp_rtol",
                                              "-ksp_atol",
                                              "-ksp_divtol",
                                              "-ksp_max_it",
                                              "-ksp_monitor",
                                              "-ksp_monitor_true_residual",
                                              "-ksp_converged_reason",
                                              "-ksp_view",
                                              "-ksp_norm_type",
                                              "-ksp_pc_side",
                                              "-ksp_guess_type",
                                              "-ksp_initial_guess_nonzero",
                                              "-ksp_error_if_not_converged",
                                              "-ksp_gmres_restart",
                                              "-pc_type",
                                              "-pc_side",
                                              "-pc_factor_levels",
                                              "-pc_mg_levels",
                                              "-pc_mg_galerkin",
                                              "-pc_gamg_threshold",
                                              "-pc_hypre_type",
                                              "-mg_levels_ksp_type",
                                              "-mg_levels_pc_type",
                                              "-mg_coarse_pc_type",
                                              "-snes_type",
                                              "-snes_rtol",
                                              "-snes_atol",
                                              "-snes_max_it",
                                              "-snes_monitor",
                                              "-snes_converged_reason",
                                              "-snes_linesearch_type",
                                              "-ts_type",
                                              "-ts_dt",
                                              "-ts_max_time",
                                              "-ts_max_steps",
                                              "-ts_monitor",
                                              "-dm_mat_type",
                                              "-dm_vec_type",
                                              "-mat_type",
                                              "-vec_type",
                                              "-da_refine"};
  return names;
}

std::string line_for(const Options& options, const std::string& name, const char* value) {
  std::string text = options.sources().place(name) + ": unused option";
  if (value != nullptr && *value != '\0') text += " (value " + std::string(value) + ")";
  std::string near = options.table().closest(name);
  if (near.empty()) near = closest_word(name, common_petsc_names());
  if (!near.empty() && near != name) text += "; did you mean " + near + "?";
  return text;
}

} // namespace

std::vector<std::string> unused_options(const Options& options) {
  PetscInt count = 0;
  char **names = nullptr, **values = nullptr;
  LINNET_CHECK(PetscOptionsLeftGet(nullptr, &count, &names, &values));
  std::vector<std::string> lines;
  for (PetscInt i = 0; i < count; ++i) {
    const std::string name = "-" + lower_case(names[i]);
    if (!is_silent(name)) lines.push_back(line_for(options, name, values[i]));
  }
  LINNET_CHECK(PetscOptionsLeftRestore(nullptr, &count, &names, &values));
  return lines;
}

} // namespace linnet::core
