#include "cli/command.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "dataset/manifest.hpp"
#include "dataset/published.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

std::string size_text(std::uint64_t bytes) {
  constexpr double giga = 1e9;
  constexpr double mega = 1e6;
  const auto value = static_cast<double>(bytes);
  return value >= giga ? format("{:.1f} GB", value / giga) : format("{:.1f} MB", value / mega);
}

class DatasetVerb : public Command {
public:
  void setup(CLI::App& app) override {
    app.require_subcommand(1);
    list_ = app.add_subcommand("list", "data sets that can be fetched");
    fetch_ = app.add_subcommand("fetch", "download and unpack a data set, or go on with it");
    // --json may come after the second word, too.
    for (CLI::App* sub : {list_, fetch_}) sub->fallthrough();
    fetch_->add_option("NAME", name_, "ucf101 or hmdb51")->required();
    fetch_->add_option("DIR", options_.dir, "folder to put it in (default: NAME)");
    fetch_->add_option("--mirror", options_.mirror,
                       "address of a folder with the archives, instead of their makers'");
    fetch_->add_flag("--keep-archives", options_.keep_archives,
                     "leave the archives in DIR after they were unpacked");
  }

  int run(const Context& context) override {
    return list_->parsed() ? list(context) : fetch(context);
  }

private:
  static int list(const Context& context) {
    Json document = Json::array();
    for (const auto& known : dataset::published_datasets()) {
      context.print(format("{:<7} {} clips, {} classes: {}\n        {}\n", known.name, known.clips,
                           known.classes, known.description, known.page));
      Json archives = Json::array();
      for (const auto& archive : known.archives) archives.push_back(archive.file.url);
      document.push_back({{"name", known.name},
                          {"description", known.description},
                          {"page", known.page},
                          {"clips", known.clips},
                          {"classes", known.classes},
                          {"archives", archives}});
    }
    context.print_json({{"datasets", document}});
    return exit_done;
  }

  int fetch(const Context& context) {
    const dataset::PublishedDataset& wanted = dataset::find_published_dataset(name_);
    if (options_.dir.empty()) options_.dir = wanted.name;
    std::error_code ignored;
    if (std::filesystem::exists(options_.dir, ignored) &&
        !std::filesystem::is_directory(options_.dir, ignored)) {
      throw UsageError(
          format("{} is not a folder; name one to put the data set in", options_.dir.string()));
    }
    if (!may_download_by_environment()) {
      throw Error("downloading is switched off by VIDCLASS_OFFLINE");
    }
    const dataset::FetchPlan plan = dataset::plan_fetch(wanted, options_, context.hooks.cancel);
    if (!plan.archives.empty()) {
      context.print(format(
          "{} into {}: {} to download{}; about {} of disk are needed while it is unpacked, {} are "
          "free\nits terms: {}\n",
          wanted.name, options_.dir.string(), size_text(plan.to_download),
          plan.already_here > 0 ? format(" ({} are here)", size_text(plan.already_here)) : "",
          size_text(plan.space_needed), size_text(plan.space_free), wanted.page));
    }
    dataset::fetch(plan, options_, context.hooks.progress, context.hooks.cancel);
    const dataset::Manifest manifest = dataset::open(options_.dir);
    context.print(format("{}: {}, {} clips in the lists of fold 1, {} classes\n",
                         options_.dir.string(), dataset::to_string(manifest.layout),
                         manifest.clips.size(), manifest.labels.size()));
    context.print_json({{"path", options_.dir.string()},
                        {"layout", dataset::to_string(manifest.layout)},
                        {"clips", manifest.clips.size()},
                        {"classes", manifest.labels.size()},
                        {"downloaded", plan.to_download}});
    return exit_done;
  }

  CLI::App* list_ = nullptr;
  CLI::App* fetch_ = nullptr;
  std::string name_;
  dataset::FetchOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_dataset() { return std::make_unique<DatasetVerb>(); }

}  // namespace vidclass::cli
