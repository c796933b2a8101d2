// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Mesh files made by tests.
#pragma once

#include <linnet/core/error.hpp>
#include <linnet/fem/mesh/mesh.hpp>

#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace linnet::tests {

/// A file with the given content for all ranks; goes away with the object. Collective.
class MeshFile {
public:
  explicit MeshFile(std::string_view content) {
    long id = getpid();
    MPI_Bcast(&id, 1, MPI_LONG, 0, PETSC_COMM_WORLD);
    path_ = "mesh_file_" + std::to_string(id) + ".msh";
    MPI_Comm_rank(PETSC_COMM_WORLD, &rank_);
    if (rank_ == 0) std::ofstream(path_, std::ios::binary) << content;
    MPI_Barrier(PETSC_COMM_WORLD);
  }
  ~MeshFile() {
    MPI_Barrier(PETSC_COMM_WORLD);
    if (rank_ == 0) std::remove(path_.c_str());
  }
  MeshFile(const MeshFile&) = delete;
  MeshFile& operator=(const MeshFile&) = delete;
  MeshFile(MeshFile&&) = delete;
  MeshFile& operator=(MeshFile&&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_;
  int rank_ = 0;
};

/// The line with which read_mesh() refuses a file of this content, the same on all ranks.
inline std::string refusal(std::string_view content) {
  const MeshFile file(content);
  try {
    static_cast<void>(fem::read_mesh(PETSC_COMM_WORLD, file.path()));
  } catch (const core::Error& error) {
    return error.code() == core::ExitCode::data ? error.what() : "wrong code";
  }
  return "no error";
}

inline std::string with_format(std::string_view sections) {
  return "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n" + std::string(sections);
}

/// Two cubes one above the other, format 2.2; @p elements replaces the cells.
inline std::string two_cubes(std::string_view elements) {
  return with_format("$Nodes\n12\n1 0 0 0\n2 1 0 0\n3 1 1 0\n4 0 1 0\n"
                     "5 0 0 1\n6 1 0 1\n7 1 1 1\n8 0 1 1\n"
                     "9 0 0 2\n10 1 0 2\n11 1 1 2\n12 0 1 2\n$EndNodes\n") +
         std::string(elements);
}

} // namespace linnet::tests
