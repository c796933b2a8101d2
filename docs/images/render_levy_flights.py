# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""Draws docs/images/levy_flights_2d.png from the output of inputs/riesz/levy_flights_2d.yaml, with ParaView:

xvfb-run -a pvbatch docs/images/render_levy_flights.py output/levy_flights_2d.xdmf docs/images/levy_flights_2d.png"""
import os
import sys

from paraview.simple import (AssignViewToLayout, Calculator, ColorBy, CreateLayout, CreateView,
                             GetColorTransferFunction, Render, SaveScreenshot, Show, XDMFReader)

PATH, PICTURE = os.path.abspath(sys.argv[1]), sys.argv[2]
TIMES = (0.0, 0.4, 1.0)


def main():
    reader = XDMFReader(FileNames=[PATH])
    logarithm = Calculator(Input=reader, AttributeType="Point Data", ResultArrayName="log10 u",
                           Function="log10(max(u, 1e-4))")
    colours = GetColorTransferFunction("log10 u")
    colours.ApplyPreset("Inferno (matplotlib)", True)
    colours.RescaleTransferFunction(-3.0, 2.0)
    layout = CreateLayout("flights")
    layout.SplitHorizontal(0, 1.0 / 3.0)
    layout.SplitHorizontal(2, 0.5)
    for number, time in enumerate(TIMES):
        view = CreateView("RenderView")
        AssignViewToLayout(view, layout, (1, 5, 6)[number])
        view.ViewTime = time
        view.OrientationAxesVisibility = 0
        view.UseColorPaletteForBackground, view.Background = 0, (1, 1, 1)
        view.InteractionMode = "2D"
        display = Show(logarithm, view)
        ColorBy(display, ("POINTS", "log10 u"))
        display.Ambient, display.Diffuse = 1.0, 0.0
        display.SetScalarBarVisibility(view, number == 2)
        view.ResetCamera()
        Render(view)
        view.CameraPosition, view.CameraFocalPoint = (0.5, 0.5, 5.0), (0.5, 0.5, 0.0)
        view.CameraParallelProjection, view.CameraParallelScale = 1, 0.52
        Render(view)
    layout.SetSize(1200, 400)
    SaveScreenshot(PICTURE, layout)


main()
