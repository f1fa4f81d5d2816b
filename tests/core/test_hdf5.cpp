#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/hdf5.hpp"
#include "core/hdf5_maker.hpp"
#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

using testing::Hdf5Maker;
using testing::TempDir;
using Strings = std::vector<std::string>;

class Hdf5 : public ::testing::Test {
protected:
  Hdf5() {
    const Hdf5Maker maker(path);
    maker.group("layers");
    maker.group("layers/empty");
    maker.dataset<float>("layers/kernel", H5T_NATIVE_FLOAT, {2, 3}, {1, 2, 3, 4, 5, 6});
    maker.dataset<double>("doubles", H5T_NATIVE_DOUBLE, {2}, {0.5, 1.5});
    maker.dataset<int>("integers", H5T_NATIVE_INT, {2}, {-1, 7});
    maker.dataset<float>("scalar", H5T_NATIVE_FLOAT, {}, {2.5F});
    maker.dataset<float>("nothing", H5T_NATIVE_FLOAT, {0}, {});
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, 4);
    maker.dataset<char>("text", text, {1}, {'a', 'b', 'c', 'd'});
    H5Tclose(text);
    maker.fixed_strings("/", "fixed", {"one", "three", ""}, 5);
    maker.variable_strings("/", "variable", {"alpha", "", "gamma"});
    maker.scalar_string("layers", "version", "2.1");
    maker.fixed_strings("layers", "long0", {"a", "b"}, 1);
    maker.fixed_strings("layers", "long1", {"c"}, 1);
  }
  TempDir dir;
  std::filesystem::path path = dir / "file.h5";
};

TEST_F(Hdf5, LoadsADataSetWithItsShape) {
  const Tensor kernel = Hdf5File(path).load_f32("layers/kernel");
  EXPECT_EQ(kernel.shape(), (Shape{2, 3}));
  EXPECT_EQ(kernel.data<float>()[5], 6);
}

TEST_F(Hdf5, LoadsDoublesAsFloats) {
  EXPECT_EQ(Hdf5File(path).load_f32("doubles").data<float>()[1], 1.5F);
}

TEST_F(Hdf5, LoadsIntegersAsFloats) {
  EXPECT_EQ(Hdf5File(path).load_f32("integers").data<float>()[0], -1);
}

TEST_F(Hdf5, LoadsAScalar) {
  const Tensor scalar = Hdf5File(path).load_f32("scalar");
  EXPECT_EQ(scalar.rank(), 0U);
  EXPECT_EQ(scalar.data<float>()[0], 2.5F);
}

TEST_F(Hdf5, LoadsAnEmptyDataSet) {
  EXPECT_EQ(Hdf5File(path).load_f32("nothing").shape(), Shape{0});
}

TEST_F(Hdf5, DoesNotLoadWhatIsMissing) {
  EXPECT_THROW((void)Hdf5File(path).load_f32("layers/nonesuch"), Error);
}

TEST_F(Hdf5, DoesNotLoadAGroup) { EXPECT_THROW((void)Hdf5File(path).load_f32("layers"), Error); }

TEST_F(Hdf5, DoesNotLoadText) { EXPECT_THROW((void)Hdf5File(path).load_f32("text"), Error); }

TEST_F(Hdf5, ContainsGroupsAndDataSets) {
  const Hdf5File file(path);
  EXPECT_TRUE(file.contains("layers"));
  EXPECT_TRUE(file.contains("layers/kernel"));
  EXPECT_TRUE(file.contains("/layers/kernel"));
}

TEST_F(Hdf5, ContainsItsRoot) { EXPECT_TRUE(Hdf5File(path).contains("/")); }

TEST_F(Hdf5, ContainsNothingBelowWhatIsMissing) {
  EXPECT_FALSE(Hdf5File(path).contains("nonesuch/kernel"));
}

TEST_F(Hdf5, ListsTheMembersOfAGroup) {
  EXPECT_EQ(Hdf5File(path).members("layers"), (Strings{"empty", "kernel"}));
}

TEST_F(Hdf5, ListsNoMembersOfAnEmptyGroup) {
  EXPECT_TRUE(Hdf5File(path).members("layers/empty").empty());
}

TEST_F(Hdf5, ListsNoMembersOfADataSet) {
  EXPECT_THROW((void)Hdf5File(path).members("layers/kernel"), Error);
}

TEST_F(Hdf5, ReadsTextsOfFixedLength) {
  EXPECT_EQ(Hdf5File(path).strings("/", "fixed"), (Strings{"one", "three", ""}));
}

TEST_F(Hdf5, ReadsTextsOfVariableLength) {
  EXPECT_EQ(Hdf5File(path).strings("/", "variable"), (Strings{"alpha", "", "gamma"}));
}

TEST_F(Hdf5, ReadsASingleText) {
  EXPECT_EQ(Hdf5File(path).strings("layers", "version"), Strings{"2.1"});
}

TEST_F(Hdf5, JoinsAnAttributeInParts) {
  EXPECT_EQ(Hdf5File(path).strings("layers", "long"), (Strings{"a", "b", "c"}));
}

TEST_F(Hdf5, DoesNotReadAMissingAttribute) {
  EXPECT_THROW((void)Hdf5File(path).strings("layers", "nonesuch"), Error);
}

TEST_F(Hdf5, DoesNotReadAttributesOfAMissingObject) {
  EXPECT_THROW((void)Hdf5File(path).strings("nonesuch", "version"), Error);
}

TEST_F(Hdf5, KnowsWhichAttributesThereAre) {
  const Hdf5File file(path);
  EXPECT_TRUE(file.has_attribute("layers", "version"));
  EXPECT_FALSE(file.has_attribute("layers", "nonesuch"));
}

TEST_F(Hdf5, MayBeMoved) {
  Hdf5File first(path);
  const Hdf5File second(std::move(first));
  EXPECT_TRUE(second.contains("layers"));
}

TEST_F(Hdf5, CutShortThrows) {
  for (const double share : {0.1, 0.5, 0.9}) {
    const auto size =
        static_cast<std::uintmax_t>(share * static_cast<double>(std::filesystem::file_size(path)));
    const auto cut = dir / "cut.h5";
    std::filesystem::copy_file(path, cut, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(cut, size);
    EXPECT_THROW((void)Hdf5File(cut), Error) << "cut to " << size << " bytes";
  }
}

TEST_F(Hdf5, ThatIsSomethingElseThrowsAnErrorNamingIt) {
  const auto other = dir / "other.h5";
  std::ofstream(other) << "this is no HDF5 file";
  try {
    (void)Hdf5File(other);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(other.string()), std::string::npos);
  }
}

TEST_F(Hdf5, ThatIsMissingThrows) { EXPECT_THROW((void)Hdf5File(dir / "missing.h5"), Error); }

TEST_F(Hdf5, ThatIsAFolderThrows) { EXPECT_THROW((void)Hdf5File(dir.path()), Error); }

TEST_F(Hdf5, ThatIsEmptyThrows) {
  std::ofstream(dir / "empty.h5").close();
  EXPECT_THROW((void)Hdf5File(dir / "empty.h5"), Error);
}

/// A data set whose shape was changed in the file to 2^40 x 3 values.
TEST_F(Hdf5, DoesNotLoadADataSetThatClaimsMoreThanTheFileCanHold) {
  std::ifstream in(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  in.close();
  const std::string dims("\x02\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0", 16);
  std::size_t changed = 0;
  for (std::size_t at = content.find(dims); at != std::string::npos;
       at = content.find(dims, at + 1)) {
    content[at + 5] = '\x01';
    ++changed;
  }
  ASSERT_GT(changed, 0U);
  std::ofstream(path, std::ios::binary) << content;
  EXPECT_THROW((void)Hdf5File(path).load_f32("layers/kernel"), Error);
}

TEST(Hdf5OfKeras, NamesTheLayersOfXception) {
  VIDCLASS_NEED_SHARED_DATA();
  const Hdf5File file(testing::shared_data() /
                      "weights/xception_weights_tf_dim_ordering_tf_kernels_notop.h5");
  const Strings layers = file.strings("/", "layer_names");
  EXPECT_NE(std::find(layers.begin(), layers.end(), "block14_sepconv2"), layers.end());
}

TEST(Hdf5OfKeras, HoldsTheFirstKernelOfXception) {
  VIDCLASS_NEED_SHARED_DATA();
  const Hdf5File file(testing::shared_data() /
                      "weights/xception_weights_tf_dim_ordering_tf_kernels_notop.h5");
  const Strings names = file.strings("block1_conv1", "weight_names");
  EXPECT_EQ(file.load_f32("block1_conv1/" + names.at(0)).shape(), (Shape{3, 3, 3, 32}));
}

}  // namespace
}  // namespace vidclass
