"""The pages in a real browser: Chromium, as Debian packages it, driven by Playwright."""
