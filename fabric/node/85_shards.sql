-- A Fabric node in SQL: schema `sharding`, the shards of a mapping and the lookups.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
-- Fabric casts keys to whole seconds, and MySQL rounds there.
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,TIME_ROUND_FRACTIONAL';

DELIMITER $$

-- A lower bound as it is stored, one text for one value: a number without sign + and zeros, a date
-- without a time of midnight. Refuses what is no value of the type.
CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.normal_bound(
  type_name VARCHAR(16), given TEXT)
RETURNS VARCHAR(32)
NO SQL
BEGIN
  DECLARE moment DATETIME(6);
  IF type_name IN ('RANGE', 'RANGE_INTEGER') THEN
    IF given REGEXP '^[+-]?[0-9]{1,25}$' AND CAST(given AS DECIMAL(30,0))
       BETWEEN -9223372036854775808 AND 9223372036854775807 THEN
      RETURN CAST(CAST(given AS DECIMAL(30,0)) AS CHAR);
    END IF;
  ELSEIF type_name = 'RANGE_STRING' THEN
    IF LENGTH(given) BETWEEN 1 AND 16 AND given NOT REGEXP '[\\x{10000}-\\x{10FFFF}]' THEN
      RETURN given;
    END IF;
  ELSEIF given REGEXP CONCAT('^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])',
      '([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?$') THEN
    IF CAST(given AS DATETIME(6)) IS NOT NULL THEN
      SET moment = CAST(given AS DATETIME(6));
      RETURN IF(TIME(moment) = 0, CAST(DATE(moment) AS CHAR),
                TRIM(TRAILING '.000000' FROM CAST(moment AS CHAR)));
    END IF;
  END IF;
  CALL fabric.fail(CONCAT('ShardingError: Not a lower bound of type ', type_name, ': (',
    LEFT(COALESCE(given, ''), 100), '); use ',
    CASE type_name WHEN 'RANGE_STRING' THEN '1 to 16 bytes of text, nothing beyond U+FFFF.'
      WHEN 'RANGE_DATETIME' THEN 'YYYY-MM-DD or YYYY-MM-DD HH:MM:SS.'
      ELSE 'an integer of 64 bits.' END));
  RETURN NULL;
END $$

-- One element of add_shard's list: group/bound, or group (HASH: the bound is the name's MD5).
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.add_one_shard(
  mapping BIGINT, type_name VARCHAR(16), element TEXT, enabled BOOLEAN)
MODIFIES SQL DATA
BEGIN
  DECLARE shard_group VARCHAR(64);
  DECLARE bound VARCHAR(32);
  DECLARE new_id BIGINT;
  IF (type_name = 'HASH') = (LOCATE('/', element) > 0) THEN
    CALL fabric.fail(CONCAT('ShardingError: Not a shard of a ', type_name, ' mapping: (',
      LEFT(element, 100), '); use ', IF(type_name = 'HASH', 'group,group.',
                                        'group/bound,group/bound.')));
  END IF;
  CALL fabric.find_group(SUBSTRING_INDEX(element, '/', 1), shard_group);
  UPDATE fabric.groups SET version = version + 1 WHERE group_id = shard_group;
  SET bound = IF(type_name = 'HASH', UPPER(MD5(shard_group)),
    fabric.normal_bound(type_name, TRIM(SUBSTRING(element FROM LOCATE('/', element) + 1))));
  IF EXISTS (SELECT * FROM fabric.shards AS s
              WHERE s.mapping_id = mapping AND s.lower_bound = bound) THEN
    CALL fabric.fail(CONCAT('ShardingError: Two shards with one lower bound: (', bound, ').'));
  END IF;
  CALL fabric.next_number('shard', new_id);
  INSERT INTO fabric.shards VALUES (new_id, mapping, bound, shard_group, enabled);
END $$

-- Works on a mapping without shards only: a later bound would give keys away whose rows stay.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.add_shard(
  shard_mapping_id TEXT, list TEXT, state TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE found BIGINT;
  DECLARE kind VARCHAR(16);
  DECLARE wanted VARCHAR(64) DEFAULT UPPER(TRIM(LEFT(COALESCE(state, 'DISABLED'), 64)));
  DECLARE rest TEXT DEFAULT TRIM(COALESCE(list, ''));
  DECLARE wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  IF wanted NOT IN ('ENABLED', 'DISABLED') THEN
    CALL fabric.fail(CONCAT('ShardingError: Unknown state (', wanted,
                            '): use ENABLED or DISABLED.'));
  END IF;
  CALL fabric.lock_sharding();
  CALL fabric.find_mapping(shard_mapping_id, found);
  SET kind = (SELECT m.type_name FROM fabric.shard_maps AS m WHERE m.mapping_id = found);
  IF EXISTS (SELECT * FROM fabric.shards AS s WHERE s.mapping_id = found) THEN
    CALL fabric.fail(CONCAT('ShardingError: Shard mapping (', found, ') has shards already. Its ',
      'rows would have to move: disable and remove its shards, then add all anew.'));
  END IF;
  REPEAT
    CALL fabric.add_one_shard(found, kind, TRIM(SUBSTRING_INDEX(rest, ',', 1)), wanted = 'ENABLED');
    SET rest = IF(LOCATE(',', rest) > 0, SUBSTRING(rest FROM LOCATE(',', rest) + 1), NULL);
  UNTIL rest IS NULL END REPEAT;
  CALL fabric.note(NULL, NULL, CONCAT('shards of mapping ', found, ': ', LEFT(list, 200)));
  COMMIT;
  CALL fabric.done('add_shard', NULL, NULL, wait);
END $$

-- What enable_shard, disable_shard and remove_shard share.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.lock_shard(
  shard_id TEXT, OUT found BIGINT, OUT is_enabled BOOLEAN)
MODIFIES SQL DATA
BEGIN
  CALL fabric.lock_sharding();
  SET is_enabled = (SELECT s.enabled FROM fabric.shards AS s
                     WHERE s.shard_id = fabric.id_of(shard_id));
  IF is_enabled IS NULL THEN
    CALL fabric.fail(CONCAT('ShardingError: Shard (', LEFT(COALESCE(shard_id, 'NULL'), 100),
                            ') does not exist.'));
  END IF;
  SET found = fabric.id_of(shard_id);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.turn_shard(
  shard_id TEXT, enable BOOLEAN, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE found BIGINT;
  DECLARE is_enabled BOOLEAN;
  DECLARE wait BOOLEAN DEFAULT fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_shard(shard_id, found, is_enabled);
  IF is_enabled = enable THEN
    CALL fabric.fail(CONCAT('ShardingError: Shard (', found, ') is ',
                            IF(enable, 'enabled', 'disabled'), ' already.'));
  END IF;
  UPDATE fabric.shards AS s SET s.enabled = enable WHERE s.shard_id = found;
  CALL fabric.note(NULL, NULL, CONCAT('shard ', found, IF(enable, ' enabled', ' disabled')));
  COMMIT;
  CALL fabric.done(IF(enable, 'enable_shard', 'disable_shard'), NULL, NULL, wait);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.enable_shard(
  shard_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.turn_shard(shard_id, TRUE, synchronous);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.disable_shard(
  shard_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  CALL fabric.turn_shard(shard_id, FALSE, synchronous);
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE sharding.remove_shard(
  shard_id TEXT, synchronous TEXT)
MODIFIES SQL DATA
BEGIN
  DECLARE found BIGINT;
  DECLARE is_enabled, wait BOOLEAN;
  DECLARE EXIT HANDLER FOR SQLSTATE '45FAB' CALL fabric.refuse();
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  CALL fabric.begin();
  SET wait = fabric.flag(synchronous, TRUE, 'synchronous');
  CALL fabric.lock_shard(shard_id, found, is_enabled);
  IF is_enabled THEN
    CALL fabric.fail(CONCAT('ShardingError: Shard (', found,
                            ') is enabled: sharding.disable_shard it first.'));
  END IF;
  DELETE FROM fabric.shards WHERE fabric.shards.shard_id = found;
  CALL fabric.note(NULL, NULL, CONCAT('shard ', found, ' removed'));
  COMMIT;
  CALL fabric.done('remove_shard', NULL, NULL, wait);
END $$

DELIMITER ;
