"""The workspace in a browser: what it shows, what a person does in it, and who may use it.

The browser holds no rules of Slack's: each interaction goes through the rules of `Person`.
"""
