#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "backbone/backbone.hpp"
#include "backbone/weights.hpp"
#include "backbone/xception_weights.hpp"
#include "support/environment.hpp"
#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

namespace fs = std::filesystem;
using testing::shared_data;
using testing::TempDir;
using testing::Variable;

const PublishedFile file{"weights.h5", "http://127.0.0.1:1/weights.h5", 10, "none"};

void put(const fs::path& path) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << "content";
}

class WeightSearch : public ::testing::Test {
protected:
  TempDir dir;
  WeightSource source{dir / "weights", dir / "cache", false};
};

TEST_F(WeightSearch, LooksIntoTheGivenFolderFirst) {
  put(dir / "weights/weights.h5");
  put(dir / "cache/weights.h5");
  EXPECT_EQ(obtain_weights(source, file), dir / "weights/weights.h5");
}

TEST_F(WeightSearch, LooksIntoTheCacheSecond) {
  put(dir / "cache/weights.h5");
  EXPECT_EQ(obtain_weights(source, file), dir / "cache/weights.h5");
}

TEST_F(WeightSearch, NeedsNoGivenFolder) {
  source.weights_dir.reset();
  put(dir / "cache/weights.h5");
  EXPECT_EQ(find_weights(source, file), dir / "cache/weights.h5");
}

TEST_F(WeightSearch, FindsNothingWhereNothingIs) {
  EXPECT_EQ(find_weights(source, file), std::nullopt);
}

TEST_F(WeightSearch, TakesNoFolderForAFile) {
  fs::create_directories(dir / "weights/weights.h5");
  EXPECT_EQ(find_weights(source, file), std::nullopt);
}

TEST_F(WeightSearch, SaysWhatToDoWhenOffline) {
  try {
    (void)obtain_weights(source, file);
    FAIL();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("weights.h5"), std::string::npos) << message;
    EXPECT_NE(message.find("VIDCLASS_OFFLINE"), std::string::npos) << message;
    EXPECT_NE(message.find("VIDCLASS_WEIGHTS_DIR"), std::string::npos) << message;
  }
}

TEST_F(WeightSearch, SaysWhatToDoWhenTheDownloadFails) {
  source.may_download = true;
  try {
    (void)obtain_weights(source, file);
    FAIL();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find(file.url), std::string::npos) << message;
    EXPECT_NE(message.find("VIDCLASS_WEIGHTS_DIR"), std::string::npos) << message;
  }
}

TEST(WeightSourceFromEnvironment, ReadsTheGivenFolder) {
  const Variable weights("VIDCLASS_WEIGHTS_DIR", "/some/weights");
  EXPECT_EQ(WeightSource::from_environment().weights_dir, fs::path("/some/weights"));
}

TEST(WeightSourceFromEnvironment, TakesAnEmptyFolderForNone) {
  const Variable weights("VIDCLASS_WEIGHTS_DIR", "");
  EXPECT_EQ(WeightSource::from_environment().weights_dir, std::nullopt);
}

TEST(WeightSourceFromEnvironment, KeepsDownloadsInTheUsersCache) {
  const Variable xdg("XDG_CACHE_HOME", "/xdg");
  EXPECT_EQ(WeightSource::from_environment().cache_dir, "/xdg/vidclass/weights");
}

TEST(WeightSourceFromEnvironment, MayDownloadUnlessOffline) {
  {
    const Variable offline("VIDCLASS_OFFLINE", nullptr);
    EXPECT_TRUE(WeightSource::from_environment().may_download);
  }
  const Variable offline("VIDCLASS_OFFLINE", "1");
  EXPECT_FALSE(WeightSource::from_environment().may_download);
}

/// Xception with a folder of weights of the test's making, and no other source.
class XceptionWeightFiles : public ::testing::Test {
protected:
  /// What describing (or compiling) Xception says; empty if it works.
  std::string complaint() const {
    const Variable weights("VIDCLASS_WEIGHTS_DIR", dir.path().string());
    const Variable xdg("XDG_CACHE_HOME", (dir / "no-cache").string());
    const Variable offline("VIDCLASS_OFFLINE", "1");
    try {
      const Backbone network{BackboneOptions()};
      return "";
    } catch (const UsageError& error) {
      return std::string("usage: ") + error.what();
    } catch (const Error& error) {
      return error.what();
    }
  }
  fs::path target() const { return dir / xception_file().name; }

  TempDir dir;
};

TEST_F(XceptionWeightFiles, ThatAreMissingAreAClearError) {
  EXPECT_NE(complaint().find("are not at hand"), std::string::npos) << complaint();
}

TEST_F(XceptionWeightFiles, ThatAreNoHdf5AreAnErrorNamingTheFile) {
  put(target());
  EXPECT_EQ(complaint(), target().string() + " is not an HDF5 file, or is damaged");
}

TEST_F(XceptionWeightFiles, ThatAreCutShortAreAnErrorNamingTheFile) {
  VIDCLASS_NEED_SHARED_DATA();
  fs::copy_file(shared_data() / "weights" / xception_file().name, target());
  fs::permissions(target(), fs::perms::owner_write, fs::perm_options::add);
  fs::resize_file(target(), fs::file_size(target()) - 1000);
  EXPECT_NE(complaint().find(target().string()), std::string::npos) << complaint();
}

TEST_F(XceptionWeightFiles, OfAnotherNetworkAreAnErrorNamingTheFirstMissingLayer) {
  VIDCLASS_NEED_SHARED_DATA();
  fs::copy_file(shared_data() / "reference/keras_gru_legacy.h5", target());
  EXPECT_EQ(complaint(),
            target().string() + " is not Xception's weights: the layer block1_conv1 is missing");
}

TEST_F(XceptionWeightFiles, OfAnotherNetworkInTheLayoutOfKeras3AreAnErrorNamingWhatIsMissing) {
  VIDCLASS_NEED_SHARED_DATA();
  fs::copy_file(shared_data() / "reference/keras_gru.weights.h5", target());
  EXPECT_EQ(complaint(),
            target().string() + " is not Xception's weights: layers/conv2d/vars/0 is missing");
}

TEST(VerifyXceptionWeights, KnowsThePublishedValuesInAnotherContainer) {
  VIDCLASS_NEED_SHARED_DATA();
  const auto check = verify_xception_weights(shared_data() / "weights" / xception_file().name);
  EXPECT_TRUE(check.published_values);
  EXPECT_FALSE(check.published_file);
  EXPECT_EQ(check.values_sha256, published_xception_digest);
}

TEST(VerifyXceptionWeights, OfAMissingFileThrows) {
  EXPECT_THROW((void)verify_xception_weights("/nonesuch/file.h5"), Error);
}

}  // namespace
}  // namespace vidclass::backbone
