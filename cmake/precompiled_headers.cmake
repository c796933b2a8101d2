# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# What nearly every source includes is parsed once: a third of the compiler's time. Only headers of others; that our
# sources name them all, too, is proved by the presets that do without (CMAKE_DISABLE_PRECOMPILE_HEADERS). So do
# builds with a compiler cache: what they find there must not hang on the place of a build.
set(LINNET_PRECOMPILED_HEADERS <Kokkos_Core.hpp> <petscdmda.h> <petscksp.h> <petscsnes.h> <algorithm> <array> <cmath>
  <filesystem> <functional> <map> <memory> <optional> <sstream> <string> <vector>)
# A target that has them and nothing else, for programs to share.
function(linnet_add_precompiled_headers target)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp CONTENT "")
  add_library(${target} OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  target_link_libraries(${target} PRIVATE linnet linnet_flags ${ARGN})
  target_precompile_headers(${target} PRIVATE ${LINNET_PRECOMPILED_HEADERS})
endfunction()
if(Kokkos_CXX_COMPILER_ID STREQUAL NVIDIA OR CMAKE_CXX_COMPILER_LAUNCHER MATCHES ccache)
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS AND CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # More false alarms for "text" + std::string: precompiled, the library's header is none of the system's any more.
  target_compile_options(linnet_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-stringop-overflow -Wno-array-bounds>)
endif()
