# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# What the build needs; cmake/LinnetConfig.cmake.in finds the same for consumers.
find_package(PkgConfig REQUIRED)
find_package(MPI REQUIRED COMPONENTS C CXX)
pkg_check_modules(PETSC REQUIRED IMPORTED_TARGET GLOBAL PETSc>=3.18)
# Optional: one more method of proper orthogonal decomposition. It must be that of PETSc.
pkg_check_modules(SLEPC QUIET IMPORTED_TARGET GLOBAL SLEPc)
string(REGEX MATCH "^[0-9]+\\.[0-9]+" slepc_minor "${SLEPC_VERSION}")
if(SLEPC_FOUND AND NOT PETSC_VERSION MATCHES "^${slepc_minor}\\.")
  set(SLEPC_FOUND FALSE)
endif()
set(HDF5_PREFER_PARALLEL ON)
find_package(HDF5 REQUIRED COMPONENTS C)
pkg_check_modules(FFTW3 REQUIRED IMPORTED_TARGET GLOBAL fftw3)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET GLOBAL yaml-0.1)
find_package(LAPACK REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(Kokkos REQUIRED CONFIG)
if(Kokkos_ENABLE_CUDA)
  find_package(CUDAToolkit REQUIRED) # for cuBLAS and cuFFT
endif()
include(hdf5_target)
include(kokkos_isolation)
message(STATUS "PETSc ${PETSC_VERSION}, Kokkos ${Kokkos_VERSION}, shared with PETSc: "
  "${LINNET_KOKKOS_IS_SHARED_WITH_PETSC}")
