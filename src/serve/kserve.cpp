#include "serve/kserve.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

#include "classify/ranked.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"
#include "vidclass/version.hpp"

namespace vidclass::serve {
namespace {

constexpr std::uint64_t longest_header = std::uint64_t{1} << 20;
constexpr std::uint64_t longest_json = std::uint64_t{64} << 20;  // with a clip inside
constexpr int deepest_json = 16;
constexpr const char* binary_header = "inference-header-content-length";
const std::array<std::string, 2> output_names{"probabilities", "label"};

int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

/// RFC 4648, section 4.
std::optional<std::string> from_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = sextet(c);
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xFF);
  }
  return bytes;
}

Json parse_request(const std::string& text) {
  try {
    return parse_json(text, deepest_json);
  } catch (const JsonException&) {
    throw UsageError("the request is no JSON document");
  } catch (const Error& error) {
    throw UsageError(format("the request {}", error.what()));
  }
}

/// How many bytes of JSON come before binary tensors; all of them without any.
std::uint64_t json_length(const Request& request) {
  const std::string told = request.header(binary_header);
  if (told.empty()) return request.body->size();
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(told.data(), told.data() + told.size(), length);
  if (error != std::errc() || end != told.data() + told.size() || length > request.body->size() ||
      length > longest_header) {
    throw UsageError("Inference-Header-Content-Length is no length within the request");
  }
  return length;
}

/// A BYTES tensor of one element: its length in four bytes, little-endian, and the element.
video::ClipSource binary_clip(const Request& request, std::uint64_t json_bytes, const Json& input) {
  const Json parameters = input.value("parameters", Json::object());
  const auto size = parameters.value("binary_data_size", std::uint64_t{0});
  const std::uint64_t there = request.body->size() - json_bytes;
  if (size < 4 || size != there) {
    throw UsageError(format("binary_data_size is {}, and {} bytes follow the JSON", size, there));
  }
  const std::string prefix = request.body->text(json_bytes, 4);
  std::uint32_t length = 0;
  for (int i = 3; i >= 0; --i) {
    length = length << 8 | static_cast<unsigned char>(prefix[static_cast<std::size_t>(i)]);
  }
  if (length != size - 4) {
    throw UsageError("the binary tensor must hold one element of the length that it begins with");
  }
  return video::ClipSource::from_descriptor(
      request.body->descriptor(), "clip", 0, std::nullopt,
      {static_cast<std::int64_t>(json_bytes + 4), static_cast<std::int64_t>(length)});
}

std::shared_ptr<Upload> decoded_clip(const Json& input, UploadBudget& budget) {
  const Json data = input.value("data", Json());
  if (!data.is_array() || data.size() != 1 || !data[0].is_string()) {
    throw UsageError("the data of \"clip\" must be one string, the clip in base64");
  }
  const auto bytes = from_base64(data[0].get_ref<const std::string&>());
  if (!bytes) throw UsageError("the data of \"clip\" is not base64");
  auto file = std::make_shared<Upload>(budget);
  if (file->append(*bytes) != Upload::Kept::yes) throw Error("there is no room for the clip");
  return file;
}

}  // namespace

Json kserve_server() {
  return {{"name", "vidclass"},
          {"version", std::string(version())},
          {"extensions", {"binary_tensor_data"}}};
}

Json kserve_model(const std::string& name, const std::vector<std::string>& labels) {
  return {{"name", name},
          {"versions", {"1"}},
          {"platform", "vidclass"},
          {"inputs", {{{"name", "clip"}, {"datatype", "BYTES"}, {"shape", {1}}}}},
          {"outputs",
           {{{"name", "probabilities"},
             {"datatype", "FP32"},
             {"shape", {1, labels.size()}},
             {"parameters", {{"labels", labels}}}},
            {{"name", "label"}, {"datatype", "BYTES"}, {"shape", {1}}}}}};
}

InferRequest infer_request_from(const Request& request, UploadBudget& budget) {
  if (!request.body) throw UsageError("the request has no body");
  const std::uint64_t json_bytes = json_length(request);
  if (json_bytes > longest_json) {
    throw UsageError("JSON of more than 64 MiB: send the clip as a binary tensor");
  }
  const Json told = parse_request(request.body->text(0, json_bytes));
  try {
    InferRequest infer;
    infer.id = told.value("id", "");
    const Json inputs = told.at("inputs");
    if (!inputs.is_array() || inputs.size() != 1) throw UsageError("one input is taken, \"clip\"");
    const Json& input = inputs[0];
    if (input.at("name") != "clip" || input.at("datatype") != "BYTES" ||
        input.at("shape") != Json({1})) {
      throw UsageError("the input must be \"clip\", of datatype BYTES and shape [1]");
    }
    for (const Json& output : told.value("outputs", Json::array())) {
      infer.outputs.push_back(output.at("name").get<std::string>());
      if (std::find(output_names.begin(), output_names.end(), infer.outputs.back()) ==
          output_names.end()) {
        throw UsageError(format("there is no output {}", in_quotes(infer.outputs.back())));
      }
    }
    if (json_bytes < request.body->size()) {
      infer.file = request.body;
      infer.clip = binary_clip(request, json_bytes, input);
    } else {
      infer.file = decoded_clip(input, budget);
      infer.clip = video::ClipSource::from_descriptor(infer.file->descriptor(), "clip");
    }
    return infer;
  } catch (const JsonException&) {
    throw UsageError(
        "the request lacks a field or has one of another type; needed are inputs "
        "with name, datatype, shape and data");
  }
}

Json infer_response(const InferRequest& request, const std::string& model,
                    const classify::ClipResult& result, const std::vector<std::string>& labels) {
  const auto best = classify::ranked(result.probabilities, 1).at(0).label;
  const Json all{
      {{"name", output_names[0]},
       {"datatype", "FP32"},
       {"shape", {1, labels.size()}},
       {"data", result.probabilities}},
      {{"name", output_names[1]}, {"datatype", "BYTES"}, {"shape", {1}}, {"data", {labels[best]}}}};
  Json outputs = Json::array();
  for (const Json& output : all) {
    const auto name = output.at("name").get<std::string>();
    const bool wanted =
        request.outputs.empty() ||
        std::find(request.outputs.begin(), request.outputs.end(), name) != request.outputs.end();
    if (wanted) outputs.push_back(output);
  }
  Json response{{"model_name", model}, {"model_version", "1"}, {"outputs", std::move(outputs)}};
  if (!request.id.empty()) response["id"] = request.id;
  return response;
}

}  // namespace vidclass::serve
