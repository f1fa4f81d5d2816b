#include "backbone/openvino_engine.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "backbone/compile.hpp"
#include "backbone/openvino_error.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

class OpenvinoRequest : public Request {
public:
  OpenvinoRequest(ov::InferRequest request, const std::string& network)
      : request_(std::move(request)), network_(network) {}
  /// A batch under way must not outlive what it reads and writes.
  ~OpenvinoRequest() override {
    try {
      request_.wait();
    } catch (const std::exception&) {
      // Nobody reads the result any more.
    }
  }
  OpenvinoRequest(const OpenvinoRequest&) = delete;
  OpenvinoRequest& operator=(const OpenvinoRequest&) = delete;

  [[nodiscard]] std::span<std::byte> input(const char* name) override {
    return guarded([&] {
      ov::Tensor tensor = request_.get_tensor(name);
      return std::span(static_cast<std::byte*>(tensor.data()), tensor.get_byte_size());
    });
  }
  // The places that are left keep older frames; frames of a batch do not influence each other.
  void start(std::size_t) override {
    guarded([&] { request_.start_async(); });
  }
  [[nodiscard]] bool done() override {
    return guarded([&] { return request_.wait_for(std::chrono::milliseconds(0)); });
  }
  void wait() override {
    guarded([&] { request_.wait(); });
  }
  [[nodiscard]] std::span<const float> output(const char* name) override {
    return guarded([&] {
      const ov::Tensor tensor = request_.get_tensor(name);
      return std::span<const float>(tensor.data<float>(), tensor.get_size());
    });
  }

private:
  template <typename Work>
  auto guarded(const Work& work) -> decltype(work()) {
    try {
      return work();
    } catch (const ov::Exception& error) {
      throw Error(format("OpenVINO cannot run {}: {}", network_, reason(error)));
    }
  }

  ov::InferRequest request_;
  const std::string& network_;  // its name
};

class OpenvinoEngine : public Engine {
public:
  OpenvinoEngine(std::shared_ptr<ov::Model> model, const BackboneOptions& options,
                 const BackboneInfo& info, Load load)
      : network_(info.name), batch_(model->input("frames").get_shape()[0]) {
    try {
      compiled_ = core_.compile_model(model, options.device,
                                      compile_properties(options, info.precision, load));
    } catch (const ov::Exception& error) {
      throw Error(format("OpenVINO cannot compile {}: {}", network_, reason(error)));
    }
  }

  [[nodiscard]] std::size_t batch() const noexcept override { return batch_; }

  [[nodiscard]] std::vector<std::unique_ptr<Request>> requests() override {
    try {
      const auto wanted =
          1 + std::max(1U, compiled_.get_property(ov::optimal_number_of_infer_requests));
      std::vector<std::unique_ptr<Request>> requests;
      for (unsigned i = 0; i < wanted; ++i) {
        requests.push_back(
            std::make_unique<OpenvinoRequest>(compiled_.create_infer_request(), network_));
      }
      return requests;
    } catch (const ov::Exception& error) {
      throw Error(format("OpenVINO cannot run {}: {}", network_, reason(error)));
    }
  }

private:
  std::string network_;
  std::size_t batch_;
  ov::Core core_;
  ov::CompiledModel compiled_;
};

}  // namespace

std::unique_ptr<Engine> make_openvino_engine(std::shared_ptr<ov::Model> model,
                                             const BackboneOptions& options,
                                             const BackboneInfo& info, Load load) {
  return std::make_unique<OpenvinoEngine>(std::move(model), options, info, load);
}

}  // namespace vidclass::backbone
