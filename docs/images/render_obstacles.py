# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws docs/images/obstacles_3d.png from output/obstacles_3d.xdmf:

    xvfb-run -a pvbatch docs/images/render_obstacles.py ./output/obstacles_3d.xdmf docs/images/obstacles_3d.png
"""
import sys

from paraview.simple import (CellDatatoPointData, ColorBy, CreateView, GetColorTransferFunction,
                             Render, SaveScreenshot, Show, Slice, StreamTracer, Threshold, Tube,
                             XDMFReader)

source, picture = sys.argv[1:3]
run = XDMFReader(FileNames=[source])
run.UpdatePipeline()

body = Threshold(Input=run, Scalars=["CELLS", "mask"], LowerThreshold=0.5, UpperThreshold=2.0)
fluid = Threshold(Input=run, Scalars=["CELLS", "mask"], LowerThreshold=-0.5, UpperThreshold=0.5)
points = CellDatatoPointData(Input=fluid)
plane = Slice(Input=fluid)
plane.SliceType.Origin = [0.5, 0.5, 0.02]
plane.SliceType.Normal = [0, 0, 1]
lines = StreamTracer(Input=points, Vectors=["POINTS", "flux"], SeedType="Line")
lines.SeedType.Point1 = [0.02, 0.1, 0.45]
lines.SeedType.Point2 = [0.02, 0.9, 0.55]
lines.SeedType.Resolution = 40
lines.MaximumStreamlineLength = 4.0
tubes = Tube(Input=lines, Radius=0.004)

view = CreateView("RenderView")
view.ViewSize = [1200, 800]
view.Background = [1, 1, 1]
view.UseColorPaletteForBackground = 0
view.OrientationAxesVisibility = 0
shown = Show(body, view)
ColorBy(shown, None)
shown.DiffuseColor = [0.72, 0.74, 0.78]
for item in (plane, tubes):
    shown = Show(item, view)
    ColorBy(shown, ("CELLS" if item is plane else "POINTS", "u"))
    shown.SetScalarBarVisibility(view, False)
table = GetColorTransferFunction("u")
table.ApplyPreset("Viridis (matplotlib)", True)
table.RescaleTransferFunction(0.0, 1.0)
view.CameraPosition = [-0.9, -1.3, 1.7]
view.CameraFocalPoint = [0.53, 0.5, 0.26]
view.CameraViewUp = [0, 0, 1]
view.CameraViewAngle = 24
Render(view)
SaveScreenshot(picture, view, ImageResolution=[1200, 800])
