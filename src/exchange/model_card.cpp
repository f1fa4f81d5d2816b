#include "exchange/model_card.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/json.hpp"
#include "core/own_files.hpp"
#include "vidclass/version.hpp"

namespace vidclass::exchange {
namespace {

struct Range {
  double low, high;
};

/// Of a share of `count`, 95 % (Wilson 1927, "Probable Inference, the Law of Succession, and
/// Statistical Inference").
Range wilson(double share, std::size_t count) {
  constexpr double z = 1.959964;
  const auto n = static_cast<double>(count);
  const double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double half =
      z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {middle - half, middle + half};
}

/// Text of others, which may hold any character, in a line of Markdown.
std::string quoted(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ') {
      result += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>#|").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string item(const std::string& what) { return "- " + what + "\n"; }

std::string network_section(const Source& source, const Format& format,
                            const ExportReport& report) {
  const model::Model& model = source.model;
  std::string text = "## Network\n\n";
  text += item(vidclass::format("reads {}", source.frames ? "frames" : "features of frames"));
  for (const auto& [key, value] : source.description) {
    if (key != "inputs") continue;
    const Json inputs = parse_json(value);
    for (const auto& [name, meaning] : inputs.items()) {
      text += item(vidclass::format("input `{}`: {}", name, meaning.get<std::string>()));
    }
  }
  text +=
      item(vidclass::format("output `probabilities`: float32 [clips, {}], in the order of the "
                            "labels below",
                            model.labels.size()));
  text += item(vidclass::format("network for frames: {} (fingerprint {})", quoted(model.backbone),
                                model.fingerprint));
  text += item(vidclass::format("heads whose probabilities are averaged: {}", model.heads.size()));
  text += item(vidclass::format("weights: {}", to_string(source.precision)));
  text += item(vidclass::format(
      "read back ({}) and run on {} made-up clips: probabilities differ from the model's by up to "
      "{:.2g}",
      format.runs_in, report.clips, report.largest_difference));
  if (report.without_motion) {
    text += item(
        "the model's motion stream is no network and not part of this: appearance alone decides, "
        "so that results differ from those of the model");
  }
  return text + "\n";
}

std::string clips_section(const video::ClipSettings& clip) {
  std::string text = "## Clips\n\n";
  text += item(vidclass::format("{} frames of a clip at most, sampling {}", clip.frames,
                                video::to_string(clip.sampling)));
  if (clip.fps > 0) text += item(vidclass::format("sampled from {} frames/s", clip.fps));
  text += item(vidclass::format("{0} x {0} pixels, RGB; crop {1}, preprocessing {2}", clip.size,
                                video::to_string(clip.crop), video::to_string(clip.preprocess)));
  return text + "\n";
}

std::string labels_section(const std::vector<std::string>& labels) {
  std::string text = "## Labels\n\n";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text += vidclass::format("{}. {}\n", i, quoted(labels[i]));
  }
  return text + "\n";
}

std::string score(const char* of, double top1, std::size_t clips) {
  const auto [low, high] = wilson(top1, clips);
  return item(
      vidclass::format("top-1 on the {} validation clips{}: {:.1f} % (95 % interval {:.1f} "
                       "to {:.1f}, as if clips were independent; those of one scene are "
                       "not)",
                       clips, of, top1 * 100, low * 100, high * 100));
}

std::string training_section(const model::Model& model) {
  if (!model.training) {
    return "## Training\n\nThe model file does not tell how it was trained, on what, or how well "
           "it does.\n\n";
  }
  const model::TrainingRecord& record = *model.training;
  std::string text = "## Training\n\n";
  text += item(
      vidclass::format("clips: {} to train, {} to validate", record.train_clips, record.val_clips));
  if (record.val_clips > 0) {
    if (record.streams) {
      text += score(", by appearance, which is what is exported",
                    record.streams->appearance_val_top1, record.val_clips);
      text += score(", with the motion stream", record.val_top1, record.val_clips);
    } else {
      text += score("", record.val_top1, record.val_clips);
    }
    text +=
        item("the epochs to keep were chosen on these clips, so that new clips may score lower");
  }
  if (record.refitted) {
    text += item("scored first, then trained once more, on the validation clips as well");
  }
  const train::Recipe& recipe = record.recipe;
  text += item(vidclass::format(
      "seed {}; {} epochs, batches of {}, learning rate {}, {}, weight "
      "decay {}, label smoothing {}",
      record.seed, recipe.epochs, recipe.batch_size, recipe.learning_rate,
      train::to_string(recipe.optimiser), recipe.weight_decay, recipe.label_smoothing));
  if (record.finetune) {
    text += item(vidclass::format("the network for frames was fine-tuned: {}",
                                  quoted(record.finetune->blocks)));
  }
  return text + "\n";
}

/// Of the networks that are known by name.
std::string licence_section(const Source& source) {
  const model::Model& model = source.model;
  std::string text = "## Licence of the weights\n\n";
  text += item(
      "the heads were trained by whoever made the model, whose clips may bind them; the model file "
      "tells no licence");
  const char* of = source.frames ? "are part of this" : "made the features";
  if (model.network) {
    text +=
        item(vidclass::format("the weights of {}, which {}, come from a file that tells no licence",
                              quoted(model.backbone), of));
  } else if (model.backbone == "xception") {
    text +=
        item(vidclass::format("the weights of Xception, which {}, are those that Keras "
                              "publishes (MIT), trained on ImageNet, whose pictures are for "
                              "non-commercial research",
                              of));
  } else if (model.backbone == "lite0") {
    text +=
        item(vidclass::format("the weights of EfficientNet-Lite0, which {}, are those of "
                              "tensorflow/tpu (Apache-2.0), trained on ImageNet, whose "
                              "pictures are for non-commercial research",
                              of));
  }
  return text + "\n";
}

std::string limits_section(const model::Model& model) {
  std::string text = "## Not tested for\n\n";
  text += item("labels other than those above: one of them always gets the highest probability");
  text += item("clips of other places, cameras and people than those it was trained on");
  text += item("decisions about people, safety or health");
  if (model.training) {
    text += item(
        "test clips: the model file holds the score on the validation clips alone "
        "(`vidclass evaluate` gives that of others)");
  }
  return text;
}

}  // namespace

std::string model_card(const Source& source, const Format& format,
                       const std::filesystem::path& output, const ExportReport& report) {
  return vidclass::format("# {}\n\n{}, written by vidclass {} as {}.\n\n",
                          quoted(output.filename().string()), summary(source.model, source.frames),
                          version(), format.about) +
         network_section(source, format, report) + clips_section(source.model.clip) +
         labels_section(source.model.labels) + training_section(source.model) +
         licence_section(source) + limits_section(source.model);
}

std::string among_other_cards(const std::string& card, const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / card_name;
  std::error_code error;
  if (!OwnFiles(folder).lists(file) || !std::filesystem::is_regular_file(file, error)) return card;
  const std::string heading = card.substr(0, card.find('\n') + 1);
  const std::string old = read_text_file(file);
  std::string all;
  bool placed = false;
  for (std::size_t begin = 0, end = 0; begin < old.size(); begin = end) {
    end = std::min(old.find("\n# ", begin), old.size() - 1) + 1;
    const bool same = old.compare(begin, heading.size(), heading) == 0;
    placed = placed || same;
    all += same ? card : old.substr(begin, end - begin);
    if (same && end < old.size()) all += '\n';
  }
  return placed ? all : all + "\n" + card;
}

}  // namespace vidclass::exchange
