DROP TRIGGER users_version_after_update;
DROP TRIGGER users_version_after_delete;
DROP TRIGGER users_version_after_insert;
DROP TABLE table_versions;
