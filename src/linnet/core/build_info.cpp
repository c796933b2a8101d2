// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/build_info.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/core/version.hpp>

#include <Kokkos_Core.hpp>
#include <hdf5.h>

#include <climits>
#include <cstdlib>
#include <dlfcn.h>

namespace linnet::core {
namespace {

std::string petsc_version() {
  PetscInt major = 0, minor = 0, patch = 0;
  if (PetscGetVersionNumber(&major, &minor, &patch, nullptr) != PETSC_SUCCESS) return "unknown";
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch) +
         " (built against " + std::to_string(PETSC_VERSION_MAJOR) + "." +
         std::to_string(PETSC_VERSION_MINOR) + "." + std::to_string(PETSC_VERSION_SUBMINOR) + ")";
}

std::string kokkos_version() {
  std::string text = std::to_string(KOKKOS_VERSION / 10000) + "." +
                     std::to_string(KOKKOS_VERSION / 100 % 100) + "." +
                     std::to_string(KOKKOS_VERSION % 100) + " (";
#ifdef KOKKOS_ENABLE_SERIAL
  text += "Serial ";
#endif
#ifdef KOKKOS_ENABLE_OPENMP
  text += "OpenMP ";
#endif
#ifdef KOKKOS_ENABLE_THREADS
  text += "Threads ";
#endif
#ifdef KOKKOS_ENABLE_CUDA
  text += "CUDA ";
#endif
#ifdef KOKKOS_ENABLE_HIP
  text += "HIP ";
#endif
#ifdef KOKKOS_ENABLE_SYCL
  text += "SYCL ";
#endif
  text.back() = ')';
  return text;
}

std::string mpi_version() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(text, &length);
  const std::string full(text, static_cast<std::size_t>(length));
  return full.substr(0, full.find_first_of(",\n"));
}

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  std::string text =
      std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
#ifdef H5_HAVE_PARALLEL
  text += " (parallel)";
#endif
  return text;
}

// "OpenBLAS 0.3.21 DYNAMIC_ARCH ..." keeps name and version.
std::string openblas_name(const std::string& config) {
  const auto name = config.find(' ');
  return config.substr(0, name == std::string::npos ? name : config.find(' ', name + 1));
}

} // namespace

BlasInfo find_blas() {
  BlasInfo blas{"unknown", "", false};
  void* routine = dlsym(RTLD_DEFAULT, "dgemm_");
  Dl_info where{};
  if (routine == nullptr || dladdr(routine, &where) == 0 || where.dli_fname == nullptr) return blas;
  char real[PATH_MAX];
  blas.file = realpath(where.dli_fname, real) != nullptr ? real : where.dli_fname;
  const auto has = [&](const char* part) { return blas.file.find(part) != std::string::npos; };
  if (has("openblas")) {
    blas.name = "OpenBLAS";
    using Config = char* (*)();
    if (auto config = reinterpret_cast<Config>(dlsym(RTLD_DEFAULT, "openblas_get_config")))
      blas.name = openblas_name(config());
  } else if (has("mkl")) {
    blas.name = "Intel MKL";
  } else if (has("blis")) {
    blas.name = "BLIS";
  } else if (has("atlas")) {
    blas.name = "ATLAS";
  } else if (has("/libblas.so")) {
    blas.name = "reference BLAS";
    blas.is_reference = true;
  }
  return blas;
}

std::string version_text() {
  const BlasInfo blas = find_blas();
  std::string text;
  const auto line = [&](const char* name, const std::string& value) {
    text += std::string(name) + std::string(9 - std::string(name).size(), ' ') + value + "\n";
  };
  line("Linnet", std::string(LINNET_VERSION) + " (commit " LINNET_GIT_COMMIT ")");
  line("PETSc", petsc_version());
  line("Kokkos", kokkos_version());
  line("MPI", mpi_version());
  line("HDF5", hdf5_version());
  line("BLAS", blas.name + (blas.file.empty() ? "" : " (" + blas.file + ")"));
  line("build", std::string(LINNET_BUILD_TYPE) + ", " + std::to_string(8 * sizeof(PetscInt)) +
                    "-bit indices, " + std::to_string(8 * sizeof(PetscScalar)) +
                    "-bit real scalars");
  if (blas.is_reference)
    text +=
        "warning: the reference BLAS is slow; install OpenBLAS (Debian: libopenblas0-pthread)\n";
  return text;
}

} // namespace linnet::core
