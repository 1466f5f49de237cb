from odoo import SUPERUSER_ID, api

from odoo.addons.esurat.models.trail import Noted

# what the rules said of the holds of the user
_MINE = "[('user_id', '=', user.id), ('state', 'not in', ('waiting', 'recalled'))]"
_MINE_FIRST = "'&', ('user_id', '=', user.id), ('state', 'not in', ('waiting', 'recalled')),"


def migrate(cr, version):
    """Let clearances and delegations count in rules that were loaded before there were any.

    Whoever holds secret letters keeps reading them: she gets the clearance that she has had in fact. What reviewers
    have looked at, they have looked at themselves.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    for rule in env["ir.rule"].search([("model_id.model", "=like", "esurat.%")]):
        domain = rule.domain_force or ""
        # whoever keeps the register works on what she holds herself
        held = "own_holds" if rule == env.ref("esurat.rule_letter_registrar_held", False) else "my_holds"
        changed = domain.replace(f"('holder_ids', 'any', {_MINE})", f"('holder_ids', 'any', {held})")
        if rule == env.ref("esurat.rule_holder_user", raise_if_not_found=False) and _MINE_FIRST in domain:
            changed = (
                "['|'] + my_holds + ['&', ('company_id', 'in', company_ids),"
                " ('letter_id', 'any', [('holder_ids', 'any', my_holds)])]"
            )
        if changed != domain:
            rule.domain_force = changed
    # the trail begins with what there is
    cr.execute("SELECT id FROM esurat_letter WHERE uuid NOT IN (SELECT letter_uuid FROM esurat_trail) ORDER BY id")
    env["esurat.trail"]._note([Noted("found", letter_id, "") for (letter_id,) in cr.fetchall()])
    cr.execute("UPDATE esurat_holder SET seen_by_id = user_id WHERE seen_digest IS NOT NULL AND seen_by_id IS NULL")
    cr.execute(
        """
        SELECT user_id, MAX(CASE security_class WHEN 'top_secret' THEN 2 ELSE 1 END)
          FROM esurat_holder
         WHERE security_class IN ('secret', 'top_secret') AND role != 'author' AND state NOT IN ('waiting', 'recalled')
           AND user_id NOT IN (SELECT user_id FROM esurat_clearance)
         GROUP BY user_id
        """
    )
    env["esurat.clearance"].create(
        [
            {
                "user_id": user_id,
                "security_class": "top_secret" if weight == 2 else "secret",
                "reason": "Sudah memegang surat rahasia sebelum izin dicatat",
            }
            for user_id, weight in cr.fetchall()
        ]
    )
