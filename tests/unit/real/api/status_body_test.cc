#include "real/api/status_body.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace arcas::real {
namespace {

TEST(StatusBody, AFailureNamesItsReasonCodeAndObject) {
  ApiError error;
  error.reason = ApiReason::not_found;
  error.message = "pods \"p\" not found";
  error.kind = "pods";
  error.name = "p";
  EXPECT_EQ(error.http_code(), 404);
  EXPECT_EQ(error.body(), boost::json::parse(R"({"kind":"Status","apiVersion":"v1","metadata":{},
      "status":"Failure","message":"pods \"p\" not found","reason":"NotFound",
      "details":{"name":"p","kind":"pods"},"code":404})"));
}

TEST(StatusBody, CausesNameTheFieldsAndARetryIsToldInSeconds) {
  ApiError error;
  error.reason = ApiReason::invalid;
  error.causes = {{"spec.replicas", "FieldValueInvalid", "must not be negative"}};
  error.retry_after_seconds = 2;
  EXPECT_EQ(error.body().at("details"), boost::json::parse(R"({"causes":[
      {"reason":"FieldValueInvalid","message":"must not be negative","field":"spec.replicas"}],
      "retryAfterSeconds":2})"));
  EXPECT_EQ(error.body().at("code"), 422);
}

TEST(StatusBody, RefusalsOfTheStoreHaveTheirHttpCodes) {
  EXPECT_EQ(api_error_of(Status::conflict("x")).http_code(), 409);
  EXPECT_EQ(api_error_of({StatusCode::gone, "x"}).http_code(), 410);
  EXPECT_EQ(text_of(api_error_of({StatusCode::gone, "x"}).reason), "Expired");
  EXPECT_EQ(api_error_of({StatusCode::unavailable, "x"}).http_code(), 503);
  EXPECT_EQ(api_error_of(Status::invalid("x")).http_code(), 400);
  EXPECT_EQ(api_error_of(Status::forbidden("x")).http_code(), 403);
}

}  // namespace
}  // namespace arcas::real
