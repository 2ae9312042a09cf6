"""What a person touches: the command line and the terminal explorer."""

from mailrail_patterns import __version__

__all__ = ["__version__"]
