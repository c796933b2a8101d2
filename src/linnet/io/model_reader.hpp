// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Reading of a model file by one process.
#pragma once

#include <linnet/io/model_file.hpp>

namespace linnet::io {

/// read_model() without its communication.
ModelFile read_model_alone(const std::string& path, const ExpectedShapes& expected,
                           std::int64_t byte_limit);

} // namespace linnet::io
