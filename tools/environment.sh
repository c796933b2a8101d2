# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
# Sourced by the scripts in this folder: the place of the repository, messages, and the settings
# that Open MPI and OpenBLAS need to run as root and with more ranks than cores.

LINNET_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s: %s\n' "$(basename "$0")" "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
export OMPI_MCA_mpi_yield_when_idle=1
# One thread per rank: ranks are the parallelism, and OpenBLAS would otherwise take every core again.
export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1} OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}

# A compiler cache is used where one is installed; a second clone then builds from the first one's cache.
if [ -z "${CMAKE_CXX_COMPILER_LAUNCHER:-}" ] && command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=${CCACHE_BASEDIR:-$LINNET_ROOT} CCACHE_NOHASHDIR=1
fi

# nproc counts threads where OMP_NUM_THREADS is set, as above.
cores() { env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc; }

# Compile jobs: one per core, fewer where memory is short (a source takes up to 1 GB).
build_jobs() {
  local cores memory_kb jobs
  cores=$(cores)
  memory_kb=$(awk '/^MemAvailable/ {print $2}' /proc/meminfo)
  jobs=$((memory_kb / 1000000))
  [ "$jobs" -lt "$cores" ] || jobs=$cores
  [ "$jobs" -ge 1 ] || jobs=1
  printf '%s\n' "$jobs"
}
