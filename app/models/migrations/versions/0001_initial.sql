-- The first schema of a MI Desk workspace. Frozen: a change of the schema is a new migration.

CREATE TABLE base (
  type VARCHAR(40) NOT NULL,
  entity_id VARCHAR(36) NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (type, entity_id)
);

CREATE TABLE configuration (
  "key" VARCHAR(80) NOT NULL,
  value TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE ("key"),
  UNIQUE (id)
);

CREATE TABLE "conflict" (
  "row" INTEGER NOT NULL,
  type VARCHAR(40) NOT NULL,
  entity_id VARCHAR(36) NOT NULL,
  field VARCHAR(60) NOT NULL,
  server TEXT,
  mine TEXT,
  "by" TEXT NOT NULL,
  found_at INTEGER NOT NULL,
  settled_at INTEGER,
  PRIMARY KEY ("row")
);

CREATE INDEX ix_conflict_entity_id ON "conflict" (entity_id);

CREATE TABLE contact (
  title VARCHAR(40) NOT NULL,
  first_name VARCHAR(120) NOT NULL,
  last_name VARCHAR(120) NOT NULL,
  role VARCHAR(40) NOT NULL,
  credentials VARCHAR(80) NOT NULL,
  specialty VARCHAR(120) NOT NULL,
  institution VARCHAR(200) NOT NULL,
  address TEXT NOT NULL,
  email VARCHAR(254) NOT NULL,
  phone VARCHAR(60) NOT NULL,
  country VARCHAR(2) NOT NULL,
  language VARCHAR(10) NOT NULL,
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

CREATE INDEX ix_contact_email ON contact (lower(email));

CREATE TABLE cursor (
  scope VARCHAR(64) NOT NULL,
  seq INTEGER NOT NULL,
  checksum VARCHAR(16) NOT NULL,
  PRIMARY KEY (scope)
);

CREATE TABLE device (
  id VARCHAR(36) NOT NULL,
  short VARCHAR(8) NOT NULL,
  private_key BLOB NOT NULL,
  public_key BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  replaced_by VARCHAR(36),
  PRIMARY KEY (id)
);

CREATE TABLE draft_text (
  type VARCHAR(40) NOT NULL,
  entity_id VARCHAR(36) NOT NULL,
  field VARCHAR(40) NOT NULL,
  text TEXT NOT NULL,
  seen_sha256 VARCHAR(64) NOT NULL,
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (type, entity_id, field)
);

CREATE TABLE history (
  "row" INTEGER NOT NULL,
  type VARCHAR(40) NOT NULL,
  entity_id VARCHAR(36) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  seq INTEGER NOT NULL,
  op VARCHAR(12) NOT NULL,
  actor VARCHAR(36) NOT NULL,
  device VARCHAR(36) NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY ("row")
);

CREATE INDEX ix_history_entity_id ON history (entity_id);

CREATE TABLE journal (
  n INTEGER NOT NULL,
  group_id VARCHAR(36) NOT NULL,
  at INTEGER NOT NULL,
  zone VARCHAR(64) NOT NULL,
  actor VARCHAR(36) NOT NULL,
  device VARCHAR(36) NOT NULL,
  op VARCHAR(12) NOT NULL,
  type VARCHAR(40) NOT NULL,
  entity_id VARCHAR(36) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  base TEXT NOT NULL,
  fields TEXT NOT NULL,
  schema INTEGER NOT NULL,
  prev_hash VARCHAR(64) NOT NULL,
  hash VARCHAR(64) NOT NULL,
  acked INTEGER,
  result TEXT,
  PRIMARY KEY (n)
);

CREATE INDEX ix_journal_at ON journal (at);

CREATE INDEX ix_journal_entity ON journal (entity_id, n);

CREATE TABLE journal_value (
  n INTEGER NOT NULL,
  field VARCHAR(60) NOT NULL,
  salt VARCHAR(32) NOT NULL,
  old TEXT,
  new TEXT,
  PRIMARY KEY (n, field)
);

CREATE TABLE letter_template (
  code VARCHAR(60) NOT NULL,
  number VARCHAR(20) NOT NULL,
  title VARCHAR(200) NOT NULL,
  language VARCHAR(10) NOT NULL,
  slots TEXT NOT NULL,
  document BLOB NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE (code),
  UNIQUE (id)
);

CREATE TABLE look_setting (
  "key" VARCHAR(80) NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY ("key")
);

CREATE TABLE product (
  name VARCHAR(160) NOT NULL,
  substance VARCHAR(160) NOT NULL,
  atc VARCHAR(10) NOT NULL,
  forms TEXT NOT NULL,
  strengths TEXT NOT NULL,
  aliases TEXT NOT NULL,
  label_set_id VARCHAR(64) NOT NULL,
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

CREATE TABLE reference (
  "key" VARCHAR(80) NOT NULL,
  title VARCHAR(600) NOT NULL,
  year INTEGER,
  doi VARCHAR(200),
  pmid VARCHAR(16),
  csl TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE ("key"),
  UNIQUE (id)
);

CREATE INDEX ix_reference_doi ON reference (doi);

CREATE INDEX ix_reference_pmid ON reference (pmid);

CREATE TABLE requester (
  title VARCHAR(40) NOT NULL,
  first_name VARCHAR(120) NOT NULL,
  last_name VARCHAR(120) NOT NULL,
  role VARCHAR(40) NOT NULL,
  credentials VARCHAR(80) NOT NULL,
  specialty VARCHAR(120) NOT NULL,
  institution VARCHAR(200) NOT NULL,
  address TEXT NOT NULL,
  email VARCHAR(254) NOT NULL,
  phone VARCHAR(60) NOT NULL,
  country VARCHAR(2) NOT NULL,
  language VARCHAR(10) NOT NULL,
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

CREATE INDEX ix_requester_email ON requester (lower(email));

CREATE TABLE safety_handoff (
  record_kind VARCHAR(40) NOT NULL,
  record_id VARCHAR(36) NOT NULL,
  method VARCHAR(20) NOT NULL,
  receiver VARCHAR(200) NOT NULL,
  handed_off_at INTEGER NOT NULL,
  handed_off_by VARCHAR(36) NOT NULL,
  note TEXT NOT NULL,
  acknowledged_at INTEGER,
  external_number VARCHAR(60) NOT NULL,
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

CREATE INDEX ix_safety_handoff_record_id ON safety_handoff (record_id);

CREATE TABLE saved_view (
  page VARCHAR(24) NOT NULL,
  name VARCHAR(80) NOT NULL,
  "query" TEXT NOT NULL,
  position INTEGER NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE (id)
);

CREATE TABLE user (
  name VARCHAR(120) NOT NULL,
  credentials VARCHAR(80) NOT NULL,
  roles TEXT NOT NULL,
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

CREATE TABLE work_item (
  kind VARCHAR(40) NOT NULL,
  title TEXT NOT NULL,
  owner_id VARCHAR(36),
  due_at INTEGER,
  done_at INTEGER,
  linked TEXT NOT NULL,
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

CREATE TABLE contact_verification (
  contact_id VARCHAR(36) NOT NULL,
  method VARCHAR(40) NOT NULL,
  evidence TEXT NOT NULL,
  verified_at INTEGER NOT NULL,
  verified_by VARCHAR(36) NOT NULL,
  expires_at INTEGER,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(contact_id) REFERENCES contact (id),
  UNIQUE (id)
);

CREATE INDEX ix_contact_verification_contact_id ON contact_verification (contact_id);

CREATE TABLE inquiry (
  number VARCHAR(32) NOT NULL,
  state VARCHAR(24) NOT NULL,
  received_at INTEGER NOT NULL,
  received_zone VARCHAR(64) NOT NULL,
  channel VARCHAR(24) NOT NULL,
  title VARCHAR(300) NOT NULL,
  verbatim TEXT NOT NULL,
  requester_id VARCHAR(36),
  contact_id VARCHAR(36),
  anonymous_reason TEXT NOT NULL,
  referred_by VARCHAR(200) NOT NULL,
  product_id VARCHAR(36),
  no_product BOOLEAN NOT NULL,
  topic VARCHAR(80) NOT NULL,
  country VARCHAR(2) NOT NULL,
  language VARCHAR(10) NOT NULL,
  solicited VARCHAR(12),
  urgency VARCHAR(12) NOT NULL,
  adverse_event VARCHAR(12),
  special_situation VARCHAR(12),
  quality_complaint VARCHAR(12),
  safety_reason TEXT NOT NULL,
  duplicate_decision VARCHAR(12),
  owner_id VARCHAR(36),
  due_at INTEGER,
  acknowledge_by INTEGER,
  paused_since INTEGER,
  waiting_for TEXT NOT NULL,
  escalated_to VARCHAR(40) NOT NULL,
  answered_at INTEGER,
  closed_at INTEGER,
  closing TEXT NOT NULL,
  source VARCHAR(40) NOT NULL,
  external_id VARCHAR(300),
  first_id VARCHAR(36),
  tags TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE (number),
  FOREIGN KEY(requester_id) REFERENCES requester (id),
  FOREIGN KEY(contact_id) REFERENCES contact (id),
  FOREIGN KEY(product_id) REFERENCES product (id),
  FOREIGN KEY(owner_id) REFERENCES user (id),
  FOREIGN KEY(first_id) REFERENCES inquiry (id),
  UNIQUE (id)
);

CREATE INDEX ix_inquiry_contact_id ON inquiry (contact_id);

CREATE INDEX ix_inquiry_due ON inquiry (due_at, id);

CREATE INDEX ix_inquiry_number_order ON inquiry (length(number), number);

CREATE INDEX ix_inquiry_open_due ON inquiry (due_at, id) WHERE state NOT IN ('closed', 'duplicate', 'cancelled', 'transferred');

CREATE INDEX ix_inquiry_owner_due ON inquiry (owner_id, due_at, id);

CREATE INDEX ix_inquiry_product_due ON inquiry (product_id, due_at, id);

CREATE INDEX ix_inquiry_received ON inquiry (received_at, id);

CREATE INDEX ix_inquiry_requester_id ON inquiry (requester_id);

CREATE INDEX ix_inquiry_state_due ON inquiry (state, due_at, id);

CREATE INDEX ix_inquiry_urgency_due ON inquiry (urgency, due_at, id);

CREATE UNIQUE INDEX ux_inquiry_external ON inquiry (external_id) WHERE external_id NOT NULL;

CREATE TABLE standard_response (
  code VARCHAR(60) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  title VARCHAR(300) NOT NULL,
  product_id VARCHAR(36),
  topic VARCHAR(80) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  UNIQUE (code),
  FOREIGN KEY(product_id) REFERENCES product (id),
  UNIQUE (id)
);

CREATE INDEX ix_standard_response_product_id ON standard_response (product_id);

CREATE TABLE adverse_event_report (
  inquiry_id VARCHAR(36) NOT NULL,
  special_situations TEXT NOT NULL,
  number VARCHAR(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  awareness_at INTEGER NOT NULL,
  awareness_zone VARCHAR(64) NOT NULL,
  due_at INTEGER NOT NULL,
  description TEXT NOT NULL,
  recorded_by VARCHAR(36) NOT NULL,
  handed_off_at INTEGER,
  external_number VARCHAR(60) NOT NULL,
  facts TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(inquiry_id) REFERENCES inquiry (id),
  UNIQUE (number),
  UNIQUE (id)
);

CREATE INDEX ix_adverse_event_report_due_at ON adverse_event_report (due_at);

CREATE INDEX ix_adverse_event_report_inquiry_id ON adverse_event_report (inquiry_id);

CREATE TABLE escalation (
  inquiry_id VARCHAR(36) NOT NULL,
  level INTEGER NOT NULL,
  target VARCHAR(40) NOT NULL,
  reason TEXT NOT NULL,
  escalated_by VARCHAR(36) NOT NULL,
  escalated_at INTEGER NOT NULL,
  ended_at INTEGER,
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

CREATE INDEX ix_escalation_inquiry_id ON escalation (inquiry_id);

CREATE TABLE note (
  inquiry_id VARCHAR(36) NOT NULL,
  text TEXT NOT NULL,
  author_id VARCHAR(36) NOT NULL,
  noted_at INTEGER NOT NULL,
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

CREATE INDEX ix_note_inquiry_id ON note (inquiry_id);

CREATE TABLE product_quality_complaint (
  inquiry_id VARCHAR(36) NOT NULL,
  number VARCHAR(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  awareness_at INTEGER NOT NULL,
  awareness_zone VARCHAR(64) NOT NULL,
  due_at INTEGER NOT NULL,
  description TEXT NOT NULL,
  recorded_by VARCHAR(36) NOT NULL,
  handed_off_at INTEGER,
  external_number VARCHAR(60) NOT NULL,
  facts TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(inquiry_id) REFERENCES inquiry (id),
  UNIQUE (number),
  UNIQUE (id)
);

CREATE INDEX ix_product_quality_complaint_due_at ON product_quality_complaint (due_at);

CREATE INDEX ix_product_quality_complaint_inquiry_id ON product_quality_complaint (inquiry_id);

CREATE TABLE response (
  inquiry_id VARCHAR(36) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  text TEXT NOT NULL,
  question_ids TEXT NOT NULL,
  author_id VARCHAR(36) NOT NULL,
  answered_at INTEGER,
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

CREATE INDEX ix_response_inquiry_id ON response (inquiry_id);

CREATE TABLE standard_response_version (
  response_id VARCHAR(36) NOT NULL,
  number VARCHAR(20) NOT NULL,
  state VARCHAR(24) NOT NULL,
  title VARCHAR(300) NOT NULL,
  audience VARCHAR(12) NOT NULL,
  country VARCHAR(2) NOT NULL,
  language VARCHAR(10) NOT NULL,
  effective_from VARCHAR(10) NOT NULL,
  review_due VARCHAR(10) NOT NULL,
  approved_by VARCHAR(120) NOT NULL,
  approved_on VARCHAR(10) NOT NULL,
  hold_reason TEXT NOT NULL,
  source_sha256 VARCHAR(64) NOT NULL,
  "references" TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  CONSTRAINT uq_srd_version UNIQUE (response_id, number, country, language, audience),
  FOREIGN KEY(response_id) REFERENCES standard_response (id),
  UNIQUE (id)
);

CREATE INDEX ix_standard_response_version_response_id ON standard_response_version (response_id);

CREATE TABLE unsolicited_attestation (
  inquiry_id VARCHAR(36) NOT NULL,
  statement TEXT NOT NULL,
  text_version VARCHAR(20) NOT NULL,
  attested_by VARCHAR(200) NOT NULL,
  attested_at INTEGER NOT NULL,
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

CREATE INDEX ix_unsolicited_attestation_inquiry_id ON unsolicited_attestation (inquiry_id);

CREATE TABLE inquiry_question (
  inquiry_id VARCHAR(36) NOT NULL,
  position INTEGER NOT NULL,
  verbatim TEXT NOT NULL,
  restated TEXT NOT NULL,
  topic VARCHAR(80) NOT NULL,
  answered_by VARCHAR(36),
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(inquiry_id) REFERENCES inquiry (id),
  FOREIGN KEY(answered_by) REFERENCES response (id),
  UNIQUE (id)
);

CREATE INDEX ix_inquiry_question_inquiry_id ON inquiry_question (inquiry_id);

CREATE TABLE letter (
  response_id VARCHAR(36) NOT NULL,
  inquiry_id VARCHAR(36) NOT NULL,
  reference VARCHAR(40) NOT NULL,
  edition INTEGER NOT NULL,
  amends_id VARCHAR(36),
  state VARCHAR(24) NOT NULL,
  template VARCHAR(60) NOT NULL,
  template_version VARCHAR(20) NOT NULL,
  author_id VARCHAR(36) NOT NULL,
  language VARCHAR(10) NOT NULL,
  letter_date VARCHAR(10) NOT NULL,
  released_at INTEGER,
  sent_at INTEGER,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(response_id) REFERENCES response (id),
  FOREIGN KEY(inquiry_id) REFERENCES inquiry (id),
  FOREIGN KEY(amends_id) REFERENCES letter (id),
  UNIQUE (id)
);

CREATE INDEX ix_letter_inquiry_id ON letter (inquiry_id);

CREATE INDEX ix_letter_response_id ON letter (response_id);

CREATE TABLE standard_response_section (
  version_id VARCHAR(36) NOT NULL,
  position INTEGER NOT NULL,
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
  FOREIGN KEY(version_id) REFERENCES standard_response_version (id),
  UNIQUE (id)
);

CREATE INDEX ix_standard_response_section_version_id ON standard_response_section (version_id);

CREATE TABLE delivery_attempt (
  letter_id VARCHAR(36) NOT NULL,
  method VARCHAR(20) NOT NULL,
  address TEXT NOT NULL,
  attempted_at INTEGER NOT NULL,
  outcome VARCHAR(12) NOT NULL,
  reason TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(letter_id) REFERENCES letter (id),
  UNIQUE (id)
);

CREATE INDEX ix_delivery_attempt_letter_id ON delivery_attempt (letter_id);

CREATE TABLE enclosure (
  letter_id VARCHAR(36) NOT NULL,
  position INTEGER NOT NULL,
  kind VARCHAR(20) NOT NULL,
  title VARCHAR(300) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  pages INTEGER,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(letter_id) REFERENCES letter (id),
  UNIQUE (id)
);

CREATE INDEX ix_enclosure_letter_id ON enclosure (letter_id);

CREATE TABLE letter_block (
  letter_id VARCHAR(36) NOT NULL,
  rank VARCHAR(80) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  text TEXT NOT NULL,
  origins TEXT NOT NULL,
  question_ids TEXT NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(letter_id) REFERENCES letter (id),
  UNIQUE (id)
);

CREATE INDEX ix_letter_block_letter_id ON letter_block (letter_id);

CREATE TABLE off_label_assessment (
  question_id VARCHAR(36) NOT NULL,
  assessment VARCHAR(20) NOT NULL,
  label_version VARCHAR(120) NOT NULL,
  assessed_by VARCHAR(36) NOT NULL,
  assessed_at INTEGER NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(question_id) REFERENCES inquiry_question (id),
  UNIQUE (id)
);

CREATE INDEX ix_off_label_assessment_question_id ON off_label_assessment (question_id);

CREATE TABLE package (
  letter_id VARCHAR(36) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  manifest TEXT NOT NULL,
  document BLOB NOT NULL,
  frozen_at INTEGER NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(letter_id) REFERENCES letter (id),
  UNIQUE (id)
);

CREATE INDEX ix_package_letter_id ON package (letter_id);

CREATE TABLE signature (
  letter_id VARCHAR(36) NOT NULL,
  package_id VARCHAR(36),
  user_id VARCHAR(36) NOT NULL,
  printed_name VARCHAR(200) NOT NULL,
  meaning VARCHAR(12) NOT NULL,
  signed_at INTEGER NOT NULL,
  zone VARCHAR(64) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  device_id VARCHAR(36) NOT NULL,
  device_signature VARCHAR(128) NOT NULL,
  scope VARCHAR(64) NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  extra TEXT NOT NULL,
  "row" INTEGER NOT NULL,
  id VARCHAR(36) NOT NULL,
  PRIMARY KEY ("row"),
  FOREIGN KEY(letter_id) REFERENCES letter (id),
  FOREIGN KEY(package_id) REFERENCES package (id),
  UNIQUE (id)
);

CREATE INDEX ix_signature_letter_id ON signature (letter_id);

-- Search indexes, kept right by triggers so that no writer needs to know of them.

CREATE VIRTUAL TABLE inquiry_search USING fts5(number, title, verbatim, topic, content='inquiry', content_rowid='row', tokenize='porter unicode61 remove_diacritics 2');

CREATE TRIGGER inquiry_search_insert AFTER INSERT ON inquiry BEGIN
  INSERT INTO inquiry_search(rowid, number, title, verbatim, topic) VALUES (new.row, new.number, new.title, new.verbatim, new.topic);
END;

CREATE TRIGGER inquiry_search_delete AFTER DELETE ON inquiry BEGIN
  INSERT INTO inquiry_search(inquiry_search, rowid, number, title, verbatim, topic) VALUES ('delete', old.row, old.number, old.title, old.verbatim, old.topic);
END;

CREATE TRIGGER inquiry_search_update AFTER UPDATE OF number, title, verbatim, topic ON inquiry BEGIN
  INSERT INTO inquiry_search(inquiry_search, rowid, number, title, verbatim, topic) VALUES ('delete', old.row, old.number, old.title, old.verbatim, old.topic);
  INSERT INTO inquiry_search(rowid, number, title, verbatim, topic) VALUES (new.row, new.number, new.title, new.verbatim, new.topic);
END;

CREATE VIRTUAL TABLE section_search USING fts5(heading, text, content='standard_response_section', content_rowid='row', tokenize='porter unicode61 remove_diacritics 2');

CREATE TRIGGER section_search_insert AFTER INSERT ON standard_response_section BEGIN
  INSERT INTO section_search(rowid, heading, text) VALUES (new.row, new.heading, new.text);
END;

CREATE TRIGGER section_search_delete AFTER DELETE ON standard_response_section BEGIN
  INSERT INTO section_search(section_search, rowid, heading, text) VALUES ('delete', old.row, old.heading, old.text);
END;

CREATE TRIGGER section_search_update AFTER UPDATE OF heading, text ON standard_response_section BEGIN
  INSERT INTO section_search(section_search, rowid, heading, text) VALUES ('delete', old.row, old.heading, old.text);
  INSERT INTO section_search(rowid, heading, text) VALUES (new.row, new.heading, new.text);
END;

CREATE VIRTUAL TABLE document_search USING fts5(code, title, topic, content='standard_response', content_rowid='row', tokenize='porter unicode61 remove_diacritics 2');

CREATE TRIGGER document_search_insert AFTER INSERT ON standard_response BEGIN
  INSERT INTO document_search(rowid, code, title, topic) VALUES (new.row, new.code, new.title, new.topic);
END;

CREATE TRIGGER document_search_delete AFTER DELETE ON standard_response BEGIN
  INSERT INTO document_search(document_search, rowid, code, title, topic) VALUES ('delete', old.row, old.code, old.title, old.topic);
END;

CREATE TRIGGER document_search_update AFTER UPDATE OF code, title, topic ON standard_response BEGIN
  INSERT INTO document_search(document_search, rowid, code, title, topic) VALUES ('delete', old.row, old.code, old.title, old.topic);
  INSERT INTO document_search(rowid, code, title, topic) VALUES (new.row, new.code, new.title, new.topic);
END;

CREATE VIRTUAL TABLE block_search USING fts5(text, content='letter_block', content_rowid='row', tokenize='porter unicode61 remove_diacritics 2');

CREATE TRIGGER block_search_insert AFTER INSERT ON letter_block BEGIN
  INSERT INTO block_search(rowid, text) VALUES (new.row, new.text);
END;

CREATE TRIGGER block_search_delete AFTER DELETE ON letter_block BEGIN
  INSERT INTO block_search(block_search, rowid, text) VALUES ('delete', old.row, old.text);
END;

CREATE TRIGGER block_search_update AFTER UPDATE OF text ON letter_block BEGIN
  INSERT INTO block_search(block_search, rowid, text) VALUES ('delete', old.row, old.text);
  INSERT INTO block_search(rowid, text) VALUES (new.row, new.text);
END;

-- The journal is append-only and gapless; only acked and result may change.

CREATE TRIGGER journal_gapless BEFORE INSERT ON journal
WHEN new.n <> (SELECT coalesce(max(n), 0) + 1 FROM journal)
  OR new.prev_hash <> coalesce((SELECT hash FROM journal ORDER BY n DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN
  SELECT RAISE(ABORT, 'journal: a row must follow the last one');
END;

CREATE TRIGGER journal_no_update BEFORE UPDATE OF n, group_id, at, zone, actor, device, op, type, entity_id, scope, base, fields, schema, prev_hash, hash ON journal BEGIN
  SELECT RAISE(ABORT, 'journal: rows never change');
END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN
  SELECT RAISE(ABORT, 'journal: rows are never deleted');
END;

CREATE TRIGGER journal_value_no_update BEFORE UPDATE ON journal_value BEGIN
  SELECT RAISE(ABORT, 'journal: values never change');
END;

-- What was signed, and what was approved, never changes.

CREATE TRIGGER package_no_update BEFORE UPDATE OF letter_id, sha256, manifest, document, frozen_at, created_at, retired_at, id ON package BEGIN
  SELECT RAISE(ABORT, 'package: signed bytes never change');
END;

CREATE TRIGGER package_no_delete BEFORE DELETE ON package BEGIN
  SELECT RAISE(ABORT, 'package: signed bytes never change');
END;

CREATE TRIGGER signature_no_update BEFORE UPDATE OF letter_id, package_id, user_id, printed_name, meaning, signed_at, zone, sha256, device_id, device_signature, created_at, retired_at, id ON signature BEGIN
  SELECT RAISE(ABORT, 'signature: signed bytes never change');
END;

CREATE TRIGGER signature_no_delete BEFORE DELETE ON signature BEGIN
  SELECT RAISE(ABORT, 'signature: signed bytes never change');
END;

CREATE TRIGGER section_no_update BEFORE UPDATE OF version_id, position, heading, text ON standard_response_section
WHEN (SELECT state FROM standard_response_version WHERE id = old.version_id) NOT IN ('planned', 'draft')
BEGIN
  SELECT RAISE(ABORT, 'standard_response_section: an approved text never changes');
END;

CREATE TRIGGER safety_no_delete_ae BEFORE DELETE ON adverse_event_report BEGIN
  SELECT RAISE(ABORT, 'adverse_event_report: never deleted');
END;

CREATE TRIGGER safety_no_delete_pqc BEFORE DELETE ON product_quality_complaint BEGIN
  SELECT RAISE(ABORT, 'product_quality_complaint: never deleted');
END;
