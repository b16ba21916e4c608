"""``python -m feeder`` is the command line."""

from feeder.cli import main

main()
