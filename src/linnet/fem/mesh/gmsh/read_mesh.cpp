// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/agreement.hpp>
#include <linnet/fem/mesh/gmsh/msh_cells.hpp>
#include <linnet/fem/mesh/gmsh/msh_content.hpp>
#include <linnet/fem/mesh/mesh.hpp>
#include <linnet/fem/mesh/share_cells.hpp>

#include <filesystem>
#include <fstream>

namespace linnet::fem {

namespace {

std::string bytes_of(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    core::throw_data("mesh " + path + ": no such file; give the path of a gmsh file");
  std::ifstream file(path, std::ios::binary);
  const auto size = std::filesystem::file_size(path, error);
  std::string bytes(error ? 0 : static_cast<std::size_t>(size), '\0');
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) || error)
    core::throw_data("mesh " + path + ": cannot be read; check its permissions");
  return bytes;
}

} // namespace

Mesh read_mesh(MPI_Comm comm, const std::string& path) {
  CellList list;
  core::on_first_rank(comm, [&] { list = cells_of_msh(parse_msh(bytes_of(path), path), path); });
  return Mesh::build(comm, shared_out(comm, std::move(list)));
}

} // namespace linnet::fem
