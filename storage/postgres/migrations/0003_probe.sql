-- What is written to find out whether anything can be: one row that means nothing. The ballast is kept beside the table
-- and as it is, so that writing it needs room, as real work does.
CREATE TABLE probe (
  at      bigint NOT NULL,
  ballast bytea NOT NULL
);
ALTER TABLE probe ALTER COLUMN ballast SET STORAGE EXTERNAL;
INSERT INTO probe (at, ballast) VALUES (0, '');
