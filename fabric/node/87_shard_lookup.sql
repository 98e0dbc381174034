-- A Fabric node in SQL: schema `sharding`, the lookups. Clients route by `dump`; these are for
-- people and for comparison.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
-- Fabric casts a datetime to whole seconds, and MySQL rounds there.
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,TIME_ROUND_FRACTIONAL';

DELIMITER $$

-- The shard of the greatest lower bound not above the key; NULL below all bounds, but HASH wraps to
-- the greatest. HASH compares hexadecimal text, RANGE_STRING by code point with padding blanks.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.shard_of_key(
  mapping BIGINT, type_name VARCHAR(16), given TEXT, OUT owner BIGINT)
READS SQL DATA
BEGIN
  IF type_name = 'HASH' THEN
    SET owner = (SELECT s.shard_id FROM fabric.shards AS s WHERE s.mapping_id = mapping
                 ORDER BY UPPER(s.lower_bound) <= UPPER(MD5(given)) DESC,
                          UPPER(s.lower_bound) DESC LIMIT 1);
  ELSEIF type_name = 'RANGE_STRING' THEN
    SET owner = (SELECT s.shard_id FROM fabric.shards AS s
                  WHERE s.mapping_id = mapping AND s.lower_bound <= given COLLATE utf8mb4_bin
                  ORDER BY s.lower_bound DESC LIMIT 1);
  ELSEIF type_name = 'RANGE_DATETIME' THEN
    IF CAST(given AS DATETIME) IS NOT NULL THEN
      SET owner = (SELECT s.shard_id FROM fabric.shards AS s
                    WHERE s.mapping_id = mapping
                      AND CAST(s.lower_bound AS DATETIME) <= CAST(given AS DATETIME)
                    ORDER BY CAST(s.lower_bound AS DATETIME) DESC LIMIT 1);
    END IF;
  ELSEIF TRIM(given) REGEXP '^[+-]?[0-9]{1,30}$' THEN
    SET owner = (SELECT s.shard_id FROM fabric.shards AS s
                  WHERE s.mapping_id = mapping
                    AND CAST(s.lower_bound AS DECIMAL(30,0)) <= CAST(TRIM(given) AS DECIMAL(30,0))
                  ORDER BY CAST(s.lower_bound AS DECIMAL(30,0)) DESC LIMIT 1);
  END IF;
  IF owner IS NULL THEN
    CALL fabric.fail(CONCAT('Invalid Key ', LEFT(COALESCE(given, 'NULL'), 100)));
  END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.group_of_key(
  table_name TEXT, given TEXT, OUT owner_group VARCHAR(64))
READS SQL DATA
BEGIN
  DECLARE schema_part, table_part VARCHAR(64);
  DECLARE mapping, owner BIGINT;
  CALL fabric.split_table(table_name, schema_part, table_part);
  SET mapping = (SELECT t.mapping_id FROM fabric.shard_tables AS t
                  WHERE t.schema_name = schema_part AND t.table_name = table_part);
  IF mapping IS NULL THEN
    CALL fabric.fail(CONCAT('Table name ', TRIM(table_name), ' not found'));
  END IF;
  CALL fabric.shard_of_key(mapping,
    (SELECT m.type_name FROM fabric.shard_maps AS m WHERE m.mapping_id = mapping), given, owner);
  SET owner_group = (SELECT s.group_id FROM fabric.shards AS s
                      WHERE s.shard_id = owner AND s.enabled);
  IF owner_group IS NULL THEN
    CALL fabric.fail('Shard not enabled');
  END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.lookup_servers(
  table_name TEXT, `key` TEXT, hint TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  DECLARE owner_group VARCHAR(64);
  DECLARE mapping BIGINT;
  DECLARE scope VARCHAR(16) DEFAULT UPPER(TRIM(LEFT(COALESCE(NULLIF(hint, ''), 'LOCAL'), 16)));
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse_lookup(alone);
  IF scope = 'LOCAL' THEN
    CALL fabric.group_of_key(table_name, `key`, owner_group);
  ELSEIF scope = 'GLOBAL' THEN
    CALL fabric.find_mapping(table_name, mapping);
    SET owner_group =
      (SELECT m.global_group_id FROM fabric.shard_maps AS m WHERE m.mapping_id = mapping);
  ELSE
    CALL fabric.fail('Unknown lookup hint');
  END IF;
  CALL fabric.answer_servers(owner_group, NULL, NULL, NULL);
  IF alone THEN COMMIT; END IF;
END $$

-- One row, of empty texts when the table is not sharded.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.lookup_table(table_name TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  DECLARE wanted VARCHAR(129) DEFAULT TRIM(LEFT(COALESCE(table_name, ''), 129));
  CALL fabric.answer(NULL);
  SELECT COALESCE(m.mapping_id, '') AS mapping_id, COALESCE(m.type_name, '') AS type_name,
         COALESCE(CONCAT(t.schema_name, '.', t.table_name), '') AS table_name,
         COALESCE(m.global_group_id, '') AS global_group,
         COALESCE(t.column_name, '') AS column_name
    FROM (SELECT 1) AS one_row
    LEFT JOIN fabric.shard_tables AS t ON CONCAT(t.schema_name, '.', t.table_name) = wanted
    LEFT JOIN fabric.shard_maps AS m ON m.mapping_id = t.mapping_id;
  IF alone THEN COMMIT; END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.list_tables(sharding_type TEXT)
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  DECLARE wanted VARCHAR(16) DEFAULT UPPER(TRIM(LEFT(COALESCE(sharding_type, ''), 16)));
  CALL fabric.answer(NULL);
  SELECT m.mapping_id, m.type_name, CONCAT(t.schema_name, '.', t.table_name) AS table_name,
         m.global_group_id AS global_group, t.column_name
    FROM fabric.shard_maps AS m
    JOIN fabric.shard_tables AS t ON t.mapping_id = m.mapping_id
   WHERE m.type_name = wanted
   ORDER BY m.mapping_id, t.schema_name, t.table_name;
  IF alone THEN COMMIT; END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.list_definitions()
READS SQL DATA
BEGIN
  DECLARE alone BOOLEAN DEFAULT NOT @@in_transaction;
  CALL fabric.answer(NULL);
  SELECT m.mapping_id, m.type_name, m.global_group_id
    FROM fabric.shard_maps AS m ORDER BY m.mapping_id;
  IF alone THEN COMMIT; END IF;
END $$

DELIMITER ;
