# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# A coarse space of sines or of a trained file in programs that know nothing of Linnet.
set(basis -pc_type basis -pc_basis_type sine -pc_basis_size 20)
set(modes ${PROJECT_SOURCE_DIR}/models/basis_inclusions.model.h5)
run_test(NAME basis NP 1 2 HOST ${natural} ARGS -nx 37 -ny 30 ${basis} -pc_basis_grid 37,30 -ksp_type cg -ksp_rtol 1e-8
  -ksp_converged_reason -ksp_view -log_view EXPECT
  --stdout "solve converged due to CONVERGED_RTOL" --stdout "^  type: basis" --stdout "multiplicative, vectors: sine"
  --stdout "20 vectors in 1 block.s., 0 dependent ones left out, 0 rows without couplings masked"
  --stdout "coarse matrix symmetric positive definite .Cholesky., condition number"
  --stdout "space made 1 time.s., coarse matrix 1, applied [0-9]+ times" --stdout "smoother damped by 1: contracts"
  --stdout "basis_smoother_" --stdout "^PCBasisSetUp +1 " --stdout "^PCBasisApply +[0-9]+ ")
run_test(NAME basis_dmda NP 2 HOST ${python} ARGS -pc_type basis -pc_basis_file ${modes} -pc_basis_blocks 2,2
  -pc_basis_variant deflated -basis_smoother_pc_type jacobi -ksp_type cg -ksp_rtol 1e-8 -ksp_converged_reason -ksp_view
  EXPECT --stdout "solve converged due to CONVERGED_RTOL" --stdout "deflated, vectors: pod of .*basis_inclusions.model.h5"
  --stdout "vectors in 4 block" --stdout "type: jacobi")
run_test(NAME basis_help HOST ${natural} ARGS ${basis} -pc_basis_grid 32,32 -help EXPECT
  --stdout "^ *-pc_basis_type <.*> Where the vectors come from .choose one of. pod trunk sine file .PCBasisSetType."
  --stdout "^ *-pc_basis_file <" --stdout "^ *-pc_basis_size <" --stdout "^ *-pc_basis_points <" --stdout "^ *-pc_basis_blocks <"
  --stdout "^ *-pc_basis_variant <.*> How" --stdout "^ *-pc_basis_reuse: <TRUE" --stdout "^ *-pc_basis_near_null_space <"
  --stdout "^ *-pc_basis_smoother_damping <" --stdout "^ *-pc_basis_grid <" --stdout "^ *-basis_smoother_pc_type <")
refusal(NAME basis_no_file HOST ${natural} NP 1 2 EXIT 95
  TEXT "basis: no vectors. name their file with -pc_basis_file FILE.h5, take -pc_basis_type sine" ARGS -pc_type basis)
refusal(NAME basis_no_grid HOST ${natural} EXIT 95 TEXT "basis: the matrix has no structured grid. .*-pc_basis_grid nx,ny"
  ARGS ${basis})
refusal(NAME basis_dimensions HOST ${natural} EXIT 79 TEXT "has a basis in 2 dimensions, and the grid of the matrix has 3"
  ARGS -nx 8 -ny 8 -nz 8 -pc_type basis -pc_basis_file ${modes} -pc_basis_grid 8,8,8)
