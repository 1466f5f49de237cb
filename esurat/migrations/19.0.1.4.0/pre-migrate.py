def migrate(cr, version):
    """Give each hold the security class of its letter at once, which the ORM would do one by one."""
    cr.execute("ALTER TABLE esurat_holder ADD COLUMN IF NOT EXISTS security_class varchar")
    cr.execute(
        """
        UPDATE esurat_holder hold SET security_class = letter.security_class
          FROM esurat_letter letter WHERE letter.id = hold.letter_id
        """
    )
