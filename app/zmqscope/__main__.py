"""Entry point: dispatches before anything heavy is imported."""

from __future__ import annotations

import sys

SERVE_DEMO = "--serve-demo"


def main() -> int:
    """Run the command line; the exit status."""
    if sys.argv[1:2] == [SERVE_DEMO]:
        from zmqscope.demo.peers import main as serve_demo

        return serve_demo()
    from zmqscope.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
