# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# Linnet::hdf5, for us and for the consumers of the package. HDF5's own target repeats the flags of
# the MPI compiler wrapper; include path and libraries are all we need.
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR "HDF5 is a serial build; install the MPI build (Debian: libhdf5-openmpi-dev)")
endif()
if(NOT TARGET Linnet::hdf5)
  add_library(Linnet::hdf5 INTERFACE IMPORTED GLOBAL)
  set_target_properties(Linnet::hdf5 PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${HDF5_INCLUDE_DIRS}" INTERFACE_LINK_LIBRARIES "${HDF5_C_LIBRARIES}")
endif()
