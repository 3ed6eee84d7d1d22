"""The names that Slack hands back to us: commands, forms, fields and buttons."""

# Commands, without their slash and without the prefix they may have been installed with.
INCIDENT = "incident"

# Shortcuts.
REPORT_SHORTCUT = "report_incident"

# Forms (callback ids of modals).
REPORT = "report"
PROGRESS = "progress"
EACH = "each"
PICK = "pick"
PLAIN = "plain"

# Fields: block id and action id are the same word.
PAGES = "pages"
NAME = "name"
STATUS = "status"
MESSAGE = "message"
COMPONENTS = "components"
COMPONENT_STATUS = "component_status"
NOTIFY = "notify"
STARTED = "started"
NEXT_UPDATE = "next_update"
PICKED = "picked"

# Buttons.
OPEN_REPORT = "open_report"
UPDATE = "update"
RESOLVE = "resolve"
VIEW_PAGE = "view_page"
REOPEN = "reopen"
DECIDE = "decide"
PREVIEW = "preview"
