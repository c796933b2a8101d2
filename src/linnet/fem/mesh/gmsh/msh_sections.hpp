// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The sections of a gmsh file whose layout depends on the version of the format.
#pragma once

#include <linnet/fem/mesh/gmsh/msh_content.hpp>
#include <linnet/fem/mesh/gmsh/msh_cursor.hpp>

namespace linnet::fem {

/// Each is called behind the line that opens its section and stops before the line that ends it.
void parse_nodes_2(MshCursor& in, MshContent& content);
void parse_elements_2(MshCursor& in, MshContent& content);
void parse_entities_4(MshCursor& in, MshContent& content);
void parse_nodes_4(MshCursor& in, MshContent& content);
void parse_elements_4(MshCursor& in, MshContent& content);

/// The nodes of an element of type @p type. @throws core::Error for types that are not known.
int checked_element_nodes(const MshCursor& in, std::int64_t type);

} // namespace linnet::fem
