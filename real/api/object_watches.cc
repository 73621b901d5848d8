// Watches: changes of the store as events of a stream, one JSON object a line.

#include <boost/json.hpp>

#include "real/api/api_state.h"
#include "real/api/object_selection.h"
#include "real/api/object_text.h"
#include "real/api/table.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

std::string event_line(std::string_view type, std::string_view object) {
  std::string line = R"({"type":")";
  line.append(type).append(R"(","object":)").append(object).append("}\n");
  return line;
}

std::string shown(const ApiCall& call, std::string_view stored, Revision revision,
                  std::int64_t now) {
  const std::string version = call.kind->api_version();
  if (!call.table) return client_text(stored, revision, version);
  const json::object object = client_object(stored, revision, version);
  return json::serialize(table_document(*call.kind, *call.table, {&object, 1}, now, revision));
}

std::string bookmark_line(const ApiCall& call, Revision revision) {
  const json::object object{
      {"kind", call.kind->kind},
      {"apiVersion", call.kind->api_version()},
      {"metadata", json::object{{"resourceVersion", std::to_string(revision)}}}};
  return event_line("BOOKMARK", json::serialize(object));
}

std::string gone_line() {
  ApiError error;
  error.reason = ApiReason::gone;
  error.message = "too old resource version: the watch fell behind the history; list again";
  return event_line("ERROR", json::serialize(error.body()));
}

/// What a change is to a watcher that sees only part of the objects; nothing when he sees neither
/// the object as it was nor as it is.
std::string_view event_type(const DocumentChange& change, const ObjectSelection& selection) {
  using Type = DocumentChange::Type;
  const bool now = selection.matches(*change.document.json);
  if (change.type == Type::added) return now ? "ADDED" : "";
  if (change.type == Type::removed) return now ? "DELETED" : "";
  const bool before = change.before != nullptr && selection.matches(*change.before);
  if (now) return before ? "MODIFIED" : "ADDED";
  return before ? "DELETED" : "";
}

}  // namespace

std::uint64_t Api::State::watch(const ApiCallPtr& call) {
  const std::vector<std::string_view> fields(call->kind->selectable.begin(),
                                             call->kind->selectable.end());
  Expected<ListOptions> parsed = parse_list_options(call->query, fields);
  if (!parsed) {
    call->fail(api_error_of(parsed.error()));
    return 0;
  }
  const std::uint64_t id = next_watch++;
  OpenWatch open{call, std::move(*parsed), 0};
  if (!call->path.name.empty()) {
    const std::string selector = "metadata.name=" + call->path.name;
    open.options.fields = FieldSelector::parse(selector, {}).value();
  }
  const bool from_now = open.options.revision == 0;
  const Revision after = from_now ? store.revision() : open.options.revision;
  const auto weak = weak_from_this();
  Expected<std::uint64_t> started = store.watch(
      call->scope(), after,
      [weak, id](Revision, const std::vector<DocumentChange>& changes, bool compacted) {
        const auto self = weak.lock();
        if (self == nullptr) return;
        const auto found = self->watches.find(id);
        if (found == self->watches.end()) return;
        const OpenWatch& watch = found->second;
        const ObjectSelection selection(watch.options);
        std::string lines;
        for (const DocumentChange& change : changes) {
          const std::string_view type = event_type(change, selection);
          if (type.empty()) continue;
          lines += event_line(type, shown(*watch.call, *change.document.json,
                                          change.document.revision, self->sources.unix_seconds()));
        }
        if (compacted) lines += gone_line();
        const bool kept = lines.empty() || watch.call->reply->write(lines);
        if (kept && !compacted) return;
        const std::shared_ptr<ApiReply> reply = watch.call->reply;
        self->store.unwatch(watch.store_watch);
        self->watches.erase(found);
        reply->end();
      });
  if (!started) {
    ApiError error = api_error_of(started.error());
    if (error.reason == ApiReason::gone) {
      error.message = "too old resource version: " + std::to_string(after);
    }
    call->fail(std::move(error));
    return 0;
  }
  open.store_watch = *started;
  const ListOptions options = open.options;
  watches.emplace(id, std::move(open));
  call->reply->begin_stream("application/json;stream=watch", options.timeout_seconds.value_or(0));
  if (!from_now) return id;
  const ObjectSelection selection(options);
  std::optional<DocumentKey> from;
  do {  // What there is comes first, as additions.
    Expected<DocumentPage> page = store.list(call->scope(), from, 1000, after);
    if (!page) break;
    for (const Document& document : page->documents) {
      if (!selection.matches(*document.json)) continue;
      const std::string line = event_line(
          "ADDED", shown(*call, *document.json, document.revision, sources.unix_seconds()));
      if (!call->reply->write(line)) return id;
    }
    from = page->next;
  } while (from);
  return id;
}

void Api::send_bookmarks() {
  for (const DocumentKey& key : state_->kinds.leaving()) state_->sweep_definition(key);
  // Everyone has been told by now what the store had written when this was called before.
  const Revision told = state_->settled_revision;
  state_->settled_revision = state_->store.revision();
  if (told == 0) return;
  std::vector<std::uint64_t> given_up;
  for (const auto& [id, watch] : state_->watches) {
    if (!watch.options.bookmarks || told < watch.options.revision) continue;
    if (!watch.call->reply->write(bookmark_line(*watch.call, told))) {
      given_up.push_back(id);
    }
  }
  for (const std::uint64_t id : given_up) cancel(id);
}

}  // namespace arcas::real
