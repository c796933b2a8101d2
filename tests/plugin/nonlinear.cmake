# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# Networks in the nonlinear solver of a program that knows nothing of Linnet; that of neural.cmake, which nobody has trained.
add_executable(plugin_host_heat hosts/heat.c)
target_link_libraries(plugin_host_heat PRIVATE PkgConfig::PETSC MPI::MPI_C m)
set(heat $<TARGET_FILE:plugin_host_heat>)
set(steps -snes_type ngmres -snes_max_it 1000 -snes_converged_reason -npc_snes_type neural)
set(answer "mean value 1.4639[0-9]|mean value 1.4640[0-9]")

run_test(NAME nonlinear NO_PLUGIN NP 1 HOST ${heat} ARGS -snes_converged_reason EXPECT
  --stdout "solve converged due to CONVERGED_FNORM_RELATIVE" --stdout ${answer})
run_test(NAME nonlinear_steps NP 1 2 HOST ${heat} ARGS ${steps} -npc_snes_neural_model ${model} -snes_view EXPECT
  --stdout "solve converged due to CONVERGED_FNORM_RELATIVE" --stdout ${answer} --stdout "^ *type: neural"
  --stdout "network .*direction_2d.h5" --stdout "737 parameters, inputs residual, grid 16 x 12 x 1 on [12] rank.s."
  --stdout "[0-9]+ steps of the network taken, [0-9]+ refused .more than 0.95 of the residual left., [0-9]+ left out. [0-9]+ of the fallback taken")
run_test(NAME nonlinear_guess NP 1 2 HOST ${heat} ARGS -snes_converged_reason -snes_guess_operator_model ${model}
  -snes_guess_operator_view -options_left EXPECT --stdout ${answer}
  --stdout "guess of .*direction_2d.h5: residual [0-9.e+-]+, of the plain start [0-9.e+-]+, (taken|taken in part|not taken)"
  --stdout "There are no unused options")
run_test(NAME nonlinear_help NP 1 HOST ${heat} ARGS ${steps} -npc_snes_neural_model ${model} -help EXPECT
  --stdout "^ *-npc_snes_neural_model <.*>: File of the network .SNESNeuralSetModel" --stdout "^ *-npc_snes_neural_accept <"
  --stdout "^ *-npc_snes_neural_inputs <" --stdout "^ *-npc_snes_neural_model_bytes <" --stdout "^ *-snes_guess_operator_model <"
  --stdout "^ *-snes_guess_operator_inputs <" --stdout "^ *-snes_guess_operator_view: <")
foreach(test steps.np1 steps.np2 guess.np1 guess.np2 help.np1)
  set_tests_properties(plugin.nonlinear_${test} PROPERTIES FIXTURES_REQUIRED neural_model)
endforeach()

refusal(NAME nonlinear_no_model HOST ${heat} NP 1 2 EXIT 95
  TEXT "neural: no network. name its file with -snes_neural_model FILE.h5" ARGS ${steps})
refusal(NAME nonlinear_missing HOST ${heat} EXIT 79 TEXT "none.h5" ARGS -snes_guess_operator_model none.h5)
refusal(NAME nonlinear_inputs HOST ${heat} EXIT 95
  TEXT "direction_2d.h5: takes 1 channels, and 'residual,state' are 2. list them with -snes_neural_inputs"
  ARGS ${steps} -npc_snes_neural_model ${model} -npc_snes_neural_inputs residual,state)
set_tests_properties(plugin.refuse.nonlinear_inputs.np2 PROPERTIES FIXTURES_REQUIRED neural_model)
