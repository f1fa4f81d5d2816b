#include "serve/jobs.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::serve {
namespace {

std::string random_id() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != std::ssize(bytes)) {
    throw Error("the system has no random numbers");
  }
  std::string id;
  for (const unsigned char byte : bytes) id += format("{:02x}", byte);
  return id;
}

}  // namespace

bool Job::ended() const {
  const std::lock_guard lock(mutex_);
  return state_ != "running";
}

void Job::end(const std::string& state, Json result, const std::string& error) {
  const std::lock_guard lock(mutex_);
  state_ = state;
  result_ = std::move(result);
  error_ = error;
  ++version_;
}

void Job::reach(const std::string& stage) {
  const std::lock_guard lock(mutex_);
  stage_ = stage;
  ++version_;
}

Json Job::document() const {
  const std::lock_guard lock(mutex_);
  Json document{{"id", id_}, {"model", model_}, {"state", state_}};
  if (state_ == "running") document["stage"] = stage_;
  if (!result_.is_null()) document["result"] = result_;
  if (!error_.empty()) document["error"] = error_;
  return document;
}

std::size_t Job::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

std::shared_ptr<Job> Jobs::add(const std::string& model) {
  const auto job = std::make_shared<Job>(random_id(), model);
  const std::lock_guard lock(mutex_);
  if (!make_room()) return nullptr;
  jobs_.emplace(job->id(), job);
  by_age_.push_back(job->id());
  return job;
}

bool Jobs::make_room() {
  std::erase_if(by_age_, [this](const std::string& id) { return !jobs_.contains(id); });
  if (jobs_.size() < most_) return true;
  const auto old = std::find_if(by_age_.begin(), by_age_.end(),
                                [this](const std::string& id) { return jobs_.at(id)->ended(); });
  if (old == by_age_.end()) return false;
  jobs_.erase(*old);
  by_age_.erase(old);
  return true;
}

std::shared_ptr<Job> Jobs::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : found->second;
}

bool Jobs::remove(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto node = jobs_.extract(id);
  if (!node) return false;
  node.mapped()->cancel().request();
  return true;
}

void Jobs::stop_all() {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, job] : jobs_) job->cancel().request();
}

}  // namespace vidclass::serve
