#include "fabric/xmlrpc/codec.h"

#include <gtest/gtest.h>

#include "fabric/xmlrpc/value.h"
#include "tests/support/xmlrpc_node.h"

namespace fabric::xmlrpc {
namespace {

using Kind = NodeFailure::Kind;
using test_support::XmlRpcNode;

constexpr const char* kServers = "dump.servers";

NodeFailure failure_of(const std::string& body) {
  try {
    decode_reply(body, kServers);
  } catch (const NodeFailure& failure) {
    return failure;
  }
  return {Kind::kPassing, "no failure"};
}

std::string response(const std::string& value) {
  return "<methodResponse><params><param>" + value + "</param></params></methodResponse>";
}

std::string nested(const std::string& open, const std::string& close, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += open;
  for (std::size_t i = 0; i < times; ++i) text += close;
  return text;
}

TEST(XmlRpcCodec, EncodesCallsOnOneLineAndEscapesText) {
  EXPECT_EQ(encode_call(
                {"threat.report_error", {0, "a<b>&\"c\x01", RpcFlag::kNotGiven, RpcFlag::kFalse}}),
            "<?xml version=\"1.0\"?>\n<methodCall><methodName>threat.report_error</methodName>"
            "<params><param><value><int>0</int></value></param>"
            "<param><value><string>a&lt;b&gt;&amp;\"c </string></value></param>"
            "<param><value><boolean>0</boolean></value></param>"
            "<param><value><boolean>0</boolean></value></param></params></methodCall>");
}

TEST(XmlRpcCodec, ReadsEveryTypeOfValueAsText) {
  const std::string set =
      XmlRpcNode::set({"a", "b", "c", "d", "e", "f", "g", "h", "i"},
                      {{"<string>x &amp; &lt;y&gt;</string>", "<int>-5</int>", "<i4>7</i4>",
                        "<i8>9</i8>", "<double>1.5</double>", "<boolean>1</boolean>", "<nil/>",
                        "untyped", "<string>None</string>"}});
  const RpcAnswer answer = decode_reply(XmlRpcNode::reply("", set), kServers);
  EXPECT_EQ(answer.ttl, std::chrono::seconds(3));
  ASSERT_EQ(answer.tables.size(), 1U);
  const std::vector<RpcTable::Cell> row{"x & <y>", "-5",         "7",       "9",         "1.5",
                                        "1",       std::nullopt, "untyped", std::nullopt};
  EXPECT_EQ(answer.tables[0].rows.at(0), row);
  EXPECT_EQ(answer.tables[0].column("h"), 7U);
}

TEST(XmlRpcCodec, ReadsCharactersOfAllKinds) {
  const std::string set =
      XmlRpcNode::set({"a"}, {{"<string>\xC3\xA5 &#229; &#x20AC; <![CDATA[<&>]]> \n</string>"}});
  const RpcAnswer answer = decode_reply(XmlRpcNode::reply("", set), kServers);
  EXPECT_EQ(answer.tables.at(0).rows.at(0).at(0), "\xC3\xA5 \xC3\xA5 \xE2\x82\xAC <&> \n");
}

TEST(XmlRpcCodec, TakesMembersInAnyOrder) {
  const std::string set =
      "<struct><member><value><array><data/></array></value><name>rows</name></member><member>"
      "<name>info</name><value><struct><member><name>names</name><value><array><data/></array>"
      "</value></member></struct></value></member></struct>";
  EXPECT_EQ(decode_reply(XmlRpcNode::reply("", set), kServers).tables.at(0).rows.size(), 0U);
}

TEST(XmlRpcCodec, TellsCommandErrorsFaultsAndOldNodesApart) {
  const NodeFailure command = failure_of(XmlRpcNode::reply("Group (x) does not exist", ""));
  EXPECT_EQ(command.kind(), Kind::kCommand);
  EXPECT_STREQ(command.what(), "dump.servers failed at the node: Group (x) does not exist");
  const NodeFailure names =
      failure_of(XmlRpcNode::reply("'ascii' codec can't encode character", ""));
  EXPECT_NE(std::string(names.what()).find("non-ASCII characters"), std::string::npos);
  const NodeFailure unknown = failure_of(XmlRpcNode::fault("method \"x\" is not supported"));
  EXPECT_EQ(unknown.kind(), Kind::kRefused);
  EXPECT_NE(std::string(unknown.what()).find("it is no Fabric node, or one older"),
            std::string::npos);
  EXPECT_EQ(failure_of(XmlRpcNode::fault("cannot marshal")).kind(), Kind::kCommand);
  // Before 1.5.1: the uuid first, and four members.
  const NodeFailure old = failure_of(
      response("<value><array><data><value>5ca1ab1e</value><value><int>1</int></value><value>"
               "<int>1</int></value><value><array><data/></array></value></data></array></value>"));
  EXPECT_EQ(old.kind(), Kind::kRefused);
  EXPECT_NE(std::string(old.what()).find("before 1.5.1"), std::string::npos) << old.what();
}

TEST(XmlRpcCodec, RefusesWhatIsNotAnAnswerInTheFormat) {
  const auto five = [](const std::string& ttl, const std::string& sets) {
    return response("<value><array><data><value><int>1</int></value><value>u</value><value>" + ttl +
                    "</value><value></value><value>" + sets + "</value></data></array></value>");
  };
  const std::vector<std::pair<std::string, std::string>> cases{
      {response("<value>x</value>"), "no list of five members"},
      {response("<value><array><data><value><int>2</int></value></data></array></value>"),
       "not in format 1"},
      {five("<int>-1</int>", "<array><data/></array>"), "'-1' as the TTL"},
      {five("soon", "<array><data/></array>"), "'soon' as the TTL"},
      {five("<int>1</int>", "x"), "no list of result sets"},
      {XmlRpcNode::reply("", "x"), "no names of columns"},
      {XmlRpcNode::reply("", XmlRpcNode::set({"a"}, {{"x", "y"}})),
       "a row of 2 values in 1 columns"},
      {XmlRpcNode::reply("", XmlRpcNode::set({"a"}, {{"<array><data/></array>"}})),
       "a list where a value belongs"},
      {XmlRpcNode::reply("", nested("<struct/></value><value>", "", 17) + "x"), "has no end"}};
  for (const auto& [body, sentence] : cases) {
    const NodeFailure failure = failure_of(body);
    EXPECT_EQ(failure.kind(), Kind::kMalformed) << failure.what();
    EXPECT_NE(std::string(failure.what()).find(sentence), std::string::npos) << failure.what();
  }
}

TEST(XmlRpcCodec, RefusesWhatIsNoXmlRpc) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "No element found"},
      {"hello", "its answer is no XML-RPC"},
      {"<html><body/></html>", "<html> where it does not belong"},
      {"<methodResponse/>", "it has no value"},
      {response("<value><int>1"), "its answer is no XML-RPC"},
      {response("<value><int>1</int><int>2</int></value>"), "a <value> of two types"},
      {response("<value>1</value><value>2</value>"), "a second value"},
      {response("<value><struct><member><name>a</name></member></struct></value>"),
       "not one name and one value"},
      {response("<value><list/></value>"), "<list> where it does not belong"},
      {"<!DOCTYPE x [<!ENTITY a \"b\">]>" + response("<value>&a;</value>"), "it has a DOCTYPE"},
      {response("<value>&undefined;</value>"), "its answer is no XML-RPC"},
      {response("<value>\xFF\xFE</value>"), "its answer is no XML-RPC"},
      {std::string("\xFF\xFE<\0m\0", 6), "its answer is no XML-RPC"}};
  for (const auto& [body, sentence] : cases) {
    const NodeFailure failure = failure_of(body);
    EXPECT_EQ(failure.kind(), Kind::kMalformed) << failure.what();
    EXPECT_NE(std::string(failure.what()).find(sentence), std::string::npos)
        << body.substr(0, 60) << ": " << failure.what();
  }
}

TEST(XmlRpcCodec, StopsAtItsLimits) {
  const std::string open = "<value><array><data>", close = "</data></array></value>";
  EXPECT_NE(
      std::string(failure_of(response(nested(open, close, 17))).what()).find("nested too deep"),
      std::string::npos);
  EXPECT_NO_THROW(parse_response(response(nested(open, close, 16))));
  EXPECT_NE(
      std::string(failure_of(nested("<a>", "", 1000000)).what()).find("<a> where it does not"),
      std::string::npos);
  EXPECT_NE(
      std::string(failure_of(response(open + nested("<value/>", "", kMostValues) + close)).what())
          .find("too many values"),
      std::string::npos);
}

}  // namespace
}  // namespace fabric::xmlrpc
