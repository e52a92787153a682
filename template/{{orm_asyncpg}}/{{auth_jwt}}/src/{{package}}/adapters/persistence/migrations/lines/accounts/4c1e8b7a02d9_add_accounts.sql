-- Add accounts
-- depends:

-- migrate: apply
CREATE TABLE accounts (
    id uuid NOT NULL,
    username varchar(254) NOT NULL,
    password_hash text NOT NULL,
    scopes text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_accounts PRIMARY KEY (id),
    CONSTRAINT uq_accounts_username UNIQUE (username)
);

CREATE TABLE token_families (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    scopes text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT fk_token_families_account_id_accounts
        FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT pk_token_families PRIMARY KEY (id)
);

CREATE INDEX ix_token_families_account_id ON token_families (account_id);

CREATE INDEX ix_token_families_expires_at ON token_families (expires_at);

CREATE TABLE refresh_tokens (
    digest varchar(64) NOT NULL,
    family_id uuid NOT NULL,
    used_at timestamptz,
    CONSTRAINT fk_refresh_tokens_family_id_token_families
        FOREIGN KEY (family_id) REFERENCES token_families (id) ON DELETE CASCADE,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (digest)
);

CREATE INDEX ix_refresh_tokens_family_id ON refresh_tokens (family_id);

-- migrate: rollback
DROP TABLE refresh_tokens;

DROP TABLE token_families;

DROP TABLE accounts;
