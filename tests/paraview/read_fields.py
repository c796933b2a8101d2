# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""pvbatch read_fields.py RUN.xdmf DIM PICTURE.png: what ParaView makes of the output of write_fields."""
import os
import sys

from paraview.simple import (ColorBy, CreateView, Delete, GetColorTransferFunction, IntegrateVariables,
                             Render, SaveScreenshot, Show, XDMFReader, Xdmf3ReaderS)
from paraview import servermanager

PATH, DIM, PICTURE = os.path.abspath(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
CELLS = (8, 6, 4) if DIM == 3 else (9, 7)[:DIM]
ORIGIN = (-1, 0, 0.5) if DIM == 3 else (-1, 0)[:DIM]
SPACING = (0.25, 0.25, 0.5) if DIM == 3 else (0.25, 0.5)[:DIM]
SLOPE = (1, 2, 4)[:DIM]


def near(found, expected, what):
    if abs(found - expected) > 1e-12 * max(1, abs(expected)):
        sys.exit(f"{PATH}: {what} is {found!r}; expected {expected!r}")


def u_range(shift, time):
    """Smallest and largest value of u at points that lie `shift` cells inside of the box."""
    low = sum(s * (o + shift * h) for s, o, h in zip(SLOPE, ORIGIN, SPACING))
    high = sum(s * (o + (n - shift) * h) for s, o, h, n in zip(SLOPE, ORIGIN, SPACING, CELLS))
    return low + time, high + time


def check_arrays(reader, time):
    data = reader.GetDataInformation()
    cells, points = data.GetNumberOfCells(), data.GetNumberOfPoints()
    expected_cells = expected_points = 1
    for n in CELLS:
        expected_cells, expected_points = expected_cells * n, expected_points * (n + 1)
    near(cells, expected_cells, "number of cells")
    near(points, expected_points, "number of points")
    bounds = data.GetBounds()
    for d, (o, h, n) in enumerate(zip(ORIGIN, SPACING, CELLS)):
        near(bounds[2 * d], o, f"lower bound {d}")
        near(bounds[2 * d + 1], o + n * h, f"upper bound {d}")
    if any(bounds[2 * DIM:]):
        sys.exit(f"{PATH}: the grid does not lie in its line or plane")
    names = {array.GetName() for array in reader.CellData}, {array.GetName() for array in reader.PointData}
    if names != ({"u", "flux", "mask"} if DIM > 1 else set(), {"u_points"}):
        sys.exit(f"{PATH}: wrong arrays {names}")
    arrays = [(reader.PointData["u_points"], 0.0)]
    if DIM > 1:
        arrays.append((reader.CellData["u"], 0.5))
    for array, shift in arrays:
        low, high = u_range(shift, time)
        near(array.GetRange(0)[0], low, f"minimum of {array.GetName()}")
        near(array.GetRange(0)[1], high, f"maximum of {array.GetName()}")
    if DIM == 1:
        return
    for c in range(3):
        near(reader.CellData["flux"].GetRange(c)[0], c + 1 if c < DIM else 0, f"flux component {c}")
    near(reader.CellData["mask"].GetRange(0)[1], 1, "maximum of the mask")


def check_integral(reader, time):
    """u is linear, so its integral over the box is its mean value times the volume."""
    integral = IntegrateVariables(Input=reader)
    integral.UpdatePipeline(time)
    data = servermanager.Fetch(integral)
    volume = 1.0
    for n, h in zip(CELLS, SPACING):
        volume *= n * h
    low, high = u_range(0.0, time)
    found = data.GetCellData().GetArray("u") if DIM > 1 else data.GetPointData().GetArray("u_points")
    near(found.GetValue(0), 0.5 * (low + high) * volume, "integral of u")
    Delete(integral)


def render(reader, time):
    view = CreateView("RenderView")
    view.ViewSize = [600, 450]
    view.ViewTime = time
    display = Show(reader, view)
    display.Representation = "Surface With Edges"
    ColorBy(display, ("CELLS", "u") if DIM > 1 else ("POINTS", "u_points"))
    display.RescaleTransferFunctionToDataRange(True)
    display.SetScalarBarVisibility(view, True)
    view.ResetCamera()
    if DIM == 3:
        camera = view.GetActiveCamera()
        camera.Azimuth(35)
        camera.Elevation(25)
        view.ResetCamera()
    Render(view)
    SaveScreenshot(PICTURE, view)


def main():
    for make in (XDMFReader, Xdmf3ReaderS):
        reader = make(FileNames=[PATH]) if make is XDMFReader else make(FileName=[PATH])
        reader.UpdatePipelineInformation()
        times = list(reader.TimestepValues)
        if times != [0.0, 0.125, 0.25]:
            sys.exit(f"{PATH}: wrong times {times}")
        for time in times:
            reader.UpdatePipeline(time)
            check_arrays(reader, time)
            check_integral(reader, time)
        if make is Xdmf3ReaderS:
            render(reader, times[-1])
        print(f"{make.__name__}: good")


main()
