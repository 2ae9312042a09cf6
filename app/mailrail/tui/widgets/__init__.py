"""Widgets: each takes a frozen frame, draws it, and posts what a person did as a message."""
