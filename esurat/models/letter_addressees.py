from odoo import models
from odoo.exceptions import UserError

from .holder import IS_HOLDING, RECIPIENTS


class LetterAddressees(models.AbstractModel):
    """Those in the house to whom a letter goes, by name or by position, and how they become its holders."""

    _name = "esurat.letter.addressees"
    _description = "Addressees of a letter"

    def _addressed_people(self):
        """Return to whom in the house these letters go, by name or by position: ``{letter: res.users}``."""
        # sudo: employees are readable by personnel officers alone; their users become holders
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search([("job_id", "in", self.position_ids.ids), ("company_id", "in", self.company_id.ids)])
            if self.position_ids
            else self.env["hr.employee"]
        )
        people = {}
        for letter in self:
            by_position = employees.filtered(
                lambda e, letter=letter: e.job_id in letter.position_ids and e.company_id == letter.company_id
            )
            people[letter] = letter.recipient_ids | by_position.user_id.with_env(self.env)
        return people

    def _check_addressed(self, people, posts):
        """Make sure that these letters have people in the house who can work with them.

        :param dict people: what :meth:`_addressed_people` says of them
        :param dict posts: what ``res.users._esurat_posts`` says of these people
        :raises UserError: where a letter has no addressee, or one who cannot work with it or may not read it
        """
        for letter in self:
            if not people[letter] and letter.direction != "outgoing":
                raise UserError(
                    self.env._(
                        "%(letter)s has no addressee: name a person or an occupied position, or let the administrator "
                        "set the manager of the agency's root department.",
                        letter=letter.subject,
                    )
                )
            people[letter]._esurat_check_cleared(letter.security_class)
        for company, letters in self.grouped("company_id").items():
            users = self.env["res.users"].union(*(people[letter] for letter in letters))
            users._esurat_check_workers(company, posts)

    def _give_to_addressees(self, added=None):
        """Make those in the house to whom these letters go their holders; who holds one already is left alone.

        :param dict added: ``{letter: res.users}`` who get it again though they returned it, or had it recalled
        :return: ``{letter: res.users}`` of the new holders, to be told
        :raises UserError: where a letter that is not signed here has no addressee, or one who cannot work with it
        """
        letters = self.filtered(
            lambda letter: letter.direction == "incoming" or letter.written_here and letter.state != "draft"
        )
        people = letters._addressed_people()
        posts = self.env["res.users"].union(*people.values())._esurat_posts(letters.company_id)
        # what is signed is not held up by who has left meanwhile
        letters.filtered(lambda letter: not letter.written_here)._check_addressed(people, posts)
        # sudo: to find who holds these letters already
        registered = letters.filtered(lambda letter: letter.state != "draft")
        holds = (
            self.env["esurat.holder"].sudo().search([("letter_id", "in", registered.ids), ("role", "in", RECIPIENTS)])
        ).grouped("letter_id")
        # sudo: a memo is its signatory's, whoever takes in the scan
        issuers = {
            letter: {"issuer_id": letter.sudo()._signatories()[-1:].user_id.id}
            for letter in letters.filtered("written_here")
        }
        told = {}
        for letter in letters:
            had = holds.get(letter, self.env["esurat.holder"])
            again = (added or {}).get(letter, self.env["res.users"])
            new = people[letter] - (had.user_id - again) - had.filtered_domain(IS_HOLDING).user_id
            told[letter] = new.filtered(lambda user, letter=letter: (letter.company_id.id, user.id) in posts)
            if letter.written_here:
                # nor by who lost her clearance
                told[letter] -= told[letter]._esurat_uncleared(letter.security_class)
        self.env["esurat.holder"]._create_holds(
            [
                {
                    "letter_id": letter.id,
                    "user_id": user.id,
                    "role": "responsible",
                    "deadline": letter.deadline,
                    **issuers.get(letter, {}),
                }
                for letter, new in told.items()
                for user in new
            ],
            posts,
        )
        return {letter: new for letter, new in told.items() if new}
