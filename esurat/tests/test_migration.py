import importlib.util

from odoo.exceptions import AccessError
from odoo.modules import get_module_path
from odoo.tests import tagged

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestMigration(EsuratCase):
    """What was installed before has the rights of now after the update."""

    def migrate(self, version):
        """Run the script that goes with *version*."""
        file = f"{get_module_path('esurat')}/migrations/{version}/post-migrate.py"
        spec = importlib.util.spec_from_file_location("post_migrate", file)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.cr, "19.0.1.2.0")

    def test_who_holds_a_letter_reads_it_alone(self):
        letter = self.letter()
        rule = self.env.ref("esurat.rule_letter_user")
        rule.write({"perm_write": True, "perm_create": True, "perm_unlink": True})
        letter.with_user(self.head).check_access("write")
        self.migrate("19.0.1.3.0")
        letter.with_user(self.head).check_access("read")
        for operation in ("write", "unlink"):
            with self.subTest(operation), self.assertRaises(AccessError):
                letter.with_user(self.head).check_access(operation)

    def test_memos_are_signed_by_heads_of_units(self):
        memo = self.env.ref("esurat.type_memo")
        memo.signed_by = "head"
        self.migrate("19.0.1.3.0")
        self.assertEqual(memo.signed_by, "unit")
