# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# The installed tree: static library and headers, plug-in, apps, data, CMake package, pkg-config file.
include(CMakePackageConfigHelpers)
set(LINNET_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/Linnet)
set(LINNET_INSTALL_DATADIR ${CMAKE_INSTALL_DATADIR}/linnet)
set(LINNET_INSTALL_PLUGINDIR ${CMAKE_INSTALL_LIBDIR}/linnet)
set(LINNET_PLUGIN_FILE ${LINNET_INSTALL_PLUGINDIR}/liblinnet.so)
string(REGEX MATCH "^[0-9]+\\.[0-9]+" LINNET_PETSC_MINOR ${PETSC_VERSION})
string(REGEX REPLACE "^[0-9]+\\." "" next ${LINNET_PETSC_MINOR})
math(EXPR next "${next} + 1")
string(REGEX REPLACE "[0-9]+$" "${next}" LINNET_PETSC_NEXT ${LINNET_PETSC_MINOR})

install(TARGETS linnet linnet_usage EXPORT LinnetTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
# In a folder of its own, so that -llinnet means the archive.
install(TARGETS linnet_plugin LIBRARY DESTINATION ${LINNET_INSTALL_PLUGINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/linnet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp")
install(FILES ${PROJECT_BINARY_DIR}/include/linnet/core/version.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/linnet/core)
# Names such as "train" are too general for a bin folder shared with others.
if(LINNET_APP_TARGETS)
  install(TARGETS ${LINNET_APP_TARGETS} RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/linnet)
endif()
# The folders keep their names, so that the paths inside the decks stay right.
install(DIRECTORY DESTINATION ${LINNET_INSTALL_DATADIR})
foreach(folder inputs meshes models)
  if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} DESTINATION ${LINNET_INSTALL_DATADIR}
      PATTERN "CMakeLists.txt" EXCLUDE PATTERN "*.py" EXCLUDE)
  endif()
endforeach()

install(EXPORT LinnetTargets NAMESPACE Linnet:: DESTINATION ${LINNET_INSTALL_CMAKEDIR})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/LinnetConfig.cmake.in
  ${PROJECT_BINARY_DIR}/cmake/LinnetConfig.cmake INSTALL_DESTINATION ${LINNET_INSTALL_CMAKEDIR}
  PATH_VARS LINNET_PLUGIN_FILE LINNET_INSTALL_DATADIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/LinnetConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cmake/LinnetConfig.cmake
  ${PROJECT_BINARY_DIR}/cmake/LinnetConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/hdf5_target.cmake ${CMAKE_CURRENT_LIST_DIR}/kokkos_isolation.cmake
  DESTINATION ${LINNET_INSTALL_CMAKEDIR})

# pkg-config: the archive needs all of its dependencies at every link.
set(LINNET_PC_CFLAGS -std=c++20)
foreach(folder ${HDF5_INCLUDE_DIRS} ${LINNET_TRILINOS_INCLUDE_DIR})
  list(APPEND LINNET_PC_CFLAGS -isystem ${folder})
endforeach()
set(LINNET_PC_LIBS ${HDF5_C_LIBRARIES} ${LAPACK_LIBRARIES})
if(LINNET_KOKKOS_IS_SHARED_WITH_PETSC)
  list(APPEND LINNET_PC_LIBS -ltrilinos_kokkoscore)
else()
  get_filename_component(kokkos_prefix ${Kokkos_DIR}/../../.. ABSOLUTE)
  list(APPEND LINNET_PC_CFLAGS -isystem ${kokkos_prefix}/include)
  list(APPEND LINNET_PC_LIBS -L${kokkos_prefix}/lib -lkokkoscore -ldl -Wl,--exclude-libs,ALL)
  if("OPENMP" IN_LIST Kokkos_DEVICES)
    list(APPEND LINNET_PC_CFLAGS -fopenmp)
    list(APPEND LINNET_PC_LIBS -fopenmp)
  endif()
endif()
list(JOIN LINNET_PC_CFLAGS " " LINNET_PC_CFLAGS)
list(JOIN LINNET_PC_LIBS " " LINNET_PC_LIBS)
set(LINNET_PC_SLEPC "")
if(SLEPC_FOUND)
  set(LINNET_PC_SLEPC " SLEPc")
endif()
file(RELATIVE_PATH LINNET_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/linnet.pc.in ${PROJECT_BINARY_DIR}/cmake/linnet.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cmake/linnet.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
