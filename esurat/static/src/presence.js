import { registry } from "@web/core/registry";

/** The screens that count as opening E-Surat: home, an inbox, a letter. */
function isOpening(action) {
    return action?.tag === "esurat.home" || ["esurat.holder", "esurat.letter"].includes(action?.res_model);
}

/**
 * Tells the server once a day that the user has opened E-Surat. Nobody waits for it.
 */
registry.category("services").add("esurat.presence", {
    dependencies: ["action", "orm"],
    start(env, { action, orm }) {
        let noted;
        env.bus.addEventListener("ACTION_MANAGER:UI-UPDATED", () => {
            const day = new Date().toDateString();
            if (noted === day || !isOpening(action.currentController?.action)) {
                return;
            }
            noted = day;
            orm.silent.call("esurat.presence", "note_opening", []).catch(() => {
                // without a connection: the next screen tries again
                noted = undefined;
            });
        });
    },
});
