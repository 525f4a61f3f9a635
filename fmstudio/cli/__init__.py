"""The command line: neither torch nor Qt is loaded before a command needs it."""
