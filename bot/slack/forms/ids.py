"""The names that Slack hands back to us: commands, forms, fields and buttons.

What a name says stays when its constant is renamed: forms that were opened before are sent after.
"""

# Commands, without their slash and without the prefix they may have been installed with.
INCIDENT = "incident"
MAINTENANCE = "maintenance"
STATUSPAGE = "statuspage"

# Shortcuts.
REPORT_SHORTCUT = "report_incident"
SCHEDULE_SHORTCUT = "schedule_maintenance"

# Forms (callback ids of modals).
REPORT = "report"
INCIDENT_UPDATE = "progress"
EACH = "each"
PICK = "pick"
SCHEDULE = "schedule"
MAINTENANCE_UPDATE = "maintenance_progress"
PICK_MAINTENANCE = "pick_maintenance"
LAST_DAY = "last_day"
HAND_OVER = "hand_over"
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
STARTS = "starts"
ENDS = "ends"
AUTOMATION = "automation"
REPEAT = "repeat"
TIMES = "times"
UNTIL = "until"
NEW_OWNER = "heir"
SPAN = "span"

# Choices of the field for the next update that are no number of minutes.
BY_TEXT = "by_text"
AS_USUAL = "usual"

# Blocks that are no field, but change with the fields.
WHERE = "where"
RESOLVING = "resolving"

# The buttons of a parent message: before the subject's id and a number.
PARENT = "parent"

# Buttons.
OPEN_REPORT = "open_report"
UPDATE = "update"
RESOLVE = "resolve"
VIEW_PAGE = "view_page"
REOPEN = "reopen"
DECIDE = "decide"
PREVIEW = "preview"
SAY = "say"
OPEN_SCHEDULE = "open_schedule"
START_NOW = "start_now"
POST_UPDATE = "post_update"
EXTEND = "extend"
COMPLETE = "complete"
CANCEL = "cancel"
TURN = "turn_into_incident"
SKIP_NEXT = "skip_next"
END_SERIES = "end_series"
CHANGE_END = "change_end_date"
NO_CHANGE = "no_change"
COMPLETE_NOW = "complete_now"
EXTEND_BY = "extend_by"
SNOOZE = "snooze"
TAKE_OVER = "take_over"
MORE = "more"
SNOOZE_FORM = "snooze_form"
