# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# Flags of our own targets only; nothing here reaches a consumer of the package.
add_library(linnet_flags INTERFACE)
target_compile_options(linnet_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wno-psabi>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms for "text" + std::string.
  target_compile_options(linnet_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(LINNET_WERROR)
  target_compile_options(linnet_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
# Square roots and comparisons of whole vectors: nobody here reads errno or floating-point flags.
target_compile_options(linnet_flags INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-math-errno -fno-trapping-math>)
if(LINNET_NATIVE)
  # gcc prefers 256-bit vectors by default; the stencil kernels are written for the widest.
  target_compile_options(linnet_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-march=native -mprefer-vector-width=512>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # For some processors gcc tears chains of multiply-adds of narrow vectors apart, but not those of wide ones; values would
  # then depend on where in a row they lie.
  target_compile_options(linnet_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:--param=avoid-fma-max-bits=0>)
endif()
if(Kokkos_CXX_COMPILER_ID STREQUAL NVIDIA)
  # Kernels call constexpr functions, also those of the standard library.
  target_compile_options(linnet_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:--expt-relaxed-constexpr>)
endif()
if(LINNET_SANITIZE)
  target_compile_options(linnet_flags INTERFACE -fsanitize=${LINNET_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(linnet_flags INTERFACE -fsanitize=${LINNET_SANITIZE})
endif()
