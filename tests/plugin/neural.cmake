# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# Networks as direction generators in programs that know nothing of Linnet.
add_executable(plugin_write_model write_model.cpp)
target_link_libraries(plugin_write_model PRIVATE Linnet::linnet)
set(model ${CMAKE_CURRENT_BINARY_DIR}/direction_2d.h5)
linnet_add_command_test(NAME plugin.neural_model NP 0 LABELS plugin TIMEOUT 60 COMMAND plugin_write_model ${model})
set_tests_properties(plugin.neural_model PROPERTIES FIXTURES_SETUP neural_model)
set(neural -ksp_type dcdm -pc_type neural -pc_neural_model ${model})

run_test(NAME neural NP 1 2 HOST ${natural} ARGS -nx 37 -ny 30 ${neural} -pc_neural_grid 37,30 -ksp_rtol 1e-8
  -ksp_max_it 1000 -ksp_converged_reason -ksp_view -log_view EXPECT
  --stdout "solve converged due to CONVERGED_RTOL" --stdout "^  type: neural" --stdout "network .*direction_2d.h5"
  --stdout "737 parameters, 2 grid.s., input residual, padding zero"
  --stdout "grid from -pc_neural_grid: 37 x 30 x 1 points, padded to 38 x 30 x 1, on [12] of [12] rank.s."
  --stdout "0 rows without couplings are masked" --stdout "activations: [0-9.]+ MB over all ranks"
  --stdout "applied [0-9]+ times" --stdout "^PCNeuralApply +[0-9]+ ")
run_test(NAME neural_dmda NP 1 2 HOST ${python} ARGS ${neural} -pc_neural_odd -ksp_max_it 1000 -ksp_rtol 1e-8
  -ksp_converged_reason -ksp_view EXPECT --stdout "solve converged due to CONVERGED_RTOL"
  --stdout "direction_2d.h5, made odd" --stdout "grid from the DMDA: 32 x 32 x 1 points, padded to 32 x 32 x 1")
run_test(NAME neural_help HOST ${natural} ARGS ${neural} -pc_neural_grid 32,32 -ksp_max_it 1000 -help EXPECT
  --stdout "^ *-pc_neural_model <.*>: File of the network .PCNeuralSetModel"
  --stdout "^ *-pc_neural_model_bytes <" --stdout "^ *-pc_neural_odd: <FALSE : FALSE>"
  --stdout "^ *-pc_neural_grid <.*>: Points nx,ny" --stdout "^ *-pc_neural_periodic <"
  --stdout "^ *-pc_neural_sweeps <" --stdout "^ *-pc_neural_smoother_damping <" --stdout "^ *-pc_neural_any_ksp: <")
foreach(test neural.np1 neural.np2 neural_dmda.np1 neural_dmda.np2 neural_help.np1)
  set_tests_properties(plugin.${test} PROPERTIES FIXTURES_REQUIRED neural_model)
endforeach()

refusal(NAME neural_no_model HOST ${natural} NP 1 2 EXIT 95
  TEXT "neural: no network. name its file with -pc_neural_model FILE.h5" ARGS -ksp_type dcdm -pc_type neural)
refusal(NAME neural_no_grid HOST ${natural} NP 1 2 EXIT 95
  TEXT "neural: the matrix has no structured grid. attach a DMDA .* or declare .* with -pc_neural_grid nx,ny"
  ARGS ${neural})
refusal(NAME neural_cg HOST ${natural} EXIT 95 TEXT "neural: a network is no linear .* -ksp_type cg needs. use -ksp_type dcdm"
  ARGS -pc_type neural -pc_neural_model ${model} -pc_neural_grid 32,32)
refusal(NAME neural_dimensions HOST ${natural} EXIT 95 TEXT "direction_2d.h5 works in 2 dimensions, and the grid has 3"
  ARGS -nx 8 -ny 8 -nz 8 ${neural} -pc_neural_grid 8,8,8)
foreach(test no_grid.np1 no_grid.np2 cg.np2 dimensions.np2)
  set_tests_properties(plugin.refuse.neural_${test} PROPERTIES FIXTURES_REQUIRED neural_model)
endforeach()
