// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Cells that do not fit together.
#include "mesh_files.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace linnet;
using namespace linnet::tests;

namespace {

std::string refusal_of_cells(std::string_view elements) {
  return refusal(two_cubes("$Elements\n" + std::string(elements) + "$EndElements\n"));
}

void expect_part(const std::string& line, std::string_view part) {
  EXPECT_NE(line.find(part), std::string::npos) << line;
}

TEST(Conformity, CellsThatShareAFaceAreAccepted) {
  EXPECT_EQ(refusal_of_cells("2\n1 5 2 1 1 1 2 3 4 5 6 7 8\n2 5 2 1 1 5 6 7 8 9 10 11 12\n"),
            "no error");
}

TEST(Conformity, CollapsedCells) {
  expect_part(refusal_of_cells("1\n17 5 2 1 1 1 2 3 3 5 6 7 7\n"), "cell 17 names a node twice");
}

TEST(Conformity, CellsTwiceInTheFile) {
  const std::string line =
      refusal_of_cells("3\n1 5 2 1 1 1 2 3 4 5 6 7 8\n2 5 2 1 1 5 6 7 8 9 10 11 12\n"
                       "3 5 2 2 1 5 6 7 8 9 10 11 12\n");
  expect_part(line, "more than two cells share a face, among them 1 and 3");
}

TEST(Conformity, CellsTwiceWithoutNeighbours) {
  expect_part(refusal_of_cells("2\n1 5 2 1 1 1 2 3 4 5 6 7 8\n8 5 2 2 1 1 2 3 4 5 6 7 8\n"),
              "cells 1 and 8 share more than one face");
}

TEST(Conformity, CornersOfAFaceInAnotherOrder) {
  const std::string line =
      refusal_of_cells("2\n1 5 2 1 1 1 2 3 4 5 6 7 8\n2 5 2 1 1 5 7 6 8 9 10 11 12\n");
  expect_part(line, "cells 1 and 2 see the corners of their common face in different order");
}

/// Two tetrahedra on the two sides of the plane z = 0; the middle of the edge from node 1 to node 2
/// is
/// @p middle for the second.
std::string two_tetrahedra(const char* second) {
  return with_format(
      "$Nodes\n15\n1 0 0 0\n2 1 0 0\n3 0 1 0\n4 0 0 1\n5 0 0 -1\n6 .5 0 0\n7 .5 .5 "
      "0\n8 0 .5 0\n9 0 0 .5\n10 0 .5 .5\n11 .5 0 .5\n12 0 0 -.5\n13 0 .5 -.5\n14 .5 "
      "0 -.5\n15 .5 0 0\n$EndNodes\n$Elements\n2\n"
      "1 11 2 1 1 1 2 3 4 6 7 8 9 10 11\n2 11 2 1 1 " +
      std::string(second) + "\n$EndElements\n");
}

TEST(Conformity, MiddlesOfEdges) {
  EXPECT_EQ(refusal(two_tetrahedra("1 3 2 5 8 7 6 12 14 13")), "no error");
  expect_part(refusal(two_tetrahedra("1 3 2 5 8 7 15 12 14 13")),
              "cells 1 and 2 have different nodes in the middle of their common edge");
  expect_part(refusal(two_tetrahedra("1 3 2 5 8 7 6 9 14 13")),
              "cells 1 and 2 have the same node in the middle of different edges");
  expect_part(refusal(two_tetrahedra("1 3 2 5 8 7 6 4 14 13")),
              "is a corner of another cell; hanging nodes are not allowed");
}

} // namespace
