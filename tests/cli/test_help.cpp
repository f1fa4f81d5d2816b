// What the program tells of itself.
#include <gtest/gtest.h>

#include <sstream>

#include "program.hpp"

namespace vidclass::cli::testing {
namespace {

/// The entries of a section of the help text: name and meaning.
struct Entry {
  std::string name;
  std::string meaning;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first);
}

std::vector<Entry> entries_of(const std::string& help, const std::string& section) {
  std::vector<Entry> entries;
  std::istringstream stream(help);
  bool inside = false;
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("  ")) {
      inside = line == section + ":";
    } else if (inside && line[2] != ' ') {
      const auto gap = line.find("  ", 2);
      const bool has_meaning = gap != std::string::npos;
      entries.push_back({line.substr(2, has_meaning ? gap - 2 : gap),
                         has_meaning ? trimmed(line.substr(gap)) : ""});
    } else if (inside && !entries.empty()) {
      entries.back().meaning += trimmed(line);
    }
  }
  return entries;
}

std::vector<std::string> verbs() {
  std::vector<std::string> names;
  for (const Entry& entry : entries_of(run({"--help"}).out, "Subcommands")) {
    names.push_back(entry.name);
  }
  return names;
}

class HelpOf : public ::testing::TestWithParam<std::string> {};

TEST_P(HelpOf, GoesToStdoutAlone) {
  const Result help = run({GetParam(), "--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_EQ(help.err, "");
  EXPECT_NE(help.out.find("vidclass " + GetParam()), std::string::npos) << help.out;
}

TEST_P(HelpOf, TellsTheMeaningOfEveryOption) {
  const std::string help = run({GetParam(), "--help"}).out;
  const auto options = entries_of(help, "Options");
  EXPECT_GE(options.size(), 2U) << help;
  for (const char* section : {"Positionals", "Options", "Subcommands"}) {
    for (const Entry& entry : entries_of(help, section)) {
      EXPECT_NE(entry.meaning, "") << entry.name;
    }
  }
}

TEST_P(HelpOf, OffersJson) {
  EXPECT_NE(run({GetParam(), "--help"}).out.find("--json"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(EveryVerb, HelpOf, ::testing::ValuesIn(verbs()),
                         [](const auto& tested) { return tested.param; });

TEST(Help, NamesEveryVerbWithASummary) {
  const Result help = run({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_EQ(help.err, "");
  for (const Entry& entry : entries_of(help.out, "Subcommands")) {
    EXPECT_NE(entry.meaning, "") << entry.name;
  }
}

TEST(Help, TellsWhatTheExitStatusMeans) {
  EXPECT_NE(run({"--help"})
                .out.find("0 done; 1 failed; 2 wrong use; 3 done, but some clips were unusable"),
            std::string::npos);
}

TEST(Version, IsOneLineOnStdout) {
  const Result version = run({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.err, "");
  EXPECT_TRUE(version.out.starts_with("vidclass ")) << version.out;
  EXPECT_EQ(version.out.find('\n'), version.out.size() - 1);
}

}  // namespace
}  // namespace vidclass::cli::testing
