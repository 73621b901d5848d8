// get and list.

#include <boost/json.hpp>

#include "real/api/api_state.h"
#include "real/api/object_selection.h"
#include "real/api/object_text.h"
#include "real/api/table.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::size_t kPage = 1000;  // documents read from the store at a time

std::vector<std::string_view> selectable_fields(const KindInfo& kind) {
  return {kind.selectable.begin(), kind.selectable.end()};
}

ApiError too_new(Revision wanted, Revision current) {
  ApiError error;
  error.reason = ApiReason::timeout;
  error.message = "Too large resource version: " + std::to_string(wanted) +
                  ", current: " + std::to_string(current);
  error.causes = {{"", "ResourceVersionTooLarge", "Too large resource version"}};
  error.retry_after_seconds = 1;
  return error;
}

/// A list under way: what has been found, and where it goes on.
struct Listing {
  std::vector<Document> documents;
  Revision revision = 0;
  std::optional<DocumentKey> next;
  std::uint64_t remaining = 0;
};

Expected<Listing> collect(const DocumentStore& store, const DocumentScope& scope,
                          std::optional<DocumentKey> from, Revision at,
                          const ListOptions& options) {
  const ObjectSelection selection(options);
  Listing listing;
  const bool plain = selection.matches_all();
  while (true) {
    const std::size_t limit = plain && options.limit > 0 ? options.limit : kPage;
    Expected<DocumentPage> page = store.list(scope, from, limit, at);
    if (!page) return page.error();
    listing.revision = at = page->revision;
    for (Document& document : page->documents) {
      if (options.limit > 0 && listing.documents.size() == options.limit) {
        listing.next = document.key;
        return listing;
      }
      if (plain || selection.matches(*document.json)) {
        listing.documents.push_back(std::move(document));
      }
    }
    if (!page->next) return listing;
    from = page->next;
    if (plain && options.limit > 0) {
      listing.next = page->next;
      listing.remaining = page->remaining;
      return listing;
    }
  }
}

}  // namespace

void Api::State::get(const ApiCallPtr& call) {
  const std::optional<Document> document = store.get(call->key());
  if (!document) {
    call->fail_not_found();
  } else if (call->table) {
    const json::object object =
        client_object(*document->json, document->revision, call->kind->api_version());
    call->respond(200, table_document(*call->kind, *call->table, {&object, 1},
                                      sources.unix_seconds(), document->revision));
  } else {
    call->respond(200, client_text(*document->json, document->revision, call->kind->api_version()));
  }
}

void Api::State::list(const ApiCallPtr& call) {
  const std::vector<std::string_view> fields = selectable_fields(*call->kind);
  Expected<ListOptions> options = parse_list_options(call->query, fields);
  if (!options) {
    call->fail(api_error_of(options.error()));
    return;
  }
  if (options->revision > store.revision()) {
    call->fail(too_new(options->revision, store.revision()));
    return;
  }
  std::optional<DocumentKey> from;
  Revision at = options->freshness == ListFreshness::exact ? options->revision : 0;
  if (!options->continuation.empty()) {
    Expected<ListPosition> position = read_continuation(*call, *options, continuation_key);
    if (!position) {
      call->fail(api_error_of(position.error()));
      return;
    }
    from = position->key;
    at = position->revision;
  }
  Expected<Listing> listing = collect(store, call->scope(), from, at, *options);
  if (!listing) {
    ApiError error = api_error_of(listing.error());
    if (error.reason == ApiReason::gone) {
      error.message =
          "The provided resourceVersion or continue parameter is too old: list again "
          "without it";
    }
    call->fail(std::move(error));
    return;
  }
  json::object metadata{{"resourceVersion", std::to_string(listing->revision)}};
  if (listing->next) {
    metadata["continue"] =
        write_continuation(*call, *options, continuation_key, {*listing->next, listing->revision});
    if (listing->remaining > 0) metadata["remainingItemCount"] = listing->remaining;
  }
  const std::string version = call->kind->api_version();
  if (call->table) {
    std::vector<json::object> objects;
    objects.reserve(listing->documents.size());
    for (const Document& document : listing->documents) {
      objects.push_back(client_object(*document.json, document.revision, version));
    }
    json::object table = table_document(*call->kind, *call->table, objects, sources.unix_seconds(),
                                        listing->revision);
    table["metadata"] = std::move(metadata);
    call->respond(200, json::value(std::move(table)));
    return;
  }
  std::string body = R"({"kind":")" + call->kind->kind + R"(List","apiVersion":")" + version +
                     R"(","metadata":)" + json::serialize(metadata) + R"(,"items":[)";
  for (const Document& document : listing->documents) {
    if (body.back() != '[') body += ',';
    body += client_text(*document.json, document.revision, version);
  }
  call->respond(200, body + "]}");
}

}  // namespace arcas::real
