"""What a hand does in the web client, on a phone and on a desk."""


class Taps:
    """Counts what a thumb has to do."""

    def __init__(self, page):
        self.page = page
        self.count = 0

    def __call__(self, selector):
        target = self.page.locator(selector).first
        target.scroll_into_view_if_needed()
        (target.tap if self.page.context.browser and self.page.evaluate("'ontouchstart' in window") else target.click)()
        self.count += 1


def choose(page, field, text):
    """Take the record *text* in a many2one field: from its list on a desk, from its dialogue on a phone."""
    entry = page.locator(f"div[name={field}] input")
    if entry.get_attribute("readonly") is None:
        entry.fill(text)
        page.locator(".o-autocomplete--dropdown-item").first.click()
    else:
        entry.click()
        page.locator(f".modal .o_kanban_record:has-text('{text}')").first.click()


def act(page, button):
    """Press a button of the form's header, behind its menu on a phone."""
    visible = page.locator(f".o_statusbar_buttons button[name={button}]:visible")
    if not visible.count():
        page.locator(".o_statusbar_buttons .o-dropdown, .o_statusbar_buttons .dropdown-toggle").first.click()
        visible = page.locator(f"button[name={button}]:visible, .o-dropdown-item button[name={button}]")
    visible.first.click()


def menu(page, section, entry):
    """Open an entry of the app's menu: from the bar on a desk, from the sidebar on a phone."""
    if page.evaluate("'ontouchstart' in window"):
        page.locator(".o_main_navbar .o_menu_toggle").click()
        entries = page.locator(".o_app_menu_sidebar")
    else:
        page.locator(f".o_menu_sections button:has-text('{section}')").click()
        entries = page.locator(".o-dropdown--menu")
    entries.locator(f":text-is('{entry}')").first.click()
