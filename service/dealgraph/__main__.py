"""``python -m dealgraph``: the command line without an installed script."""

from dealgraph.cli.app import main

main()
