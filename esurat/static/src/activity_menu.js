import { openFiltered } from "@esurat/filtered";
import { ActivityMenu } from "@mail/core/web/activity_menu";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";

patch(ActivityMenu.prototype, {
    openActivityGroup(group, filter = "all", newWindow) {
        if (!group.esurat_tray) {
            return super.openActivityGroup(group, filter, newWindow);
        }
        this.dropdown.close();
        const due = { overdue: ["late"], today: ["today"], upcoming_all: ["planned"] }[filter] || [];
        const filters = [`tray_${group.esurat_tray}`, ...due];
        const options = { newWindow, clearBreadcrumbs: true };
        return openFiltered(this.action, "esurat.action_inbox", filters, options);
    },
});

/** The counter behind the clock follows what the user does and what reaches her. */
registry.category("services").add("esurat.counters", {
    dependencies: ["bus_service", "mail.store"],
    start(env, { bus_service, "mail.store": store }) {
        const refresh = () => store.fetchStoreData("systray_get_activities");
        env.bus.addEventListener("esurat:acted", refresh);
        bus_service.subscribe("mail.message/inbox", ({ store_data }) => {
            if (store_data["mail.message"]?.some((message) => message.model === "esurat.letter")) {
                refresh();
                env.bus.trigger("esurat:arrived");
            }
        });
    },
});
