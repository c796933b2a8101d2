// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A reduced model of a solid as a file: all that is needed to use it and to go on from it.
///
/// HDF5; n modes, N unknowns, NG points; rows in the numbering of the mesh's file, so that any
/// number of ranks can read what any number wrote:
///   /modes/u (n,N), /modes/p (n_p,NG), /modes/sigma (n_s,6 NG), /modes/sigma_rows (n_r,6 NG)
///   /singular_values/{u,p,sigma}
///   /ecm/{point,weight}             the rule, where the next one starts
///   /points/{point,weight}          the points of the model
///   /calibration/{I,E}              pairs; table for a process; attributes: kind, a, b, s
///   /online/<name>/{t,gamma,z,stress,I,Ehat,hf_steps}   runs, rows padded with zeros
/// Attributes of the root: format, version, options, mesh and materials (fingerprints), product,
/// supports (hash of the held unknowns); of /ecm: tolerance, residual, candidates, unit and
/// points_per_cell. Every array has a checksum.
#pragma once

#include <linnet/io/h5_file.hpp>
#include <linnet/rom/solid/reduced_run.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace linnet::rom {

/// What a file holds besides the model.
struct ArchiveContent {
  std::string options; ///< text of the options that it was made with
  std::vector<OnlineHistory> online;
};

/// Writes more groups to an archive before it is put in place.
using ArchiveExtension = std::function<void(io::H5File& file)>;

/// Under a temporary name, flushed, renamed: an older file survives every failure. @p materials:
/// their fingerprint. Collective; @throws core::Error on all ranks.
void write_archive(const std::string& path, const SolidReducedModel& model,
                   const std::string& materials, const ArchiveContent& content,
                   const ArchiveExtension& more = {});

/// A model and what was with it.
struct Archive {
  SolidReducedModel model;
  ArchiveContent content;
};

/// The product that the modes of a file are orthonormal in, needed for SolidProducts before the
/// file can be read. Collective; @throws core::Error (data) as read_archive.
fem::DisplacementProduct archive_product(MPI_Comm comm, const std::string& path);

/// Format, fingerprints and the shapes of all arrays are checked before anything is allocated, and
/// checksums and values before the model is made. Collective; @throws core::Error (data) on all
/// ranks, one line: no such file, damaged, of another version, or for another mesh or other
/// materials.
Archive read_archive(const std::string& path, const fem::SolidModel& model,
                     const SolidProducts& products, const std::string& materials);

} // namespace linnet::rom
