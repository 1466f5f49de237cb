import { registry } from "@web/core/registry";

/**
 * What every dialogue ends with: it closes, says that the act is done, and what lies behind it is read anew.
 */
async function acted(env, action) {
    env.services.notification.add(action.params.message, { type: "success" });
    env.bus.trigger("esurat:acted");
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("esurat.acted", acted);
