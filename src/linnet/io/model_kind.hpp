// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a model file is a model of, told by its graph, for messages: files of all kinds end in .h5,
/// and each option takes some of them.
#pragma once

#include <string>

namespace linnet::io {

enum class ModelKind {
  network,  ///< {"nodes":[...],...}: from field to field
  deeponet, ///< the same, with an inner product of branch and trunk
  cycle,    ///< {"cycle":...}: weights of a multigrid cycle or of its interpolation
  basis,    ///< {"basis":...}: tabulated functions alone
  unknown
};

/// The kind of the text @p graph, which may be anything; it is not verified. Not collective.
ModelKind model_kind(const std::string& graph);

/// Throws a data Error of one line: @p path holds a model of the kind of @p graph, which the
/// options named take; @p wanted says what is taken here, "-pc_mgno_model takes ...". Nothing for a
/// kind that is not known. Not collective.
void refuse_kind(const std::string& path, const std::string& graph, const std::string& wanted);

} // namespace linnet::io
