// Files that were made to harm: each is refused in one line.
#include <gtest/gtest.h>

#include <archive.h>
#include <archive_entry.h>
#include <hdf5.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "core/atomic_file.hpp"
#include "core/hdf5_maker.hpp"
#include "core/hdf5_writer.hpp"
#include "core/json.hpp"
#include "core/zip.hpp"
#include "exchange/import_keras.hpp"
#include "exchange/keras_writer.hpp"
#include "support/head_fixtures.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

namespace fs = std::filesystem;

constexpr ZipMember kept_members[] = {
    {"metadata.json", 1 << 20}, {"config.json", 1 << 20}, {"model.weights.h5", 1 << 26}};

/// The refusal, which must be one line that names the file; "" where it is read.
std::string refusal_of(const fs::path& file) {
  try {
    int frames = 0;
    static_cast<void>(read_keras_head(file, frames));
    return "";
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find(file.string()), std::string::npos) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    EXPECT_LT(text.size(), 1000U) << text;
    return text;
  }
}

class HostileFile : public ::testing::Test {
protected:
  void SetUp() override {
    const head::HeadSpec spec{.kind = head::HeadKind::keras_gru, .features = 5, .labels = 3};
    model::Model model;
    model.labels = {"a", "b", "c"};
    model.heads = {testing::made_up_head(spec)};
    write_keras(model, nullptr, good());
    ASSERT_EQ(refusal_of(good()), "");
    content_ = read_zip(good(), kept_members);
  }

  [[nodiscard]] fs::path good() const { return dir_ / "good.keras"; }
  [[nodiscard]] fs::path bad() const { return dir_ / "bad.keras"; }

  void expect_refused(const std::string& word) const {
    const std::string text = refusal_of(bad());
    EXPECT_NE(text, "") << "is read";
    EXPECT_NE(text.find(word), std::string::npos) << text;
  }
  /// The good file with some of it changed.
  void write_with(const std::function<void(ZipContent&)>& change) const {
    ZipContent changed = content_;
    change(changed);
    write_file_atomically(bad(), make_zip(changed));
  }
  void write_config(const std::string& text) const {
    write_with([&](ZipContent& zip) { zip["config.json"] = bytes(text); });
  }
  [[nodiscard]] Json config() const {
    const auto& text = content_.at("config.json");
    return parse_json({reinterpret_cast<const char*>(text.data()), text.size()});
  }
  static std::vector<std::byte> bytes(const std::string& text) {
    const auto all = std::as_bytes(std::span(text));
    return {all.begin(), all.end()};
  }
  /// With HDF5 weights that `make` makes.
  void write_weights(const std::function<void(hid_t)>& make) const {
    const fs::path file = dir_ / "weights.h5";
    write_file_atomically(file, content_.at("model.weights.h5"));
    const hid_t opened = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    make(opened);
    H5Fclose(opened);
    write_with([&](ZipContent& zip) { zip["model.weights.h5"] = bytes(read_text_file(file)); });
  }

  static constexpr const char* kernel = "layers/dense/vars/0";

  testing::TempDir dir_;
  ZipContent content_;
};

TEST_F(HostileFile, WithAnotherMemberIsRefused) {
  write_with([](ZipContent& zip) { zip["../../evil"] = bytes("x"); });
  expect_refused("evil");
  write_with([](ZipContent& zip) { zip["assets/vocabulary.txt"] = bytes("x"); });
  expect_refused("assets");
}

TEST_F(HostileFile, WithoutAMemberIsRefused) {
  for (const ZipMember& member : kept_members) {
    write_with([&](ZipContent& zip) { zip.erase(std::string(member.name)); });
    expect_refused(std::string(member.name));
  }
}

/// A zip whose entries need not have different names, nor be files.
void write_raw_zip(const fs::path& path, const ZipContent& content, const char* twice,
                   const char* link, const char* password) {
  archive* writer = archive_write_new();
  archive_write_set_format_zip(writer);
  if (password != nullptr) {
    archive_write_set_options(writer, "zip:encryption=zipcrypt");
    archive_write_set_passphrase(writer, password);
  }
  archive_write_open_filename(writer, path.c_str());
  const auto put = [&](const std::string& name, const std::vector<std::byte>& bytes) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    if (link != nullptr && name == link) {
      archive_entry_set_filetype(entry, AE_IFLNK);
      archive_entry_set_symlink(entry, "/etc/passwd");
      archive_write_header(writer, entry);
    } else {
      archive_entry_set_filetype(entry, AE_IFREG);
      archive_entry_set_perm(entry, 0644);
      archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
      archive_write_header(writer, entry);
      archive_write_data(writer, bytes.data(), bytes.size());
    }
    archive_entry_free(entry);
  };
  for (const auto& [name, bytes] : content) put(name, bytes);
  if (twice != nullptr) put(twice, content.at(twice));
  archive_write_close(writer);
  archive_write_free(writer);
}

TEST_F(HostileFile, WithAMemberTwiceIsRefused) {
  write_raw_zip(bad(), content_, "config.json", nullptr, nullptr);
  expect_refused("twice");
}

TEST_F(HostileFile, WithALinkIsRefused) {
  write_raw_zip(bad(), content_, nullptr, "config.json", nullptr);
  expect_refused("config.json");
}

TEST_F(HostileFile, ThatIsEncryptedIsRefused) {
  write_raw_zip(bad(), content_, nullptr, nullptr, "secret");
  expect_refused("encrypted");
}

TEST_F(HostileFile, ThatUnpacksToTooMuchIsRefused) {
  ZipContent content = content_;
  content["config.json"] = std::vector<std::byte>(std::size_t{17} << 20, std::byte{' '});
  write_raw_zip(bad(), content, nullptr, nullptr, nullptr);
  ASSERT_LT(fs::file_size(bad()), std::uintmax_t{1} << 20);
  expect_refused("more than");
}

TEST_F(HostileFile, CutAnywhereIsRefused) {
  const std::string whole = read_text_file(good());
  std::size_t cuts = 0;
  for (std::size_t size = 0; size < whole.size(); size += 1000, ++cuts) {
    write_file_atomically(bad(), std::string_view(whole).substr(0, size));
    EXPECT_NE(refusal_of(bad()), "") << size;
  }
  EXPECT_GT(cuts, 10U);
}

TEST_F(HostileFile, OfWeightsThatAreCutAnywhereIsRefused) {
  const auto& whole = content_.at("model.weights.h5");
  for (std::size_t size = 0; size < whole.size(); size += 1000) {
    write_with([&](ZipContent& zip) { zip["model.weights.h5"].resize(size); });
    EXPECT_NE(refusal_of(bad()), "") << size;
  }
}

TEST_F(HostileFile, OfWeightsWithBytesTurnedDoesNoHarm) {
  const auto& whole = content_.at("model.weights.h5");
  for (std::size_t at = 0; at < whole.size(); at += 97) {
    write_with([&](ZipContent& zip) { zip["model.weights.h5"][at] ^= std::byte{0xFF}; });
    static_cast<void>(refusal_of(bad()));  // weights may be any numbers
  }
}

TEST_F(HostileFile, ThatIsNoJsonIsRefused) {
  write_config("{\"class_name\": ");
  expect_refused("not JSON");
}

TEST_F(HostileFile, ThatIsNestedDeeplyIsRefused) {
  write_config(std::string(1'000'000, '['));
  expect_refused("nested too deeply");
}

TEST_F(HostileFile, OfValuesOfOtherKindsIsRefused) {
  for (const char* text : {"null", "[]", "7", "{}", R"({"class_name": 3, "config": {}})",
                           R"({"class_name": "Sequential", "config": {"layers": 1}})",
                           R"({"class_name": "Sequential", "config": {"layers": [[]]}})",
                           R"({"class_name": "Functional", "config": {"layers": []}})"}) {
    write_config(text);
    EXPECT_NE(refusal_of(bad()), "") << text;
  }
}

TEST_F(HostileFile, ThatWouldExecuteSomethingIsRefusedByName) {
  Json lambda = config();
  Json& layer = lambda["config"]["layers"].back();
  layer["class_name"] = "Lambda";
  layer["config"]["function"] = {{"class_name", "__lambda__"}, {"config", {{"code", "4wEAAA=="}}}};
  write_config(to_strict_text(lambda));
  expect_refused("Lambda");
  layer["class_name"] = "os.system";
  layer["module"] = "os";
  write_config(to_strict_text(lambda));
  expect_refused("os.system");
}

TEST_F(HostileFile, OfLayersThatReadEachOtherIsRefused) {
  Json loop = config();
  for (Json& layer : loop["config"]["layers"]) {
    if (layer["class_name"] != "GRU") continue;
    layer["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] =
        loop["config"]["layers"].back()["name"];
  }
  write_config(to_strict_text(loop));
  expect_refused("itself");
}

TEST_F(HostileFile, OfEnormousLayersIsRefused) {
  Json large = config();
  for (Json& layer : large["config"]["layers"]) {
    if (layer["class_name"] == "Dense") layer["config"]["units"] = 1ULL << 40U;
  }
  write_config(to_strict_text(large));
  expect_refused("units");
}

TEST_F(HostileFile, OfOtherSizesThanItsWeightsIsRefused) {
  Json other = config();
  for (Json& layer : other["config"]["layers"]) {
    if (layer["class_name"] == "GRU") layer["config"]["units"] = 12;
  }
  write_config(to_strict_text(other));
  expect_refused("instead of");
}

TEST_F(HostileFile, OfNamesOverSeveralLinesIsRefusedInOne) {
  Json named = config();
  named["config"]["layers"].back()["class_name"] = "Evil\n\x1b[2J" + std::string(100'000, 'x');
  write_config(to_strict_text(named));
  expect_refused("Evil\\n");
}

TEST_F(HostileFile, ThatNamesAPathOpensNothing) {
  Json named = config();
  named["config"]["layers"][0]["config"]["vocabulary"] = "/etc/passwd";
  named["config"]["layers"].back()["class_name"] = "StringLookup";
  write_config(to_strict_text(named));
  expect_refused("StringLookup");
}

TEST_F(HostileFile, WithASoftLinkIsRefused) {
  write_weights([](hid_t file) {
    H5Ldelete(file, kernel, H5P_DEFAULT);
    H5Lcreate_soft("/layers/dense_1/vars/0", file, kernel, H5P_DEFAULT, H5P_DEFAULT);
  });
  expect_refused("soft link");
}

TEST_F(HostileFile, WithAnExternalLinkIsRefused) {
  write_weights([&](hid_t file) {
    H5Ldelete(file, "layers/dense", H5P_DEFAULT);
    H5Lcreate_external((dir_ / "weights.h5").c_str(), "/layers/dense_1", file, "layers/dense",
                       H5P_DEFAULT, H5P_DEFAULT);
  });
  expect_refused("external link");
}

/// The kernel of a dense layer made anew, as `creation` says.
void replace_kernel(hid_t file, const char* name, hid_t creation, hsize_t rows, hsize_t columns) {
  H5Ldelete(file, name, H5P_DEFAULT);
  const hsize_t dims[] = {rows, columns};
  const hid_t space = H5Screate_simple(2, dims, nullptr);
  H5Dclose(H5Dcreate2(file, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
  H5Sclose(space);
}

TEST_F(HostileFile, WithExternalStorageIsRefused) {
  write_weights([&](hid_t file) {
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(creation, "/etc/passwd", 0, 256);
    replace_kernel(file, kernel, creation, 8, 8);
    H5Pclose(creation);
  });
  expect_refused("other files");
}

TEST_F(HostileFile, WithAVirtualDataSetIsRefused) {
  write_weights([&](hid_t file) {
    const hsize_t dims[] = {8, 8};
    const hid_t space = H5Screate_simple(2, dims, nullptr);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_virtual(creation, space, "/etc/passwd", "/x", space);
    replace_kernel(file, kernel, creation, 8, 8);
    H5Pclose(creation);
    H5Sclose(space);
  });
  expect_refused("other files");
}

TEST_F(HostileFile, OfADataSetLargerThanTheFileIsRefused) {
  write_weights([](hid_t file) {
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk[] = {1, 1};
    H5Pset_chunk(creation, 2, chunk);
    replace_kernel(file, kernel, creation, hsize_t{1} << 40U, 8);
    H5Pclose(creation);
  });
  expect_refused("larger than the file");
}

TEST_F(HostileFile, OfChunksLargerThanTheFileIsRefused) {
  write_weights([](hid_t file) {
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk[] = {8, hsize_t{1} << 26U};
    H5Pset_chunk(creation, 2, chunk);
    H5Ldelete(file, kernel, H5P_DEFAULT);
    const hsize_t dims[] = {8, 8};
    const hsize_t most[] = {8, H5S_UNLIMITED};
    const hid_t space = H5Screate_simple(2, dims, most);
    H5Dclose(H5Dcreate2(file, kernel, H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Sclose(space);
    H5Pclose(creation);
  });
  expect_refused("larger than the file");
}

TEST_F(HostileFile, OfAFilterThatWouldBeLoadedIsRefused) {
  write_weights([](hid_t file) {
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk[] = {8, 8};
    H5Pset_chunk(creation, 2, chunk);
    // A number that no filter of HDF5 has, and no data: the filter is asked for when it is read.
    H5Pset_filter(creation, 32000, H5Z_FLAG_OPTIONAL, 0, nullptr);
    replace_kernel(file, kernel, creation, 8, 8);
    H5Pclose(creation);
  });
  EXPECT_NE(refusal_of(bad()), "");
}

TEST_F(HostileFile, OfTextInPlaceOfNumbersIsRefused) {
  write_weights([](hid_t file) {
    H5Ldelete(file, kernel, H5P_DEFAULT);
    const hid_t type = H5Tcopy(H5T_C_S1);
    const hsize_t dims[] = {8, 8};
    const hid_t space = H5Screate_simple(2, dims, nullptr);
    H5Dclose(H5Dcreate2(file, kernel, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Tclose(type);
  });
  expect_refused("not numeric");
}

TEST_F(HostileFile, OfNumbersThatAreNoneIsRefused) {
  write_weights([](hid_t file) {
    const hid_t set = H5Dopen2(file, kernel, H5P_DEFAULT);
    const std::vector<float> values(64, NAN);
    H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(set);
  });
  expect_refused("not finite");
}

TEST_F(HostileFile, OfNumbersTooLargeForFloatIsRefused) {
  write_weights([](hid_t file) {
    H5Ldelete(file, kernel, H5P_DEFAULT);
    const hsize_t dims[] = {8, 8};
    const hid_t space = H5Screate_simple(2, dims, nullptr);
    const hid_t set =
        H5Dcreate2(file, kernel, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const std::vector<double> values(64, 1e300);
    H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(set);
    H5Sclose(space);
  });
  expect_refused("not finite");
}

TEST_F(HostileFile, OfValuesThatAreNoNumbersIsRefused) {
  const hid_t pair = H5Tcreate(H5T_COMPOUND, 8);
  H5Tinsert(pair, "a", 0, H5T_NATIVE_FLOAT);
  H5Tinsert(pair, "b", 4, H5T_NATIVE_FLOAT);
  const hsize_t two[] = {2};
  const hid_t array = H5Tarray_create2(H5T_NATIVE_FLOAT, 1, two);
  const hid_t list = H5Tvlen_create(H5T_NATIVE_FLOAT);
  const hid_t opaque = H5Tcreate(H5T_OPAQUE, 4);
  for (const hid_t type : {pair, array, list, opaque, H5Tcopy(H5T_STD_REF_OBJ)}) {
    write_weights([&](hid_t file) {
      H5Ldelete(file, kernel, H5P_DEFAULT);
      const hsize_t dims[] = {8, 8};
      const hid_t space = H5Screate_simple(2, dims, nullptr);
      H5Dclose(H5Dcreate2(file, kernel, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
      H5Sclose(space);
    });
    expect_refused("not numeric");
    H5Tclose(type);
  }
}

TEST_F(HostileFile, OfASizeThatOverflowsIsRefused) {
  write_weights([](hid_t file) {
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk[] = {1, 1};
    H5Pset_chunk(creation, 2, chunk);
    replace_kernel(file, kernel, creation, hsize_t{1} << 32U, hsize_t{1} << 31U);
    H5Pclose(creation);
  });
  expect_refused("too large");
}

TEST_F(HostileFile, WithALinkOfItsOwnKindIsRefused) {
  constexpr auto kind = static_cast<H5L_type_t>(H5L_TYPE_UD_MIN + 1);
  H5L_class_t known{};
  known.version = H5L_LINK_CLASS_T_VERS;
  known.id = kind;
  known.trav_func = [](const char*, hid_t, const void*, std::size_t, hid_t, hid_t) -> hid_t {
    ADD_FAILURE() << "is followed";
    return -1;
  };
  H5Lregister(&known);
  write_weights([&](hid_t file) {
    H5Ldelete(file, kernel, H5P_DEFAULT);
    const char path[] = "/etc/passwd";
    H5Lcreate_ud(file, kernel, kind, path, sizeof(path), H5P_DEFAULT, H5P_DEFAULT);
  });
  expect_refused("strange link");
  H5Lunregister(kind);
}

TEST_F(HostileFile, WithAGroupThatHoldsItselfIsReadToItsEnd) {
  write_weights([](hid_t file) {
    H5Lcreate_hard(file, "layers", file, "layers/dense/layers", H5P_DEFAULT, H5P_DEFAULT);
  });
  EXPECT_EQ(refusal_of(bad()), "");
}

TEST_F(HostileFile, WithAMemberSpeltOtherwiseIsRefused) {
  for (const char* name : {"./config.json", "/config.json", "CONFIG.JSON", "config.json/",
                           "config.json ", "model.weights.h5/../config.json"}) {
    write_with([&](ZipContent& zip) { zip[name] = bytes("{}"); });
    EXPECT_NE(refusal_of(bad()), "") << name;
  }
}

TEST_F(HostileFile, OfAHundredThousandMembersIsRefused) {
  write_with([](ZipContent& zip) {
    for (int i = 0; i < 100'000; ++i) zip["member" + std::to_string(i)] = {};
  });
  expect_refused("member0");
}

TEST_F(HostileFile, ThatClaimsOtherSizesOfItsMembersIsReadAsItIsOrRefused) {
  const std::string whole = read_text_file(good());
  // Packed and unpacked sizes, where the directory has them.
  for (auto entry = whole.find("PK\1\2"); entry != std::string::npos;
       entry = whole.find("PK\1\2", entry + 1)) {
    for (const std::size_t field : {20U, 24U}) {
      for (const std::uint32_t size : {0U, 7U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
        std::string changed = whole;
        std::memcpy(changed.data() + entry + field, &size, sizeof(size));
        write_file_atomically(bad(), changed);
        static_cast<void>(refusal_of(bad()));
      }
    }
  }
}

TEST_F(HostileFile, OfMoreFramesThanAClipHasIsRefused) {
  for (const Json& frames : {Json(4294967316U), Json(-20), Json(2.5), Json(1e300), Json("20")}) {
    Json changed = config();
    for (Json& layer : changed["config"]["layers"]) {
      if (layer["name"] == "features") layer["config"]["batch_shape"][1] = frames;
    }
    write_config(to_strict_text(changed));
    EXPECT_NE(refusal_of(bad()), "") << to_text(frames);
  }
}

TEST_F(HostileFile, OfUnitsThatAreNoCountIsRefused) {
  for (const Json& units : {Json(-3), Json(2.5), Json(1e300), Json("8"), Json(), Json(true)}) {
    Json changed = config();
    for (Json& layer : changed["config"]["layers"]) {
      if (layer["class_name"] == "GRU") layer["config"]["units"] = units;
    }
    write_config(to_strict_text(changed));
    EXPECT_NE(refusal_of(bad()), "") << to_text(units);
  }
}

TEST_F(HostileFile, OfLayersWithinLayersIsRefused) {
  Json within = config();
  for (Json& layer : within["config"]["layers"]) {
    if (layer["class_name"] != "Dense") continue;
    Json inner = {{"class_name", "Dense"}, {"config", layer["config"]}};
    for (int depth = 0; depth < 8; ++depth) {
      inner = {{"class_name", "TimeDistributed"}, {"config", {{"name", "t"}, {"layer", inner}}}};
    }
    layer["class_name"] = "TimeDistributed";
    layer["config"]["layer"] = inner;
  }
  write_config(to_strict_text(within));
  expect_refused("TimeDistributed");
}

TEST_F(HostileFile, OfAVarianceBelowZeroIsRefused) {
  head::HeadSpec spec{.kind = head::HeadKind::layers, .features = 5, .labels = 3};
  spec.layers = {{.kind = head::LayerKind::batch_norm, .name = "batch_normalization"},
                 {.kind = head::LayerKind::mean_over_time, .name = "mean"},
                 {.kind = head::LayerKind::dense, .name = "dense", .units = 3}};
  model::Model model;
  model.labels = {"a", "b", "c"};
  model.heads = {testing::made_up_head(spec)};
  for (float& value :
       model.heads[0].parameters.at("batch_normalization/moving_variance").data<float>()) {
    value = -5;
  }
  write_keras(model, nullptr, bad());
  expect_refused("variance");
}

TEST_F(HostileFile, OfWeightsInMoreOrdersThanCanBeTriedIsRefused) {
  NamedTensors weights;
  const auto filled = [](Shape shape) { return Tensor(DType::f32, std::move(shape)); };
  for (int i = 0; i < 30; ++i) {
    const std::string number = i > 0 ? "_" + std::to_string(i) : "";
    for (const auto& [name, gates] : {std::pair{"gru", 12U}, std::pair{"lstm", 16U}}) {
      const std::string place = "layers/" + std::string(name) + number + "/cell/vars/";
      weights.emplace(place + "0", filled({4, gates}));
      weights.emplace(place + "1", filled({4, gates}));
      weights.emplace(place + "2", gates == 12 ? filled({2, gates}) : filled({gates}));
    }
  }
  write_file_atomically(bad(), make_hdf5(weights));
  expect_refused("order");
}

TEST_F(HostileFile, OfAttributesOfOtherKindsIsRefused) {
  for (const char* attribute : {"layer_names", "model_config"}) {
    write_file_atomically(bad(), content_.at("model.weights.h5"));
    const hid_t file = H5Fopen(bad().c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t space = H5Screate(H5S_SCALAR);
    H5Aclose(H5Acreate2(file, attribute, H5T_NATIVE_INT, space, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    H5Fclose(file);
    EXPECT_NE(refusal_of(bad()), "") << attribute;
  }
}

TEST_F(HostileFile, OfMetadataThatIsNoneIsRefused) {
  for (const char* text : {"", "[", "7", R"({"keras_version": {}})"}) {
    write_with([&](ZipContent& zip) { zip["metadata.json"] = bytes(text); });
    expect_refused("metadata.json");
  }
}

TEST_F(HostileFile, OfAnotherKindIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("PK\3\4"), std::string("\x89HDF\r\n"), std::string("text"),
        std::string("PK\5\6") + std::string(18, '\0')}) {
    write_file_atomically(bad(), text);
    EXPECT_NE(refusal_of(bad()), "");
  }
  fs::remove(bad());
  fs::create_directory(bad());
  EXPECT_NE(refusal_of(bad()), "");
}

}  // namespace
}  // namespace vidclass::exchange
