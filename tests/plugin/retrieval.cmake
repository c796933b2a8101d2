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
  --stdout "4 guesses, 3 of them not zero, 0 left out as those before had cost iterations. initial residual" --stdout "cost: [0-9.e-]+ s, [0-9.e+-]+ Mflop on the first rank, 2 products"
  --stdout "^GuessRetrieval +8 " --stdout "There are no unused options")
# What two ranks have stored serves one, and the other way round.
run_test(NAME retrieval_write NP 2 HOST ${natural} ARGS ${retrieval} -solves 2 -ksp_guess_retrieval_store ${solves} EXPECT
  --stdout "solve converged due to CONVERGED_RTOL iterations [1-9][0-9]+")
run_test(NAME retrieval_read NP 1 HOST ${natural} ARGS ${retrieval} -ksp_guess_retrieval_store ${solves} -ksp_view EXPECT
  --stdout "solve converged due to CONVERGED_RTOL iterations [01]\\n" --stdout "kept in .*solves.h5")
# One byte of the header of the file is another: one message.
set(damaged ${CMAKE_CURRENT_BINARY_DIR}/damaged.h5)
linnet_add_command_test(NAME plugin.retrieval_damage NP 0 LABELS plugin COMMAND ${LINNET_PYTHON} -c
  "__import__('pathlib').Path('${damaged}').write_bytes((lambda b: b[:300] + bytes([b[300] ^ 85]) + b[301:])(__import__('pathlib').Path('${solves}').read_bytes()))")
run_test(NAME retrieval_damaged NP 1 HOST ${natural} ARGS ${retrieval} -ksp_guess_retrieval_store ${damaged} EXPECT
  --exit 79 --traceback --stderr "damaged.h5: is not a checkpoint")
run_test(NAME retrieval_other_size NP 1 2 HOST ${natural} ARGS ${retrieval} -nx 41 -ksp_guess_retrieval_store ${solves} EXPECT
  --exit 79 --traceback --stderr "holds solves of the shape .1200., not .1230.. name another file with -ksp_guess_retrieval_store, or remove it")
run_test(NAME retrieval_help HOST ${natural} ARGS ${retrieval} -help EXPECT
  --stdout "^ *-ksp_guess_retrieval_neighbours <now 16 : formerly 16>" --stdout "^ *-ksp_guess_retrieval_capacity <now 128 : formerly 128>"
  --stdout "^ *-ksp_guess_retrieval_keys <now 24 : formerly 24>" --stdout "^ *-ksp_guess_retrieval_tolerance <1e-06 : 1e-06>"
  --stdout "^ *-ksp_guess_retrieval_store <")
set_tests_properties(plugin.retrieval_clean PROPERTIES FIXTURES_SETUP no_solves)
set_tests_properties(plugin.retrieval_write.np2 PROPERTIES FIXTURES_SETUP solves FIXTURES_REQUIRED no_solves)
set_tests_properties(plugin.retrieval_damage PROPERTIES FIXTURES_REQUIRED solves FIXTURES_SETUP damaged)
set_tests_properties(plugin.retrieval_damaged.np1 PROPERTIES FIXTURES_REQUIRED damaged)
foreach(test retrieval_read.np1 retrieval_other_size.np1 retrieval_other_size.np2)
  set_tests_properties(plugin.${test} PROPERTIES FIXTURES_REQUIRED solves)
endforeach()

refusal(NAME retrieval_neighbours HOST ${natural} NP 1 2 EXIT 95
  TEXT "retrieval: -ksp_guess_retrieval_neighbours must be from 1 to 128, got 200"
  ARGS -ksp_guess_type retrieval -ksp_guess_retrieval_neighbours 200)
