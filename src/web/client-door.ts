// The one place where the page's workers meet the client (src/web/client/).

export { clientDoor } from './client/connect.ts';
