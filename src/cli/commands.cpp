#include "cli/command.hpp"

namespace vidclass::cli {

const std::vector<CommandEntry>& all_commands() {
  static const std::vector<CommandEntry> commands{
      {"run", "the whole job: scan, extract, train, evaluate", make_run},
      {"scan", "what is there: classes, splits, clips that cannot be read, leaks", make_scan},
      {"extract", "compute features of clips, into the cache and into files", make_extract},
      {"train", "train a head on the features (extracts what is missing)", make_train},
      {"tune", "try settings of the training and keep all results in one table", make_tune},
      {"evaluate", "score a model on labelled clips", make_evaluate},
      {"predict", "label clips, with probabilities", make_predict},
      {"serve", "answer over HTTP, with a page", make_serve},
      {"explain", "which frames and places made a model choose a label", make_explain},
      {"compare", "several evaluations side by side", make_compare},
      {"export", "write a model as a network for other programs", make_export},
      {"import", "make a model of a network that Keras saved", make_import},
      {"dataset", "list and fetch published data sets", make_dataset},
      {"generate", "write synthetic clips to try everything on", make_generate},
      {"backbone", "list, fetch, verify and quantise the networks", make_backbone},
      {"cache", "look after the feature cache", make_cache},
      {"bench", "measure networks and precisions on this machine and these clips", make_bench},
  };
  return commands;
}

}  // namespace vidclass::cli
