from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import numbering

TEXT = st.text(st.characters(categories=("L", "N", "P", "S", "Z")), max_size=30)
VALUES = st.fixed_dictionaries(
    {
        "serial": st.integers(1, 10**6),
        "date": st.dates(date(1990, 1, 1), date(2100, 12, 31)),
        "classification": st.from_regex(r"[0-9]{3}(\.[0-9]{1,2}){0,3}", fullmatch=True),
        "unit": st.from_regex(r"[A-Z]{2,8}", fullmatch=True),
        "type": st.sampled_from(["SD", "UND", "ND"]),
        "security": st.sampled_from(["B", "T", "R", "SR"]),
    }
)


@tagged("post_install", "-at_install")
class TestNumbering(BaseCase):
    """Number patterns: real examples come out right, and nothing but our tokens is ever replaced."""

    def render(self, pattern, **values):
        numbering.check(pattern)
        return numbering.render(pattern, {"serial": 15, "date": date(2026, 4, 7), **values})

    def test_patterns_from_real_letters(self):
        for pattern, values, number in (
            ("{classification}/{serial}/{unit}", {"classification": "000.8.3.3", "unit": "OR"}, "000.8.3.3/15/OR"),
            ("{classification}/{serial}/436.3.2/{year}", {"classification": "000.8.3.2"}, "000.8.3.2/15/436.3.2/2026"),
            ("{security}-{serial}/IJ/KP.07.6/{month:02d}/{year}", {"security": "R"}, "R-15/IJ/KP.07.6/04/2026"),
            ("{type}/{serial:03d}/{unit}/{month_roman}/{year}", {"type": "ND", "unit": "DC"}, "ND/015/DC/IV/2026"),
            ("{serial:04d}", {}, "0015"),
        ):
            with self.subTest(pattern=pattern):
                self.assertEqual(self.render(pattern, **values), number)

    def test_what_is_missing_leaves_no_doubled_separator(self):
        self.assertEqual(self.render("{classification}/{serial}/{unit}/{year}", unit="OR"), "15/OR/2026")
        self.assertEqual(self.render("{serial}/{unit}"), "15")

    def test_months_in_roman_numerals(self):
        months = [
            numbering.render("{serial}{month_roman}", {"serial": 1, "date": date(2026, m, 1)}) for m in range(1, 13)
        ]
        self.assertEqual(months, [f"1{roman}" for roman in numbering.ROMAN_MONTHS])

    def test_patterns_that_are_refused(self):
        for pattern, token in (
            ("{nomor}", "nomor"),
            ("{serial}/{unit.__class__}", "unit.__class__"),
            ("{serial[0]}", "serial[0]"),
            ("{serial!r}", "serial"),
            ("{serial:>9}", "serial"),
            ("{serial:99999d}", "serial"),
            ("{serial}{}", ""),
            ("{serial}{0}", "0"),
            ("{serial", ""),
            ("{unit}", "serial"),
            ("", "serial"),
        ):
            with self.subTest(pattern=pattern), self.assertRaises(numbering.PatternError) as refused:
                numbering.check(pattern)
            self.assertEqual(refused.exception.token, token)

    @given(TEXT)
    def test_any_text_is_either_refused_or_renders(self, pattern):
        try:
            numbering.check(pattern)
        except numbering.PatternError:
            return
        numbering.render(pattern, {"serial": 1, "date": date(2026, 1, 1)})

    @given(st.permutations(numbering.TOKENS), VALUES)
    def test_different_serials_give_different_numbers(self, tokens, values):
        pattern = "/".join(f"{{{token}}}" for token in tokens)
        numbering.check(pattern)
        other = {**values, "serial": values["serial"] + 1}
        self.assertNotEqual(numbering.render(pattern, values), numbering.render(pattern, other))
