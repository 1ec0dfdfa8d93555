// What does JavaScript add? Every page works without it; this only makes a few things quicker.
import 'htmx.org/dist/htmx.esm.js';
import './theme.js';
import './upload.js';
import './sending.js';
import './review.js';
import './copy.js';
import './menus.js';
import './scroll.js';
import './autosave.js';
import './whole.js';
import './draft.js';
