-- What came of a session, in its helper's words (PRODUCT 3.14).
ALTER TABLE records ADD COLUMN outcome TEXT;
ALTER TABLE records ADD COLUMN notes   TEXT;
