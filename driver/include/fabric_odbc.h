/* The public header of the fabric-odbc driver: connection attributes that steer a session through a
 * farm at run time. Plain C; include <sql.h> and <sqlext.h> first.
 *
 * An attribute does what the keyword of the same name does in a DSN (docs/keywords.md), and is
 * stronger. Set it with SQLSetConnectAttr or SQLSetConnectAttrW, before or after connecting: it
 * holds until it is set again or the connection handle is freed. Each changes one part of the route
 * alone, and the parts together are judged by the next statement, which takes a connection by the
 * new route: where no group is found, or no server, that statement fails and says why.
 *
 * The same numbers set with SQLSetStmtAttr hold for the statements of that handle, and are stronger
 * than the connection's: its next execution goes there, or fails and says why (25000 while the
 * session cannot move). An empty text, or SQL_FABRIC_SCOPE_LOCAL, takes one back. docs/routing.md
 * has the order of all that steers a statement.
 *
 * Errors of setting, by SQLSTATE; nothing is changed then:
 *   25000  a transaction is open, or the session holds something that cannot move to another server
 *          (temporary tables, locks, user variables ...): commit, or end what the message names
 *   HY009  a null pointer
 *   HY024  a value that is not accepted: the message says what is
 *   HY090  a length that is not accepted
 *   HY092  an attribute that can only be read
 *   HY000  the connection has no FABRIC_NODES, so there is no farm to be steered through
 *
 * Texts: driver managers pass attributes of a driver through unconverted, whichever function is
 * called. So it is the attribute's number that tells the encoding: UTF-8 (SQLCHAR), or UTF-16
 * (SQLWCHAR) for those named _W. Lengths are in bytes. SQL_NTS is accepted for UTF-8 alone, since
 * unixODBC copies what is set before connecting up to its first zero byte. An empty text means
 * none.
 *
 * Threads: as any other call on the connection handle; it waits for the call that is under way.
 */
#ifndef FABRIC_ODBC_H
#define FABRIC_ODBC_H

/* Text: the group that is used when no sharded tables are set. */
#define SQL_ATTR_FABRIC_GROUP 0x4FA0
#define SQL_ATTR_FABRIC_GROUP_W 0x4FB0

/* Text: the sharded tables, "database.table,...", all of one mapping. While set, the key (or the
 * scope) decides, and not the group. */
#define SQL_ATTR_FABRIC_TABLES 0x4FA1
#define SQL_ATTR_FABRIC_TABLES_W 0x4FB1

/* Text, or an integer given by value with the length SQL_IS_INTEGER or SQL_IS_UINTEGER: the
 * sharding key. A text of one byte needs its length (1): with SQL_NTS it is refused (HY090),
 * because UTF-16 passed by mistake looks the same, and would lead to another key's shard. By value
 * only once connected: unixODBC keeps no such length until then. Reading gives text. */
#define SQL_ATTR_FABRIC_KEY 0x4FA2
#define SQL_ATTR_FABRIC_KEY_W 0x4FB2

/* SQLUINTEGER: one of the two below. */
#define SQL_ATTR_FABRIC_SCOPE 0x4FA3
#define SQL_FABRIC_SCOPE_LOCAL 0UL  /* the key's shard; the default */
#define SQL_FABRIC_SCOPE_GLOBAL 1UL /* the mapping's global group */

/* SQLUINTEGER: one of the three below. */
#define SQL_ATTR_FABRIC_MODE 0x4FA4
#define SQL_FABRIC_MODE_RW 0UL   /* the primary; the default */
#define SQL_FABRIC_MODE_RO 1UL   /* a secondary by weight, the primary if there is none */
#define SQL_FABRIC_MODE_AUTO 2UL /* by statement: docs/auto-mode.md */

/* Text, read-only: "host:port" of the server that the session is on, its group, and the id of the
 * shard mapping that led to it (empty: no sharded table did). Empty while it is on none. After a
 * failover or a change of route they tell the new one from the next statement on. */
#define SQL_ATTR_FABRIC_CURRENT_SERVER 0x4FA5
#define SQL_ATTR_FABRIC_CURRENT_SERVER_W 0x4FB5
#define SQL_ATTR_FABRIC_CURRENT_GROUP 0x4FA6
#define SQL_ATTR_FABRIC_CURRENT_GROUP_W 0x4FB6
#define SQL_ATTR_FABRIC_CURRENT_MAPPING 0x4FA7
#define SQL_ATTR_FABRIC_CURRENT_MAPPING_W 0x4FB7

#endif
