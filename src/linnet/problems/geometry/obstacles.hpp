// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Solid obstacles: cell masks (0 fluid, 1 solid) from shapes in a small text form.
///
/// The text is a list of shapes "name:numbers", separated by semicolons, blanks or commas, applied
/// in order; coordinates are those of the domain, a cell is solid where its centre is inside a
/// shape.
///   sphere:x,y,z,r                        2-D: sphere:x,y,r
///   box:x0,y0,z0,x1,y1,z1                 2-D: box:x0,y0,x1,y1
///   cylinder:x0,y0,z0,x1,y1,z1,r          round bar between two points (3-D)
///   pillars:nx,ny,width,height            nx x ny square bars standing on the lower z face; width
///   and
///                                         height as parts of their spacing and of the domain's
///                                         height 2-D: pillars:nx,ny,width (squares)
///   random_spheres:count,rmin,rmax[,seed] centres uniform in the domain
///   random_boxes:count,hmin,hmax[,seed]   half widths per direction uniform in [hmin,hmax]
///   mesh:file[,x0,y0,z0,x1,y1,z1]         body inside a closed surface (.msh, .stl), fitted into
///   the
///                                         box if one is given, else in its own coordinates (3-D)
///   mesh:file,scale,tx,ty,tz              the same, scaled and shifted
///   mask:file.h5,dataset                 cell field of the grid's shape: solid where it is >= 1/2
///   invert                                swaps solid and fluid of all before it, which must not
///                                         move
///   turn:x,y,z,ax,ay,az,rate[,angle]      the shape before it turns about the axis through (x,y,z)
///                                         along (ax,ay,az) by angle + rate t, in radians;
///                                         2-D: turn:x,y,rate[,angle]; not for mask and invert
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/problems/cells/domain.hpp>
#include <linnet/problems/geometry/rotation.hpp>
#include <linnet/problems/geometry/surface_mesh.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace linnet::problems {

/// One entry of the list.
struct Obstacle {
  enum class Kind {
    sphere,
    box,
    cylinder,
    pillars,
    random_spheres,
    random_boxes,
    mesh,
    mask,
    invert,
    turn ///< in the text only: becomes the rotation of the entry before it
  };
  Kind kind = Kind::sphere;
  std::vector<double> numbers; ///< as written
  std::string file;            ///< mesh and mask
  std::string dataset;         ///< mask
  std::string text;            ///< as written, for messages
  std::optional<Rotation> rotation;
  /// Of a mesh, where it lies at the angle 0; null: not read yet.
  std::shared_ptr<const SurfaceMesh> surface;

  /// True if it is not the same at all times.
  [[nodiscard]] bool moves() const { return rotation && rotation->rate != 0.0; }
};

/// Reads the list. @throws core::Error (usage) naming the entry, what is wrong and the right form.
std::vector<Obstacle> parse_obstacles(const std::string& text, int dim);

/// Reads the meshes of @p obstacles once, for all later calls of the functions below, which
/// otherwise read them each time. Collective. @throws core::Error on all ranks for files that
/// cannot be read.
void read_surfaces(MPI_Comm comm, std::vector<Obstacle>& obstacles);

/// Adds the obstacles to @p mask, a global vector of the DMDA @p cells (dof 1) that holds 0 and 1
/// (zero it first for a mask of these alone), where they are at the time 0. @p seed serves random
/// shapes without their own. @p empty takes the entries that hold no cell centre of the grid, as
/// written. Collective; the same result on every number of ranks.
PetscErrorCode add_obstacles(DM cells, const Domain& domain, const std::vector<Obstacle>& obstacles,
                             std::uint64_t seed, Vec mask,
                             std::vector<std::string>* empty = nullptr);

/// The same where they are at @p time. @p owners, a vector like @p mask or NULL, gets n + 1 in the
/// cells that the obstacle n made solid, the last one where several did; invert sets it to 0, and
/// all other cells keep what they have.
PetscErrorCode add_obstacles_at(double time, DM cells, const Domain& domain,
                                const std::vector<Obstacle>& obstacles, std::uint64_t seed,
                                Vec mask, Vec owners, std::vector<std::string>* empty);

/// Turns a field read from a file into a mask in place: values below 1/2 are fluid, others solid.
/// Refuses values that are not finite; @p name says where they come from. Collective.
PetscErrorCode field_to_mask(DM cells, Vec field, const std::string& name);

} // namespace linnet::problems
