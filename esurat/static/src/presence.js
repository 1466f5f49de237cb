import { registry } from "@web/core/registry";

/** The screens that count as opening E-Surat: home, an inbox, a letter. */
function isOpening(action) {
    return action?.tag === "esurat.home" || ["esurat.holder", "esurat.letter"].includes(action?.res_model);
}

/**
 * Tells the server that the user has opened E-Surat; the server notes the first time of a day. Nobody waits for it.
 */
registry.category("services").add("esurat.presence", {
    dependencies: ["action", "orm"],
    start(env, { action, orm }) {
        let noted;
        env.bus.addEventListener("ACTION_MANAGER:UI-UPDATED", () => {
            // by the hour, since the day of the agency may be another than the browser's
            const hour = Math.floor(Date.now() / 3_600_000);
            if (noted === hour || !isOpening(action.currentController?.action)) {
                return;
            }
            noted = hour;
            orm.silent.call("esurat.presence", "note_opening", []).catch(() => {
                // without a connection: the next screen tries again
                noted = undefined;
            });
        });
    },
});
