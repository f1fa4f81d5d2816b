// How wide the range of each channel should be where weights mix channels.
#pragma once

#include <span>
#include <vector>

#include "backbone/channel_statistics.hpp"
#include "backbone/convolution_weights.hpp"

namespace vidclass::backbone {

/// Widens ranges, none of which is narrowed, so that the expected error of the outputs of all
/// `readers` is least. With a width d_c a channel's values are rounded in steps of d_c / 255, and
/// its weights w_oc, which become w_oc d_c, in steps s_o = max_c |w_oc| d_c / 127 of their output,
/// which is s_o / d_c of w_oc. The errors of an output are then
///   sum over c of (w_oc d_c / 255)^2 / 12 + (s_o / d_c)^2 v_c / 12
/// with v_c the variance of the channel, since biases make up for the mean. So a wide range costs
/// the channel its own exactness and spares its weights'. Outputs count by the inverse of their own
/// variance. Returns the widths.
[[nodiscard]] std::vector<double> balanced_widths(std::span<const ChannelRange> ranges,
                                                  std::span<const ConvolutionWeights> readers);

}  // namespace vidclass::backbone
