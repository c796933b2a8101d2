# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# Linnet::kokkos, for us and for the consumers of the package: one Kokkos per process. Debian's PETSc
# loads Trilinos' Kokkos into every program, so the default build links that very library. Any other
# Kokkos (-DKokkos_ROOT=...) must be static and stay hidden behind --exclude-libs, or the two
# libraries bind each other's symbols at run time.
if(TARGET Linnet::kokkos)
  return()
endif()
add_library(Linnet::kokkos INTERFACE IMPORTED GLOBAL)
target_link_libraries(Linnet::kokkos INTERFACE Kokkos::kokkos)
if(TARGET trilinos_kokkoscore OR TARGET kokkoscore::all_libs OR TARGET KokkosCore::all_libs)
  set(LINNET_KOKKOS_IS_SHARED_WITH_PETSC ON)
  # The package names an include folder that does not exist; the headers lie in include/trilinos.
  find_path(LINNET_TRILINOS_INCLUDE_DIR Kokkos_Core.hpp PATH_SUFFIXES trilinos REQUIRED)
  set_target_properties(Kokkos::kokkos PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "")
  target_include_directories(Linnet::kokkos SYSTEM INTERFACE ${LINNET_TRILINOS_INCLUDE_DIR})
else()
  set(LINNET_KOKKOS_IS_SHARED_WITH_PETSC OFF)
  target_link_options(Linnet::kokkos INTERFACE LINKER:--exclude-libs,ALL)
endif()
