"""incident.io as a status page.

Source: incident.io API reference, Status Pages V2 (published OpenAPI schema).
"""
