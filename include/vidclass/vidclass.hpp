// All of the library: classify and explain clips, extract features, read frames and data sets,
// train, evaluate.
//
// Threads: different objects may be used by different threads at once; one object by one thread at
// a time, unless it says otherwise. Functions keep no state. The library prints nothing: what it
// has to say comes through Hooks. Exceptions are those of error.hpp and std::bad_alloc.
#pragma once

#include "vidclass/choices.hpp"
#include "vidclass/classifier.hpp"
#include "vidclass/clip.hpp"
#include "vidclass/dataset.hpp"
#include "vidclass/error.hpp"
#include "vidclass/evaluate.hpp"
#include "vidclass/exchange.hpp"
#include "vidclass/explain.hpp"
#include "vidclass/extract.hpp"
#include "vidclass/frames.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/linear.hpp"
#include "vidclass/options.hpp"
#include "vidclass/tensor.hpp"
#include "vidclass/train.hpp"
#include "vidclass/version.hpp"
