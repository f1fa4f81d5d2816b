// Marks what libvidclass shows to other programs; all else is hidden in it.
#pragma once

#define VIDCLASS_EXPORT __attribute__((visibility("default")))
