"""The command line: every job of Dealgraph from a terminal. May import all that is below it.

The heavy parts are imported by the command that needs them, so ``--help`` answers at once.
"""
