"""Add accounts."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    initial = True
    operations = [
        ops.CreateModel(
            name="AccountRow",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("username", fields.CharField(max_length=254)),
                ("password_hash", fields.TextField()),
                ("scopes", fields.TextField()),
                ("created_at", fields.DatetimeField()),
            ],
            options={"table": "accounts", "app": "accounts", "pk_attr": "id"},
        ),
        ops.AddConstraint("AccountRow", UniqueConstraint(fields=("username",), name="uq_accounts_username")),
        ops.CreateModel(
            name="TokenFamilyRow",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "accounts.AccountRow", source_field="account_id", related_name=False, on_delete=fields.CASCADE
                    ),
                ),
                ("scopes", fields.TextField()),
                ("expires_at", fields.DatetimeField()),
                ("revoked_at", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "token_families",
                "app": "accounts",
                "indexes": [
                    Index(fields=["account_id"], name="ix_token_families_account_id"),
                    Index(fields=["expires_at"], name="ix_token_families_expires_at"),
                ],
                "pk_attr": "id",
            },
        ),
        ops.CreateModel(
            name="RefreshTokenRow",
            fields=[
                ("digest", fields.CharField(primary_key=True, max_length=64)),
                (
                    "family",
                    fields.ForeignKeyField(
                        "accounts.TokenFamilyRow",
                        source_field="family_id",
                        related_name=False,
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("used_at", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "refresh_tokens",
                "app": "accounts",
                "indexes": [Index(fields=["family_id"], name="ix_refresh_tokens_family_id")],
                "pk_attr": "digest",
            },
        ),
        ops.RunSQL(
            [
                "ALTER TABLE accounts RENAME CONSTRAINT accounts_pkey TO pk_accounts",
                "ALTER TABLE token_families RENAME CONSTRAINT token_families_pkey TO pk_token_families",
                """ALTER TABLE token_families
                RENAME CONSTRAINT token_families_account_id_fkey TO fk_token_families_account_id_accounts""",
                "ALTER TABLE refresh_tokens RENAME CONSTRAINT refresh_tokens_pkey TO pk_refresh_tokens",
                """ALTER TABLE refresh_tokens
                RENAME CONSTRAINT refresh_tokens_family_id_fkey TO fk_refresh_tokens_family_id_token_families""",
            ],
            reverse_sql=ops.RunSQL.noop,
        ),
    ]
