// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Quarter of a square plate with a round hole in its middle; the planes x = 0 and y = 0 are planes of
// symmetry. Hexahedra; nr from the hole to the rim, na along an eighth of the hole, nz through the
// thickness.
DefineConstant[ nr = {12}, na = {6}, nz = {2}, growth = {1.15} ];

radius = 1;
half = 5;         // half the side of the plate
thickness = 0.5;

d = radius*Sqrt(2)/2;
Point(1) = {0, 0, 0};
Point(2) = {radius, 0, 0};
Point(3) = {d, d, 0};
Point(4) = {0, radius, 0};
Point(5) = {half, 0, 0};
Point(6) = {half, half, 0};
Point(7) = {0, half, 0};
Circle(1) = {2, 1, 3};
Circle(2) = {3, 1, 4};
Line(3) = {2, 5};
Line(4) = {3, 6};
Line(5) = {4, 7};
Line(6) = {5, 6};
Line(7) = {6, 7};
Curve Loop(1) = {3, 6, -4, -1};
Curve Loop(2) = {4, 7, -5, -2};
Plane Surface(1) = {1};
Plane Surface(2) = {2};
Transfinite Curve {3, 4, 5} = nr + 1 Using Progression growth;
Transfinite Curve {1, 2, 6, 7} = na + 1;
Transfinite Surface {1, 2};
Recombine Surface {1, 2};
one[] = Extrude {0, 0, thickness} { Surface{1}; Layers{nz}; Recombine; };
two[] = Extrude {0, 0, thickness} { Surface{2}; Layers{nz}; Recombine; };

Physical Volume("plate", 1) = {one[1], two[1]};
Physical Surface("bottom", 11) = {one[2]};
Physical Surface("right", 12) = {one[3]};
Physical Surface("hole", 13) = {one[5], two[5]};
Physical Surface("top", 14) = {two[3]};
Physical Surface("left", 15) = {two[4]};
Physical Surface("back", 16) = {1, 2};
Physical Surface("front", 17) = {one[0], two[0]};
