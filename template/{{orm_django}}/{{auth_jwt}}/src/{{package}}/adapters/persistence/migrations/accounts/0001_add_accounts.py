"""Add accounts."""

import django.db.models.deletion
from django.db import migrations, models

CREATE = """
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
"""
DROP = "DROP TABLE refresh_tokens, token_families, accounts"


class Migration(migrations.Migration):
    # In SQL: keys and names are as they are meant to be, and a foreign key cascades in the database.
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            CREATE,
            DROP,
            state_operations=[
                migrations.CreateModel(
                    "AccountRow",
                    [
                        ("id", models.UUIDField(primary_key=True, serialize=False)),
                        ("username", models.CharField(max_length=254, unique=True)),
                        ("password_hash", models.TextField()),
                        ("scopes", models.TextField()),
                        ("created_at", models.DateTimeField()),
                    ],
                    {"verbose_name": "account", "db_table": "accounts"},
                ),
                migrations.CreateModel(
                    "TokenFamilyRow",
                    [
                        ("id", models.UUIDField(primary_key=True, serialize=False)),
                        ("scopes", models.TextField()),
                        ("expires_at", models.DateTimeField(db_index=True)),
                        ("revoked_at", models.DateTimeField(null=True)),
                        (
                            "account",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="accounts.accountrow"),
                        ),
                    ],
                    {"db_table": "token_families"},
                ),
                migrations.CreateModel(
                    "RefreshTokenRow",
                    [
                        ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("used_at", models.DateTimeField(null=True)),
                        (
                            "family",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="accounts.tokenfamilyrow"
                            ),
                        ),
                    ],
                    {"db_table": "refresh_tokens"},
                ),
            ],
        )
    ]
