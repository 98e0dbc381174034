-- A Fabric node in SQL: the schemas, the account that owns the procedures, and the tables.
-- The files are installed in the order of their names (docs/node.md); installing again keeps the
-- data. For MariaDB 10.11; every table is InnoDB with a primary key, as Galera wants it.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

-- utf8mb4_general_ci: Fabric's own store compares names without regard to case, and orders
-- `orders` before `order_lines`.
CREATE SCHEMA IF NOT EXISTS fabric CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE SCHEMA IF NOT EXISTS dump CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE SCHEMA IF NOT EXISTS threat CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE SCHEMA IF NOT EXISTS `group` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE SCHEMA IF NOT EXISTS server CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE SCHEMA IF NOT EXISTS sharding CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
CREATE SCHEMA IF NOT EXISTS watch CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- The procedures run with the rights of this account. Nobody can log in as it, and it may do
-- nothing outside the node's own schemas: a fault in a procedure costs no more than the topology.
CREATE USER IF NOT EXISTS fabric_node@localhost
  IDENTIFIED VIA mysql_native_password USING 'invalid' ACCOUNT LOCK;
GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON fabric.* TO fabric_node@localhost;
GRANT EXECUTE ON dump.* TO fabric_node@localhost;
GRANT EXECUTE ON threat.* TO fabric_node@localhost;
GRANT EXECUTE ON `group`.* TO fabric_node@localhost;
GRANT EXECUTE ON server.* TO fabric_node@localhost;
GRANT EXECUTE ON sharding.* TO fabric_node@localhost;
GRANT EXECUTE ON watch.* TO fabric_node@localhost;

CREATE TABLE IF NOT EXISTS fabric.settings (
  name VARCHAR(32) NOT NULL PRIMARY KEY,
  value INT UNSIGNED NOT NULL,
  meaning VARCHAR(160) NOT NULL,
  CHECK (value >= 1 OR name = 'ttl')
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

INSERT IGNORE INTO fabric.settings (name, value, meaning) VALUES
  ('ttl', 1, 'seconds a client may keep an answer'),
  ('notifications', 3, 'reports about a server the cluster still sees, before it counts as dead'),
  ('notification_clients', 2, 'hosts from which those reports came'),
  ('notification_interval', 10, 'seconds within which those reports must come'),
  ('prune_time', 3600, 'seconds a fault report stays in fabric.fault_log'),
  ('history_time', 2592000, 'seconds a change stays in fabric.history');

-- `version` counts the changes of a group. Every change raises it first: that serialises the
-- changes on one node by the row's lock and across a Galera cluster by certification.
-- `orphaned`: the PRIMARY was lost to a fault and nobody could take over; the next report tries
-- again. A group whose PRIMARY was demoted by hand is not orphaned.
CREATE TABLE IF NOT EXISTS fabric.groups (
  group_id VARCHAR(64) NOT NULL PRIMARY KEY,
  description VARCHAR(256) NULL,
  kind ENUM('REPLICATED', 'GALERA') NOT NULL DEFAULT 'REPLICATED',
  failure_detector BOOLEAN NOT NULL DEFAULT 0,
  orphaned BOOLEAN NOT NULL DEFAULT 0,
  version BIGINT UNSIGNED NOT NULL DEFAULT 0
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- status: 0 FAULTY, 1 SPARE, 2 SECONDARY, 3 PRIMARY; mode: 0 OFFLINE, 1 READ_ONLY, 2 WRITE_ONLY,
-- 3 READ_WRITE; BIGINT, as they are answered. `leads` makes two PRIMARY servers of one group impossible.
CREATE TABLE IF NOT EXISTS fabric.servers (
  server_uuid VARCHAR(40) NOT NULL PRIMARY KEY,
  host VARCHAR(255) NOT NULL,
  port BIGINT NOT NULL,
  group_id VARCHAR(64) NULL,
  status BIGINT NOT NULL DEFAULT 2,
  mode BIGINT NOT NULL DEFAULT 1,
  weight DECIMAL(9,3) NOT NULL DEFAULT 1,
  status_since DATETIME(6) NOT NULL,
  address VARCHAR(264) AS
    (CONCAT(IF(LOCATE(':', host) > 0, CONCAT('[', host, ']'), host), ':', port)) PERSISTENT,
  leads VARCHAR(64) AS (IF(status = 3, group_id, NULL)) PERSISTENT,
  UNIQUE KEY by_address (address),
  UNIQUE KEY one_primary (leads),
  KEY by_group (group_id),
  CHECK (status BETWEEN 0 AND 3),
  CHECK (mode BETWEEN 0 AND 3),
  CHECK (weight > 0)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- in_view: the cluster still showed the server when the report came.
CREATE TABLE IF NOT EXISTS fabric.fault_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  reported_at DATETIME(6) NOT NULL,
  server_uuid VARCHAR(40) NOT NULL,
  group_id VARCHAR(64) NOT NULL,
  command VARCHAR(16) NOT NULL,
  reporter VARCHAR(64) NOT NULL,
  error VARCHAR(256) NOT NULL,
  account VARCHAR(384) NOT NULL,
  in_view BOOLEAN NOT NULL DEFAULT FALSE,
  KEY by_server (server_uuid, reported_at),
  KEY by_time (reported_at)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- For an installation from before the column.
ALTER TABLE fabric.fault_log ADD COLUMN IF NOT EXISTS in_view BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE IF NOT EXISTS fabric.history (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  changed_at DATETIME(6) NOT NULL,
  group_id VARCHAR(64) NULL,
  server_uuid VARCHAR(40) NULL,
  what VARCHAR(256) NOT NULL,
  account VARCHAR(384) NOT NULL,
  KEY by_time (changed_at)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- The last numbers given out. Its row `sharding` also serialises the changes of shard maps.
CREATE TABLE IF NOT EXISTS fabric.counters (
  name VARCHAR(16) NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

INSERT IGNORE INTO fabric.counters (name, value) VALUES ('sharding', 0), ('mapping', 0), ('shard', 0);

CREATE TABLE IF NOT EXISTS fabric.shard_maps (
  mapping_id BIGINT NOT NULL PRIMARY KEY,
  type_name VARCHAR(16) NOT NULL,
  global_group_id VARCHAR(64) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS fabric.shard_tables (
  schema_name VARCHAR(64) NOT NULL,
  table_name VARCHAR(64) NOT NULL,
  mapping_id BIGINT NOT NULL,
  column_name VARCHAR(64) NOT NULL,
  PRIMARY KEY (schema_name, table_name),
  KEY by_mapping (mapping_id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- lower_bound is the text as dumped: a number, a string, a date, or 32 hexadecimal digits (HASH).
CREATE TABLE IF NOT EXISTS fabric.shards (
  shard_id BIGINT NOT NULL PRIMARY KEY,
  mapping_id BIGINT NOT NULL,
  lower_bound VARCHAR(32) COLLATE utf8mb4_bin NOT NULL,
  group_id VARCHAR(64) NOT NULL,
  enabled BOOLEAN NOT NULL,
  UNIQUE KEY one_bound (mapping_id, lower_bound)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- Who is the active `fabricctl watch`: one row, made at the first lease. `epoch` rises with each
-- holder; `uses` with each change made under the lease, so that a change and a takeover on another
-- member of a Galera cluster write the same row, and one of them loses certification.
CREATE TABLE IF NOT EXISTS fabric.watch_lease (
  name VARCHAR(16) NOT NULL PRIMARY KEY,
  holder VARCHAR(128) NOT NULL,
  epoch BIGINT UNSIGNED NOT NULL,
  uses BIGINT UNSIGNED NOT NULL DEFAULT 0,
  expires_at DATETIME(6) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- A change of primary in a REPLICATED group, from the decision until it is published. `leaving` is
-- NULL while it is only asked for. `wanted`: the successor asked for by name.
CREATE TABLE IF NOT EXISTS fabric.promotions (
  group_id VARCHAR(64) NOT NULL PRIMARY KEY,
  leaving VARCHAR(40) NULL,
  wanted VARCHAR(40) NULL,
  planned BOOLEAN NOT NULL,
  problem VARCHAR(500) NULL,
  asked_at DATETIME(6) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- The server outside a group from which its primary replicates: a successor goes on with it.
CREATE TABLE IF NOT EXISTS fabric.upstreams (
  group_id VARCHAR(64) NOT NULL PRIMARY KEY,
  host VARCHAR(255) NOT NULL,
  port BIGINT NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
