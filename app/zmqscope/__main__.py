"""Entry point: dispatches before anything heavy is imported."""

from __future__ import annotations

import sys

SERVE_DEMO = "--serve-demo"
BUILD_KERNELS = "--build-kernels"


def main() -> int:
    """Run the command line; the exit status."""
    if sys.argv[1:2] == [SERVE_DEMO]:
        from zmqscope.demo.peers import main as serve_demo

        return serve_demo()
    if sys.argv[1:2] == [BUILD_KERNELS]:
        from zmqscope.core.kernels.build import main as build_kernels

        return build_kernels()
    from zmqscope.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
