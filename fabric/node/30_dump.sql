-- A Fabric node in SQL: schema `dump`, what clients read. Section by section the columns
-- and orders of Fabric's MySQL-RPC; `connector_version` is ignored, as there.
--
-- `patterns` is a comma-separated list of LIKE patterns, each wrapped in %...% (not so for
-- sharding_information); rows repeat where patterns overlap; empty or NULL means everything.
-- A session with autocommit off gets its snapshot ended, so that it never reads a stale topology.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE dump.servers(
  connector_version TEXT, patterns TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  CALL fabric.answer(NULL);
  SELECT s.server_uuid, s.group_id, s.host, s.port, s.mode, s.status, s.weight
    FROM JSON_TABLE(fabric.as_list(patterns),
                    '$[*]' COLUMNS (place FOR ORDINALITY, pattern TEXT PATH '$')) AS wanted
    JOIN fabric.servers AS s
      ON s.group_id LIKE CONCAT('%', TRIM(wanted.pattern), '%') COLLATE utf8mb4_general_ci
   WHERE s.status <> 0
   ORDER BY wanted.place, s.group_id, s.address, s.server_uuid;
  IF alone THEN COMMIT; END IF;
END $$

-- The answering server itself: what it tells its cluster about itself, else its report_host, else
-- its name. A SQL node has no XML-RPC.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE dump.fabric_nodes(protocol TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  DECLARE own_host VARCHAR(255);
  DECLARE own_port BIGINT;
  DECLARE wanted TEXT DEFAULT COALESCE(protocol, '');
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse_lookup(alone);
  IF wanted NOT IN ('', 'protocol.mysql', 'protocol.xmlrpc') THEN
    CALL fabric.fail(CONCAT('Protocol (', LEFT(wanted, 100), ') is not supported.'));
  END IF;
  IF @@wsrep_node_incoming_address REGEXP '^.+:[0-9]+$' THEN
    CALL fabric.split_address(@@wsrep_node_incoming_address, own_host, own_port);
  ELSE
    SET own_host = COALESCE(NULLIF(@@report_host, ''), @@hostname);
    SET own_port = COALESCE(NULLIF(@@report_port, 0), @@port);
  END IF;
  CALL fabric.answer(NULL);
  SELECT own_host AS host, own_port AS port
    FROM DUAL WHERE wanted <> 'protocol.xmlrpc';
  IF alone THEN COMMIT; END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE dump.shard_maps(
  connector_version TEXT, patterns TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  CALL fabric.answer(NULL);
  SELECT m.mapping_id, m.type_name, m.global_group_id
    FROM JSON_TABLE(fabric.as_list(patterns),
                    '$[*]' COLUMNS (place FOR ORDINALITY, pattern TEXT PATH '$')) AS wanted
    JOIN fabric.shard_maps AS m ON m.mapping_id LIKE CONCAT('%', TRIM(wanted.pattern), '%')
   ORDER BY wanted.place, m.mapping_id;
  IF alone THEN COMMIT; END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE dump.shard_tables(
  connector_version TEXT, patterns TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  CALL fabric.answer(NULL);
  SELECT t.schema_name, t.table_name, t.column_name, t.mapping_id
    FROM JSON_TABLE(fabric.as_list(patterns),
                    '$[*]' COLUMNS (place FOR ORDINALITY, pattern TEXT PATH '$')) AS wanted
    JOIN fabric.shard_tables AS t ON t.mapping_id LIKE CONCAT('%', TRIM(wanted.pattern), '%')
   ORDER BY wanted.place, t.mapping_id, t.schema_name, t.table_name, t.column_name;
  IF alone THEN COMMIT; END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE dump.shard_index(
  connector_version TEXT, patterns TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  CALL fabric.answer(NULL);
  SELECT s.lower_bound, s.mapping_id, s.shard_id, s.group_id
    FROM JSON_TABLE(fabric.as_list(patterns),
                    '$[*]' COLUMNS (place FOR ORDINALITY, pattern TEXT PATH '$')) AS wanted
    JOIN fabric.shards AS s ON s.mapping_id LIKE CONCAT('%', TRIM(wanted.pattern), '%')
   WHERE s.enabled
   ORDER BY wanted.place, s.shard_id, s.mapping_id, s.lower_bound;
  IF alone THEN COMMIT; END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE dump.sharding_information(
  connector_version TEXT, patterns TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  CALL fabric.answer(NULL);
  SELECT t.schema_name, t.table_name, t.column_name, s.lower_bound, s.shard_id, m.type_name,
         s.group_id, m.global_group_id AS global_group
    FROM JSON_TABLE(fabric.as_list(patterns),
                    '$[*]' COLUMNS (place FOR ORDINALITY, pattern TEXT PATH '$')) AS wanted
    JOIN fabric.shard_tables AS t
      ON CONCAT(t.schema_name, '.', t.table_name)
         LIKE COALESCE(NULLIF(TRIM(wanted.pattern), ''), '%') COLLATE utf8mb4_general_ci
    JOIN fabric.shard_maps AS m ON m.mapping_id = t.mapping_id
    JOIN fabric.shards AS s ON s.mapping_id = t.mapping_id
   WHERE s.enabled
   ORDER BY wanted.place, s.shard_id, t.schema_name, t.table_name, t.column_name, s.lower_bound;
  IF alone THEN COMMIT; END IF;
END $$

DELIMITER ;
