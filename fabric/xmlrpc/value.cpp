#include "fabric/xmlrpc/value.h"

#include <Poco/Exception.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/InputSource.h>
#include <Poco/SAX/SAXParser.h>

#include <algorithm>
#include <array>
#include <istream>
#include <streambuf>
#include <utility>

#include "fabric/rpc_call.h"

namespace fabric::xmlrpc {

namespace {

using ValueKind = Value::Kind;

enum class Tag : std::uint8_t {
  kDocument,
  kResponse,
  kParams,
  kParam,
  kFault,
  kValue,
  kScalar,
  kArray,
  kData,
  kStruct,
  kMember,
  kName
};

struct Rule {
  Tag parent;
  std::string_view name;
  Tag tag;
  ValueKind kind = ValueKind::kText;  ///< of a child of <value>
};

constexpr std::array kGrammar{
    Rule{Tag::kDocument, "methodResponse", Tag::kResponse},
    Rule{Tag::kResponse, "params", Tag::kParams},
    Rule{Tag::kResponse, "fault", Tag::kFault},
    Rule{Tag::kParams, "param", Tag::kParam},
    Rule{Tag::kParam, "value", Tag::kValue},
    Rule{Tag::kFault, "value", Tag::kValue},
    Rule{Tag::kData, "value", Tag::kValue},
    Rule{Tag::kMember, "value", Tag::kValue},
    Rule{Tag::kMember, "name", Tag::kName},
    Rule{Tag::kArray, "data", Tag::kData},
    Rule{Tag::kStruct, "member", Tag::kMember},
    Rule{Tag::kValue, "string", Tag::kScalar, ValueKind::kText},
    Rule{Tag::kValue, "int", Tag::kScalar, ValueKind::kInteger},
    Rule{Tag::kValue, "i4", Tag::kScalar, ValueKind::kInteger},
    Rule{Tag::kValue, "i8", Tag::kScalar, ValueKind::kInteger},
    Rule{Tag::kValue, "double", Tag::kScalar, ValueKind::kDouble},
    Rule{Tag::kValue, "boolean", Tag::kScalar, ValueKind::kBoolean},
    Rule{Tag::kValue, "nil", Tag::kScalar, ValueKind::kNil},
    Rule{Tag::kValue, "dateTime.iso8601", Tag::kScalar, ValueKind::kOther},
    Rule{Tag::kValue, "base64", Tag::kScalar, ValueKind::kOther},
    Rule{Tag::kValue, "array", Tag::kArray, ValueKind::kArray},
    Rule{Tag::kValue, "struct", Tag::kStruct, ValueKind::kStruct},
};

/// Builds the value. Handlers are called from within a C parser and so never throw: the first
/// problem is noted, and what follows it is not looked at.
class Builder final : public Poco::XML::DefaultHandler {
 public:
  void startElement(const std::string&, const std::string&, const std::string& name,
                    const Poco::XML::Attributes&) override {
    if (!problem_.empty()) return;
    const Tag parent = open_.empty() ? Tag::kDocument : open_.back();
    const auto* const rule = std::find_if(kGrammar.begin(), kGrammar.end(), [&](const Rule& one) {
      return one.parent == parent && one.name == name;
    });
    if (rule == kGrammar.end())
      return note("<" + name.substr(0, 40) + "> where it does not belong");
    open_.push_back(rule->tag);
    text_.clear();
    if (rule->tag == Tag::kValue) return open_value();
    if (parent == Tag::kValue) set_type(rule->kind);
    if (rule->tag == Tag::kFault) response_.fault = true;
  }

  void endElement(const std::string&, const std::string&, const std::string&) override {
    if (!problem_.empty()) return;
    switch (open_.back()) {
      case Tag::kScalar:
        values_.back().value.text = std::move(text_);
        break;
      case Tag::kName:
        values_.back().value.names.push_back(std::move(text_));
        break;
      case Tag::kMember:
        if (values_.back().value.names.size() != values_.back().value.items.size()) {
          note("a <member> that is not one name and one value");
        }
        break;
      case Tag::kValue:
        close_value();
        break;
      default:
        break;
    }
    text_.clear();
    open_.pop_back();
  }

  void characters(const char text[], int start, int length) override {
    if (!problem_.empty() || open_.empty()) return;
    const Tag tag = open_.back();
    if (tag != Tag::kScalar && tag != Tag::kName && tag != Tag::kValue) return;
    text_.append(text + start, static_cast<std::size_t>(length));
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] bool complete() const { return complete_; }
  Response take() { return std::move(response_); }

 private:
  struct Open {
    Value value;
    bool typed = false;
  };

  void note(std::string problem) { problem_ = std::move(problem); }

  void open_value() {
    if (values_.size() == kDeepestValue) return note("values nested too deep");
    if (++count_ > kMostValues) return note("too many values");
    if (values_.empty() && complete_) return note("a second value");
    values_.emplace_back();
  }

  void set_type(ValueKind kind) {
    Open& top = values_.back();
    if (top.typed) return note("a <value> of two types");
    top.typed = true;
    top.value.kind = kind;
  }

  void close_value() {
    Open closed = std::move(values_.back());
    values_.pop_back();
    if (!closed.typed) closed.value.text = std::move(text_);
    if (values_.empty()) {
      complete_ = true;
      response_.value = std::move(closed.value);
    } else {
      values_.back().value.items.push_back(std::move(closed.value));
    }
  }

  std::vector<Tag> open_;
  std::vector<Open> values_;
  std::string text_, problem_;
  Response response_;
  std::size_t count_ = 0;
  bool complete_ = false;
};

/// Feeds the parser piece by piece, and no more once there is a problem.
class Feed final : public std::streambuf {
 public:
  Feed(std::string_view body, const Builder& builder) : rest_(body), builder_(builder) {}

 protected:
  int_type underflow() override {
    constexpr std::size_t kFed = 4096;
    if (rest_.empty() || !builder_.problem().empty()) return traits_type::eof();
    const std::size_t size = std::min(kFed, rest_.size());
    piece_.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
    setg(piece_.data(), piece_.data(), piece_.data() + size);
    return traits_type::to_int_type(piece_.front());
  }

 private:
  std::string_view rest_;
  std::string piece_;
  const Builder& builder_;
};

NodeFailure unreadable(const std::string& why) {
  return malformed_answer("its answer is no XML-RPC: " + why);
}

}  // namespace

const Value* Value::member(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? nullptr : &items[static_cast<std::size_t>(found - names.begin())];
}

Response parse_response(std::string_view body) {
  if (body.find("<!DOCTYPE") != std::string_view::npos) throw unreadable("it has a DOCTYPE");
  Builder builder;
  Feed feed(body, builder);
  std::istream stream(&feed);
  Poco::XML::InputSource source(stream);
  Poco::XML::SAXParser parser("UTF-8");  // whatever the document says of itself
  parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, false);
  parser.setContentHandler(&builder);
  try {
    parser.parse(&source);
  } catch (const Poco::Exception& error) {
    throw unreadable(builder.problem().empty() ? error.message() : builder.problem());
  }
  if (!builder.problem().empty()) throw unreadable(builder.problem());
  if (!builder.complete()) throw unreadable("it has no value");
  return builder.take();
}

}  // namespace fabric::xmlrpc
