#include "driver/settings/connection_settings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fabric/base/error.h"

namespace driver::settings {
namespace {

using fabric::base::Endpoint;
using fabric::base::Error;
using fabric::base::SqlState;
using fabric::mysql::TlsMode;
using namespace std::chrono_literals;

/// Of a string that leads to no warning.
ConnectionSettings settings(const std::string& text) {
  std::vector<Warning> warnings;
  ConnectionSettings result = settings_from_connection_string("DRIVER=d;" + text, warnings);
  for (const Warning& warning : warnings) ADD_FAILURE() << text << ": " << warning.text;
  return result;
}

std::string warning(const std::string& text) {
  std::vector<Warning> warnings;
  settings_from_connection_string("DRIVER=d;" + text, warnings);
  if (warnings.size() != 1) return std::to_string(warnings.size()) + " warnings";
  EXPECT_EQ(warnings[0].state, SqlState::k01S00);
  return warnings[0].text;
}

std::string refusal(const std::string& text, SqlState state) {
  std::vector<Warning> warnings;
  try {
    settings_from_connection_string("DRIVER=d;" + text, warnings);
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), state) << text;
    return error.what();
  }
  return "";
}

TEST(ConnectionSettings, AreAPlainLocalServerWhenNothingIsSaid) {
  const ConnectionSettings plain = settings("");
  EXPECT_FALSE(plain.has_fabric());
  EXPECT_EQ(plain.servers, (std::vector<Endpoint>{{"localhost", 3306, ""}}));
  EXPECT_TRUE(plain.credentials.link.found_rows);
  EXPECT_FALSE(plain.credentials.link.multi_statements);
  EXPECT_EQ(plain.credentials.tls.mode, TlsMode::kPreferred);
}

TEST(ConnectionSettings, HaveTheDefaultsThatTheTableOfKeywordsNames) {
  // As if every keyword with a default had been given with it.
  std::string all = "FABRIC_NODES=h:32275;";
  for (std::size_t i = 0; i < kKeywordCount; ++i) {
    const KeywordRow& row = row_of(static_cast<Keyword>(i));
    if (row.keyword == Keyword::kServer || row.use != KeywordUse::kUsed) continue;
    if (!row.standard.empty()) all += std::string(row.name) + "=" + std::string(row.standard) + ";";
  }
  const ConnectionSettings given = settings(all);
  const ConnectionSettings standard = settings("FABRIC_NODES=h:32275");
  EXPECT_EQ(given.pool_timeout, standard.pool_timeout);
  EXPECT_EQ(given.failover_timeout, standard.failover_timeout);
  EXPECT_EQ(given.failover_retry, standard.failover_retry);
  EXPECT_EQ(given.read_after_write, standard.read_after_write);
  EXPECT_EQ(given.spool_memory, standard.spool_memory);
  EXPECT_EQ(given.credentials, standard.credentials);
  EXPECT_EQ(given.fabric.credentials, standard.fabric.credentials);
  EXPECT_EQ(given.fabric.mode, standard.fabric.mode);
  EXPECT_EQ(given.fabric.scope, standard.fabric.scope);
  EXPECT_EQ(given.fabric.farm.ttl_limit, standard.fabric.farm.ttl_limit);
  EXPECT_EQ(given.fabric.farm.node_timeout, standard.fabric.farm.node_timeout);
  EXPECT_EQ(given.fabric.farm.attempts, standard.fabric.farm.attempts);
  EXPECT_EQ(given.fabric.farm.attempt_delay, standard.fabric.farm.attempt_delay);
  EXPECT_EQ(given.fabric.farm.reports, standard.fabric.farm.reports);
  EXPECT_EQ(given.pool.pooling, standard.pool.pooling);
  EXPECT_EQ(given.pool.max_size, standard.pool.max_size);
  EXPECT_EQ(given.pool.min_idle, standard.pool.min_idle);
  EXPECT_EQ(given.pool.idle_timeout, standard.pool.idle_timeout);
  EXPECT_EQ(given.pool.max_lifetime, standard.pool.max_lifetime);
  EXPECT_EQ(given.pool.validate_after, standard.pool.validate_after);
  EXPECT_EQ(given.pool.connect_timeout, standard.pool.connect_timeout);
  EXPECT_EQ(given.pool.detection_time, standard.pool.detection_time);
  EXPECT_EQ(given.pool.reset, standard.pool.reset);
}

TEST(ConnectionSettings, ReadAPlainDsn) {
  const ConnectionSettings plain = settings(
      "SERVER=a,b:3307;PORT=3308;UID=u;PWD=p;DB=d;INITSTMT=SET @a=1;CHARSET=utf8;SOCKET=;"
      "CONN_TIMEOUT=3");
  EXPECT_EQ(plain.servers, (std::vector<Endpoint>{{"a", 3308, ""}, {"b", 3307, ""}}));
  EXPECT_EQ(plain.credentials.user, "u");
  EXPECT_EQ(plain.credentials.password, "p");
  EXPECT_EQ(plain.database, "d");
  EXPECT_EQ(plain.init_statement, "SET @a=1");
  EXPECT_EQ(plain.pool.connect_timeout, 3s);
}

TEST(ConnectionSettings, PreferASocketThatIsGiven) {
  EXPECT_EQ(settings("SOCKET=/tmp/x.sock").servers,
            (std::vector<Endpoint>{{"localhost", 3306, "/tmp/x.sock"}}));
}

TEST(ConnectionSettings, ReadTheFarm) {
  const ConnectionSettings farm = settings(
      "FABRIC_NODES=n1,n2:4000;FABRIC_PROTOCOL=mysql;UID=u;PWD=p;FABRIC_USER=f;FABRIC_PASSWORD=q;"
      "GROUP=g1;FABRIC_MODE=RO;FABRIC_TTL=5;FABRIC_REPORT_ERRORS=off;FABRIC_ATTEMPTS=7;"
      "FABRIC_ATTEMPT_DELAY=10ms;FABRIC_TIMEOUT=1s;FAILOVER_TIMEOUT=2min;FAILOVER_RETRY=OFF");
  EXPECT_TRUE(farm.has_fabric());
  EXPECT_TRUE(farm.servers.empty());
  EXPECT_EQ(farm.fabric.nodes, (std::vector<Endpoint>{{"n1", 32275, ""}, {"n2", 4000, ""}}));
  EXPECT_EQ(farm.fabric.credentials.user, "f");
  EXPECT_EQ(farm.fabric.credentials.password, "q");
  EXPECT_EQ(farm.fabric.credentials.tls.mode, TlsMode::kDisabled);
  EXPECT_EQ(farm.fabric.group, "g1");
  EXPECT_EQ(farm.fabric.mode, FabricMode::kReadOnly);
  EXPECT_EQ(farm.fabric.farm.ttl_limit, 5s);
  EXPECT_EQ(farm.fabric.farm.reports, fabric::ReportPolicy::kOff);
  EXPECT_EQ(farm.fabric.farm.attempts, 7U);
  EXPECT_EQ(farm.fabric.farm.attempt_delay, 10ms);
  EXPECT_EQ(farm.fabric.farm.node_timeout, 1s);
  EXPECT_EQ(farm.failover_timeout, 2min);
  EXPECT_EQ(farm.failover_retry, FailoverRetry::kOff);
}

TEST(ConnectionSettings, AskTheNodeAsTheApplicationsUserByDefault) {
  const ConnectionSettings farm = settings("FABRIC_NODES=n:3306;UID=u;PWD=p");
  EXPECT_EQ(farm.fabric.credentials.user, "u");
  EXPECT_EQ(farm.fabric.credentials.password, "p");
  EXPECT_EQ(settings("FABRIC_HOST=n;FABRIC_PORT=3310").fabric.nodes,
            (std::vector<Endpoint>{{"n", 3310, ""}}));
}

TEST(ConnectionSettings, ReadShardedTables) {
  const ConnectionSettings farm =
      settings("FABRIC_NODES=n:3306;DATABASE=d;FABRIC_TABLES=a, e.b;FABRIC_KEY=42");
  EXPECT_EQ(farm.fabric.tables, (std::vector<std::string>{"d.a", "e.b"}));
  EXPECT_EQ(farm.fabric.key, "42");
  EXPECT_TRUE(farm.fabric.key_given);
  EXPECT_FALSE(settings("FABRIC_NODES=n:1;FABRIC_TABLES=a.b").fabric.key_given);
  EXPECT_EQ(settings("FABRIC_NODES=n:1;FABRIC_TABLES=a.b;FABRIC_SCOPE=global").fabric.scope,
            ShardScope::kGlobal);
}

TEST(ConnectionSettings, ReadThePool) {
  const ConnectionSettings plain = settings(
      "POOLING=0;MAX_POOL_SIZE=4;MIN_POOL_SIZE=2;POOL_TIMEOUT=1;POOL_IDLE_TIMEOUT=2min;"
      "POOL_MAX_LIFETIME=1h;POOL_VALIDATE_AFTER=0;CONNECTION_RESET=ALWAYS;"
      "LOAD_BALANCE=LEAST_OUTSTANDING;"
      "POOL_KEEPALIVE=1min;POOL_LEAK_WARN=3s;STATEMENT_CACHE_SIZE=7;"
      "FAILURE_DETECTION_TIME=700ms;SPOOL_MEMORY=1M;POOL_MODE=SESSION");
  EXPECT_FALSE(plain.pool.pooling);
  EXPECT_EQ(plain.pool.max_size, 4U);
  EXPECT_EQ(plain.pool.min_idle, 2U);
  EXPECT_EQ(plain.pool_timeout, 1s);
  EXPECT_EQ(plain.pool.idle_timeout, 2min);
  EXPECT_EQ(plain.pool.max_lifetime, 1h);
  EXPECT_EQ(plain.pool.validate_after, 0s);
  EXPECT_EQ(plain.pool.keepalive, 1min);
  EXPECT_EQ(plain.pool.leak_warn, 3s);
  EXPECT_EQ(plain.pool.statement_cache, 7U);
  EXPECT_EQ(plain.pool.reset, pool::ResetPolicy::kAlways);
  EXPECT_EQ(plain.pool.load_balance, pool::LoadBalance::kLeastOutstanding);
  EXPECT_EQ(plain.pool.detection_time, 700ms);
  EXPECT_EQ(plain.spool_memory, 1U << 20U);
}

TEST(ConnectionSettings, CheckACertificateAuthorityThatIsGiven) {
  EXPECT_EQ(settings("SSLCA=/ca.pem").credentials.tls.mode, TlsMode::kVerifyCa);
  EXPECT_EQ(settings("SSLCAPATH=/ca").credentials.tls.mode, TlsMode::kVerifyCa);
  EXPECT_EQ(settings("SSLCA=/ca.pem;SSLMODE=REQUIRED").credentials.tls.mode, TlsMode::kRequired);
  EXPECT_EQ(settings("SSLVERIFY=1").credentials.tls.mode, TlsMode::kVerifyIdentity);
  EXPECT_EQ(settings("SSLVERIFY=0").credentials.tls.mode, TlsMode::kPreferred);
  EXPECT_EQ(settings("FABRIC_NODES=n:1;FABRIC_SSL_CA=/ca").fabric.credentials.tls.mode,
            TlsMode::kVerifyCa);
  const auto tls = settings("SSLKEY=k;SSLCERT=c;SSLCIPHER=x;TLS_VERSIONS=TLSv1.2").credentials.tls;
  EXPECT_EQ(tls.key + tls.certificate + tls.cipher + tls.versions, "kcxTLSv1.2");
}

TEST(ConnectionSettings, ReadOptionBits) {
  EXPECT_TRUE(settings("OPTION=67108864").credentials.link.multi_statements);
  EXPECT_FALSE(settings("OPTION=67108864;MULTI_STATEMENTS=0").credentials.link.multi_statements);
  EXPECT_TRUE(settings("OPTION=3").credentials.link.found_rows);
  EXPECT_FALSE(settings("FOUND_ROWS=0").credentials.link.found_rows);
  EXPECT_TRUE(settings("OPTION=2048").credentials.link.compress);
  EXPECT_EQ(warning("OPTION=65538"),
            "USE_MYCNF is not used: option files are not read: a DSN says it all");
  EXPECT_EQ(warning("OPTION=1073741824"), "OPTION: of its bits, 1073741824 is not known");
  const ConnectionSettings usual = settings("OPTION=4194307");  // of many a program's own string
  EXPECT_TRUE(usual.credentials.link.found_rows);
}

struct OptionCase {
  const char* name;
  bool PeerOptions::*field;
};
constexpr OptionCase kOptions[] = {{"NO_BIGINT", &PeerOptions::no_bigint},
                                   {"FULL_COLUMN_NAMES", &PeerOptions::full_column_names},
                                   {"PAD_SPACE", &PeerOptions::pad_space},
                                   {"NO_BINARY_RESULT", &PeerOptions::no_binary_result},
                                   {"DFLT_BIGINT_BIND_STR", &PeerOptions::bigint_as_text},
                                   {"ZERO_DATE_TO_MIN", &PeerOptions::zero_date_to_min},
                                   {"MIN_DATE_TO_ZERO", &PeerOptions::min_date_to_zero},
                                   {"NO_DATE_OVERFLOW", &PeerOptions::no_date_overflow},
                                   {"FORWARD_CURSOR", &PeerOptions::forward_only},
                                   {"DYNAMIC_CURSOR", &PeerOptions::dynamic_cursor},
                                   {"SCHEMANOERROR", &PeerOptions::ignore_schema},
                                   {"NO_SSPS", &PeerOptions::client_side_prepare},
                                   {"EDSERVER", &PeerOptions::direct_on_server},
                                   {"NO_CATALOG", &PeerOptions::no_catalog},
                                   {"NO_TRANSACTIONS", &PeerOptions::no_transactions},
                                   {"AUTO_IS_NULL", &PeerOptions::auto_is_null},
                                   {"NO_SCHEMA", &PeerOptions::no_schema},
                                   {"NULLISCURRENT", &PeerOptions::null_is_current}};

TEST(ConnectionSettings, ReadNamedOptionsAndTheirBits) {
  for (const OptionCase& each : kOptions) {
    const std::string name = each.name;
    const KeywordRow& row = *find_keyword(name);
    EXPECT_EQ(settings("").options.*each.field, row.standard == "1") << name;
    EXPECT_TRUE(settings(name + "=1").options.*each.field) << name;
    EXPECT_FALSE(settings(name + "=0").options.*each.field) << name;
    if (row.option_bit == 0) continue;
    const std::string bit = "OPTION=" + std::to_string(row.option_bit) + ";";
    EXPECT_TRUE(settings(bit).options.*each.field) << name;
    EXPECT_FALSE(settings(bit + name + "=0").options.*each.field) << name;
  }
}

TEST(ConnectionSettings, ReadTheLink) {
  const auto link = settings(
                        "READTIMEOUT=4;WRITE_TIMEOUT=500ms;INTERACTIVE=1;IGNORE_SPACE=1;"
                        "ENABLE_CLEARTEXT_PLUGIN=1;CAN_HANDLE_EXP_PWD=1;PLUGIN_DIR=/p;"
                        "DEFAULT_AUTH=a;RSAKEY=/k;ATTR={program=x, role=a b}")
                        .credentials.link;
  EXPECT_EQ(link.read_timeout, 4s);
  EXPECT_EQ(link.write_timeout, 500ms);
  EXPECT_TRUE(link.interactive && link.ignore_space && link.clear_password &&
              link.expired_password);
  EXPECT_EQ(link.plugin_folder + link.default_plugin + link.server_key, "/pa/k");
  using Attributes = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(link.attributes, (Attributes{{"program", "x"}, {"role", "a b"}}));
  EXPECT_NE(refusal("ATTR=nothing", SqlState::kHY024), "");
  EXPECT_NE(refusal("ATTR={_os=x}", SqlState::kHY024), "");
}

TEST(ConnectionSettings, KeepFilesFromTheServerUnlessAllowed) {
  const auto link = [](const std::string& text) { return settings(text).credentials.link; };
  EXPECT_FALSE(link("").local_infile);
  EXPECT_TRUE(link("ENABLE_LOCAL_INFILE=1").local_infile);
  EXPECT_TRUE(link("LOAD_DATA_LOCAL_DIR=/d").local_infile);
  EXPECT_EQ(link("LOAD_DATA_LOCAL_DIR=/d").local_infile_folder, "/d");
  EXPECT_TRUE(link("ENABLE_LOCAL_INFILE=0;LOAD_DATA_LOCAL_DIR=/d").local_infile);
  EXPECT_EQ(link("ENABLE_LOCAL_INFILE=1;LOAD_DATA_LOCAL_DIR=/d").local_infile_folder, "/d");
  EXPECT_FALSE(link("ENABLE_LOCAL_INFILE=1;NOLOCALINFILE=1").local_infile);
  EXPECT_FALSE(link("NOLOCALINFILE=1;LOAD_DATA_LOCAL_DIR=/d").local_infile);
}

TEST(ConnectionSettings, ReadTlsOfTheOtherDrivers) {
  const auto tls = [](const std::string& text) { return settings(text).credentials.tls; };
  EXPECT_EQ(tls("FORCETLS=1").mode, TlsMode::kRequired);
  EXPECT_EQ(tls("FORCETLS=1;SSLCA=/ca").mode, TlsMode::kVerifyCa);
  EXPECT_EQ(tls("SSL_ENFORCE=1").mode, TlsMode::kRequired);
  EXPECT_EQ(tls("DISABLE_SSL_DEFAULT=1").mode, TlsMode::kDisabled);
  EXPECT_EQ(tls("DISABLE_SSL_DEFAULT=1;SSLCA=/ca").mode, TlsMode::kVerifyCa);
  EXPECT_EQ(tls("TLSPEERFP=00").mode, TlsMode::kRequired);
  EXPECT_EQ(tls("SSLFPLIST=/f").peer_fingerprints, "/f");
  EXPECT_EQ(tls("TLS-VERSIONS=tlsv1.2").versions, "TLSv1.2");
  EXPECT_EQ(tls("TLSVERSION=TLSv1,TLSv1.3").versions, "TLSv1.0,TLSv1.3");
  EXPECT_EQ(tls("NO_TLS_1_3=1").versions, "TLSv1.2");
  EXPECT_EQ(tls("NO_TLS_1_2=1").versions, "TLSv1.3");
  EXPECT_EQ(tls("SSLCA=/ca;SSL-CRL=/r;SSLCRLPATH=/q;TLSKEYPWD=s").crl, "/r");
  EXPECT_NE(refusal("NO_TLS_1_2=1;NO_TLS_1_3=1", SqlState::kHY000), "");
  EXPECT_NE(refusal("TLS_VERSIONS=SSLv3", SqlState::kHY024), "");
  EXPECT_NE(refusal("FORCETLS=1;SSLMODE=PREFERRED", SqlState::kHY000), "");
  EXPECT_NE(refusal("TLSPEERFP=00;SSLMODE=DISABLED", SqlState::kHY000), "");
  EXPECT_NE(refusal("SSLCRL=/r", SqlState::kHY000), "");
}

TEST(ConnectionSettings, IgnoreInSilenceWhatAsksForNothing) {
  settings(
      "NAMED_PIPE=0;ENABLE_DNS_SRV=0;OPENTELEMETRY=DISABLED;USE_MYCNF=0;PWD2=;OCI_CONFIG_FILE=;"
      "PREFETCH=100;AUTO_RECONNECT=1;BIG_PACKETS=1;MULTI_HOST=1;TCPIP=1;PSCACHESIZE=250");
  EXPECT_EQ(warning("NAMED_PIPE=1"),
            "NAMED_PIPE is not used: there are no named pipes here: use SOCKET");
  EXPECT_EQ(warning("PWD2=secret"),
            "PWD2 is not used: accounts with several passwords are not supported by the client "
            "library");
}

TEST(ConnectionSettings, ReadTheIntentOfTheApplication) {
  EXPECT_EQ(settings("ApplicationIntent=ReadOnly").fabric.mode, FabricMode::kReadOnly);
  EXPECT_EQ(settings("APPLICATION_INTENT=ReadWrite").fabric.mode, FabricMode::kReadWrite);
}

TEST(ConnectionSettings, TakeAPoolMode) {
  EXPECT_TRUE(settings("POOL_MODE=transaction").lease_per_transaction);
  EXPECT_FALSE(settings("POOL_MODE=SESSION").lease_per_transaction);
  EXPECT_FALSE(settings("").lease_per_transaction);
}

TEST(ConnectionSettings, TakeFilesAndWarnOfACharset) {
  EXPECT_EQ(settings("FABRIC_MODE=AUTO").fabric.mode, FabricMode::kAuto);
  EXPECT_EQ(warning("CHARSET=latin1"), "CHARSET='latin1' is not used: text is always utf8mb4");
  EXPECT_NE(refusal("CHARSET=utf9", SqlState::kHY024).find("no server has this character set"),
            std::string::npos);
  EXPECT_EQ(settings("LOG=/x").log_file, "/x");
  EXPECT_EQ(settings("LOG=/x;LOG_LEVEL=debug").log_level, fabric::base::LogLevel::kDebug);
  EXPECT_EQ(settings("STATS_FILE=/x").stats_file, "/x");
}

TEST(ConnectionSettings, ChooseTheProtocolOfNodes) {
  const auto by_port = settings("FABRIC_NODES=a,b:32275;UID=u");
  EXPECT_FALSE(by_port.fabric.protocol);
  EXPECT_EQ(by_port.fabric.nodes.at(0).port, 32274);
  EXPECT_TRUE(by_port.fabric.user_of_servers) << "which XML-RPC does not know";
  const auto mysql = settings("FABRIC_NODES=a;FABRIC_PROTOCOL=mysql;FABRIC_USER=f");
  EXPECT_EQ(mysql.fabric.protocol, fabric::RpcProtocol::kMysql);
  EXPECT_EQ(mysql.fabric.nodes.at(0).port, 32275);
  EXPECT_FALSE(mysql.fabric.user_of_servers);
  const auto xml = settings("FABRIC_NODES=a:1;FABRIC_PROTOCOL=xmlrpc");
  EXPECT_EQ(xml.fabric.protocol, fabric::RpcProtocol::kXmlRpc);
  EXPECT_NE(refusal("FABRIC_NODES=a;FABRIC_SSL_MODE=PREFERRED", SqlState::kHY024)
                .find("use one of DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY"),
            std::string::npos);
  using fabric::mysql::TlsMode;
  for (const auto& [value, mode] :
       {std::pair("DISABLED", TlsMode::kDisabled), std::pair("REQUIRED", TlsMode::kRequired),
        std::pair("VERIFY_CA", TlsMode::kVerifyCa),
        std::pair("VERIFY_IDENTITY", TlsMode::kVerifyIdentity)}) {
    const auto given = settings(std::string("FABRIC_NODES=a;FABRIC_SSL_MODE=") + value);
    EXPECT_EQ(given.fabric.credentials.tls.mode, mode) << value;
  }
}

TEST(ConnectionSettings, TakeATopologyFileInsteadOfNodes) {
  const auto by_file = settings("FABRIC_NODES=file:/etc/farm.ini;FABRIC_GROUP=g;UID=u;PWD=p");
  EXPECT_TRUE(by_file.has_fabric());
  EXPECT_EQ(by_file.fabric.topology_file, "/etc/farm.ini");
  EXPECT_TRUE(by_file.fabric.nodes.empty());
  EXPECT_EQ(by_file.fabric.credentials.user, "u");
  EXPECT_NE(refusal("FABRIC_NODES=file:farm.ini", SqlState::kHY024).find("an absolute path"),
            std::string::npos);
  EXPECT_EQ(refusal("FABRIC_NODES=file:/f;FABRIC_PORT=1", SqlState::kHY000),
            "FABRIC_PORT is of Fabric nodes, but FABRIC_NODES names a file: drop FABRIC_PORT");
}

TEST(ConnectionSettings, RefuseContradictions) {
  const auto state = SqlState::kHY000;
  EXPECT_EQ(refusal("FABRIC_NODES=n:1;SERVER=s", state),
            "FABRIC_NODES and SERVER are both given: drop SERVER to reach the farm, or drop "
            "FABRIC_NODES to reach that one server");
  EXPECT_EQ(refusal("FABRIC_NODES=n:1;SOCKET=/s", state),
            "FABRIC_NODES and SOCKET are both given: drop SOCKET to reach the farm, or drop "
            "FABRIC_NODES to reach that one server");
  EXPECT_EQ(refusal("GROUP=g", state),
            "FABRIC_GROUP is given without FABRIC_NODES: add FABRIC_NODES, or drop FABRIC_GROUP");
  EXPECT_EQ(refusal("FABRIC_PORT=1", state),
            "FABRIC_PORT is given without FABRIC_NODES: add FABRIC_NODES, or drop FABRIC_PORT");
  EXPECT_EQ(
      refusal("FABRIC_NODES=n:1;FABRIC_KEY=1", state),
      "FABRIC_KEY is given without FABRIC_TABLES: add the sharded tables, or drop FABRIC_KEY");
  EXPECT_EQ(refusal("FABRIC_NODES=n:1;FABRIC_TABLES=a.b;FABRIC_KEY=1;FABRIC_SCOPE=GLOBAL", state),
            "FABRIC_KEY contradicts FABRIC_SCOPE=GLOBAL: drop one of them");
  EXPECT_EQ(refusal("MIN_POOL_SIZE=5;MAX_POOL_SIZE=4", state),
            "MIN_POOL_SIZE (5) is larger than MAX_POOL_SIZE (4)");
  EXPECT_EQ(refusal("SSLVERIFY=1;SSLMODE=DISABLED", state),
            "SSLVERIFY=1 contradicts SSLMODE=DISABLED: drop one of them");
}

TEST(ConnectionSettings, RefuseBadValues) {
  const auto state = SqlState::kHY024;
  EXPECT_EQ(refusal("FABRIC_NODES=n:1;FABRIC_TABLES=t", state),
            "FABRIC_TABLES='t' is not accepted: write db.table,... or give DATABASE");
  EXPECT_EQ(refusal("PORT=0", state),
            "PORT='0' is not accepted: a whole number from 1 to 65535 is expected");
  EXPECT_EQ(refusal("FAILOVER_TIMEOUT=0", state),
            "FAILOVER_TIMEOUT='0' is not accepted: it must be 100ms at least");
  EXPECT_EQ(refusal("FAILURE_DETECTION_TIME=99ms", state),
            "FAILURE_DETECTION_TIME='99ms' is not accepted: it must be 100ms at least");
  EXPECT_EQ(refusal("FABRIC_NODES=n:1;FABRIC_TIMEOUT=0", state),
            "FABRIC_TIMEOUT='0' is not accepted: it must be 1ms at least");
  EXPECT_EQ(refusal("FABRIC_MODE=WO", state),
            "FABRIC_MODE='WO' is not accepted: use one of RW, RO, AUTO, READWRITE, READONLY");
  EXPECT_EQ(refusal("POOLING=perhaps", state),
            "POOLING='perhaps' is not accepted: 1 or 0 is expected (yes, no, on, off, true, false "
            "too)");
  EXPECT_NE(refusal("MAX_POOL_SIZE=0", state), "");
  EXPECT_NE(refusal("OPTION=x", state), "");
}

TEST(ConnectionSettings, TakeAnEmptyValueAsNotGiven) {
  const ConnectionSettings plain = settings("PORT=;MAX_POOL_SIZE=;SSLMODE=;POOLING=;FABRIC_NODES=");
  EXPECT_EQ(plain.servers[0].port, 3306);
  EXPECT_EQ(plain.pool.max_size, 100U);
}

TEST(ConnectionSettings, GiveTheCompletedString) {
  EXPECT_EQ(completed_string(settings("FABRIC_NODES=n:1;group=g;UID=u;PWD=p")),
            "DRIVER=d;FABRIC_NODES=n:1;FABRIC_GROUP=g;UID=u;");
}

}  // namespace
}  // namespace driver::settings
