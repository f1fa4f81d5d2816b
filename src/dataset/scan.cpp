#include "vidclass/dataset/scan.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <system_error>

#include "dataset/copies.hpp"
#include "dataset/warnings.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/hash.hpp"
#include "vidclass/core/parallel.hpp"
#include "vidclass/video/probe.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

/// What opening a clip told.
struct Finding {
  std::string reason;                   // why the clip is unusable; empty when it is not
  std::optional<std::uintmax_t> bytes;  // file size
};

Finding look_at(const fs::path& path) {
  Finding finding;
  try {
    static_cast<void>(video::probe(path));
    std::error_code error;
    const auto bytes = fs::file_size(path, error);
    if (!error) finding.bytes = bytes;
  } catch (const ClipError& error) {
    finding.reason = error.reason();
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    finding.reason = error.what();
  }
  return finding;
}

/// Usable clips whose file sizes agree with another's.
std::vector<std::size_t> possible_copies(const std::vector<Finding>& findings) {
  std::map<std::uintmax_t, std::vector<std::size_t>> by_size;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].reason.empty() && findings[i].bytes) by_size[*findings[i].bytes].push_back(i);
  }
  std::vector<std::size_t> possible;
  for (const auto& [bytes, clips] : by_size) {
    if (clips.size() > 1) possible.insert(possible.end(), clips.begin(), clips.end());
  }
  return possible;
}

}  // namespace

ScanReport scan(const Manifest& manifest, int threads, const ProgressFunction& progress,
                const CancellationToken& cancel) {
  ScanReport report;
  report.clips = manifest.clips.size();
  report.classes = count_classes(manifest);

  std::vector<Finding> findings(manifest.clips.size());
  for_each_index(
      findings.size(), threads,
      [&](std::size_t i) { findings[i] = look_at(manifest.clips[i].path); }, "scan", progress,
      cancel);

  const auto possible = possible_copies(findings);
  std::vector<std::string> hashes(possible.size());
  for_each_index(
      possible.size(), threads,
      [&](std::size_t i) {
        try {
          hashes[i] = hash_file(HashKind::sha256, manifest.clips[possible[i]].path);
        } catch (const Cancelled&) {
          throw;
        } catch (const Error& error) {
          findings[possible[i]].reason = error.what();
        }
      },
      "compare", progress, cancel);

  std::map<std::string, std::vector<std::size_t>> by_hash;
  for (std::size_t i = 0; i < possible.size(); ++i) {
    if (!hashes[i].empty()) by_hash[hashes[i]].push_back(possible[i]);
  }
  std::map<std::size_t, std::vector<std::size_t>> copies;  // by first clip: in the manifest's order
  for (auto& [hash, clips] : by_hash) {
    if (clips.size() > 1) copies.emplace(clips.front(), std::move(clips));
  }

  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!findings[i].reason.empty())
      report.unusable.push_back({manifest.clips[i].path, findings[i].reason});
  }
  report.warnings = manifest.notes;
  for (std::string& warning : warnings_about(manifest))
    report.warnings.push_back(std::move(warning));
  std::vector<std::vector<std::size_t>> sets;
  for (auto& [first, clips] : copies) sets.push_back(std::move(clips));
  for (std::string& warning : warnings_about_copies(manifest, sets))
    report.warnings.push_back(std::move(warning));
  return report;
}

}  // namespace vidclass::dataset
