#include "real/api/request_options.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "real/api/request_path.h"

namespace arcas::real {
namespace {

constexpr std::string_view kPodFields[] = {"spec.nodeName", "status.phase", "spec.hostNetwork"};

Expected<ListOptions> list(std::string_view query) {
  return parse_list_options(parse_query(query).value(), kPodFields);
}

TEST(ListOptions, TheResourceVersionSaysHowOldAListMayBe) {
  EXPECT_EQ(list("")->freshness, ListFreshness::newest);
  EXPECT_EQ(list("resourceVersion=0")->freshness, ListFreshness::any);
  EXPECT_EQ(list("resourceVersion=7")->freshness, ListFreshness::not_older_than);
  EXPECT_EQ(list("resourceVersion=7&limit=5")->freshness, ListFreshness::exact);
  EXPECT_EQ(list("resourceVersion=7&limit=5&resourceVersionMatch=NotOlderThan")->freshness,
            ListFreshness::not_older_than);
  EXPECT_EQ(list("resourceVersion=7&resourceVersionMatch=Exact")->freshness, ListFreshness::exact);
  EXPECT_EQ(list("resourceVersion=7&limit=5&watch=true")->freshness, ListFreshness::not_older_than);
  EXPECT_EQ(list("resourceVersion=7")->revision, 7U);
  EXPECT_TRUE(list("continue=x&resourceVersion=0").has_value());
}

TEST(ListOptions, BadParametersAreRefusedByName) {
  const std::pair<const char*, const char*> cases[] = {
      {"limit=-1", "limit"},
      {"limit=9223372036854775808", "limit"},
      {"resourceVersion=abc", "resourceVersion"},
      {"timeoutSeconds=-1", "timeoutSeconds"},
      {"watch=maybe", "watch"},
      {"continue=x&resourceVersion=5", "resourceVersion"},
      {"continue=x&resourceVersionMatch=Exact", "resourceVersionMatch"},
      {"resourceVersionMatch=Exact", "resourceVersionMatch"},
      {"resourceVersion=0&resourceVersionMatch=Exact", "resourceVersionMatch"},
      {"resourceVersion=1&resourceVersionMatch=Nearly", "resourceVersionMatch"},
      {"resourceVersion=1&resourceVersionMatch=Exact&watch=1", "resourceVersionMatch"},
      {"labelSelector=a%20in%20(", "labelSelector"},
      {"fieldSelector=spec.secret=x", "fieldSelector"},
      {"fieldSelector=nothing", "fieldSelector"},
      {"fieldSelector=metadata.name!x", "fieldSelector"},
      {"fieldSelector=metadata.name=a=b", "fieldSelector"},
  };
  for (const auto& [query, name] : cases) {
    const Expected<ListOptions> options = list(query);
    ASSERT_FALSE(options.has_value()) << query;
    EXPECT_EQ(options.error().code, StatusCode::invalid) << query;
    EXPECT_TRUE(options.error().message.starts_with(name)) << options.error().message;
  }
  std::string terms = "fieldSelector=";
  for (int i = 0; i < 1001; ++i) terms += "metadata.name!=x,";
  EXPECT_FALSE(list(terms).has_value());
}

TEST(ListOptions, SelectorsAndTheRestOfAWatchAreRead) {
  const Expected<ListOptions> options =
      list("watch=true&allowWatchBookmarks=1&timeoutSeconds=30&labelSelector=app%20in%20(b,a)");
  ASSERT_TRUE(options.has_value());
  EXPECT_TRUE(options->watch);
  EXPECT_TRUE(options->bookmarks);
  EXPECT_EQ(options->timeout_seconds, 30U);
  EXPECT_EQ(options->labels.text(), "app in (a,b)");
}

TEST(FieldSelector, TermsHoldOrFailByTheObjectsFields) {
  const boost::json::value pod = boost::json::parse(
      R"({"metadata":{"name":"p"},"spec":{"nodeName":"n1","hostNetwork":true},"status":{}})");
  const auto holds = [&pod](std::string_view text) {
    return FieldSelector::parse(text, kPodFields).value().matches(pod);
  };
  EXPECT_TRUE(holds(""));
  EXPECT_TRUE(holds("metadata.name=p,spec.nodeName==n1"));
  EXPECT_FALSE(holds("metadata.name=p,spec.nodeName!=n1"));
  EXPECT_TRUE(holds("status.phase!=Failed"));
  EXPECT_TRUE(holds("status.phase="));
  EXPECT_TRUE(holds("spec.hostNetwork=true"));
  EXPECT_FALSE(holds("spec.hostNetwork=false"));
}

TEST(FieldSelector, WhatIsWrittenIsReadAgain) {
  const FieldSelector once =
      FieldSelector::parse(R"(metadata.name=a\,b\=c\\d,status.phase!=x)", kPodFields).value();
  EXPECT_EQ(once.terms()[0].value, R"(a,b=c\d)");
  EXPECT_EQ(FieldSelector::parse(once.text(), kPodFields).value().terms(), once.terms());
}

TEST(WriteOptions, EachParameterIsReadAndChecked) {
  const auto read = [](std::string_view query) {
    return parse_write_options(parse_query(query).value());
  };
  const Expected<WriteOptions> options = read(
      "dryRun=All&fieldManager=kubectl&force=true&fieldValidation=Strict&"
      "propagationPolicy=Foreground&gracePeriodSeconds=0");
  ASSERT_TRUE(options.has_value());
  EXPECT_TRUE(options->dry_run);
  EXPECT_TRUE(options->force);
  EXPECT_EQ(options->validation, WriteOptions::Validation::strict);
  EXPECT_EQ(options->field_manager, "kubectl");
  EXPECT_EQ(options->propagation, "Foreground");
  EXPECT_EQ(options->grace_seconds, 0);
  EXPECT_FALSE(read("")->dry_run);
  for (const char* bad : {"dryRun=Some", "force=2", "fieldValidation=x", "propagationPolicy=Up",
                          "gracePeriodSeconds=-1", "fieldManager=a%0ab"}) {
    EXPECT_FALSE(read(bad).has_value()) << bad;
  }
  EXPECT_FALSE(read("fieldManager=" + std::string(129, 'm')).has_value());
}

}  // namespace
}  // namespace arcas::real
