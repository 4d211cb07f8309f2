DROP INDEX users_status_updated_at;
DROP INDEX users_status_name_key;
DROP INDEX users_status_email_key;
DROP INDEX users_status;
