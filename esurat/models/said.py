from odoo import models


class Said(models.AbstractModel):
    """Records that say something of a letter: reading them of a secret one is reading it."""

    _name = "esurat.said"
    _description = "Record that says something of a letter"

    _said = frozenset()  # names of the fields that do

    def _read_format(self, fnames, load="_classic_read"):
        if not self.env.su and not self._said.isdisjoint(fnames):
            self.env["esurat.reading"]._note(self.letter_id, "read")
        return super()._read_format(fnames, load)

    def _export_rows(self, names, **options):
        if not self.env.su:
            self.env["esurat.reading"]._note(self.letter_id, "export")
        return super()._export_rows(names, **options)
