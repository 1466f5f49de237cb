import { registry } from "@web/core/registry";
import { download } from "@web/core/network/download";
import { user } from "@web/core/user";

/**
 * Our reports are printed with WeasyPrint, so they are fetched without asking whether wkhtmltopdf is there.
 */
async function printWithWeasyPrint(action, options, env) {
    if (action.report_type !== "qweb-pdf" || !action.report_name.startsWith("esurat.")) {
        return false;
    }
    const ids = action.context?.active_ids?.join(",");
    env.services.ui.block();
    try {
        await download({
            url: "/report/download",
            data: {
                data: JSON.stringify([`/report/pdf/${action.report_name}/${ids}`, action.report_type]),
                context: JSON.stringify(user.context),
            },
        });
    } finally {
        env.services.ui.unblock();
    }
    return true;
}

registry.category("ir.actions.report handlers").add("esurat", printWithWeasyPrint);
