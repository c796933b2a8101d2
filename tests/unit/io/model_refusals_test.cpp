// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Files that a model file must not be, made by the C interface of HDF5 from one that is right.
#include <linnet/io/model_rules.hpp>

#include "scratch.hpp"

#include <support/small_models.hpp>

#include <limits>
#include <numeric>

using namespace linnet;
using namespace linnet::test;
using io::H5File;
using io::H5Handle;

namespace {

constexpr std::int64_t enough = std::int64_t{1} << 30;

std::string refusal_of(const std::string& path, std::int64_t byte_limit = enough,
                       const io::ExpectedShapes& expected = tests::shapes_of) {
  const std::string text = error_of([&] {
    try {
      io::read_model(PETSC_COMM_WORLD, path, expected, byte_limit);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ExitCode::data);
      throw;
    }
  });
  expect_contains(text, path);
  return text;
}

/// Writes the model "layers", has it changed by rank 0 and returns what its reader says.
std::string refusal_after(const std::function<void(hid_t)>& change) {
  const Scratch scratch;
  const std::string path = scratch / "model.h5";
  io::write_model(PETSC_COMM_WORLD, path, tests::small_models()["layers"]);
  if (rank() == 0) {
    const H5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
    EXPECT_TRUE(file.valid());
    change(file.get());
  }
  MPI_Barrier(PETSC_COMM_WORLD);
  return refusal_of(path);
}

/// The same by this library's own file.
std::string refusal_after_write(const std::function<void(H5File&)>& change) {
  const Scratch scratch;
  const std::string path = scratch / "model.h5";
  io::write_model(PETSC_COMM_WORLD, path, tests::small_models()["layers"]);
  if (rank() == 0) {
    H5File file = H5File::open(MPI_COMM_SELF, path, H5File::Access::modify);
    change(file);
    file.close();
  }
  MPI_Barrier(PETSC_COMM_WORLD);
  return refusal_of(path);
}

std::string refusal_of_model(const std::function<void(io::ModelFile&)>& change) {
  const Scratch scratch;
  io::ModelFile model = tests::small_models()["layers"];
  change(model);
  io::write_model(PETSC_COMM_WORLD, scratch / "model.h5", model);
  return refusal_of(scratch / "model.h5");
}

H5Handle properties() { return {H5Pcreate(H5P_DATASET_CREATE), H5Pclose}; }

H5Handle space_of(const std::vector<hsize_t>& extents) {
  return {H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose};
}

/// Puts another dataset in the place of /param/out.
std::string refusal_of_dataset(hid_t type, const H5Handle& space, const H5Handle& creation) {
  return refusal_after([&](hid_t file) {
    H5Ldelete(file, "/param/out", H5P_DEFAULT);
    const H5Handle made(
        H5Dcreate2(file, "/param/out", type, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT),
        H5Dclose);
    EXPECT_TRUE(made.valid());
  });
}

void write_text(hid_t file, const char* name, std::size_t size) {
  H5Adelete(file, name);
  const H5Handle type(H5Tcopy(H5T_C_S1), H5Tclose), space(H5Screate(H5S_SCALAR), H5Sclose);
  H5Tset_size(type.get(), size);
  const H5Handle attribute(
      H5Acreate2(file, name, type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const std::string text(size == H5T_VARIABLE ? 1 : size, '7');
  const char* pointer = text.c_str();
  const void* source = size == H5T_VARIABLE ? static_cast<const void*>(&pointer) : pointer;
  EXPECT_GE(H5Awrite(attribute.get(), type.get(), source), 0);
}

} // namespace

TEST(ModelRefusal, OtherFiles) {
  const Scratch scratch;
  expect_contains(refusal_of(scratch / "none.h5"), "no such file");
  expect_contains(refusal_of(scratch.folder()), "is a folder");
  write_bytes(scratch / "text.h5", "this is no HDF5 file");
  expect_contains(refusal_of(scratch / "text.h5"), "is not an HDF5 file");
  if (rank() == 0) {
    const H5Handle old(
        H5Fcreate((scratch / "old.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
    H5File other = H5File::create(MPI_COMM_SELF, scratch / "other.h5");
    other.close();
    io::write_model(MPI_COMM_SELF, scratch / "model.h5", tests::small_models()["line"]);
  }
  MPI_Barrier(PETSC_COMM_WORLD);
  expect_contains(refusal_of(scratch / "old.h5"), "its HDF5 format has no checksums");
  expect_contains(refusal_of(scratch / "other.h5"), "this is no model file");
  write_bytes(scratch / "behind.h5", std::string(512, ' ') + read_bytes(scratch / "model.h5"));
  expect_contains(refusal_of(scratch / "behind.h5"), "has a user block");
}

TEST(ModelRefusal, Header) {
  const auto changed = [](const char* name, auto value) {
    return refusal_after_write([&](H5File& file) { file.write_attribute("/", name, value); });
  };
  expect_contains(changed("format", "linnet-checkpoint"), "'format' is not 'linnet-model'");
  expect_contains(changed("version", std::int64_t{2}), "has version 2 and version 1 is known");
  expect_contains(changed("version", 1.0), "'version' must be a signed little-endian integer");
  expect_contains(changed("version", "1"), "'version' must be a signed little-endian integer");
  expect_contains(changed("dtype", "float16"), "dtype is 'float16'; float32 and float64");
  expect_contains(changed("graph", 1.0), "'graph' must be a text of fixed length");
  // Checksums of the texts.
  expect_contains(changed("graph", "{}"), "wrong checksum of its texts");
  expect_contains(changed("checksum", std::int64_t{1}), "wrong checksum of its texts");
  expect_contains(
      refusal_after_write([](H5File& file) { file.write_attribute("/provenance", "seed", "2"); }),
      "wrong checksum of its texts");
  expect_contains(
      refusal_after_write([](H5File& file) { file.write_attribute("/param/out", "role", "bias"); }),
      "wrong checksum of its texts");
  for (const char* name : {"version", "graph", "dtype", "checksum"})
    expect_contains(refusal_after([&](hid_t file) { H5Adelete(file, name); }),
                    std::string("attribute '") + name + "': is missing");
  const auto graph = [](std::size_t size) {
    return refusal_after([&](hid_t file) { write_text(file, "graph", size); });
  };
  expect_contains(graph((std::size_t{1} << 20) + 2), "more than 1048576 characters");
  expect_contains(graph(H5T_VARIABLE), "'graph' must be a text of fixed length");
}

TEST(ModelRefusal, NothingLeadsOut) {
  const auto link = [](const char* place) {
    return refusal_after([&](hid_t file) {
      EXPECT_GE(H5Lcreate_external("other.h5", "/x", file, place, H5P_DEFAULT, H5P_DEFAULT), 0);
    });
  };
  for (const char* place : {"/x", "/param/x", "/param/conv1/x", "/norm/x", "/provenance/x"})
    expect_contains(link(place), "'x' is a soft, external or user-defined link");
  // Even where it stands for an object that is expected.
  const auto replaced = [](const char* object, const char* target) {
    return refusal_after([&](hid_t file) {
      H5Lmove(file, object, file, target, H5P_DEFAULT, H5P_DEFAULT);
      EXPECT_GE(H5Lcreate_soft(target, file, object, H5P_DEFAULT, H5P_DEFAULT), 0);
    });
  };
  expect_contains(replaced("/param/out", "/norm/out"), "'out' is a soft, external");
  expect_contains(replaced("/param", "/norm/param"), "'param' is a soft, external");
  const H5Handle external = properties();
  H5Pset_external(external.get(), "raw.bin", 0, 8);
  expect_contains(refusal_of_dataset(H5T_IEEE_F32LE, space_of({1, 2}), external),
                  "/param/out: has its values in another file");
  const H5Handle virtual_layout = properties(), space = space_of({1, 2});
  H5Pset_virtual(virtual_layout.get(), space.get(), "other.h5", "/x", space.get());
  expect_contains(refusal_of_dataset(H5T_IEEE_F32LE, space, virtual_layout),
                  "/param/out: is a virtual dataset");
}

TEST(ModelRefusal, OnlyPlainStorage) {
  const hsize_t chunk[2] = {1, 2};
  const H5Handle chunked = properties(), filtered = properties(), compact = properties();
  H5Pset_chunk(chunked.get(), 2, chunk);
  H5Pset_chunk(filtered.get(), 2, chunk);
  H5Pset_fletcher32(filtered.get());
  H5Pset_layout(compact.get(), H5D_COMPACT);
  const auto with = [](const H5Handle& creation) {
    return refusal_of_dataset(H5T_IEEE_F32LE, space_of({1, 2}), creation);
  };
  expect_contains(with(filtered), "/param/out: is compressed or filtered");
  expect_contains(with(chunked), "/param/out: is not contiguous");
  expect_contains(with(compact), "/param/out: is not contiguous");
  // Nothing was written, so there is no place for it in the file.
  expect_contains(with(properties()), "/param/out: its values are not in the file");
}

TEST(ModelRefusal, OnlyTheNumberTypeOfTheFile) {
  const H5Handle pair(H5Tcreate(H5T_COMPOUND, 8), H5Tclose),
      sequence(H5Tvlen_create(H5T_IEEE_F32LE), H5Tclose), text(H5Tcopy(H5T_C_S1), H5Tclose),
      odd(H5Tcopy(H5T_IEEE_F32LE), H5Tclose);
  H5Tinsert(pair.get(), "x", 0, H5T_IEEE_F32LE);
  H5Tset_size(text.get(), H5T_VARIABLE);
  H5Tset_ebias(odd.get(), 100);
  for (const hid_t type : {pair.get(), sequence.get(), text.get(), odd.get(), H5T_IEEE_F64LE,
                           H5T_IEEE_F32BE, H5T_STD_I32LE, H5T_STD_REF_OBJ})
    expect_contains(refusal_of_dataset(type, space_of({1, 2}), properties()),
                    "/param/out: must hold little-endian numbers of the type float32");
}

TEST(ModelRefusal, ShapesAreBounded) {
  const auto with = [](const H5Handle& space) {
    return refusal_of_dataset(H5T_IEEE_F32LE, space, properties());
  };
  constexpr hsize_t most = hsize_t{1} << 31;
  expect_contains(with(space_of({1, 1, 1, 1, 1, 1, 2})), "has 7 directions; 1 to 6 are allowed");
  expect_contains(with(H5Handle(H5Screate(H5S_SCALAR), H5Sclose)), "has 0 directions");
  expect_contains(with(H5Handle(H5Screate(H5S_NULL), H5Sclose)), "has 0 directions");
  expect_contains(with(space_of({1, 0})), "has the extent 0");
  expect_contains(with(space_of({most + 1, 1})), "has the extent 2147483649");
  // The number of bytes of the last one does not fit into 64 bits.
  for (const hsize_t other : {hsize_t{1}, most / 4})
    expect_contains(with(space_of({most, other})), "its values are not in the file");
}

TEST(ModelRefusal, TheGraphSaysWhatThereIs) {
  using Model = io::ModelFile;
  expect_contains(refusal_of_model([](Model& m) { m.parameters.erase("out"); }),
                  "/param/out: is missing, the graph needs it");
  expect_contains(refusal_of_model([](Model& m) {
                    m.parameters["x"] = {{1}, {1}, ""};
                  }),
                  "/param/x: has no place in the graph");
  expect_contains(refusal_of_model([](Model& m) {
                    m.parameters["out"].shape = {2, 1};
                  }),
                  "/param/out: has the shape (2,1); the graph implies (1,2)");
  expect_contains(refusal_of_model([](Model& m) { m.graph = R"({"out": [1,})"; }),
                  "attribute 'graph': the graph: line 1, column 12: syntax error");
  // An error of usage from there is one of the file here.
  const Scratch scratch;
  io::write_model(PETSC_COMM_WORLD, scratch / "model.h5", tests::small_models()["line"]);
  const auto refuse = [](const std::string&) -> std::map<std::string, io::Shape> {
    core::throw_usage("unknown layer");
  };
  expect_contains(refusal_of(scratch / "model.h5", enough, refuse), "'graph': unknown layer");
}

TEST(ModelRefusal, OtherObjects) {
  const auto with_group = [](const char* name) {
    return refusal_after_write([&](H5File& file) { file.create_group(name); });
  };
  expect_contains(with_group("/modes"), "/modes: is no part of a model file");
  expect_contains(with_group("/provenance/x"), "/provenance: may hold attributes only");
  expect_contains(with_group("/param/a b"), "an object with the name 'a b'");
  expect_contains(refusal_after([](hid_t file) {
                    const H5Handle type(H5Tcopy(H5T_IEEE_F32LE), H5Tclose);
                    H5Tcommit2(file, "/param/type", type.get(), H5P_DEFAULT, H5P_DEFAULT,
                               H5P_DEFAULT);
                  }),
                  "/param/type: is neither a group nor a dataset");
  expect_contains(refusal_after([](hid_t file) {
                    H5Lcreate_hard(file, "/param", file, "/param/loop", H5P_DEFAULT, H5P_DEFAULT);
                  }),
                  "lies too deep");
  expect_contains(refusal_after([](hid_t file) {
                    H5Lmove(file, "/param", file, "/norm/x", H5P_DEFAULT, H5P_DEFAULT);
                    H5Lmove(file, "/norm/x/out", file, "/param", H5P_DEFAULT, H5P_DEFAULT);
                  }),
                  "/param: must be a group");
  expect_contains(refusal_after([](hid_t file) { H5Ldelete(file, "/check/output", H5P_DEFAULT); }),
                  "/check: must hold 'input' and 'output'");
  expect_contains(refusal_after([](hid_t file) {
                    H5Lmove(file, "/check/output", file, "/check/other", H5P_DEFAULT, H5P_DEFAULT);
                  }),
                  "/check/other: is no part of a model file");
}

TEST(ModelRefusal, Values) {
  const auto with = [](double value, bool sealed) {
    return refusal_after_write([&](H5File& file) {
      const io::ModelArray array{{1, 2}, {0.25, value}, "weight"};
      file.write("/param/out", {{0, 0}, {1, 2}}, array.values.data());
      if (sealed) file.write_attribute("/param/out", "checksum", io::array_checksum(array));
    });
  };
  expect_contains(with(0.5, false), "/param/out: is damaged (wrong checksum)");
  expect_contains(with(std::numeric_limits<double>::infinity(), true), "value 1 is inf");
  expect_contains(with(std::numeric_limits<double>::quiet_NaN(), true), "value 1 is nan");
  expect_contains(with(-2e8, true), "value 1 is -2e8; finite numbers of at most 1e8");
  expect_contains(refusal_after([](hid_t file) {
                    H5Adelete_by_name(file, "/norm/mean", "checksum", H5P_DEFAULT);
                  }),
                  "/norm/mean: attribute 'checksum': is missing");
}

TEST(ModelRefusal, Bytes) {
  const Scratch scratch;
  const std::string path = scratch / "model.h5";
  io::ModelFile model;
  model.graph = R"({"a": [100,5]})";
  model.parameters["a"] = tests::small_array({100, 5}, "weight", 1);
  io::write_model(PETSC_COMM_WORLD, path, model);
  EXPECT_EQ(io::read_model(PETSC_COMM_WORLD, path, tests::shapes_of, 4000), model);
  expect_contains(refusal_of(path, 3999), "the arrays have 4000 bytes and 3999 are allowed");
  expect_contains(refusal_of(path, -1), "raise the limit");
  // One array under several names needs more memory than the file has.
  MPI_Barrier(PETSC_COMM_WORLD);
  if (rank() == 0) {
    const H5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose);
    for (const char* name : {"/param/b", "/param/c"})
      H5Lcreate_hard(file.get(), "/param/a", file.get(), name, H5P_DEFAULT, H5P_DEFAULT);
  }
  MPI_Barrier(PETSC_COMM_WORLD);
  expect_contains(refusal_of(path), "the arrays have more bytes than the file");
}

TEST(ModelRefusal, PrintsNothing) {
  ::testing::internal::CaptureStderr();
  refusal_after([](hid_t file) { H5Adelete(file, "graph"); });
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}
