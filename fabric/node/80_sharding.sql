-- A Fabric node in SQL: schema `sharding`, definition of shard maps.
-- Changes of shard maps are serialised by the counter row `sharding`.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.lock_sharding()
MODIFIES SQL DATA
BEGIN
  START TRANSACTION;
  UPDATE fabric.counters SET value = value + 1 WHERE name = 'sharding';
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.next_number(
  counter VARCHAR(16), OUT number BIGINT)
MODIFIES SQL DATA
BEGIN
  UPDATE fabric.counters SET value = value + 1 WHERE name = counter;
  SET number = (SELECT value FROM fabric.counters WHERE name = counter);
END $$

-- A mapping or shard id given as text; NULL when it is no number.
CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.id_of(given TEXT)
RETURNS BIGINT
DETERMINISTIC NO SQL
RETURN IF(TRIM(given) REGEXP '^[0-9]{1,18}$', CAST(TRIM(given) AS UNSIGNED), NULL) $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.find_mapping(
  given TEXT, OUT found BIGINT)
READS SQL DATA
BEGIN
  SET found = (SELECT m.mapping_id FROM fabric.shard_maps AS m
                WHERE m.mapping_id = fabric.id_of(given));
  IF found IS NULL THEN
    CALL fabric.fail(CONCAT('ShardingError: Shard mapping (', LEFT(COALESCE(given, 'NULL'), 100),
                            ') does not exist.'));
  END IF;
END $$

-- schema.table -> its two names; exactly one dot.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.split_table(
  given TEXT, OUT schema_part VARCHAR(64), OUT table_part VARCHAR(64))
NO SQL
BEGIN
  IF COALESCE(TRIM(given), '') NOT REGEXP '^[^.]{1,64}[.][^.]{1,64}$' THEN
    CALL fabric.fail(CONCAT('ShardingError: Not a table name: (',
      LEFT(COALESCE(given, 'NULL'), 100), '); use schema.table.'));
  END IF;
  SET schema_part = SUBSTRING_INDEX(TRIM(given), '.', 1);
  SET table_part = SUBSTRING_INDEX(TRIM(given), '.', -1);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.create_definition(
  type_name TEXT, group_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE new_id BIGINT;
  DECLARE global_group VARCHAR(64);
  DECLARE wait BOOLEAN;
  DECLARE wanted VARCHAR(64) DEFAULT UPPER(TRIM(LEFT(COALESCE(type_name, 'NULL'), 64)));
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  IF wanted NOT IN ('RANGE', 'RANGE_INTEGER', 'RANGE_STRING', 'RANGE_DATETIME', 'HASH') THEN
    CALL fabric.fail(CONCAT('ShardingError: Unknown sharding type (', wanted, '): use RANGE, ',
                            'RANGE_INTEGER, RANGE_STRING, RANGE_DATETIME or HASH.'));
  END IF;
  CALL fabric.lock_group(group_id, global_group);
  UPDATE fabric.counters SET value = value + 1 WHERE name = 'sharding';
  CALL fabric.next_number('mapping', new_id);
  INSERT INTO fabric.shard_maps VALUES (new_id, wanted, global_group);
  CALL fabric.note(global_group, NULL, CONCAT('shard mapping ', new_id, ' created: ', wanted));
  COMMIT;
  CALL fabric.done('define_shard_mapping', NULL, new_id, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.remove_definition(
  shard_mapping_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE found BIGINT;
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_sharding();
  CALL fabric.find_mapping(shard_mapping_id, found);
  IF EXISTS (SELECT * FROM fabric.shard_tables AS t WHERE t.mapping_id = found)
     OR EXISTS (SELECT * FROM fabric.shards AS s WHERE s.mapping_id = found) THEN
    CALL fabric.fail(CONCAT('ShardingError: Shard mapping (', found, ') still has tables or ',
                            'shards: sharding.remove_table and remove_shard them first.'));
  END IF;
  DELETE FROM fabric.shard_maps WHERE mapping_id = found;
  CALL fabric.note(NULL, NULL, CONCAT('shard mapping ', found, ' removed'));
  COMMIT;
  CALL fabric.done('remove_shard_mapping_defn', NULL, NULL, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.add_table(
  shard_mapping_id TEXT, table_name TEXT, column_name TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE found, present BIGINT;
  DECLARE schema_part, table_part VARCHAR(64);
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.split_table(table_name, schema_part, table_part);
  IF CHAR_LENGTH(COALESCE(TRIM(column_name), '')) NOT BETWEEN 1 AND 64 THEN
    CALL fabric.fail('ShardingError: A column name has 1 to 64 characters.');
  END IF;
  CALL fabric.lock_sharding();
  CALL fabric.find_mapping(shard_mapping_id, found);
  SET present = (SELECT t.mapping_id FROM fabric.shard_tables AS t
                  WHERE t.schema_name = schema_part AND t.table_name = table_part);
  IF present IS NOT NULL THEN
    CALL fabric.fail(CONCAT('ShardingError: Table (', TRIM(table_name),
                            ') is sharded already, by mapping (', present, ').'));
  END IF;
  INSERT INTO fabric.shard_tables VALUES (schema_part, table_part, found, TRIM(column_name));
  CALL fabric.note(NULL, NULL, CONCAT('table ', TRIM(table_name), ' added to mapping ', found));
  COMMIT;
  CALL fabric.done('add_shard_mapping', NULL, NULL, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.remove_table(
  table_name TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE schema_part, table_part VARCHAR(64);
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.split_table(table_name, schema_part, table_part);
  CALL fabric.lock_sharding();
  DELETE FROM fabric.shard_tables
   WHERE fabric.shard_tables.schema_name = schema_part
     AND fabric.shard_tables.table_name = table_part;
  IF ROW_COUNT() = 0 THEN
    CALL fabric.fail(CONCAT('ShardingError: Table (', TRIM(table_name), ') is not sharded.'));
  END IF;
  CALL fabric.note(NULL, NULL, CONCAT('table ', TRIM(table_name), ' removed from its mapping'));
  COMMIT;
  CALL fabric.done('remove_shard_mapping', NULL, NULL, wait);
END $$

DELIMITER ;
