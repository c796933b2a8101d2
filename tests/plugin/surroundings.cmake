# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# What the user of a host sees of Linnet, and what he does not see when he does not use it.
set(boxmg -nx 40 -ny 30 -pc_type boxmg -pc_boxmg_grid 40,30)

run_test(NAME help HOST ${natural} ARGS ${boxmg} -help EXPECT
  --stdout "^ *-pc_type <now boxmg .*one of. none jacobi .* boxmg" --stdout "^ *-ksp_type <.*one of.* cgfused"
  --stdout "^ *-pc_boxmg_precision <now fp32 : formerly fp32>.* fp64 fp32 .PCBoxMGSetPrecision"
  --stdout "^ *-pc_boxmg_smoother <now factored : formerly factored>"
  --stdout "^ *-pc_boxmg_coarse <now auto : formerly auto> .* auto galerkin .PCBoxMGSetCoarse"
  --stdout "^ *-pc_boxmg_reuse <now never : formerly never> .* never auto .PCBoxMGSetReuse"
  --stdout "^ *-pc_boxmg_skip_empty: <.*TRUE : .*TRUE> .*PCBoxMGSetSkipEmpty"
  --stdout "^ *-pc_boxmg_levels <now [0-9]+ : formerly [0-9]+>"
  --stdout "^ *-pc_boxmg_smooth <now 1 : formerly 1>"
  --stdout "^ *-pc_boxmg_coarse_limit <now [0-9]+ : formerly [0-9]+>"
  --stdout "^ *-pc_boxmg_agglomerate_limit <now 0 : formerly 0>"
  --stdout "^ *-pc_boxmg_grid <.*>: Points nx,ny" --stdout "^ *-pc_boxmg_periodic <")
run_test(NAME view NP 1 2 HOST ${natural} ARGS ${boxmg} -ksp_view EXPECT
  --stdout "^  type: boxmg" --stdout "V.1,1. cycle, linear interpolation, polynomial smoother"
  --stdout "precision fp32" --stdout "grid from -pc_boxmg_grid" --stdout "level 0: 40 x 30 x 1, 5-point"
  --stdout "level 1: 20 x 15 x 1, 5-point.*solved directly" --stdout "hierarchy: [0-9.]+ MB over all ranks")
run_test(NAME view_galerkin NP 1 2 HOST ${natural} ARGS ${boxmg} -pc_boxmg_coarse galerkin -ksp_view EXPECT
  --stdout "V.1,1. cycle, BoxMG interpolation, factored smoother"
  --stdout "level 0: 40 x 30 x 1, 5-point" --stdout "level 1: 20 x 15 x 1, 9-point.*solved directly")
if(ex45)
  run_test(NAME view_grid NP 1 2 HOST ${ex45} ARGS -pc_type boxmg -dm_mat_type stencil -ksp_view EXPECT
    --stdout "grid from the DMDA" --stdout "218 rows with a diagonal entry only are decoupled"
    --stdout "^    type: stencil" --stdout "matrix-free 7-point stencil on 7 x 7 x 7 points")
  run_test(NAME log NP 1 2 HOST ${ex45} ARGS -pc_type boxmg -dm_mat_type stencil -log_view EXPECT
    --stdout "^BoxMGBuild +1 " --stdout "^BoxMGUpdate +2 " --stdout "^BoxMGApply +[0-9]+ " --stdout "^StencilMult +[0-9]+ ")
endif()

# Loaded and not used; loaded several times; loaded late.
run_test(NAME unused HOST ${natural} NP 1 2 ARGS -ksp_converged_reason -options_left EXPECT
  --stdout "solve converged" --stdout "There are no unused options" --absent "[Kk]okkos")
run_test(NAME dcdm HOST ${natural} NP 1 2 ARGS -ksp_type dcdm ${boxmg} -ksp_converged_reason
  EXPECT --stdout "solve converged")
run_test(NAME twice NO_PLUGIN HOST ${natural} ARGS -dll_append ${plugin},${plugin} ${boxmg} -ksp_converged_reason
  EXPECT --stdout "solve converged")
run_test(NAME late NO_PLUGIN HOST ${python} NP 1 2 ARGS -host_late ${plugin} -pc_type boxmg -ksp_converged_reason
  EXPECT --stdout "solve converged")
run_test(NAME late_twice HOST ${python} ARGS -host_late ${plugin} -host_twice -pc_type boxmg -ksp_converged_reason
  EXPECT --stdout "solve converged")
# A program that is linked with Linnet and loads the plug-in as well keeps what it has.
if(TARGET app_diffusion)
  run_test(NAME linked_app NP 1 2 HOST $<TARGET_FILE:app_diffusion>
    ARGS -options_file ${PROJECT_SOURCE_DIR}/inputs/diffusion/poisson_box.yaml -diffusion_grid 16,16,16
    EXPECT --app diffusion --stdout "cgfused with boxmg on a matrix of type stencil" --stdout "CONVERGED_RTOL")
endif()

# The single-precision cycle limits no method that is flexible, nor does the double-precision one any other.
if(ex45)
  set(precise -da_grid_x 25 -da_grid_y 21 -da_grid_z 17 -pc_type boxmg -ksp_rtol 1e-12 -ksp_max_it 20)
  run_test(NAME fgmres HOST ${ex45} ARGS ${precise} -ksp_type fgmres EXPECT --stdout "^Residual norm [0-9.]+e-1[0-9]$")
  run_test(NAME gmres_fp64 HOST ${ex45} ARGS ${precise} -pc_boxmg_precision fp64
    EXPECT --stdout "^Residual norm [0-9.]+e-1[0-9]$")
endif()
