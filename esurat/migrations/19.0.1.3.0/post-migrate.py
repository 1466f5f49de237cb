from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Let whoever holds a letter read it alone: from here on ordinary users write letters, and other rules say which.
    Memos are signed by heads of units, as in a new agency.

    The rules and types of the addon are not loaded again at an update, so that what an administrator has changed stays.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref("esurat.rule_letter_user", raise_if_not_found=False)
    if rule:
        rule.write({"perm_write": False, "perm_create": False, "perm_unlink": False})
    memo = env.ref("esurat.type_memo", raise_if_not_found=False)
    if memo:
        memo.signed_by = "unit"
