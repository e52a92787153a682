-- Add idempotency records
-- depends:

-- migrate: apply
CREATE TABLE idempotency_records (
    scope varchar(64) NOT NULL,
    fingerprint varchar(64) NOT NULL,
    result text NOT NULL,
    settles_at timestamptz,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_idempotency_records PRIMARY KEY (scope)
);

CREATE INDEX ix_idempotency_records_expires_at ON idempotency_records (expires_at);

-- migrate: rollback
DROP TABLE idempotency_records;
