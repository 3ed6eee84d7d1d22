"""The workspace in a browser: what it shows, what a person does in it, and who may knock.

The browser holds no rules of Slack's: each act goes through those of the driver of persons.
"""

from bot.playground.web.site import BrowserSite

__all__ = ["BrowserSite"]
