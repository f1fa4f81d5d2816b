#include "dataset/deep_look.hpp"

#include "vidclass/error.hpp"

namespace vidclass::dataset {

DeepLook look_deep(const video::ClipSource& clip, const video::Limits& limits,
                   const CancellationToken& cancel) {
  DeepLook look;
  try {
    const video::Thumbnails thumbnails = video::thumbnails_of(clip, {}, cancel, limits);
    look.damage = thumbnails.damage;
    look.fingerprint = fingerprint_from(thumbnails);
  } catch (const ClipError& error) {
    look.reason = error.reason();
  }
  return look;
}

}  // namespace vidclass::dataset
