import importlib.util

from odoo.exceptions import AccessError
from odoo.modules import get_module_path
from odoo.tests import tagged

from .common import EsuratCase


@tagged("post_install", "-at_install")
class TestMigration(EsuratCase):
    """What was installed before has the rights of now after the update."""

    def migrate(self, version, stage="post"):
        """Run the script that goes with *version*."""
        file = f"{get_module_path('esurat')}/migrations/{version}/{stage}-migrate.py"
        spec = importlib.util.spec_from_file_location(f"{stage}_migrate", file)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.cr, "19.0.1.2.0")
        self.env.invalidate_all()

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

    def test_who_holds_secret_letters_keeps_reading_them(self):
        secret, top = self.letter(security_class="secret"), self.letter(security_class="top_secret")
        self.dispose(secret, self.head, self.chief)
        self.env.cr.execute("DELETE FROM esurat_clearance")
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.assertFalse(self.hold(secret, self.chief))
        self.migrate("19.0.1.4.0")
        given = {one.user_id: one.security_class for one in self.env["esurat.clearance"].search([])}
        self.assertEqual((given[self.chief], given[self.head]), ("secret", "top_secret"))
        self.assertNotIn(self.clerk, given)
        self.assertTrue(self.hold(secret, self.chief))
        self.assertTrue(self.hold(top, self.head))

    def test_rules_of_before_know_deputies(self):
        mine = "[('user_id', '=', user.id), ('state', 'not in', ('waiting', 'recalled'))]"
        letters, holds = self.env.ref("esurat.rule_letter_user"), self.env.ref("esurat.rule_holder_user")
        kept = self.env.ref("esurat.rule_letter_registrar_held")
        fresh = letters.domain_force, holds.domain_force
        letters.domain_force = kept.domain_force = f"[('holder_ids', 'any', {mine})]"
        holds.domain_force = f"""[
            '|',
                '&', {mine[1:-1]},
                '&', ('company_id', 'in', company_ids), ('letter_id', 'any', [('holder_ids', 'any', {mine})]),
        ]"""
        self.migrate("19.0.1.4.0")
        self.assertEqual("".join(letters.domain_force.split()), "".join(fresh[0].split()))
        self.assertEqual(kept.domain_force, "[('holder_ids', 'any', own_holds)]")
        self.assertEqual("".join(holds.domain_force.split()), "".join(fresh[1].split()).replace(",]", "]"))

    def test_the_trail_begins_with_what_there_is(self):
        letter = self.letter()
        self.env.cr.flush()
        self.env.cr.execute("DELETE FROM esurat_trail")
        self.migrate("19.0.1.4.0")
        self.env.cr.flush()
        entry = self.env["esurat.trail"].search([("letter_id", "=", letter.id)])
        self.assertEqual((entry.kind, entry.after["state"]), ("found", "registered"))
        self.assertEqual(self.env["esurat.audit"].with_user(self.admin)._check().state, "whole")

    def test_holds_get_the_class_of_their_letter(self):
        letter = self.letter(security_class="secret")
        self.env.flush_all()
        self.env.cr.execute("UPDATE esurat_holder SET security_class = NULL")
        self.migrate("19.0.1.4.0", "pre")
        self.assertEqual(set(letter.holder_ids.mapped("security_class")), {"secret"})
