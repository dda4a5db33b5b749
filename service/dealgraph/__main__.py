"""``python -m dealgraph``: the command line without an installed script."""

from dealgraph.cli import main

main()
