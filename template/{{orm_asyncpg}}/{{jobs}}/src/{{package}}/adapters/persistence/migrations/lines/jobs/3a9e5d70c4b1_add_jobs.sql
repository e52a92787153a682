-- Add jobs, and the signal that there are new ones
-- depends:

-- migrate: apply
CREATE TABLE jobs (
    id uuid NOT NULL,
    kind varchar(128) NOT NULL,
    payload jsonb NOT NULL,
    owner varchar(255) NOT NULL,
    request_id varchar(128) NOT NULL,
    traceparent varchar(64),
    status varchar(16) NOT NULL,
    attempts smallint NOT NULL,
    error varchar(500),
    lease_until timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_jobs PRIMARY KEY (id),
    CONSTRAINT ck_jobs_status CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'dead'))
);

-- What has no lease is over, and nobody looks for it.
CREATE INDEX ix_jobs_lease_until ON jobs (lease_until) WHERE lease_until IS NOT NULL;

CREATE INDEX ix_jobs_status_updated_at ON jobs (status, updated_at);

CREATE FUNCTION signal_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NOTIFY jobs;
            RETURN NULL;
        END
        $$;

CREATE TRIGGER signal_jobs AFTER INSERT ON jobs FOR EACH STATEMENT EXECUTE FUNCTION signal_jobs();

-- migrate: rollback
DROP TABLE jobs;

DROP FUNCTION signal_jobs();
