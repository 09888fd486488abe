//! The tables of the store, one migration after the other.

/// `HEYN`: what tells our file from other `SQLite` files.
pub(super) const APPLICATION_ID: i32 = 0x4845_594e;

/// Each brings the schema from its place to the next one; `user_version` says how many were applied. A migration that
/// has been released is never edited.
pub(super) const MIGRATIONS: &[&str] = &[
    // 1: the log of scans and acts, what the scans found, and the cases that follow from them.
    "
    CREATE TABLE entry (
        seq     INTEGER PRIMARY KEY,
        kind    TEXT NOT NULL CHECK (kind IN ('scan', 'act')),
        at      TEXT NOT NULL,
        who     TEXT NOT NULL CHECK (trim(who) <> ''),
        subject INTEGER,
        body    TEXT NOT NULL,
        seal    TEXT NOT NULL
    ) STRICT;
    CREATE TABLE report (
        seq   INTEGER PRIMARY KEY REFERENCES entry (seq),
        bytes BLOB NOT NULL
    ) STRICT;
    CREATE TABLE sighting (
        seq         INTEGER NOT NULL REFERENCES entry (seq),
        number      INTEGER NOT NULL,
        fingerprint TEXT,
        verdict     TEXT NOT NULL,
        matched     TEXT,
        PRIMARY KEY (seq, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE outcome (
        seq     INTEGER NOT NULL REFERENCES entry (seq),
        number  INTEGER NOT NULL,
        status  TEXT NOT NULL,
        changes TEXT NOT NULL,
        why     TEXT NOT NULL,
        PRIMARY KEY (seq, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tally (
        seq         INTEGER NOT NULL REFERENCES entry (seq),
        town        TEXT NOT NULL,
        village     TEXT NOT NULL,
        open        INTEGER NOT NULL,
        new         INTEGER NOT NULL,
        rectified   INTEGER NOT NULL,
        closed      INTEGER NOT NULL,
        unexplained INTEGER NOT NULL,
        reopened    INTEGER NOT NULL,
        PRIMARY KEY (seq, town, village)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER report_stays BEFORE UPDATE ON report BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER report_kept BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER sighting_stays BEFORE UPDATE ON sighting BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER sighting_kept BEFORE DELETE ON sighting BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER outcome_stays BEFORE UPDATE ON outcome BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER outcome_kept BEFORE DELETE ON outcome BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER tally_stays BEFORE UPDATE ON tally BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER tally_kept BEFORE DELETE ON tally BEGIN SELECT RAISE(ABORT, 'append-only'); END;

    -- Derived from the tables above; rewritten with every entry, proved by `heyan track verify`.
    CREATE TABLE standing (
        number      INTEGER PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        rule        TEXT NOT NULL,
        title       TEXT NOT NULL,
        topic       TEXT NOT NULL,
        severity    TEXT NOT NULL,
        verdict     TEXT NOT NULL,
        town        TEXT NOT NULL,
        village     TEXT NOT NULL,
        date        TEXT NOT NULL,
        amount      TEXT NOT NULL,
        message     TEXT NOT NULL,
        advice      TEXT NOT NULL,
        record      TEXT NOT NULL,
        place       TEXT NOT NULL,
        curable     INTEGER NOT NULL,
        first_seq   INTEGER NOT NULL,
        first_day   TEXT NOT NULL,
        last_seq    INTEGER NOT NULL,
        last_day    TEXT NOT NULL,
        state       TEXT NOT NULL,
        since       TEXT NOT NULL,
        reopened    INTEGER NOT NULL,
        why         TEXT NOT NULL,
        changes     TEXT NOT NULL,
        responsible TEXT NOT NULL,
        due         TEXT NOT NULL,
        note        TEXT NOT NULL,
        judged      TEXT NOT NULL,
        judged_on   TEXT NOT NULL,
        closed      TEXT NOT NULL,
        waiver      TEXT NOT NULL,
        seen_waiver TEXT NOT NULL
    ) STRICT;
    CREATE TABLE alias (
        fingerprint TEXT PRIMARY KEY,
        number      INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    ",
    // 2: the history of one case without reading every entry.
    "
    CREATE INDEX entry_by_subject ON entry (subject) WHERE subject IS NOT NULL;
    CREATE INDEX sighting_by_case ON sighting (number);
    CREATE INDEX outcome_by_case ON outcome (number);
    ",
];
