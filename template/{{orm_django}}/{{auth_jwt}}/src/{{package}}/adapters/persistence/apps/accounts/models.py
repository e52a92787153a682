"""The tables of accounts and of their refresh tokens."""

from django.db import models


class AccountRow(models.Model):
    id = models.UUIDField(primary_key=True)
    username = models.CharField(max_length=254, unique=True)
    password_hash = models.TextField()
    scopes = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "accounts"
        verbose_name = "account"

    def __str__(self) -> str:
        return self.username


class TokenFamilyRow(models.Model):
    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(AccountRow, models.CASCADE)
    scopes = models.TextField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "token_families"

    def __str__(self) -> str:
        return str(self.id)


class RefreshTokenRow(models.Model):
    digest = models.CharField(max_length=64, primary_key=True)
    family = models.ForeignKey(TokenFamilyRow, models.CASCADE)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "refresh_tokens"

    def __str__(self) -> str:
        return self.digest
