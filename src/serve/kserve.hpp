// The Open Inference Protocol, version 2, by which KServe, Triton and their clients talk
// (https://github.com/kserve/open-inference-protocol), with its extension for binary tensors.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "core/json.hpp"
#include "serve/http.hpp"
#include "video/clip_source.hpp"

namespace vidclass::serve {

[[nodiscard]] Json kserve_server();
[[nodiscard]] Json kserve_model(const std::string& name, const std::vector<std::string>& labels);

struct InferRequest {
  std::string id;                    // empty: none
  std::vector<std::string> outputs;  // empty: all
  std::shared_ptr<Upload> file;      // that the clip is in
  video::ClipSource clip;
};
/// One input "clip" of shape [1] and datatype BYTES: binary behind the JSON, or base64 within.
/// `budget` must outlive the file. Throws UsageError naming what is wrong.
[[nodiscard]] InferRequest infer_request_from(const Request& request, UploadBudget& budget);
[[nodiscard]] Json infer_response(const InferRequest& request, const std::string& model,
                                  const classify::ClipResult& result,
                                  const std::vector<std::string>& labels);

}  // namespace vidclass::serve
