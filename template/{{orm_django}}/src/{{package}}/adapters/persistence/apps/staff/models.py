"""The table of those who may enter the admin. They are no clients of the API: accounts are another feature."""

from django.contrib.auth.models import AbstractUser


class StaffUser(AbstractUser):
    class Meta:
        db_table = "staff_users"
        verbose_name = "staff user"
