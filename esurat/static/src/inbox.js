/**
 * Open one tray of the inbox. What an action's own context says wins over whatever is added to it, so its usual
 * filter is replaced here.
 *
 * @param {Object} actionService
 * @param {string} tray a key of the trays
 * @param {string[]} [filters] more filters of the search view
 * @param {Object} [options] of `doAction`
 */
export async function openTray(actionService, tray, filters = [], options = {}) {
    const action = await actionService.loadAction("esurat.action_inbox");
    const context = Object.fromEntries(
        [`tray_${tray}`, ...filters].map((filter) => [`search_default_${filter}`, 1])
    );
    return actionService.doAction({ ...action, context }, options);
}
