"""Starts Odoo as its own command does. `python -m odoo` cannot start the process for web sockets that workers need."""

from odoo.cli import main

main()
