// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Adaptive runs that were interrupted, in files.
///
/// Such a file is an archive of the model as the run has enriched it (rom/solid/archive.hpp), with
/// the history so far under /online/<name>, and besides, K steps done, NG points, c calls:
///   /run/state (numbers of state, NG)  of the mesh, at the end of the step `mesh_step`
///   /run/coefficients, /run/point_state, /run/iterations (K+1), /run/calls (c, numbers of a call),
///   /run/pre_enrichment_steps; attributes: the rest of AdaptiveState and AdaptiveCosts.
#pragma once

#include <linnet/rom/solid/adaptive_run.hpp>
#include <linnet/rom/solid/archive.hpp>

#include <string>

namespace linnet::rom {

/// Under a temporary name, flushed, renamed: an older file survives every failure. @p content: what
/// the archive had before; the history of @p run is put behind it, under its name. @p problem: text
/// that says of which problem the run is. @p run must have a model that is whole. Collective;
/// @throws core::Error on all ranks.
void save_adaptive_run(const std::string& path, const AdaptiveRun& run,
                       const std::string& materials, const ArchiveContent& content,
                       const std::string& problem);

/// What such a file holds.
struct AdaptiveCheckpoint {
  Archive archive; ///< content without the history of the run
  AdaptiveState state;
  std::string problem; ///< as it was given
};

/// Reads a file on any number of ranks; with that of before the run goes on with the same bits. The
/// state of the mesh becomes the committed one of @p solid. Collective; @throws core::Error (data)
/// on all ranks, as read_archive(), and for a file that is no interrupted run.
AdaptiveCheckpoint load_adaptive_run(const std::string& path, fem::SolidModel& solid,
                                     const SolidProducts& products, const std::string& materials);

} // namespace linnet::rom
