"""Instatus as a status page.

Source: Instatus API documentation (instatus.com/help/api and the official OpenAPI file).
"""
