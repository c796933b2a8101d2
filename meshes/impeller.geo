// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Closed impeller of a centrifugal pump: back plate, hub with a bore for the shaft, six blades curved
// backwards, and a shroud with the eye. One body; its surface has a hole through the bore and one
// through every channel between two blades.
SetFactory("OpenCASCADE");

outer = 1.0;        // radius of the plates
eye = 0.45;         // inner radius of the shroud
hub = 0.26;         // radius of the hub
bore = 0.13;        // radius of the hole for the shaft
plate = 0.10;       // thickness of back plate and shroud
height = 0.32;      // of the channels
blades = 6;
thickness = 0.085;  // of a blade
overlap = 0.05;     // blades reach into the plates, so that the union is one body

// Back plate, hub, shroud.
Cylinder(1) = {0, 0, 0, 0, 0, plate, outer};
Cylinder(2) = {0, 0, 0, 0, 0, plate + height + 0.2, hub};
Cylinder(3) = {0, 0, plate + height, 0, 0, plate, outer};
Cylinder(4) = {0, 0, plate + height - 0.1, 0, 0, plate + 0.2, eye};
BooleanDifference(5) = { Volume{3}; Delete; }{ Volume{4}; Delete; };

// A blade: the part of a ring around (cx,cy) that lies between the eye and the outer radius.
cx = 0.42; cy = 0.30; radius = 0.52;
Cylinder(10) = {cx, cy, plate - overlap, 0, 0, height + 2*overlap, radius + thickness/2};
Cylinder(11) = {cx, cy, plate - overlap, 0, 0, height + 2*overlap, radius - thickness/2};
BooleanDifference(12) = { Volume{10}; Delete; }{ Volume{11}; Delete; };
Cylinder(13) = {0, 0, plate - overlap, 0, 0, height + 2*overlap, outer - 0.03};
Cylinder(14) = {0, 0, plate - overlap - 0.1, 0, 0, height + 2*overlap + 0.2, 0.36};
BooleanDifference(15) = { Volume{13}; Delete; }{ Volume{14}; Delete; };
// Only the half of the ring beyond the line through both centres is the blade.
Box(16) = {-2, 0, plate - overlap - 0.1, 4, -4, height + 2*overlap + 0.2};
Rotate {{0, 0, 1}, {0, 0, 0}, Atan2(cy, cx)} { Volume{16}; }
BooleanIntersection(17) = { Volume{12}; Delete; }{ Volume{16}; Delete; };
BooleanIntersection(18) = { Volume{17}; Delete; }{ Volume{15}; Delete; };

all[] = {2, 5, 18};
For b In {1:blades-1}
  copy[] = Rotate {{0, 0, 1}, {0, 0, 0}, 2*Pi*b/blades} { Duplicata { Volume{18}; } };
  all[] += copy[];
EndFor
body[] = BooleanUnion{ Volume{1}; Delete; }{ Volume{all[]}; Delete; };
Cylinder(200) = {0, 0, -1, 0, 0, 3, bore};
impeller[] = BooleanDifference{ Volume{body[]}; Delete; }{ Volume{200}; Delete; };

Physical Surface("surface") = Boundary{ Volume{impeller[]}; };
Mesh.CharacteristicLengthMin = 0.04;
Mesh.CharacteristicLengthMax = 0.12;
Mesh.CharacteristicLengthFromCurvature = 1;
Mesh.MinimumElementsPerTwoPi = 40;
Mesh.MshFileVersion = 4.1;
