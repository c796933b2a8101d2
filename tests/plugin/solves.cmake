# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# What every host solves, with ours and with PETSc's own preconditioners.
set(on_grid "-pc_type boxmg" "-pc_type boxmg -dm_mat_type stencil" "-pc_type gamg" "-pc_type gamg -dm_mat_type stencil"
  "-pc_type jacobi -ksp_max_it 2000 -dm_mat_type stencil")

# Neumann on all sides (singular), with the default Krylov method (GMRES).
if(ex50)
  solve_test(NAME ex50 HOST ${ex50} OPTIONS "-da_grid_x 65 -da_grid_y 57 -ksp_rtol 1e-8" ITERATIONS 4 8
    RUNS ${on_grid} CHECK --ways --up-to-a-constant)
endif()
# Dirichlet rows that hold a diagonal entry only: the matrix is not symmetric.
if(ex45)
  solve_test(NAME ex45 HOST ${ex45} OPTIONS "-da_grid_x 23 -da_grid_y 20 -da_grid_z 17 -ksp_rtol 1e-8" ITERATIONS 4 10
    RUNS ${on_grid} CHECK --ways)
endif()
if(fortran)
  solve_test(NAME fortran HOST ${fortran} OPTIONS "-da_grid_x 61 -da_grid_y 40 -ksp_rtol 1e-9" ITERATIONS 4 9
    RUNS ${on_grid} CHECK --ways)
endif()
solve_test(NAME petsc4py HOST ${python} OPTIONS "-da_grid_x 31 -da_grid_y 40 -ksp_rtol 1e-9" ITERATIONS 4 9
  RUNS "-pc_type boxmg" "-pc_type boxmg -dm_mat_type stencil" "-pc_type gamg -dm_mat_type stencil" CHECK --ways)

# Without a DM. The rows of 101 x 103 cells are cut in the middle of grid lines on 2 and 3 ranks.
solve_test(NAME natural_2d HOST ${natural} NP 1 2 3 OPTIONS "-nx 101 -ny 103 -contrast 1e4 -ksp_rtol 1e-10"
  ITERATIONS 4 11 RUNS "-pc_type boxmg -pc_boxmg_grid 101,103" "-pc_type gamg" CHECK --ways)
solve_test(NAME natural_3d HOST ${natural} NP 1 2 3
  OPTIONS "-nx 19 -ny 23 -nz 17 -contrast 1e-3 -ksp_rtol 1e-10" ITERATIONS 4 13
  RUNS "-pc_type boxmg -pc_boxmg_grid 19,23,17" "-pc_type jacobi")
