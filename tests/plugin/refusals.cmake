# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# What cannot work ends with a clear text and PETSc's exit code, on every rank.

# refusal(NAME x HOST command... [NP 2] EXIT code TEXT pattern ARGS options... [NO_PLUGIN] [PYTHON])
function(refusal)
  cmake_parse_arguments(arg "NO_PLUGIN;PYTHON" "NAME;EXIT;TEXT" "HOST;NP;ARGS" ${ARGN})
  set(no_plugin)
  if(arg_NO_PLUGIN)
    set(no_plugin NO_PLUGIN)
  endif()
  set(traceback --traceback)
  if(arg_PYTHON)
    set(traceback) # petsc4py turns it into its exception
  endif()
  if(NOT arg_NP)
    set(arg_NP 2)
  endif()
  run_test(NAME refuse.${arg_NAME} ${no_plugin} HOST ${arg_HOST} NP ${arg_NP}
    EXPECT --exit ${arg_EXIT} ${traceback} --limit 20 "--stderr=${arg_TEXT}" ARGS ${arg_ARGS})
endfunction()
set(boxmg -nx 20 -ny 30 -pc_type boxmg)

refusal(NAME missing_file NO_PLUGIN HOST ${natural} NP 1 2 EXIT 65 TEXT "/nowhere/liblinnet.so"
  ARGS -dll_append /nowhere/liblinnet.so)
refusal(NAME not_loaded NO_PLUGIN HOST ${natural} EXIT 86 TEXT "Unable to find requested PC type boxmg"
  ARGS -pc_type boxmg)
if(complex)
  refusal(NAME complex_host HOST ${complex} NP 1 2 EXIT 56
    TEXT "Linnet needs a PETSc with real double scalars, but this program's PETSc has others .complex or single.")
endif()

refusal(NAME no_grid HOST ${natural} NP 1 2 EXIT 95
  TEXT "the matrix has no structured grid. attach a DMDA .* or declare .* with -pc_boxmg_grid nx,ny"
  ARGS ${boxmg})
refusal(NAME grid_size HOST ${natural} EXIT 95
  TEXT "-pc_boxmg_grid has 20 x 31 = 620 points, but the matrix has 600 rows" ARGS ${boxmg} -pc_boxmg_grid 20,31)
refusal(NAME grid_swapped HOST ${natural} EXIT 95
  TEXT "couples to grid point .*outside of the 3.d stencil. check -pc_boxmg_grid" ARGS ${boxmg} -pc_boxmg_grid 30,20)
refusal(NAME grid_short HOST ${natural} EXIT 95 TEXT "-pc_boxmg_grid needs two or three counts nx,ny.,nz., got 1"
  ARGS ${boxmg} -pc_boxmg_grid 600)
refusal(NAME grid_negative HOST ${natural} EXIT 95 TEXT "-pc_boxmg_grid: counts must be positive, got -20"
  ARGS ${boxmg} -pc_boxmg_grid -20,-30)
refusal(NAME levels HOST ${natural} EXIT 95 TEXT "-pc_boxmg_levels 0: must be between 1 and 1000"
  ARGS ${boxmg} -pc_boxmg_levels 0)
refusal(NAME coarse_limit HOST ${natural} EXIT 95 TEXT "-pc_boxmg_coarse_limit 1000000: must be between 1 and 20000"
  ARGS ${boxmg} -pc_boxmg_coarse_limit 1000000)
refusal(NAME precision HOST ${natural} EXIT 83
  TEXT "Unknown option fp16 for -pc_boxmg_precision. Available options: fp64 fp32" ARGS ${boxmg} -pc_boxmg_precision fp16)

# Matrices that are not of the right kind; the mistake sits in one row of one rank.
set(boxmg ${boxmg} -pc_boxmg_grid 20,30)
refusal(NAME nonsymmetric HOST ${natural} NP 1 2 EXIT 95 TEXT "differ. boxmg needs a symmetric matrix"
  ARGS ${boxmg} -defect nonsymmetric)
refusal(NAME negative_diagonal HOST ${natural} EXIT 95
  TEXT "grid point .0,15.: diagonal entry -.* is not positive" ARGS ${boxmg} -defect negative)
refusal(NAME far_coupling HOST ${natural} EXIT 95 TEXT "couples to grid point .*outside of the 3.d stencil"
  ARGS ${boxmg} -defect far)
refusal(NAME not_a_number HOST ${natural} EXIT 95 TEXT "entry is not a finite number" ARGS ${boxmg} -defect nan)
refusal(NAME two_unknowns PYTHON HOST ${python} EXIT 1
  TEXT "the DMDA has 2 unknowns per point, but boxmg solves scalar problems" ARGS -host_dof 2 -pc_type boxmg)
# An indefinite matrix cannot be told from its rows: CG finds out and says so.
run_test(NAME refuse.indefinite NP 2 HOST ${natural}
  EXPECT --stdout "did not converge due to DIVERGED_INDEFINITE_(MAT|PC)"
  ARGS ${boxmg} -defect indefinite -ksp_converged_reason)
