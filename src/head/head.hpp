// The networks that read a clip's sequence of features and name its label.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/safetensors.hpp"
#include "head/layer.hpp"

namespace vidclass::head {

enum class HeadKind {
  /// A linear classifier on the mean of a clip's features: knows nothing of order.
  mean,
  /// The network of the Keras example "Video Classification with a CNN-RNN
  /// Architecture": GRU 16 (sequences), GRU 8, dropout 0.4, dense 8 ReLU, softmax.
  keras_gru,
  /// A bidirectional GRU over transforms of the features, pooled over time.
  gru,
  /// A linear classifier on moments over time of transforms of the features (see Head).
  moments,
  /// A chain of layers as Keras computes them (HeadSpec::layers), for networks that were trained
  /// elsewhere. vidclass does not train it.
  layers,
};

/// Reads transforms (HeadSpec::transforms).
[[nodiscard]] bool reads_transforms(HeadKind kind) noexcept;

/// What a head reads of a clip's features: x [T, D], the plain average of each frame's last
/// map, and m [T, D], the average weighted by motion; and of a map in the middle of the network,
/// where there is one, x' and m' [T, M]. A GRU reads several transforms joined along the feature
/// axis.
enum class Transform {
  plain,           // x as it is
  centred,         // x minus the clip's own mean over time: what changes, not the scene
  motion,          // m as it is: what moves
  centred_motion,  // m minus the clip's own mean over time
  contrast,        // m - x: how what moves differs from the whole
  // The same of x' and m'.
  middle_plain,
  middle_centred,
  middle_motion,
  middle_centred_motion,
  middle_contrast,
};
/// Reads m or m', so that the head needs two poolings.
[[nodiscard]] bool needs_motion(Transform transform) noexcept;
/// Reads x' or m'.
[[nodiscard]] bool needs_middle(Transform transform) noexcept;
/// Has the clip's own mean over time subtracted.
[[nodiscard]] bool is_centred(Transform transform) noexcept;
/// The same of x' and m'.
[[nodiscard]] Transform in_the_middle(Transform transform) noexcept;

[[nodiscard]] std::string_view to_string(HeadKind kind) noexcept;
[[nodiscard]] std::string_view to_string(Transform transform) noexcept;
/// Throw UsageError naming the choices. Of the kinds, those that are trained: all but `layers`.
[[nodiscard]] HeadKind head_kind_from(std::string_view name);
[[nodiscard]] Transform transform_from(std::string_view name);

/// Sizes of the Keras example's network.
inline constexpr std::size_t keras_gru_units[] = {16, 8};
inline constexpr std::size_t keras_dense_units = 8;
inline constexpr double keras_dropout = 0.4;

struct HeadSpec {
  HeadKind kind = HeadKind::gru;
  std::size_t features = 0;  // D
  std::size_t middle = 0;    // M, 0 without
  /// P, 1 or 2: a clip is [T, P (D + M)], x, m, x' and m'. `mean`, `keras_gru` and
  /// `layers` read x alone.
  std::size_t poolings = 1;
  std::size_t labels = 0;                                 // L, at least 2
  std::vector<Transform> transforms{Transform::centred};  // of `gru` and `moments`
  /// Of `gru` and `moments`: D' and M', axes of each map that x and m, x' and m' are read along, as
  /// if they were a frame's features; 0: the features themselves are read.
  std::size_t axes = 0;
  std::size_t middle_axes = 0;
  // The rest is read for `gru` only.
  std::size_t projection = 128;  // U, units of the dense layer before the GRU
  std::size_t hidden = 128;      // H, units of the GRU in each direction
  // Of `layers` only.
  std::vector<Layer> layers{};
  /// Frames that the layers which know of no end of a clip (Layer::masked) always run over: clips
  /// are filled up with zeros to as many, and have no more. 0: all layers know it.
  std::size_t steps = 0;
};

/// A trained head. Parameters by name, float32, in Keras's layouts (dense kernel
/// [in, out]; GRU kernel [in, 3 units], recurrent_kernel [units, 3 units], bias
/// [2, 3 units], gates in the order update, reset, candidate, with reset_after):
///
///   mean       norm/mean, norm/scale [D]; classifier/kernel [D, L], classifier/bias [L]
///   keras-gru  gru/*, gru_1/*, dense/*, dense_1/*, as Keras names them
///   gru        norm/mean, norm/scale [V D]; projection/kernel [V D, U], projection/bias;
///              forward/*, backward/* GRU [U -> H]; classifier/kernel [2 H, L],
///              classifier/bias [L]
///   moments    norm/mean [W]; classifier/kernel [W, L], classifier/bias [L], with W the sum
///              of the transforms' moments (moments_of)
///
///   layers     those of each layer, "<layer>/..." (parameter_shapes of layer.hpp)
///
/// and those that read along axes axes/last [D, D'] and axes/middle [M, M'], by which x and m, x'
/// and m' are multiplied before all else; D and M above are then D' and M'.
///
/// norm: (x - mean) * scale, feature by feature. Of `moments`, less norm/mean, each moment of
/// each transform is scaled to the Euclidean length moments_length / sqrt(their number).
///
/// The moments of a transform v [T, D] are D values each: of one that is not centred the mean over
/// time; of a centred one the deviation over time and the first cosine_moments coefficients of
/// the cosine transform over time, c_k = sqrt(2) / T sum_t cos(pi k (t + 1/2) / T) v_t, which
/// say when in the clip a feature is high.
struct Head {
  HeadSpec spec;
  NamedTensors parameters;
};

inline constexpr std::size_t cosine_moments = 3;
/// With unit length the weights would have to grow further than AdamW's steps take them; see
/// docs/training.md.
inline constexpr float moments_length = 4;
/// Below it a length counts as 0 (in squares).
inline constexpr float moments_epsilon = 1e-12F;
/// How many the moments of a transform are.
[[nodiscard]] std::size_t moments_of(Transform transform) noexcept;

/// Values of a transform in a frame: D or M, or the number of axes.
[[nodiscard]] std::size_t width_of(Transform transform, const HeadSpec& spec) noexcept;
/// What the first kernel of a head that reads transforms takes: of a `gru` the values of all
/// transforms in a frame, of `moments` all their moments (W).
[[nodiscard]] std::size_t values_read(const HeadSpec& spec) noexcept;
/// The length that each moment of a `moments` head is scaled to.
[[nodiscard]] float moment_length(const HeadSpec& spec) noexcept;
/// P (D + M).
[[nodiscard]] std::size_t input_width(const HeadSpec& spec) noexcept;
/// Name and shape of each parameter that a head of this spec has.
[[nodiscard]] std::vector<std::pair<std::string, Shape>> parameter_shapes(const HeadSpec& spec);
/// Number of trainable values (norm/* and axes/* are not trained).
[[nodiscard]] std::size_t parameter_count(const HeadSpec& spec);
/// Throws Error naming the first parameter that is missing, superfluous, of
/// another shape or not finite.
void check(const Head& head);

/// Several heads whose probabilities are averaged with equal weight. At least
/// one; all of the same sizes of what they read, and of labels.
using Ensemble = std::vector<Head>;

}  // namespace vidclass::head
