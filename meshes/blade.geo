// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Blade of 20 x 40 mm: a cambered section with blunt edges, swept along z and twisted on the way.
// Hexahedra; nx along the chord, ny through the thickness, nz along the span.
DefineConstant[ nx = {12}, ny = {4}, nz = {24} ];

half_chord = 10;  // mm
half_edge = 1;    // half the thickness at the leading and the trailing edge
lower = 0.5;      // height of the pressure side in the middle of the chord
upper = 3.5;      // of the suction side
span = 40;
twist = Pi/12;

Point(1) = {-half_chord, -half_edge, 0};
Point(2) = {half_chord, -half_edge, 0};
Point(3) = {half_chord, half_edge, 0};
Point(4) = {-half_chord, half_edge, 0};
Point(5) = {0, lower, 0};
Point(6) = {0, upper, 0};
Spline(1) = {1, 5, 2};
Line(2) = {2, 3};
Spline(3) = {3, 6, 4};
Line(4) = {4, 1};
Curve Loop(1) = {1, 2, 3, 4};
Plane Surface(1) = {1};
Transfinite Curve {1, 3} = nx + 1;
Transfinite Curve {2, 4} = ny + 1;
Transfinite Surface {1};
Recombine Surface {1};
swept[] = Extrude {{0, 0, span}, {0, 0, 1}, {0, 0, 0}, twist} { Surface{1}; Layers{nz}; Recombine; };

Physical Volume("blade", 1) = {swept[1]};
Physical Surface("root", 11) = {1};
Physical Surface("tip", 12) = {swept[0]};
Physical Surface("pressure", 13) = {swept[2]};
Physical Surface("suction", 14) = {swept[4]};
// Held in x and y here, in y there, and in z at the root, the blade is fixed and grows freely when it
// gets warm.
Physical Point("leading_pin", 21) = {1};
Physical Point("trailing_pin", 22) = {2};
