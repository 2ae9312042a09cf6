"""The terminal interface: screens, widgets, keys."""
