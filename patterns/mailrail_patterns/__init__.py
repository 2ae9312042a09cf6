"""What happens: the engine, the broker and the patterns, scriptable without the app.

Depends on the standard library and msgspec only. Start at :mod:`mailrail_patterns.run`.
"""

__version__ = "0.1.0"
