"""The tables of accounts and of their refresh tokens."""

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class AccountRow(Model):
    id = fields.UUIDField(primary_key=True)
    username = fields.CharField(max_length=254)
    password_hash = fields.TextField()
    scopes = fields.TextField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "accounts"
        constraints = (UniqueConstraint(fields=("username",), name="uq_accounts_username"),)


class TokenFamilyRow(Model):
    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[AccountRow] = fields.ForeignKeyField("accounts.AccountRow", related_name=False)
    account_id: UUID
    scopes = fields.TextField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "token_families"
        indexes = (
            Index(fields=("account_id",), name="ix_token_families_account_id"),
            Index(fields=("expires_at",), name="ix_token_families_expires_at"),
        )


class RefreshTokenRow(Model):
    digest = fields.CharField(max_length=64, primary_key=True)
    family: fields.ForeignKeyRelation[TokenFamilyRow] = fields.ForeignKeyField(
        "accounts.TokenFamilyRow", related_name=False
    )
    family_id: UUID
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh_tokens"
        indexes = (Index(fields=("family_id",), name="ix_refresh_tokens_family_id"),)
