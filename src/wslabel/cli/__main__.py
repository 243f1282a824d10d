"""`python -m wslabel.cli`, the same as `wslabel`."""

from wslabel.cli import main

main(prog_name="wslabel")
