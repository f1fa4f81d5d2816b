// Which clips were filmed together, as far as file names tell.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace vidclass::dataset {

/// UCF101 names its clips v_<Class>_gNN_cNN.avi, and clips of one gNN show the
/// same people in the same place; NN counts anew in every class: gives
/// "<label>_gNN". HMDB51 names them <video>_<class>_<tags>_N.avi, as in
/// April_09_brush_hair_u_nm_np1_ba_goo_0.avi, where <video> is what they were cut
/// from: gives "<label>_<video>". "" for all other names.
[[nodiscard]] std::string group_from_name(const std::filesystem::path& clip,
                                          std::string_view label);

}  // namespace vidclass::dataset
