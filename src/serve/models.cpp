#include "serve/models.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "classify/heads.hpp"
#include "classify/match.hpp"
#include "core/bounded_queue.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/stopwatch.hpp"
#include "features/extractor.hpp"
#include "features/settings.hpp"
#include "model/model.hpp"
#include "vidclass/error.hpp"

namespace vidclass::serve {
namespace {

// As many clips' heads as run in one go.
constexpr std::size_t most_together = 64;

/// Clips from any thread; not bounded, since requests are.
class OpenFeed final : public features::ClipFeed {
public:
  /// `started` is called when a decoder takes it; may be empty. False once the feed is closed.
  bool push(features::FedClip clip, std::function<void()> started) {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    clips_.push_back({std::move(clip), std::move(started)});
    changed_.notify_one();
    return true;
  }
  std::optional<features::FedClip> next() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !clips_.empty(); });
    if (clips_.empty()) return std::nullopt;
    Entry entry = std::move(clips_.front());
    clips_.pop_front();
    lock.unlock();
    if (entry.started) entry.started();
    return std::move(entry.clip);
  }
  void close() noexcept override {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

private:
  struct Entry {
    features::FedClip clip;
    std::function<void()> started;
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry> clips_;
  bool closed_ = false;
};

/// Decoders, cache and network, for all models that need these features.
class FeatureStage {
public:
  /// What becomes of a clip: its features or why there are none.
  using Taken = std::function<void(features::ClipFeatures, const features::RejectedClip* why)>;

  FeatureStage(std::unique_ptr<features::Extractor> extractor, double longest_wait)
      : extractor_(std::move(extractor)), thread_([this, longest_wait] { run(longest_wait); }) {}
  /// Finishes what was pushed.
  ~FeatureStage() {
    feed_.close();
    thread_.join();
  }
  FeatureStage(const FeatureStage&) = delete;
  FeatureStage& operator=(const FeatureStage&) = delete;

  [[nodiscard]] bool usable() const noexcept { return usable_; }

  void push(Question& question, Taken taken) {
    features::FedClip clip{
        .source = question.clip, .sequences = question.sequences, .cancel = question.cancel};
    {
      const std::lock_guard lock(mutex_);
      clip.id = next_id_++;
      waiting_.emplace(clip.id, std::move(taken));
    }
    const std::size_t id = clip.id;
    if (!feed_.push(std::move(clip), question.started)) finish(id, {}, &ended_);
  }

private:
  void run(double longest_wait) {
    try {
      extractor_->extract(
          feed_, std::chrono::microseconds(static_cast<long>(longest_wait * 1e6)),
          [this](std::size_t id, features::ClipFeatures features) {
            finish(id, std::move(features), nullptr);
          },
          [this](std::size_t id, const features::RejectedClip& why) { finish(id, {}, &why); });
    } catch (const std::exception& error) {
      log_error(format("the network failed: {}", error.what()));
      usable_ = false;
    }
    feed_.close();
    // Of an extractor that failed.
    std::vector<std::size_t> left;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [id, taken] : waiting_) left.push_back(id);
    }
    for (const std::size_t id : left) finish(id, {}, &ended_);
  }

  void finish(std::size_t id, features::ClipFeatures features, const features::RejectedClip* why) {
    Taken taken;
    {
      const std::lock_guard lock(mutex_);
      const auto node = waiting_.extract(id);
      if (!node) return;
      taken = std::move(node.mapped());
    }
    taken(std::move(features), why);
  }

  const features::RejectedClip ended_{"the network is not running", false};
  std::unique_ptr<features::Extractor> extractor_;
  OpenFeed feed_;
  std::mutex mutex_;
  std::map<std::size_t, Taken> waiting_;
  std::size_t next_id_ = 0;
  std::atomic<bool> usable_{true};
  std::thread thread_;
};

/// Equal for models whose features are the same numbers.
std::string stage_key(const features::FeatureSettings& settings) {
  return features::cache_key("", settings) +
         (settings.streams.motion ? features::motion_key("", settings) : "");
}

/// A model's heads, on a thread of their own.
class HeadModel final : public ServedModel {
public:
  HeadModel(std::string name, model::Model model, std::shared_ptr<FeatureStage> stage, int threads,
            Metrics& metrics)
      : name_(std::move(name)),
        model_(std::move(model)),
        stage_(std::move(stage)),
        metrics_(metrics),
        heads_(model_, threads),
        thread_([this] { run(); }) {}
  ~HeadModel() override {
    stage_.reset();  // what it still has comes here
    open_.close();
    thread_.join();
  }

  const std::string& name() const noexcept override { return name_; }
  const model::Model& model() const noexcept override { return model_; }
  bool usable() const noexcept override { return stage_->usable(); }
  [[nodiscard]] const std::shared_ptr<FeatureStage>& stage() const noexcept { return stage_; }

  void ask(Question question) override {
    {
      const std::lock_guard lock(mutex_);
      ++under_way_;
    }
    auto shared = std::make_shared<Asked>();
    shared->question = std::move(question);
    stage_->push(shared->question, [this, shared](features::ClipFeatures features,
                                                  const features::RejectedClip* why) {
      if (why != nullptr) {
        Answer answer;
        answer.outcome = why->clips_fault                      ? Answer::Outcome::unusable
                         : shared->question.cancel.requested() ? Answer::Outcome::stopped
                                                               : Answer::Outcome::failed;
        answer.result.error = why->reason;
        settle(*shared, std::move(answer));
        return;
      }
      if (shared->question.decoded) shared->question.decoded();
      shared->features = std::move(features);
      open_.push(shared);
    });
  }

  /// Waits until all is answered.
  void wait() {
    std::unique_lock lock(mutex_);
    all_answered_.wait(lock, [&] { return under_way_ == 0; });
  }

private:
  struct Asked {
    Question question;
    features::ClipFeatures features;
    Stopwatch since;
  };

  void run() {
    while (auto first = open_.pop()) {
      std::vector<std::shared_ptr<Asked>> lot{*std::move(first)};
      while (lot.size() < most_together && !open_.empty()) lot.push_back(*open_.pop());
      answer(lot);
    }
  }

  void answer(const std::vector<std::shared_ptr<Asked>>& lot) {
    std::vector<Answer> answers(lot.size());
    try {
      std::vector<classify::OpenQuestion> questions;
      for (const auto& each : lot) {
        questions.push_back(heads_.ask(std::move(each->features), each->question.follow));
      }
      heads_.answer(questions);
      for (std::size_t i = 0; i < lot.size(); ++i) {
        answers[i] = {Answer::Outcome::known, std::move(questions[i].result)};
      }
      metrics_.answered_together(lot.size());
    } catch (const std::exception& error) {
      log_error(format("the head of {} failed: {}", name_, error.what()));
      for (Answer& each : answers) {
        each = {};
        each.result.error = "the head failed";
      }
    }
    for (std::size_t i = 0; i < lot.size(); ++i) settle(*lot[i], std::move(answers[i]));
  }

  void settle(Asked& asked, Answer answer) {
    answer.result.path = asked.question.clip.path;
    metrics_.clip_answered(name_, name_of(answer.outcome), asked.since.seconds());
    asked.question.answered(std::move(answer));
    const std::lock_guard lock(mutex_);
    if (--under_way_ == 0) all_answered_.notify_all();
  }

  const std::string name_;
  const model::Model model_;
  std::shared_ptr<FeatureStage> stage_;
  Metrics& metrics_;
  classify::Heads heads_;
  BoundedQueue<std::shared_ptr<Asked>> open_{std::size_t{1} << 20};  // requests are bounded
  std::mutex mutex_;
  std::condition_variable all_answered_;
  std::size_t under_way_ = 0;
  std::thread thread_;
};

}  // namespace

const char* name_of(Answer::Outcome outcome) noexcept {
  switch (outcome) {
    case Answer::Outcome::known:
      return "ok";
    case Answer::Outcome::unusable:
      return "unusable";
    case Answer::Outcome::stopped:
      return "stopped";
    case Answer::Outcome::failed:
      break;
  }
  return "failed";
}

struct ModelSet::Impl {
  std::map<std::string, std::shared_ptr<FeatureStage>> stages;
  std::vector<std::shared_ptr<HeadModel>> heads;
  std::vector<std::shared_ptr<ServedModel>> models;
};

ModelSet::ModelSet(const ServeOptions& options, const video::Sampler& sampler, Metrics& metrics,
                   const Hooks& hooks, const ModelSet* before)
    : impl_(std::make_unique<Impl>()) {
  std::set<std::string> names;
  for (const NamedModel& named : options.models) {
    if (!names.insert(named.name).second) {
      throw UsageError(format("two models are called {}: name them as NAME=FILE", named.name));
    }
    model::Model read = model::read(named.file);
    if (read.backbone == features::arrays_backbone) {
      throw UsageError(
          format("{} reads feature arrays, and a server is given videos", named.file.string()));
    }
    classify::ClassifierOptions how = options.classifier;
    how.sampler = sampler;
    features::ExtractOptions extract = classify::extract_options(read, how);
    extract.backbone.batch = options.max_batch;
    auto extractor = std::make_unique<features::Extractor>(extract, hooks.progress, hooks.cancel);
    classify::check_match(read, extractor->settings().backbone);
    const std::string key = stage_key(extractor->settings());
    auto& stage = impl_->stages[key];
    if (!stage && before != nullptr) {
      const auto found = before->impl_->stages.find(key);
      if (found != before->impl_->stages.end() && found->second->usable()) stage = found->second;
    }
    if (!stage) stage = std::make_shared<FeatureStage>(std::move(extractor), options.max_delay);
    impl_->heads.push_back(std::make_shared<HeadModel>(named.name, std::move(read), stage,
                                                       options.classifier.threads, metrics));
    impl_->models.emplace_back(impl_->heads.back());
  }
  if (impl_->models.empty()) throw UsageError("a server needs at least one model");
}

ModelSet::~ModelSet() {
  for (const auto& each : impl_->heads) each->wait();
}

const std::vector<std::shared_ptr<ServedModel>>& ModelSet::models() const noexcept {
  return impl_->models;
}

std::shared_ptr<ServedModel> ModelSet::find(const std::string& name) const {
  if (name.empty()) return impl_->models.front();
  for (const auto& each : impl_->models) {
    if (each->name() == name) return each;
  }
  return nullptr;
}

}  // namespace vidclass::serve
