# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
find_package(GTest REQUIRED)

# The system's Python first: numpy, h5py and petsc4py are the distribution's packages.
find_program(LINNET_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(LINNET_PYTHON NAMES python3 REQUIRED)

# The programs of the labels unit and fuzz, for builds that want nothing else.
add_custom_target(unit_tests)

# What every test of ours needs from Open MPI: to run as root, with more ranks than cores, without
# spinning while a rank waits, without a look for networks, which takes longer than most tests, and without one or
# two seconds of sleep after a run that ended with an error.
set(LINNET_TEST_ENVIRONMENT
  OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
  OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_pml=ob1
  OMPI_MCA_odls_base_sigkill_timeout=0 OMPI_MCA_hwloc_base_binding_policy=none OMP_NUM_THREADS=1 OMP_PROC_BIND=false
  OPENBLAS_NUM_THREADS=1)
if(NOT Kokkos_ENABLE_CUDA) # else PETSc would look for one
  list(APPEND LINNET_TEST_ENVIRONMENT CUDA_VISIBLE_DEVICES=)
endif()
if(LINNET_SANITIZE)
  # Test programs look for leaks themselves, see tests/support/leak_check.hpp. An allocation above 1 GiB fails; C libraries have to go on without, operator new ends the program.
  set(suppressions ${PROJECT_SOURCE_DIR}/tests/support)
  list(APPEND LINNET_TEST_ENVIRONMENT
    ASAN_OPTIONS=detect_leaks=1:max_allocation_size_mb=1024:allocator_may_return_null=1:suppressions=${suppressions}/address.supp
    LSAN_OPTIONS=leak_check_at_exit=0:suppressions=${suppressions}/leaks.supp:print_suppressions=0
    UBSAN_OPTIONS=print_stacktrace=1)
else()
  list(APPEND LINNET_TEST_ENVIRONMENT ASAN_OPTIONS=detect_leaks=0)
endif()

# linnet_add_test(NAME unit.grid SOURCES a_test.cpp... [NP 1 2 4] [LABELS unit] [TIMEOUT 60])
# builds one GoogleTest program and runs it on every number of ranks in NP.
function(linnet_add_test)
  cmake_parse_arguments(arg "" "NAME;TIMEOUT" "SOURCES;NP;LABELS" ${ARGN})
  if(NOT arg_NP)
    set(arg_NP 1)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set(target test_${arg_NAME})
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE linnet_test_main)
  target_precompile_headers(${target} REUSE_FROM linnet_test_main)
  if("unit" IN_LIST arg_LABELS)
    add_dependencies(unit_tests ${target})
  endif()
  foreach(np ${arg_NP})
    linnet_add_command_test(NAME ${arg_NAME}.np${np} NP ${np} LABELS ${arg_LABELS} TIMEOUT ${arg_TIMEOUT}
      COMMAND $<TARGET_FILE:${target}>)
  endforeach()
endfunction()

# linnet_add_command_test(NAME app.x COMMAND program args... [NP n] [LABELS app] [TIMEOUT 60])
# runs a command under mpirun (NP 0: without), with the environment of our tests.
function(linnet_add_command_test)
  cmake_parse_arguments(arg "" "NAME;NP;TIMEOUT" "COMMAND;LABELS" ${ARGN})
  if("${arg_NP}" STREQUAL "")
    set(arg_NP 1)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(arg_NP GREATER 0)
    set(arg_COMMAND ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} ${arg_NP} ${arg_COMMAND})
    set(arg_LABELS ${arg_LABELS} np${arg_NP})
  endif()
  add_test(NAME ${arg_NAME} COMMAND ${arg_COMMAND})
  set(processors ${arg_NP})
  if(processors LESS 1)
    set(processors 1)
  endif()
  set_tests_properties(${arg_NAME} PROPERTIES PROCESSORS ${processors} TIMEOUT ${arg_TIMEOUT}
    LABELS "${arg_LABELS}" ENVIRONMENT "${LINNET_TEST_ENVIRONMENT}")
endfunction()
