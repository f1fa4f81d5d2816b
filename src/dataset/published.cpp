#include "dataset/published.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {

const std::vector<PublishedDataset>& published_datasets() {
  static const std::vector<PublishedDataset> datasets{
      {.name = "ucf101",
       .description = "human actions from YouTube; three official folds",
       .page = "https://www.crcv.ucf.edu/research/data-sets/ucf101/",
       .clips = 13'320,
       .classes = 101,
       // The makers publish no checksums of these; the sizes are the server's.
       .archives = {{.file = {.name = "UCF101.rar",
                              .url = "https://www.crcv.ucf.edu/data/UCF101/UCF101.rar"},
                     .folder = "UCF-101"},
                    {.file = {.name = "UCF101TrainTestSplits-RecognitionTask.zip",
                              .url = "https://www.crcv.ucf.edu/data/UCF101/"
                                     "UCF101TrainTestSplits-RecognitionTask.zip"},
                     .folder = "ucfTrainTestlist"}}},
      {.name = "hmdb51",
       .description = "human actions from films and the web; three official folds",
       .page = "https://serre-lab.clps.brown.edu/resource/"
               "hmdb-a-large-human-motion-database/",
       .clips = 6'766,
       .classes = 51,
       // MD5 of the clips as in DMVR's examples/generate_hmdb.py, of the lists as in that and in
       // torchvision/datasets/hmdb51.py.
       .archives = {{.file = {.name = "hmdb51_org.rar",
                              .url = "https://serre-lab.clps.brown.edu/wp-content/uploads/2013/10/"
                                     "hmdb51_org.rar",
                              .md5 = "517d6f1f19f215c45cdd4d25356be1fb"},
                     .folder = "hmdb51_org",
                     .nested = true},
                    {.file = {.name = "test_train_splits.rar",
                              .url = "https://serre-lab.clps.brown.edu/wp-content/uploads/2013/10/"
                                     "test_train_splits.rar",
                              .md5 = "15e67781e70dcfbdce2d7dbb9b3344b5"},
                     .folder = "testTrainMulti_7030_splits"}}}};
  return datasets;
}

const PublishedDataset& find_published_dataset(std::string_view name) {
  const auto& all = published_datasets();
  const std::string word = lower(name);
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const PublishedDataset& each) { return each.name == word; });
  if (found != all.end()) return *found;
  std::string known;
  for (const PublishedDataset& each : all)
    known.append(known.empty() ? "" : ", ").append(each.name);
  throw UsageError("unknown data set " + in_quotes(name) + ": choose one of " + known);
}

}  // namespace vidclass::dataset
