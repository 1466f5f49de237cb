import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { registry } from "@web/core/registry";

/**
 * Opening the letter is reading it: the server notes the first time before the form is filled, so that the form shows
 * what may be done from then on.
 */
export class LetterModel extends formView.Model {
    async load(params = {}) {
        const resId = "resId" in params ? params.resId : this.config.resId;
        if (resId && resId !== this.openedId) {
            this.openedId = resId;
            if (await this.orm.silent.call("esurat.letter", "action_open", [[resId]])) {
                this.env.bus.trigger("esurat:acted");
            }
        }
        return super.load(...arguments);
    }
}

/**
 * A chosen scan is saved at once and stands beside the fields while they are filled in.
 */
export class LetterFormController extends FormController {
    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = (record, changes) => {
            if (changes.scan) {
                // not awaited: saving waits for the change that we are told of
                record.save();
            }
        };
        return params;
    }
}

/**
 * The scan stands beside the fields on every desk, and above them on a phone; Odoo shows it on very wide screens only.
 */
export class LetterFormRenderer extends FormRenderer {
    mailLayout(hasAttachmentContainer) {
        return hasAttachmentContainer && this.hasFile()
            ? "COMBO"
            : super.mailLayout(hasAttachmentContainer);
    }
}

registry.category("views").add("esurat_letter_form", {
    ...formView,
    Model: LetterModel,
    Controller: LetterFormController,
    Renderer: LetterFormRenderer,
});
