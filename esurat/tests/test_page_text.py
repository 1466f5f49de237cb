import base64

from odoo.tests import BaseCase, tagged

from ..tools.page_text import DEEPEST, MOST_CELLS, pictures, printable

PNG = b"\x89PNG\r\n\x1a\n" + b"x"


@tagged("post_install", "-at_install")
class TestPageText(BaseCase):
    """What a text may say of itself on the page: how it is set, never where, and nothing else."""

    def test_what_is_kept(self):
        for text in (
            '<p style="text-align: center">a <strong>b</strong></p>',
            '<ol start="3" type="a"><li>a</li></ol>',
            '<table><tbody><tr><td style="width: 30%" colspan="2">a</td></tr></tbody></table>',
            '<table class="table-bordered"><tbody><tr><td>a</td></tr></tbody></table>',
            '<a href="https://x.example/y">z</a>',
            "a &amp; &lt;b&gt; {{ number }}",
            "",
        ):
            with self.subTest(text):
                self.assertEqual(printable(text, {}), text)

    def test_nothing_is_hidden_or_laid_over(self):
        for style in (
            "position:fixed;top:0",
            "position : absolute",
            "overflow:hidden;height:7mm",
            "color:#fff",
            "font-size:0",
            "display:none",
            "margin-left:-40px",
            "margin-left:999px",
            "width:999%",
            "text-align:center/**/;float:left",
            "width:expression(1)",
            "te\\78t-align:center",
            "background:url(file:///etc/passwd)",
        ):
            with self.subTest(style):
                self.assertEqual(printable(f'<p style="{style}">a</p>', {}), "<p>a</p>")

    def test_no_part_of_the_page_is_feigned(self):
        self.assertEqual(printable('<p class="anchor" id="x" data-y="1" onclick="z()">a</p>', {}), "<p>a</p>")
        self.assertEqual(printable("<main>a</main><header>b</header>", {}), "ab")
        self.assertEqual(printable("<style>p{display:none}</style><script>1</script><!-- c -->a", {}), "a")
        self.assertEqual(printable('<a href="javascript:1">a</a>', {}), "<a>a</a>")

    def test_no_table_beyond_a_page(self):
        for wide in ("200000", " 200000 ", "000200000"):
            with self.subTest(wide):
                cell = printable(f'<table><tr><td colspan="{wide}">a</td></tr></table>', {})
                self.assertIn(f'colspan="{MOST_CELLS}"', cell)
        self.assertNotIn("span", printable('<table><colgroup><col span="9"></colgroup><tr><td>a</td></tr></table>', {}))

    def test_words_make_no_other_page(self):
        text = '<a href="https://x.id/{{ number }}">a</a><img src="/web/image/8{{date}}"> {{<b>number</b>}} {{ other }}'
        shown = printable(text, {85: PNG}, {"number": "<1>", "date": "5 November"})
        self.assertNotIn("data:", shown)
        self.assertIn('<a href="https://x.id/{{%20number%20}}">', shown)
        self.assertIn("&lt;1&gt;", shown)
        self.assertIn("{{ other }}", shown)

    def test_no_text_is_without_end(self):
        deep = printable("<div>" * 200 + "a" + "</div>" * 200, {})
        self.assertLessEqual(deep.count("<div>"), DEEPEST + 1)
        self.assertIn("a", deep)
        self.assertEqual(printable("<small><small><sup>a</sup></small></small>", {}), "<small>a</small>")
        word = printable(f"<p>{'x' * 350}</p>", {})
        self.assertEqual(word.count("\u200b"), 3)
        self.assertEqual(pictures("/web/image/" + "1" * 5000), set())

    def test_pictures_are_what_their_bytes_are(self):
        text = '<p><img src="/web/image/7-ab/x.png" alt="A"><img src="/web/content/8?x=1"><img src="file:///etc/passwd"></p>'
        self.assertEqual(pictures(text), {7, 8})
        shown = printable(text, {7: PNG, 8: b"<svg/>"})
        self.assertEqual(shown.count("data:"), 1)
        self.assertIn("data:image/png;base64,", shown)
        self.assertNotIn("passwd", shown)
        for content, kept in ((PNG, True), (b"<svg/>", False)):
            source = f"data:image/png;base64,{base64.b64encode(content).decode()}"
            with self.subTest(source):
                self.assertEqual(source in printable(f'<img src="{source}">', {}), kept)
        self.assertIn('src=""', printable('<img src="data:image/png;base64,x">', {}))
