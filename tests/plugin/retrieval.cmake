# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# Guesses from earlier solves in a program that knows nothing of Linnet. All its right-hand sides are combinations of two.
set(retrieval -nx 40 -ny 30 -contrast 100 -pc_type jacobi -ksp_norm_type unpreconditioned -ksp_rtol 1e-8
  -ksp_guess_type retrieval -ksp_converged_reason)
set(solves ${CMAKE_CURRENT_BINARY_DIR}/solves.h5)
linnet_add_command_test(NAME plugin.retrieval_clean NP 0 LABELS plugin COMMAND ${CMAKE_COMMAND} -E rm -f ${solves})
run_test(NAME retrieval NP 1 2 HOST ${natural} ARGS ${retrieval} -solves 4 -ksp_view -log_view -options_left EXPECT
  --stdout "(solve converged due to CONVERGED_RTOL iterations [1-9][0-9]+\\n[^@]*){2}solve converged due to CONVERGED_RTOL iterations [01]\\n"
  --stdout "16 nearest of at most 128 stored solves, by 24 keys" --stdout "2 stored, [0-9.]+ MB over all ranks"
  --stdout "4 guesses, 3 of them not zero. initial residual" --stdout "cost: [0-9.e-]+ s, [0-9.e+-]+ Mflop on the first rank, 2 products"
  --stdout "^GuessRetrieval +8 " --stdout "There are no unused options")
# What two ranks have stored serves one, and the other way round.
run_test(NAME retrieval_write NP 2 HOST ${natural} ARGS ${retrieval} -solves 2 -ksp_guess_retrieval_store ${solves} EXPECT
  --stdout "solve converged due to CONVERGED_RTOL iterations [1-9][0-9]+")
run_test(NAME retrieval_read NP 1 HOST ${natural} ARGS ${retrieval} -ksp_guess_retrieval_store ${solves} -ksp_view EXPECT
  --stdout "solve converged due to CONVERGED_RTOL iterations [01]\\n" --stdout "kept in .*solves.h5")
run_test(NAME retrieval_help HOST ${natural} ARGS ${retrieval} -help EXPECT
  --stdout "^ *-ksp_guess_retrieval_neighbours <now 16 : formerly 16>" --stdout "^ *-ksp_guess_retrieval_capacity <now 128 : formerly 128>"
  --stdout "^ *-ksp_guess_retrieval_keys <now 24 : formerly 24>" --stdout "^ *-ksp_guess_retrieval_tolerance <1e-06 : 1e-06>"
  --stdout "^ *-ksp_guess_retrieval_store <")
set_tests_properties(plugin.retrieval_clean PROPERTIES FIXTURES_SETUP no_solves)
set_tests_properties(plugin.retrieval_write.np2 PROPERTIES FIXTURES_SETUP solves FIXTURES_REQUIRED no_solves)
set_tests_properties(plugin.retrieval_read.np1 PROPERTIES FIXTURES_REQUIRED solves)

refusal(NAME retrieval_neighbours HOST ${natural} NP 1 2 EXIT 95
  TEXT "retrieval: -ksp_guess_retrieval_neighbours must be from 1 to 128, got 200"
  ARGS -ksp_guess_type retrieval -ksp_guess_retrieval_neighbours 200)
