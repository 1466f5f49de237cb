"""Odoo as a script: with workers it starts itself anew by its path, which `python -m odoo` has not."""

import sys

# the folder of this file would hide modules of Odoo's
sys.path.pop(0)

import odoo.cli  # noqa: E402

if __name__ == "__main__":
    odoo.cli.main()
