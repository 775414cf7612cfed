"""Run the benchmarks, all or those named: `python -m benchmarks reveal ledger`."""

import sys

from benchmarks.run import main

sys.exit(main(sys.argv[1:]))
