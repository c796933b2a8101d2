// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Cube of side 1 in two layers of different material; second-order tetrahedra of size h.
DefineConstant[ h = {0.22} ];

Point(1) = {0, 0, 0, h};
Point(2) = {1, 0, 0, h};
Point(3) = {1, 1, 0, h};
Point(4) = {0, 1, 0, h};
Line(1) = {1, 2};
Line(2) = {2, 3};
Line(3) = {3, 4};
Line(4) = {4, 1};
Curve Loop(1) = {1, 2, 3, 4};
Plane Surface(1) = {1};
low[] = Extrude {0, 0, 0.5} { Surface{1}; };
high[] = Extrude {0, 0, 0.5} { Surface{low[0]}; };
Mesh.ElementOrder = 2;

Physical Volume("lower", 1) = {low[1]};
Physical Volume("upper", 2) = {high[1]};
Physical Surface("y0", 11) = {low[2], high[2]};
Physical Surface("x1", 12) = {low[3], high[3]};
Physical Surface("y1", 13) = {low[4], high[4]};
Physical Surface("x0", 14) = {low[5], high[5]};
Physical Surface("z0", 15) = {1};
Physical Surface("z1", 16) = {high[0]};
Physical Curve("x0y0", 21) = Curve In BoundingBox {-0.01, -0.01, -0.01, 0.01, 0.01, 1.01};
Physical Point("x0y1z1", 31) = Point In BoundingBox {-0.01, 0.99, 0.99, 0.01, 1.01, 1.01};
