// The layout of messages: its format, and that it is of the same objects as the schema.

#include "real/api/protobuf/message_table.h"

#include <gtest/gtest.h>

#include <set>

#include "real/api/schema/schema.h"

namespace arcas::real {
namespace {

std::string refusal(std::string_view text) {
  const Expected<MessageTable> table = MessageTable::parse({text});
  EXPECT_FALSE(table.has_value()) << text;
  return table ? "" : table.error().message;
}

TEST(MessageTable, RefusesTextsThatAreNone) {
  for (const char* field : {"a", "a=", "a=1", "a=1:", "=1:string", "a=0:string", "a=x:string",
                            "a=536870912:string", "^=1:string", "^=1:[]T"}) {
    EXPECT_NE(refusal(std::string("package p\nT ") + field).find("allowed is"), std::string::npos)
        << field;
  }
  EXPECT_NE(refusal("  a=1:string").find("a type before it"), std::string::npos);
  EXPECT_NE(refusal("package p\nT a=1:U").find("no type \"p.U\""), std::string::npos);
  EXPECT_NE(refusal("package p\nT a=1:string\n  b=1:string").find("twice"), std::string::npos);
  EXPECT_NE(refusal("package p\nT a=1:string\nT a=1:string").find("twice"), std::string::npos);
  EXPECT_NE(refusal("package p\nT@v1,v1 a=1:string").find("twice"), std::string::npos);
}

/// What is wrong with a message's fields against a type of the schema, and so on inwards.
class Comparison {
 public:
  std::set<std::string> differences;
  std::size_t fields = 0;

  void compare(const MessageType& message, const TypeSchema& type) {
    if (!seen_.emplace(&message, &type).second) return;
    for (const MessageField& field : message.fields) {
      if (field.inlined) {
        compare(*field.type, type);
        continue;
      }
      const FieldSchema* other = type.find(field.name);
      if (other == nullptr) {
        differences.insert(type.name + '.' + field.name + ": not in the schema");
        continue;
      }
      ++fields;
      compare_values(type.name + '.' + field.name, field, *other->value);
    }
  }

 private:
  void compare_values(const std::string& place, const MessageField& field,
                      const ValueSchema& value) {
    const ValueSchema* element = &value;
    const bool as_list = field.type != nullptr && field.type->is_list;
    if (element->kind == ValueKind::any || element->kind == ValueKind::open_object) return;
    if (field.shape != FieldShape::one) {
      const ValueKind kind = field.shape == FieldShape::list ? ValueKind::list : ValueKind::map;
      if (value.kind != kind) differences.insert(place + ": one is a list or a map");
      if (value.element == nullptr) return;
      element = value.element;
    }
    if (element->kind == ValueKind::any || element->kind == ValueKind::open_object) return;
    if (as_list) return compare_values(place, field.type->fields.front(), *element);
    if (kind_of(field, *element) != element->kind) {
      differences.insert(place + ": of another type");
    } else if (element->type != nullptr) {
      compare(*field.type, *element->type);
    }
  }

  static ValueKind kind_of(const MessageField& field, const ValueSchema& value) {
    switch (field.kind) {
      case WireKind::text:
        return ValueKind::text;
      case WireKind::boolean:
        return ValueKind::boolean;
      case WireKind::int32:
        return value.is_32_bit ? ValueKind::integer : ValueKind::any;
      case WireKind::int64:
        return value.is_32_bit ? ValueKind::any : ValueKind::integer;
      case WireKind::bytes:
        return ValueKind::bytes;
      case WireKind::quantity:
        return ValueKind::quantity;
      case WireKind::int_or_text:
        return ValueKind::int_or_text;
      case WireKind::time:
        return ValueKind::time;
      case WireKind::micro_time:
        return ValueKind::micro_time;
      case WireKind::raw:
        return ValueKind::any;
      case WireKind::message:
        return ValueKind::object;
    }
    return ValueKind::any;
  }

  std::set<std::pair<const MessageType*, const TypeSchema*>> seen_;
};

TEST(MessageTable, IsOfTheSameObjectsAsTheSchema) {
  Comparison comparison;
  std::set<std::string> without;
  for (const KindSchema& kind : Schema::built_in().kinds()) {
    const std::string version = kind.group.empty() ? kind.version : kind.group + '/' + kind.version;
    const MessageType* message = MessageTable::built_in().find_kind(version, kind.type->name);
    if (message == nullptr) {
      without.insert(version + ' ' + kind.type->name);
    } else {
      comparison.compare(*message, *kind.type);
    }
  }
  for (const std::string& difference : comparison.differences) ADD_FAILURE() << difference;
  EXPECT_GT(comparison.fields, 900U);
  const std::set<std::string> arktos = {
      "arktos.futurewei.com/v1 Network", "v1 Action",         "v1 ControllerInstance",
      "v1 DataPartitionConfig",          "v1 StorageCluster", "v1 Tenant"};
  without.erase("apiextensions.k8s.io/v1 CustomResourceDefinition");  // clients send it as JSON
  EXPECT_EQ(without, arktos) << "Kubernetes's messages have no others' kinds";
}

}  // namespace
}  // namespace arcas::real
