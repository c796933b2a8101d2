# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# The host programs: they see PETSc and MPI only.
add_executable(plugin_host_natural hosts/natural_aij.c)
target_link_libraries(plugin_host_natural PRIVATE PkgConfig::PETSC MPI::MPI_C m)
set(natural $<TARGET_FILE:plugin_host_natural>)
set(python ${LINNET_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/hosts/python_poisson.py)

string(REGEX MATCH "^[0-9]+\\.[0-9]+" PETSC_SERIES ${PETSC_VERSION})

# PETSc's own tutorials, where they are installed.
set(tutorials)
foreach(tutorial ex45 ex50)
  find_file(LINNET_PETSC_${tutorial} ksp/ksp/tutorials/${tutorial}.c
    PATHS ${PETSC_PREFIX}/share/petsc/examples/src /usr/share/petsc/${PETSC_SERIES}/share/petsc/examples/src
    NO_DEFAULT_PATH)
  if(LINNET_PETSC_${tutorial})
    list(APPEND tutorials ${tutorial})
    add_executable(plugin_host_${tutorial} ${LINNET_PETSC_${tutorial}})
    target_compile_options(plugin_host_${tutorial} PRIVATE -w)
    target_link_libraries(plugin_host_${tutorial} PRIVATE PkgConfig::PETSC MPI::MPI_C m)
    set(${tutorial} $<TARGET_FILE:plugin_host_${tutorial}>)
  endif()
endforeach()
if(NOT "${tutorials}" STREQUAL "ex45;ex50")
  message(STATUS "PETSc's tutorials ex45 and ex50 are not installed (Debian: libpetsc3.18-dev-examples): "
    "the plug-in is not tested in them")
endif()

# A Fortran program, where there is a Fortran compiler and PETSc's Fortran modules.
include(CheckLanguage)
check_language(Fortran)
find_file(LINNET_PETSC_MODULE petscksp.mod PATHS ${PETSC_INCLUDE_DIRS} NO_DEFAULT_PATH)
set(fortran)
if(CMAKE_Fortran_COMPILER AND LINNET_PETSC_MODULE)
  enable_language(Fortran)
  find_package(MPI QUIET COMPONENTS Fortran)
endif()
if(MPI_Fortran_FOUND)
  add_executable(plugin_host_fortran hosts/grid_poisson.F90)
  target_compile_options(plugin_host_fortran PRIVATE $<$<Fortran_COMPILER_ID:GNU>:-ffree-line-length-0>)
  target_include_directories(plugin_host_fortran SYSTEM PRIVATE ${PETSC_INCLUDE_DIRS})
  target_link_libraries(plugin_host_fortran PRIVATE ${PETSC_LINK_LIBRARIES} MPI::MPI_Fortran)
  set(fortran $<TARGET_FILE:plugin_host_fortran>)
else()
  message(STATUS "No Fortran compiler with MPI and PETSc's modules: the plug-in is not tested in a Fortran program")
endif()

# A program with complex scalars, where that PETSc is installed.
find_path(LINNET_COMPLEX_PETSC include/petscksp.h
  PATHS /usr/lib/petscdir/petsc${PETSC_SERIES}/${CMAKE_LIBRARY_ARCHITECTURE}-complex NO_DEFAULT_PATH)
find_library(LINNET_COMPLEX_PETSC_LIBRARY petsc_complex PATHS ${LINNET_COMPLEX_PETSC}/lib NO_DEFAULT_PATH)
set(complex)
if(LINNET_COMPLEX_PETSC AND LINNET_COMPLEX_PETSC_LIBRARY)
  add_executable(plugin_host_complex hosts/natural_aij.c)
  target_include_directories(plugin_host_complex SYSTEM PRIVATE ${LINNET_COMPLEX_PETSC}/include)
  target_link_libraries(plugin_host_complex PRIVATE ${LINNET_COMPLEX_PETSC_LIBRARY} MPI::MPI_C m)
  set(complex $<TARGET_FILE:plugin_host_complex>)
else()
  message(STATUS "No PETSc with complex scalars (Debian: libpetsc-complex-dev): its refusal is not tested")
endif()
