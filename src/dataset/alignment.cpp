#include "dataset/alignment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace vidclass::dataset {
namespace {

constexpr std::size_t pixels = fingerprint_pixels;
/// Energy of rounding and coding in a clip without motion: keeps ratios finite.
constexpr double noise = 0.5;
/// Seconds that two clips must share, if the shorter one is not shorter itself.
constexpr double least_overlap = 1.0;
constexpr double whole_share = 0.9;
/// Shifts whose coarse residual is a larger part of the motion are not looked at closely.
constexpr double coarse_limit = 0.5;
/// Motion below which a clip counts as a still picture.
constexpr double least_motion = 1;
/// Residual of two copies in which nothing moves, at most.
constexpr double still_residual = 1;
constexpr std::size_t shifts_looked_at = 8;

/// A fingerprint, ready for sums.
struct Frames {
  std::vector<std::int16_t> values;  // `pixels` a frame
  std::vector<double> times;
  std::vector<std::int64_t> sums;
  std::vector<std::int64_t> squares;
  double gap = 0;  // seconds between two frames, the median

  Frames(const Fingerprint& fingerprint, bool mirror)
      : values(fingerprint.pictures.begin(), fingerprint.pictures.end()),
        times(fingerprint.times.begin(), fingerprint.times.end()) {
    if (mirror) {
      for (auto row = values.begin(); row != values.end(); row += fingerprint_side) {
        std::reverse(row, row + fingerprint_side);
      }
    }
    for (std::size_t i = 0; i < times.size(); ++i) {
      std::int64_t sum = 0;
      std::int64_t square = 0;
      for (std::size_t p = 0; p < pixels; ++p) {
        sum += frame(i)[p];
        square += std::int64_t{frame(i)[p]} * frame(i)[p];
      }
      sums.push_back(sum);
      squares.push_back(square);
    }
    std::vector<double> gaps(times.size());
    std::adjacent_difference(times.begin(), times.end(), gaps.begin());
    gaps.erase(gaps.begin());
    std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2),
                     gaps.end());
    gap = gaps[gaps.size() / 2];
  }

  [[nodiscard]] std::size_t count() const noexcept { return times.size(); }
  [[nodiscard]] const std::int16_t* frame(std::size_t i) const { return &values[i * pixels]; }
  [[nodiscard]] double length() const { return times.back() - times.front() + gap; }
};

std::int32_t dot(const std::int16_t* a, const std::int16_t* b) {
  std::int32_t sum = 0;
  for (std::size_t p = 0; p < pixels; ++p) sum += std::int32_t{a[p]} * b[p];
  return sum;
}

/// Sums over pairs of frames, from which the best gain and offset follow.
struct PairSums {
  double n = 0;  // frames
  double p = 0, q = 0, pp = 0, qq = 0, pq = 0;

  void add(const Frames& ps, std::size_t i, const Frames& qs, std::size_t j, double product) {
    n += 1;
    p += static_cast<double>(ps.sums[i]);
    q += static_cast<double>(qs.sums[j]);
    pp += static_cast<double>(ps.squares[i]);
    qq += static_cast<double>(qs.squares[j]);
    pq += product;
  }
};

/// p is nearly gain * q + offset.
struct Levels {
  double gain = 1;
  double offset = 0;
  double residual = 0;  // mean square of what differs
};

Levels fit(const PairSums& sums) {
  const double count = sums.n * static_cast<double>(pixels);
  const double of_p = sums.pp - sums.p * sums.p / count;
  const double of_q = sums.qq - sums.q * sums.q / count;
  const double of_both = sums.pq - sums.p * sums.q / count;
  Levels levels;
  levels.gain = of_q > 0 ? std::clamp(of_both / of_q, 0.5, 2.0) : 1.0;
  levels.offset = (sums.p - levels.gain * sums.q) / count;
  levels.residual =
      std::max(0.0, of_p - 2 * levels.gain * of_both + levels.gain * levels.gain * of_q) / count;
  return levels;
}

/// For ascending times, the frame of `frames` that is shown nearest.
class Nearest {
public:
  explicit Nearest(const Frames& frames) : frames_(frames) {}

  /// Nothing outside the clip.
  std::optional<std::size_t> at(double time) {
    const double reach = 0.75 * frames_.gap;
    if (time < frames_.times.front() - reach || time > frames_.times.back() + reach) {
      return std::nullopt;
    }
    while (next_ + 1 < frames_.count() &&
           std::abs(frames_.times[next_ + 1] - time) <= std::abs(frames_.times[next_] - time)) {
      ++next_;
    }
    return next_;
  }

private:
  const Frames& frames_;
  std::size_t next_ = 0;
};

struct Shift {
  double seconds = 0;
  double ratio = 0;  // residual over motion
};

double needed_overlap(const Frames& p, const Frames& q) {
  return std::min(least_overlap, whole_share * std::min(p.length(), q.length()));
}

/// Indices of frames that are at least about 0.2 s apart; more of a short clip.
std::vector<std::size_t> sparse(const Frames& frames) {
  const double apart = std::min(0.2, frames.length() / 8) - 1e-3;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < frames.count(); ++i) {
    if (chosen.empty() || frames.times[i] - frames.times[chosen.back()] >= apart) {
      chosen.push_back(i);
    }
  }
  return chosen;
}

/// Shifts of `q` against the denser `p` where little of the motion is left, best first.
std::vector<Shift> promising_shifts(const Frames& p, const Frames& q) {
  const std::vector<std::size_t> chosen = sparse(q);
  std::vector<std::int32_t> products(chosen.size() * p.count());
  std::vector<std::int64_t> running((chosen.size() + 1) * pixels, 0);  // sums of pictures
  for (std::size_t c = 0; c < chosen.size(); ++c) {
    const std::int16_t* picture = q.frame(chosen[c]);
    for (std::size_t i = 0; i < p.count(); ++i) {
      products[c * p.count() + i] = dot(p.frame(i), picture);
    }
    for (std::size_t x = 0; x < pixels; ++x) {
      running[(c + 1) * pixels + x] = running[c * pixels + x] + picture[x];
    }
  }

  std::vector<Shift> shifts;
  const double needed = needed_overlap(p, q);
  const double last = p.length() - needed;
  for (double shift = needed - q.length(); shift <= last; shift += p.gap) {
    Nearest nearest(p);
    PairSums sums;
    std::size_t first_chosen = chosen.size();
    for (std::size_t c = 0; c < chosen.size(); ++c) {
      const auto i = nearest.at(q.times[chosen[c]] + shift);
      if (!i) continue;
      first_chosen = std::min(first_chosen, c);
      sums.add(p, *i, q, chosen[c], products[c * p.count() + *i]);
    }
    if (sums.n < 3) continue;
    const Levels levels = fit(sums);
    double of_mean = 0;  // energy of the mean picture
    const std::size_t end_chosen = first_chosen + static_cast<std::size_t>(sums.n);
    for (std::size_t x = 0; x < pixels; ++x) {
      const auto total = static_cast<double>(running[end_chosen * pixels + x] -
                                             running[first_chosen * pixels + x]);
      of_mean += total * total / sums.n;
    }
    const double motion = std::max(0.0, sums.qq - of_mean) / sums.n / static_cast<double>(pixels);
    const double ratio = levels.residual / (levels.gain * levels.gain * motion + noise);
    if (ratio < coarse_limit || levels.residual < still_residual) shifts.push_back({shift, ratio});
  }
  std::sort(shifts.begin(), shifts.end(),
            [](const Shift& a, const Shift& b) { return a.ratio < b.ratio; });
  if (shifts.empty()) return {};
  // Where nothing moves all shifts are alike: from the start on, both show the most.
  std::vector<Shift> best{{0, 0}};
  for (const Shift& shift : shifts) {
    const bool apart = std::all_of(best.begin(), best.end(), [&](const Shift& other) {
      return std::abs(other.seconds - shift.seconds) > std::max(0.1, 1.5 * p.gap);
    });
    if (apart) best.push_back(shift);
    if (best.size() == shifts_looked_at) break;
  }
  return best;
}

using Picture = std::array<float, pixels>;

/// What of `wanted` the straight line from frame i of `p` to its neighbour cannot give.
double take_line(const Frames& p, std::size_t i, std::size_t neighbour, const Picture& wanted,
                 Picture& left) {
  Picture along;
  Picture off;
  float product = 0;
  float length = 0;
  for (std::size_t x = 0; x < pixels; ++x) {
    along[x] = static_cast<float>(p.frame(neighbour)[x] - p.frame(i)[x]);
    off[x] = wanted[x] - static_cast<float>(p.frame(i)[x]);
    product += along[x] * off[x];
    length += along[x] * along[x];
  }
  const float way = length > 0 ? std::clamp(product / length, 0.F, 1.F) : 0.F;
  double energy = 0;
  for (std::size_t x = 0; x < pixels; ++x) {
    left[x] = off[x] - way * along[x];
    energy += double{left[x]} * left[x];
  }
  return energy / static_cast<double>(pixels);
}

double decile(std::vector<double> values, double share) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::min(
                                          values.size() - 1,
                                          static_cast<std::size_t>(share * double(values.size()))));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

/// Over the moving third of the pixels: residual above that of the still third, over the
/// motion.
double excess_of(const std::array<double, pixels>& motion,
                 const std::array<double, pixels>& residual) {
  std::array<std::size_t, pixels> order{};
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return motion[a] < motion[b]; });
  constexpr std::size_t third = pixels / 3;
  double still = 0;
  double moving = 0;
  double moved = 0;
  for (std::size_t i = 0; i < third; ++i) {
    still += residual[order[i]];
    moving += residual[order[pixels - 1 - i]];
    moved += motion[order[pixels - 1 - i]];
  }
  return std::max(0.0, moving - still) / (moved + noise * double(third));
}

struct Motion {
  double energy = 0;
  double contrast = 0;  // variance over the pixels of the mean picture
  std::array<double, pixels> of_pixels{};
};

/// How pictures change about their mean. Their brightness as a whole is left aside, and so
/// is the tenth of the frames that stands out most: a fade or a black frame is common to
/// clips that have nothing else in common.
Motion motion_of(const std::vector<Picture>& shown) {
  const auto n = static_cast<double>(shown.size());
  std::array<double, pixels> mean{};
  std::vector<double> brightness;
  for (const Picture& picture : shown) {
    brightness.push_back(std::accumulate(picture.begin(), picture.end(), 0.0) / double(pixels));
    for (std::size_t x = 0; x < pixels; ++x) mean[x] += (picture[x] - brightness.back()) / n;
  }
  Motion motion;
  for (const double value : mean) motion.contrast += value * value / double(pixels);

  std::vector<double> energies;
  std::vector<std::array<float, pixels>> squares;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    auto& of_frame = squares.emplace_back();
    double energy = 0;
    for (std::size_t x = 0; x < pixels; ++x) {
      const double off = shown[i][x] - brightness[i] - mean[x];
      of_frame[x] = static_cast<float>(off * off);
      energy += off * off / double(pixels);
    }
    energies.push_back(energy);
  }
  const double most = decile(energies, 0.9);
  double kept = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (energies[i] > most) continue;
    ++kept;
    motion.energy += energies[i];
    for (std::size_t x = 0; x < pixels; ++x) motion.of_pixels[x] += double{squares[i][x]};
  }
  motion.energy /= kept;
  for (double& of_pixel : motion.of_pixels) of_pixel /= kept;
  return motion;
}

std::optional<Alignment> look_closely(const Frames& p, const Frames& q, double shift) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  PairSums sums;
  Nearest nearest(p);
  for (std::size_t j = 0; j < q.count(); ++j) {
    const auto i = nearest.at(q.times[j] + shift);
    if (!i) continue;
    pairs.emplace_back(*i, j);
    sums.add(p, *i, q, j, dot(p.frame(*i), q.frame(j)));
  }
  if (pairs.size() < 3) return std::nullopt;
  const Levels levels = fit(sums);

  std::vector<Picture> shown;  // by q, at the levels of p
  std::vector<double> residuals;
  std::array<double, pixels> residual{};
  for (const auto& [i, j] : pairs) {
    Picture& wanted = shown.emplace_back();
    for (std::size_t x = 0; x < pixels; ++x) {
      wanted[x] = static_cast<float>(levels.gain * q.frame(j)[x] + levels.offset);
    }
    Picture left;
    double energy = take_line(p, i, i + 1 < p.count() ? i + 1 : i, wanted, left);
    if (i > 0) {
      Picture before;
      if (const double other = take_line(p, i, i - 1, wanted, before); other < energy) {
        energy = other;
        left = before;
      }
    }
    residuals.push_back(energy);
    for (std::size_t x = 0; x < pixels; ++x) residual[x] += double{left[x]} * left[x];
  }

  Alignment alignment;
  alignment.shift = shift;
  alignment.overlap = q.times[pairs.back().second] - q.times[pairs.front().second] + q.gap;
  alignment.share = std::min(1.0, alignment.overlap / std::min(p.length(), q.length()));
  const Motion motion = motion_of(shown);
  alignment.motion = motion.energy;
  alignment.contrast = motion.contrast;
  for (double& of_pixel : residual) {
    of_pixel /= static_cast<double>(pairs.size());
    alignment.residual += of_pixel / double(pixels);
  }
  alignment.late_residual = decile(residuals, 0.9);
  alignment.excess = excess_of(motion.of_pixels, residual);
  return alignment;
}

}  // namespace

std::optional<Alignment> best_alignment(const Fingerprint& first, const Fingerprint& second,
                                        bool mirrored) {
  if (first.frames() < 3 || second.frames() < 3) return std::nullopt;
  const Frames a(first, false);
  const Frames b(second, mirrored);
  const bool swap = b.gap < a.gap;
  const Frames& dense = swap ? b : a;
  const Frames& other = swap ? a : b;
  std::optional<Alignment> best;
  const auto ratio = [](const Alignment& alignment) {
    return alignment.residual / (alignment.motion + noise);
  };
  for (const Shift& shift : promising_shifts(dense, other)) {
    const auto found = look_closely(dense, other, shift.seconds);
    if (!found) continue;
    const bool better =
        !best || (shows_the_same(*found) != shows_the_same(*best) ? shows_the_same(*found)
                                                                  : ratio(*found) < ratio(*best));
    if (better) best = found;
  }
  if (best && swap) best->shift = -best->shift;
  return best;
}

bool shows_the_same(const Alignment& alignment) noexcept {
  const double motion = alignment.motion;
  // Without motion nothing tells one moment from another: the pictures alone must do.
  if (motion < least_motion) {
    return alignment.share >= whole_share && alignment.residual < still_residual &&
           alignment.contrast > 100;
  }
  // Coding leaves a residual of its own, which is all that there is where little moves.
  const double limit = alignment.share >= whole_share
                           ? std::min(std::max(0.05 * motion, 1.5), 0.15 * motion)
                           : std::min(std::max(0.015 * motion, 0.5), 0.05 * motion);
  return alignment.late_residual < limit;
}

}  // namespace vidclass::dataset
