// Which clips were filmed together, as far as file names tell.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace vidclass::dataset {

/// UCF101 names its clips v_<Class>_gNN_cNN.avi, and clips of one gNN show the
/// same people in the same place; NN counts anew in every class. Gives
/// "<label>_gNN" for names that hold "_g<digits>_c<digits>" before their ending,
/// and "" for all others.
[[nodiscard]] std::string group_from_name(const std::filesystem::path& clip,
                                          std::string_view label);

}  // namespace vidclass::dataset
