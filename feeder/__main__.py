"""``python -m feeder`` is the command line."""

import sys


def main() -> None:
    """Run the command line; stopped while it is still loading, it goes without a word."""
    try:
        from feeder.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
