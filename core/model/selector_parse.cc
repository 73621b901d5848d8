#include <algorithm>
#include <array>
#include <optional>

#include "core/model/catalog.h"
#include "core/model/selector_text.h"

namespace arcas::model {
namespace {

using Operator = RequirementText::Operator;

enum class TokenKind : std::uint8_t {
  end,
  identifier,
  in,
  not_in,
  comma,
  open,
  close,
  bang,
  equals,
  double_equals,
  not_equals,
  greater,
  less,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  std::size_t at = 0;
};

/// Cuts a selector into tokens. A zero byte ends it, as it does in Kubernetes.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text.substr(0, text.find('\0'))) {}

  Token next() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    const std::size_t start = at_;
    if (start == text_.size()) return {TokenKind::end, "", start};
    if (is_symbol(text_[start])) return symbol();
    while (at_ < text_.size() && !is_space(text_[at_]) && !is_symbol(text_[at_])) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    TokenKind kind = TokenKind::identifier;
    if (word == "in") kind = TokenKind::in;
    if (word == "notin") kind = TokenKind::not_in;
    return {kind, word, start};
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  static bool is_symbol(char c) {
    return std::string_view("=!(),><").find(c) != std::string_view::npos;
  }

  Token symbol() {
    struct Symbol {
      std::string_view text;
      TokenKind kind;
    };
    static constexpr std::array<Symbol, 9> kSymbols{{{"==", TokenKind::double_equals},
                                                     {"!=", TokenKind::not_equals},
                                                     {"=", TokenKind::equals},
                                                     {"!", TokenKind::bang},
                                                     {"(", TokenKind::open},
                                                     {")", TokenKind::close},
                                                     {",", TokenKind::comma},
                                                     {">", TokenKind::greater},
                                                     {"<", TokenKind::less}}};
    const std::size_t start = at_;
    const std::string_view rest = text_.substr(start);
    const auto* found = std::find_if(kSymbols.begin(), kSymbols.end(), [rest](const Symbol& known) {
      return rest.starts_with(known.text);
    });
    at_ += found->text.size();
    return {found->kind, found->text, start};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Reads requirements from tokens. The first problem ends it.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text), ahead_(lexer_.next()) {}

  Expected<SelectorText> parse() {
    SelectorText selector;
    if (ahead_.kind == TokenKind::end) return selector;
    do {
      if (!is_word(ahead_) && ahead_.kind != TokenKind::bang) {
        fail(ahead_, selector.empty() ? "a key, '!' or the end" : "a key or '!' after ','");
      }
      if (!failed()) selector.requirements.push_back(requirement());
      if (!failed() && ahead_.kind != TokenKind::comma && ahead_.kind != TokenKind::end) {
        fail(ahead_, "',' or the end");
      }
    } while (!failed() && take().kind == TokenKind::comma);
    if (failed()) return Status::invalid(*problem_);
    std::stable_sort(
        selector.requirements.begin(), selector.requirements.end(),
        [](const RequirementText& a, const RequirementText& b) { return a.key < b.key; });
    return selector;
  }

 private:
  /// "in" and "notin" are words wherever no operator is expected.
  static bool is_word(const Token& token) {
    return token.kind == TokenKind::identifier || token.kind == TokenKind::in ||
           token.kind == TokenKind::not_in;
  }
  [[nodiscard]] bool failed() const { return problem_.has_value(); }
  Token take() {
    const Token token = ahead_;
    if (token.kind != TokenKind::end) ahead_ = lexer_.next();
    return token;
  }
  void fail(const Token& token, std::string_view expected) {
    if (failed()) return;
    problem_ = "selector, byte " + std::to_string(token.at + 1) + ": found " +
               (token.kind == TokenKind::end ? "the end" : "'" + std::string(token.text) + "'") +
               ", expected " + std::string(expected);
  }

  RequirementText requirement() {
    RequirementText result;
    const bool absent = ahead_.kind == TokenKind::bang;
    if (absent) take();
    const Token key = take();
    if (!is_word(key)) fail(key, "a key");
    result.key = std::string(key.text);
    const bool alone = ahead_.kind == TokenKind::comma || ahead_.kind == TokenKind::end;
    if (absent || alone) {
      result.op = absent ? Operator::does_not_exist : Operator::exists;
    } else {
      result.op = binary_operator();
      result.values =
          result.op == Operator::in || result.op == Operator::not_in ? value_list() : one_value();
    }
    if (!failed()) check(result, key);
    return result;
  }

  Operator binary_operator() {
    const Token token = take();
    switch (token.kind) {
      case TokenKind::in:
        return Operator::in;
      case TokenKind::not_in:
        return Operator::not_in;
      case TokenKind::equals:
        return Operator::equals;
      case TokenKind::double_equals:
        return Operator::double_equals;
      case TokenKind::not_equals:
        return Operator::not_equals;
      case TokenKind::greater:
        return Operator::greater_than;
      case TokenKind::less:
        return Operator::less_than;
      default:
        fail(token, "one of in, notin, =, ==, !=, >, <");
        return Operator::in;
    }
  }

  std::vector<std::string> one_value() {
    if (ahead_.kind == TokenKind::end || ahead_.kind == TokenKind::comma) return {""};
    const Token value = take();
    if (!is_word(value)) fail(value, "a value");
    return {std::string(value.text)};
  }

  /// "(a,b)"; what is missing between commas is the empty value, and so is "()".
  std::vector<std::string> value_list() {
    std::vector<std::string> values;
    if (ahead_.kind != TokenKind::open) fail(ahead_, "'('");
    take();
    bool separated = true;  // a value may come now
    while (!failed() && ahead_.kind != TokenKind::close) {
      if (ahead_.kind == TokenKind::comma) {
        if (separated) values.emplace_back();
        separated = true;
      } else if (is_word(ahead_) && separated) {
        values.emplace_back(ahead_.text);
        separated = false;
      } else {
        fail(ahead_, separated ? "',', ')' or a value" : "',' or ')'");
      }
      take();
    }
    take();
    if (separated) values.emplace_back();
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  }

  void check(const RequirementText& requirement, const Token& key);

  Lexer lexer_;
  Token ahead_;
  std::optional<std::string> problem_;
};

SelectorOperator meaning_of(Operator op) {
  switch (op) {
    case Operator::in:
    case Operator::equals:
    case Operator::double_equals:
      return SelectorOperator::in;
    case Operator::not_in:
    case Operator::not_equals:
      return SelectorOperator::not_in;
    case Operator::exists:
      return SelectorOperator::exists;
    case Operator::does_not_exist:
      return SelectorOperator::does_not_exist;
    case Operator::greater_than:
      return SelectorOperator::gt;
    case Operator::less_than:
      return SelectorOperator::lt;
  }
  return SelectorOperator::in;
}

void Parser::check(const RequirementText& requirement, const Token& key) {
  const std::vector<std::string_view> values(requirement.values.begin(), requirement.values.end());
  const std::string problem =
      problem_of_requirement(requirement.key, meaning_of(requirement.op), values);
  if (problem.empty()) return;
  problem_ = "selector, byte " + std::to_string(key.at + 1) + ": " + problem;
}

}  // namespace

Expected<SelectorText> SelectorText::parse(std::string_view text) { return Parser(text).parse(); }

Selector SelectorText::interned(Catalog& catalog) const {
  Selector selector;
  for (const RequirementText& requirement : requirements) {
    const std::vector<std::string_view> values(requirement.values.begin(),
                                               requirement.values.end());
    selector.requirements.push_back(
        make_requirement(requirement.key, meaning_of(requirement.op), values, catalog));
  }
  return selector;
}

}  // namespace arcas::model
