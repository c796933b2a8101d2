# SPDX-FileCopyrightText: 2026 The Linnet developers
# SPDX-License-Identifier: BSD-3-Clause
"""The surface of hexahedra as polygons of an SVG, for the pictures of solids."""
import h5py
import numpy

SIDES = numpy.array([[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [2, 3, 7, 6], [1, 2, 6, 5], [0, 4, 7, 3]])
# From white over orange to a dark red.
COLOURS = numpy.array([(247, 247, 247), (253, 212, 158), (252, 141, 89), (215, 48, 31), (127, 0, 0)])


def state(path, number=-1):
    """Nodes, cells and the fields of one step of a file of build/apps/solid."""
    with h5py.File(path, "r") as file:
        step = file[sorted(name for name in file if name.startswith("step"))[number]]
        fields = {name: step[name][...] for name in step if isinstance(step[name], h5py.Dataset)}
        return file["geometry/nodes"][...], file["geometry/cells"][...], fields


def view(azimuth, elevation):
    """Rows: to the right, upwards, towards the eye; z is up. Degrees."""
    a, e = numpy.radians([azimuth, elevation])
    right = numpy.array([-numpy.sin(a), numpy.cos(a), 0.0])
    eye = numpy.array([numpy.cos(a) * numpy.cos(e), numpy.sin(a) * numpy.cos(e), numpy.sin(e)])
    return numpy.array([right, numpy.cross(eye, right), eye])


def outer_sides(cells):
    """Sides that belong to one cell alone, and that cell."""
    sides = cells[:, SIDES].reshape(-1, 4)
    _, place, count = numpy.unique(numpy.sort(sides, axis=1), axis=0, return_index=True, return_counts=True)
    chosen = place[count == 1]
    return sides[chosen], chosen // len(SIDES)


def colour(share):
    at = numpy.clip(share, 0.0, 1.0) * (len(COLOURS) - 1)
    return "#" + "".join(f"{round(numpy.interp(at, range(len(COLOURS)), COLOURS[:, c])):02x}" for c in range(3))


def surface(nodes, cells, values, high, axes, scale, origin):
    """Polygons of the sides that look at the eye, the farthest first, coloured by the cells' values from 0 to @high."""
    flat = nodes @ axes.T
    sides, owners = outer_sides(cells)
    corners = flat[sides]
    normal = numpy.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    centre = nodes[cells].mean(axis=1) @ axes.T
    outward = numpy.sign(numpy.einsum("ij,ij->i", normal, corners.mean(axis=1) - centre[owners]))
    order = [i for i in numpy.argsort(corners[:, :, 2].mean(axis=1)) if normal[i, 2] * outward[i] > 0]
    lines = []
    for i in order:
        points = " ".join(f"{origin[0] + scale * x:.1f},{origin[1] - scale * y:.1f}" for x, y, _ in corners[i])
        lines.append(f'<polygon points="{points}" fill="{colour(values[owners[i]] / high)}"/>')
    return '<g stroke="#888" stroke-width="0.3">\n' + "\n".join(lines) + "\n</g>\n"


def scale_bar(x, y, height, label, high):
    text = ""
    for part in range(40):
        text += (f'<rect x="{x}" y="{y + height * (39 - part) / 40:.1f}" width="12" height="{height / 40 + 0.3:.1f}" '
                 f'fill="{colour((part + 0.5) / 40)}"/>\n')
    text += f'<rect x="{x}" y="{y}" width="12" height="{height}" fill="none" stroke="#888" stroke-width="0.5"/>\n'
    for share in (0.0, 0.5, 1.0):
        text += f'<text x="{x + 17}" y="{y + height * (1 - share) + 4:.0f}">{share * high:.3g}</text>\n'
    return text + f'<text x="{x}" y="{y - 9}">{label}</text>\n'


def begin(width, height):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
            'font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n')
