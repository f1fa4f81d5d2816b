// One function compiled for several processors; the loader picks the best.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define VIDCLASS_FOR_EACH_CPU \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VIDCLASS_FOR_EACH_CPU
#endif
/// For what such functions call, so that it is compiled with them.
#define VIDCLASS_INLINE inline __attribute__((always_inline))
