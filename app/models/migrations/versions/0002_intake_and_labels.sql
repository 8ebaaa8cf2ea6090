-- Calls, messages and attachments; links between inquiries; offices; labels; variants of a standard response.

CREATE TABLE office (
  name VARCHAR(120) NOT NULL,
  zone VARCHAR(64) NOT NULL,
  countries TEXT NOT NULL,
  calendar TEXT NOT NULL,
  is_default BOOLEAN NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE (name),
  UNIQUE (id)
);

CREATE TABLE sla_policy (
  number VARCHAR(20) NOT NULL,
  effective_from INTEGER NOT NULL,
  rules TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE (number),
  UNIQUE (id)
);

CREATE TABLE inquiry_link (
  inquiry_id VARCHAR(36) NOT NULL,
  other_id VARCHAR(36) NOT NULL,
  kind VARCHAR(12) NOT NULL,
  reasons TEXT NOT NULL,
  decided_by VARCHAR(36) NOT NULL,
  decided_at INTEGER NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(inquiry_id) REFERENCES inquiry (id),
  FOREIGN KEY(other_id) REFERENCES inquiry (id),
  UNIQUE (id)
);

CREATE INDEX ix_inquiry_link_inquiry_id ON inquiry_link (inquiry_id);

CREATE INDEX ix_inquiry_link_other_id ON inquiry_link (other_id);

CREATE TABLE phone_call (
  inquiry_id VARCHAR(36),
  direction VARCHAR(8) NOT NULL,
  caller VARCHAR(200) NOT NULL,
  phone VARCHAR(60) NOT NULL,
  started_at INTEGER NOT NULL,
  zone VARCHAR(64) NOT NULL,
  ended_at INTEGER,
  outcome VARCHAR(20) NOT NULL,
  notes TEXT NOT NULL,
  taken_by VARCHAR(36) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(inquiry_id) REFERENCES inquiry (id),
  UNIQUE (id)
);

CREATE INDEX ix_phone_call_inquiry_id ON phone_call (inquiry_id);

CREATE INDEX ix_phone_call_started_at ON phone_call (started_at);

CREATE TABLE message (
  inquiry_id VARCHAR(36) NOT NULL,
  message_id VARCHAR(300),
  in_reply_to VARCHAR(300) NOT NULL,
  thread TEXT NOT NULL,
  direction VARCHAR(8) NOT NULL,
  sender VARCHAR(320) NOT NULL,
  recipients TEXT NOT NULL,
  subject VARCHAR(300) NOT NULL,
  body TEXT NOT NULL,
  sent_at INTEGER,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(inquiry_id) REFERENCES inquiry (id),
  UNIQUE (id)
);

CREATE INDEX ix_message_inquiry_id ON message (inquiry_id);

CREATE UNIQUE INDEX ux_message_message_id ON message (message_id) WHERE message_id NOT NULL;

CREATE TABLE attachment (
  owner_type VARCHAR(40) NOT NULL,
  owner_id VARCHAR(36) NOT NULL,
  name VARCHAR(255) NOT NULL,
  media_type VARCHAR(120) NOT NULL,
  size INTEGER NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE (id)
);

CREATE INDEX ix_attachment_owner_id ON attachment (owner_id);

CREATE INDEX ix_attachment_sha256 ON attachment (sha256);

CREATE TABLE label (
  set_id VARCHAR(80) NOT NULL,
  kind VARCHAR(12) NOT NULL,
  title VARCHAR(300) NOT NULL,
  product_id VARCHAR(36),
  region VARCHAR(2) NOT NULL,
  language VARCHAR(10) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE (set_id),
  FOREIGN KEY(product_id) REFERENCES product (id),
  UNIQUE (id)
);

CREATE INDEX ix_label_product_id ON label (product_id);

CREATE TABLE label_version (
  label_id VARCHAR(36) NOT NULL,
  number VARCHAR(20) NOT NULL,
  effective_from VARCHAR(10) NOT NULL,
  source VARCHAR(40) NOT NULL,
  source_sha256 VARCHAR(64) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  CONSTRAINT uq_label_version UNIQUE (label_id, number, source_sha256),
  FOREIGN KEY(label_id) REFERENCES label (id),
  UNIQUE (id)
);

CREATE INDEX ix_label_version_label_id ON label_version (label_id);

CREATE TABLE label_section (
  version_id VARCHAR(36) NOT NULL,
  position INTEGER NOT NULL,
  depth INTEGER NOT NULL,
  code VARCHAR(12) NOT NULL,
  heading VARCHAR(300) NOT NULL,
  text TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(version_id) REFERENCES label_version (id),
  UNIQUE (id)
);

CREATE INDEX ix_label_section_version_id ON label_section (version_id);

CREATE TABLE passage_vector (
  section_id VARCHAR(36) NOT NULL,
  part INTEGER NOT NULL,
  model VARCHAR(40) NOT NULL,
  text_sha256 VARCHAR(64) NOT NULL,
  vector BLOB NOT NULL,
  PRIMARY KEY (section_id, part, model)
);

ALTER TABLE inquiry ADD COLUMN office_id VARCHAR(36) REFERENCES office (id);

ALTER TABLE escalation ADD COLUMN due_at INTEGER;

ALTER TABLE standard_response_version ADD COLUMN variant VARCHAR(12);

ALTER TABLE standard_response_version ADD COLUMN parent_id VARCHAR(36) REFERENCES standard_response_version (id);

ALTER TABLE standard_response_version ADD COLUMN needs_assessment BOOLEAN;

ALTER TABLE standard_response_version ADD COLUMN exportable BOOLEAN;

ALTER TABLE standard_response_version ADD COLUMN deviations TEXT;

ALTER TABLE standard_response_version ADD COLUMN source TEXT;

ALTER TABLE standard_response_version ADD COLUMN under_revision BOOLEAN;

CREATE INDEX ix_standard_response_version_parent_id ON standard_response_version (parent_id);

-- The clock that a list shows is kept beside each inquiry, so that every door keeps the order true: when it
-- runs out, else 2^61 while the answer is paused, else 2^62 for nothing owed.

ALTER TABLE inquiry ADD COLUMN next_due_at INTEGER;

CREATE VIEW inquiry_clock AS
  SELECT i.row AS row, i.id AS id, CASE
    WHEN i.state IN ('answered', 'closed', 'duplicate', 'cancelled', 'transferred') THEN 4611686018427387904
    ELSE min(
      coalesce(i.due_at, CASE WHEN i.paused_since IS NOT NULL THEN 2305843009213693952 END, 4611686018427387904),
      coalesce(CASE WHEN json_extract(i.extra, '$.acknowledged_at') IS NULL THEN i.acknowledge_by END, 4611686018427387904),
      coalesce(CASE WHEN json_extract(i.extra, '$.interim_at') IS NULL THEN json_extract(i.extra, '$.interim_by') END, 4611686018427387904),
      coalesce(CASE WHEN i.escalated_to <> '' THEN (
        SELECT min(e.due_at) FROM escalation e
        WHERE e.inquiry_id = i.id AND e.ended_at IS NULL AND e.retired_at IS NULL AND json_extract(e.extra, '$.acknowledged_at') IS NULL
      ) END, 4611686018427387904)
    ) END AS next_due_at
  FROM inquiry i;

UPDATE inquiry SET next_due_at = (SELECT c.next_due_at FROM inquiry_clock c WHERE c.row = inquiry.row);

CREATE TRIGGER inquiry_clock_insert AFTER INSERT ON inquiry BEGIN
  UPDATE inquiry SET next_due_at = (SELECT c.next_due_at FROM inquiry_clock c WHERE c.row = new.row)
    WHERE row = new.row AND next_due_at IS NOT (SELECT c.next_due_at FROM inquiry_clock c WHERE c.row = new.row);
END;

CREATE TRIGGER inquiry_clock_update AFTER UPDATE OF state, due_at, acknowledge_by, paused_since, escalated_to, extra ON inquiry BEGIN
  UPDATE inquiry SET next_due_at = (SELECT c.next_due_at FROM inquiry_clock c WHERE c.row = new.row)
    WHERE row = new.row AND next_due_at IS NOT (SELECT c.next_due_at FROM inquiry_clock c WHERE c.row = new.row);
END;

CREATE TRIGGER escalation_clock_insert AFTER INSERT ON escalation BEGIN
  UPDATE inquiry SET escalated_to = escalated_to WHERE id = new.inquiry_id;
END;

CREATE TRIGGER escalation_clock_delete AFTER DELETE ON escalation BEGIN
  UPDATE inquiry SET escalated_to = escalated_to WHERE id = old.inquiry_id;
END;

CREATE TRIGGER escalation_clock_update AFTER UPDATE OF inquiry_id, due_at, ended_at, retired_at, extra ON escalation BEGIN
  UPDATE inquiry SET escalated_to = escalated_to WHERE id IN (old.inquiry_id, new.inquiry_id);
END;

-- What the inbox asks for at every turn, measured at 1,000,000 inquiries (docs/benchmarks.md).

DROP INDEX ix_inquiry_due;

DROP INDEX ix_inquiry_state_due;

DROP INDEX ix_inquiry_owner_due;

DROP INDEX ix_inquiry_product_due;

DROP INDEX ix_inquiry_urgency_due;

DROP INDEX ix_inquiry_open_due;

CREATE INDEX ix_inquiry_due ON inquiry (next_due_at, id);

CREATE INDEX ix_inquiry_state_due ON inquiry (state, next_due_at, id);

CREATE INDEX ix_inquiry_owner_due ON inquiry (owner_id, next_due_at, id);

CREATE INDEX ix_inquiry_product_due ON inquiry (product_id, next_due_at, id);

CREATE INDEX ix_inquiry_urgency_due ON inquiry (urgency, next_due_at, id);

CREATE INDEX ix_inquiry_open_due ON inquiry (next_due_at, id) WHERE state NOT IN ('closed', 'duplicate', 'cancelled', 'transferred');

CREATE INDEX ix_inquiry_open_received ON inquiry (received_at, id) WHERE state NOT IN ('closed', 'duplicate', 'cancelled', 'transferred');

CREATE INDEX ix_inquiry_open_owner ON inquiry (owner_id, next_due_at, id, state, office_id, retired_at) WHERE state NOT IN ('closed', 'duplicate', 'cancelled', 'transferred');

CREATE INDEX ix_inquiry_tagged ON inquiry (next_due_at, id, tags) WHERE tags <> '[]';

CREATE INDEX ix_inquiry_retired ON inquiry (retired_at) WHERE retired_at NOT NULL;

-- The text of a label is found as that of a standard response is.

CREATE VIRTUAL TABLE label_search USING fts5(heading, text, content='label_section', content_rowid='row', tokenize='porter unicode61 remove_diacritics 2');

CREATE TRIGGER label_search_insert AFTER INSERT ON label_section BEGIN
  INSERT INTO label_search(rowid, heading, text) VALUES (new.row, new.heading, new.text);
END;

CREATE TRIGGER label_search_delete AFTER DELETE ON label_section BEGIN
  INSERT INTO label_search(label_search, rowid, heading, text) VALUES ('delete', old.row, old.heading, old.text);
END;

CREATE TRIGGER label_search_update AFTER UPDATE OF heading, text ON label_section BEGIN
  INSERT INTO label_search(label_search, rowid, heading, text) VALUES ('delete', old.row, old.heading, old.text);
  INSERT INTO label_search(rowid, heading, text) VALUES (new.row, new.heading, new.text);
END;

-- The words of each index and how many rows hold them: for spelling, and to leave out the common ones.

CREATE VIRTUAL TABLE section_search_words USING fts5vocab('section_search', 'row');

CREATE VIRTUAL TABLE document_search_words USING fts5vocab('document_search', 'row');

CREATE VIRTUAL TABLE label_search_words USING fts5vocab('label_search', 'row');

CREATE VIRTUAL TABLE inquiry_search_words USING fts5vocab('inquiry_search', 'row');

CREATE TRIGGER label_section_no_update BEFORE UPDATE OF version_id, position, depth, code, heading, text ON label_section BEGIN
  SELECT RAISE(ABORT, 'label_section: a label text never changes');
END;

-- Which blocks of letters hold text of which version: where-used, both ways.

CREATE TABLE source_search (
  version_id VARCHAR(36) NOT NULL,
  block_row INTEGER NOT NULL,
  PRIMARY KEY (version_id, block_row)
) WITHOUT ROWID;

CREATE INDEX ix_source_search_block ON source_search (block_row);

CREATE TRIGGER source_search_insert AFTER INSERT ON letter_block BEGIN
  INSERT OR IGNORE INTO source_search(version_id, block_row)
    SELECT json_extract(value, '$.version'), new.row FROM json_each(new.origins) WHERE json_extract(value, '$.version') IS NOT NULL;
END;

CREATE TRIGGER source_search_delete AFTER DELETE ON letter_block BEGIN
  DELETE FROM source_search WHERE block_row = old.row;
END;

CREATE TRIGGER source_search_update AFTER UPDATE OF origins ON letter_block BEGIN
  DELETE FROM source_search WHERE block_row = old.row;
  INSERT OR IGNORE INTO source_search(version_id, block_row)
    SELECT json_extract(value, '$.version'), new.row FROM json_each(new.origins) WHERE json_extract(value, '$.version') IS NOT NULL;
END;

INSERT OR IGNORE INTO source_search(version_id, block_row)
  SELECT json_extract(value, '$.version'), letter_block.row FROM letter_block, json_each(letter_block.origins) WHERE json_extract(value, '$.version') IS NOT NULL;
