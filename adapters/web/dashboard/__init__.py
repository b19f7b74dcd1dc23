"""What operators look at: what is asked, found, shown and disputed, behind a password.

There is none without ``WEB_ADMIN_PASSWORD_HASH``. It shows sums, and the words of members only
where the log keeps them; it never shows who asked.
"""
